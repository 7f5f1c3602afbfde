// What an automation is given, over records in memory: effects with keys that outlast runs as the ledger keeps them, a clock that
// stands still, and processes that die where a test wants it. The engines are those that a test gives.
import type { z } from 'zod';
import type {
  Automation,
  AutomationContext,
  AutomationMessage,
  Change,
  CsvRow,
  EffectOutcome,
  Engines,
  Json,
  OdooUpdate,
} from '../../src/automation/automation.ts';
import type { StockRequest } from '../../src/automation/forms/store.ts';
import { endsRun } from '../../src/automation/run/effects.ts';
import type { FieldInfo } from '../../src/connector/odoo/reader.ts';
import { describeError } from '../../src/errors.ts';
import { formatStamp, zone as zoneOf } from '../../src/mapping/time.ts';
import { rowsReader, type Values } from '../support/odoo-rows.ts';

/** `name>model` many2one, `name*model` many2many, `name<model.field` one2many, `name#` number, `name?` boolean, else text or date. */
const MODELS: Readonly<Record<string, string>> = {
  'res.partner':
    'name email phone mobile lang active? is_company? commercial_partner_id>res.partner birthdate_date category_id*res.partner.category country_id>res.country parent_id>res.partner property_product_pricelist>product.pricelist customer_rank#',
  'res.partner.category': 'name active?',
  'res.country': 'name code',
  'res.currency': 'name',
  'product.category': 'name complete_name parent_id>product.category',
  'product.template':
    'name description_sale active? sale_ok? list_price# categ_id>product.category product_tag_ids*product.tag uom_id>uom.uom x_online? detailed_type',
  'product.product':
    'default_code product_tmpl_id>product.template active? product_template_variant_value_ids*product.template.attribute.value lst_price# standard_price# categ_id>product.category name sale_ok? list_price# description_sale price_extra#',
  'product.template.attribute.value': 'product_attribute_value_id>product.attribute.value price_extra#',
  'product.attribute.value': 'name',
  'product.tag': 'name',
  'product.pricelist': 'name active? currency_id>res.currency item_ids<product.pricelist.item.pricelist_id',
  'product.pricelist.item':
    'pricelist_id>product.pricelist applied_on compute_price fixed_price# percent_price# price_discount# price_surcharge# price_round# price_min_margin# price_max_margin# base base_pricelist_id>product.pricelist min_quantity# date_start date_end product_tmpl_id>product.template product_id>product.product categ_id>product.category',
  'uom.uom': 'name category_id>uom.category factor#',
  'uom.category': 'name',
  'sale.order': 'name state date_order partner_id>res.partner amount_total# company_id>res.company currency_rate#',
  'sale.order.line':
    'order_id>sale.order product_id>product.product product_uom>uom.uom product_uom_qty# price_subtotal#',
  'pos.order': 'name state date_order partner_id>res.partner amount_total#',
  'pos.order.line':
    'order_id>pos.order product_id>product.product qty# price_subtotal# sale_order_line_id>sale.order.line',
  'stock.location': 'name usage',
  'stock.quant': 'product_id>product.product location_id>stock.location quantity# reserved_quantity#',
  'stock.move':
    'product_id>product.product state date location_id>stock.location location_dest_id>stock.location quantity# product_uom_qty#',
  'loyalty.card': 'partner_id>res.partner points# program_id>loyalty.program',
  'loyalty.program': 'name program_type',
  'phone.blacklist': 'number active?',
  'res.company': 'name currency_id>res.currency',
};

function modelsOf(without: readonly string[]) {
  return new Map(
    Object.entries(MODELS)
      .filter(([model]) => !without.includes(model))
      .map(([model, fields]) => [
        model,
        new Map(
          ['id#', ...fields.split(' ')].flatMap((field): [string, FieldInfo][] => {
            const [, name, kind, target] = /^(\w+)([>*<#?]?)(.*)$/.exec(field)!;
            if (without.includes(`${model}.${name}`)) return [];
            const stored = true;
            if (kind === '>') return [[name!, { type: 'many2one', relation: target!, stored }]];
            if (kind === '*') return [[name!, { type: 'many2many', relation: target!, stored }]];
            if (kind === '<') {
              const at = target!.lastIndexOf('.');
              const relation = { relation: target!.slice(0, at), relationField: target!.slice(at + 1) };
              return [[name!, { type: 'one2many', ...relation, stored }]];
            }
            return [[name!, { type: kind === '#' ? 'float' : kind === '?' ? 'boolean' : 'char', stored }]];
          }),
        ),
      ]),
  );
}

interface Entry {
  state: 'begun' | 'done' | 'failed';
  result: Json;
}

export interface WorldOptions {
  /** `2026-03-07T18:30:00Z` */
  now: string;
  zone?: string;
  rows?: Record<string, Values[]>;
  /** Models and fields (`model.field`) that this Odoo does not have. */
  without?: readonly string[];
  engines?: Partial<Engines>;
}

export class Killed extends Error {}

export function world(options: WorldOptions) {
  const rows: Record<string, Values[]> = options.rows ?? {};
  const models = modelsOf(options.without ?? []);
  const where = zoneOf(options.zone ?? 'America/New_York');
  const ledgers = new Map<string, Map<string, Entry>>();
  const states = new Map<string, Map<string, Json>>();
  let runs = 0;

  const w = {
    rows,
    clock: Date.parse(options.now),
    logs: [] as string[],
    mails: [] as AutomationMessage[],
    files: new Map<string, { header: readonly string[]; rows: CsvRow[] }>(),
    stockRequests: [] as StockRequest[],
    served: [] as number[],
    figures: {} as Record<string, number>,
    engines: options.engines ?? {},
    /** Of the last run. */
    changes: [] as (Change & { kind: string })[],
    /** Dies at the effect with such a key, before it is done or after. */
    kill: null as null | { key: RegExp; when: 'before' | 'after' },
    add(model: string, values: Values = {}): number {
      rows[model] ??= [];
      const id = (values.id as number | undefined) ?? Math.max(0, ...rows[model].map((row) => Number(row.id))) + 1;
      rows[model].push({ ...values, id });
      return id;
    },
    state: (automation: string) => states.get(automation) ?? new Map<string, Json>(),
    /** The same, to put something into it. */
    remember(automation: string): Map<string, Json> {
      states.set(automation, w.state(automation));
      return states.get(automation)!;
    },
    /** In the shop's zone, as Odoo writes it in UTC. */
    at: (local: string) => formatStamp(where.toInstant(Date.parse(`${local}Z`) / 1_000)).replace('T', ' '),
    descriptions: () => w.changes.map(({ subject, description }) => `${subject}: ${description}`),
    errors: () => w.logs.filter((line) => line.startsWith('error')),
    run,
  };

  async function run<S extends z.ZodObject>(
    automation: Automation<S>,
    settings: Record<string, unknown> = {},
    how: { dryRun?: boolean; sameRun?: boolean; signal?: AbortSignal } = {},
  ): Promise<void> {
    if (!how.sameRun) runs += 1;
    w.changes = [];
    w.logs = [];
    w.figures = {};
    await automation.run(contextOf(automation, automation.settings.parse(settings), how) as never);
  }

  function contextOf(
    automation: Automation,
    settings: unknown,
    { dryRun = false, signal = new AbortController().signal }: { dryRun?: boolean; signal?: AbortSignal },
  ): AutomationContext {
    const ledger = ledgers.get(automation.name) ?? new Map<string, Entry>();
    ledgers.set(automation.name, ledger);
    const reader = rowsReader(rows, { models });
    const memory = (name: string, writes: boolean) => {
      const kept = states.get(name) ?? new Map<string, Json>();
      states.set(name, kept);
      return {
        get: async (key: string) => kept.get(key),
        set: async (key: string, value: Json) => void (writes && !dryRun && kept.set(key, value)),
        remove: async (key: string) => void (writes && !dryRun && kept.delete(key)),
        entries: async (prefix = '') =>
          [...kept].filter(([key]) => key.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      };
    };

    async function effect<T extends Json>(
      change: Change,
      perform: (signal: AbortSignal) => Promise<T>,
      lookUp?: (signal: AbortSignal) => Promise<T | null>,
    ): Promise<EffectOutcome<T>> {
      signal.throwIfAborted();
      const key = change.once === 'run' ? `run ${runs} ${change.key}` : change.key;
      const before = ledger.get(key);
      if (before?.state === 'done') return { kind: 'known', result: before.result as T };
      if (dryRun) {
        w.changes.push({ ...change, kind: 'dry' });
        return { kind: 'dry' };
      }
      ledger.set(key, { state: 'begun', result: null });
      const dies = w.kill?.key.test(change.key) ? w.kill.when : null;
      if (dies === 'before') throw new Killed();
      try {
        const result = (before && lookUp ? await lookUp(signal) : null) ?? (await perform(signal));
        if (dies === 'after') throw new Killed();
        ledger.set(key, { state: 'done', result });
        w.changes.push({ ...change, kind: 'done' });
        return { kind: 'done', result };
      } catch (error) {
        if (error instanceof Killed || endsRun(error, signal)) throw error;
        const message = describeError(error);
        ledger.set(key, { state: 'failed', result: null });
        w.logs.push(`error ${change.subject}: ${change.description}: ${message}`);
        return { kind: 'failed', message };
      }
    }

    const odoo: Engines['odoo'] = {
      major: 17,
      company: { id: 1, name: 'Acme' },
      has: async (model, fields = []) => fields.every((field) => models.get(model)?.has(field)) && models.has(model),
      async require(model, fields, app) {
        if (!(await odoo.has(model, fields))) throw new Error(`this Odoo has no ${model}: install ${app}`);
      },
      fieldType: async (model, field) => models.get(model)?.get(field) ?? null,
      pages: (request) => reader.pages(request),
      async rows(request) {
        const all = [];
        for await (const page of reader.pages(request)) all.push(...page);
        return all;
      },
      async update(updates: readonly OdooUpdate[]) {
        let done = 0;
        for (const { model, id, subject, description, before, values } of updates) {
          const change = { key: `${model}/${id}/${Object.keys(values).join()}`, once: 'run' as const };
          const outcome = await effect({ ...change, subject, description, before, after: values }, async () => {
            const row = rows[model]!.find((each) => each.id === id)!;
            for (const [field, value] of Object.entries(values)) row[field] = plain(value);
            return true;
          });
          if (outcome.kind === 'done' || outcome.kind === 'dry') done += 1;
        }
        return done;
      },
      create: async ({ model, values, ...change }) =>
        await effect({ ...change, before: null, after: values as Json }, async () =>
          w.add(model, Object.fromEntries(Object.entries(values).map(([name, each]) => [name, plain(each)]))),
        ),
    };

    return {
      ...(w.engines as Engines),
      odoo,
      mail: {
        send: (message) =>
          effect(
            {
              ...{
                key: message.key,
                once: message.once,
                subject: message.to,
                description: `mail "${message.subject}"`,
              },
              ...{ before: null, after: null },
            },
            async () => {
              w.mails.push(message);
              return true;
            },
          ),
      },
      files: w.engines.files ?? {
        path: (name) => `/nowhere/${name}`,
        readCsv: async (name) => {
          const file = w.files.get(name);
          return file
            ? file.rows.map((row) => Object.fromEntries(file.header.map((title, at) => [title, String(row[at] ?? '')])))
            : null;
        },
        writeCsv: (name, header, list) =>
          effect(
            {
              key: `file/${name}`,
              once: 'run',
              subject: name,
              description: 'written',
              before: null,
              after: list.length,
            },
            async () => {
              w.files.set(name, { header, rows: [...list] });
              return list.length;
            },
          ),
        appendCsv: (name, header, list, key, once = 'ever') =>
          effect(
            { key: `file/${key}`, once, subject: name, description: 'added to', before: null, after: null },
            async () => {
              const file = w.files.get(name) ?? { header, rows: [] };
              file.rows.push(...list);
              w.files.set(name, file);
              return list.length;
            },
          ),
      },
      settings,
      runId: runs,
      dryRun,
      signal,
      now: () => w.clock,
      zone: where,
      today: () => formatStamp(where.toWall(Math.floor(w.clock / 1_000))).slice(0, 10),
      progress: () => {},
      log: (level, message) => void w.logs.push(`${level} ${message}`),
      count: (what, number) => {
        w.figures[what] = (w.figures[what] ?? 0) + number;
      },
      state: memory(automation.name, true),
      stateOf: (name) => memory(name, false),
      changes: async () => w.changes.map((change) => ({ ...change, at: new Date(w.clock) })) as never,
      forms: {
        designRequests: async () => [],
        stockRequests: async () => w.stockRequests.filter(({ id }) => !w.served.includes(id)),
        stockRequestServed: async (id) => void (!dryRun && w.served.push(id)),
      },
      effect,
    };
  }
  return w;
}

/** `[[6, 0, ids]]` is what a many2many becomes. */
function plain(value: unknown): unknown {
  const [command] = Array.isArray(value) ? (value as unknown[]) : [];
  return Array.isArray(command) && command[0] === 6 ? command[2] : value;
}

export type World = ReturnType<typeof world>;
