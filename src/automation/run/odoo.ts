// Odoo as automations see it: reads in pages, and changes that are effects. What a run was about to write when it was cut is written
// by the next one, whatever that finds: the entries of the ledger hold it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OdooAccess } from '../../connector/access.ts';
import { type OdooReader, readAll } from '../../connector/odoo/reader.ts';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { Values } from '../../mapping/commands.ts';
import type { ServiceAccount } from '../../parts.ts';
import type { AutomationOdoo, Json, OdooCreate } from '../automation.ts';
import { type Effects, endsRun } from './effects.ts';
import type { EffectRow, Ledger, NewEffect } from './ledger.ts';

export interface OdooOptions {
  access: Pick<OdooAccess, 'open'>;
  account(): Promise<ServiceAccount>;
  openWriter(account: ServiceAccount): Promise<OdooWriter>;
  effects: Effects;
  ledger: Ledger;
  signal: AbortSignal;
  now: () => number;
  /** After a lost answer: how long Odoo may still be at work on a call. */
  settleMs: number;
}

export interface OpenedOdoo {
  odoo: AutomationOdoo;
  /** Carries out what an earlier try had begun. */
  resume(rows: readonly EffectRow[]): Promise<void>;
  close(): Promise<void>;
}

/** Records in one call. */
const AT_ONCE = 200;

type Replay =
  | { kind: 'odoo-update'; model: string; id: number; values: Values }
  | { kind: 'odoo-create'; model: string; values: Values; lookUp: OdooCreate['lookUp'] };

/** @throws PlanbridgeError PB_AUTH_FAILED, PB_ODOO_… */
export async function openOdoo(options: OdooOptions): Promise<OpenedOdoo> {
  const { access, effects, ledger, signal, now, settleMs } = options;
  const account = await options.account();
  const { login, password, database } = account;
  const opened = await access.open(database, { login, password }, signal);
  let writing: Promise<OdooWriter> | null = null;
  try {
    const company = await companyOf(opened, account.company);
    const reader = opened.scoped({ lang: opened.user.lang, companies: [company.id] });

    async function writer(): Promise<OdooWriter> {
      writing ??= options.openWriter(account);
      return (await writing).within([company.id]);
    }

    async function has(model: string, fields: readonly string[] = []): Promise<boolean> {
      const known = await reader.fields(model);
      return known !== null && fields.every((field) => known.has(field));
    }

    /** @returns reason by id; null = done */
    async function write(model: string, ids: readonly number[], values: Values): Promise<Map<number, string | null>> {
      const outcome = new Map<number, string | null>();
      const odoo = await writer();
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        signal.throwIfAborted();
        const part = ids.slice(at, at + AT_ONCE);
        try {
          await writeTogether(odoo, model, part, values);
          for (const id of part) outcome.set(id, null);
        } catch (error) {
          if (endsRun(error, signal)) throw error;
          // One of them is refused; the others are not to suffer for it.
          for (const id of part) outcome.set(id, await refusal(() => writeTogether(odoo, model, [id], values)));
        }
      }
      return outcome;
    }

    async function refusal(work: () => Promise<unknown>): Promise<string | null> {
      signal.throwIfAborted();
      try {
        await work();
        return null;
      } catch (error) {
        if (endsRun(error, signal)) throw error;
        return (error as Error).message;
      }
    }

    async function writeAll(changes: readonly NewEffect[]): Promise<Map<string, string | null>> {
      const groups = new Map<string, { model: string; values: Values; keys: Map<number, string> }>();
      for (const { key, replay } of changes) {
        const { model, id, values } = replay as unknown as Replay & { kind: 'odoo-update' };
        const name = JSON.stringify([model, values]);
        const group = groups.get(name) ?? { model, values, keys: new Map() };
        group.keys.set(id, key);
        groups.set(name, group);
      }
      const outcome = new Map<string, string | null>();
      for (const { model, values, keys } of groups.values()) {
        for (const [id, refused] of await write(model, [...keys.keys()], values)) outcome.set(keys.get(id)!, refused);
      }
      return outcome;
    }

    /** @returns its id when an earlier try has made it */
    async function findMade({ model, lookUp }: Pick<OdooCreate, 'model' | 'lookUp'>): Promise<number | null> {
      const rows = await (await writer()).read({ model, domain: lookUp as never, fields: ['id'] });
      return rows[0]?.id ?? null;
    }

    async function make({ model, values }: Pick<OdooCreate, 'model' | 'values'>): Promise<number> {
      const [id] = await (await writer()).create(model, [values]);
      return id!;
    }

    /** What was sent by a try that was cut may still be on its way. */
    async function settled(begunAt: number): Promise<void> {
      const left = begunAt + settleMs - now();
      if (left > 0) await sleep(left, undefined, { signal });
    }

    const odoo: AutomationOdoo = {
      major: reader.server.major,
      company,
      has,
      async require(model, fields, app) {
        const known = await reader.fields(model);
        const lacking = known === null ? [] : fields.filter((field) => !known.has(field));
        if (known !== null && lacking.length === 0) return;
        const what = known === null ? `no ${model}` : `no ${lacking.join(', ')} in ${model}`;
        throw new PlanbridgeError(
          'PB_AUTOMATION_MODULE',
          409,
          `This Odoo has ${what}, or this account may not read it.`,
          {
            remedy: `Install the app ${app} in Odoo, give the account its rights, or switch this automation off.`,
          },
        );
      },
      async fieldType(model, field) {
        const info = (await reader.fields(model))?.get(field);
        return info ? { type: info.type, ...(info.relation === undefined ? {} : { relation: info.relation }) } : null;
      },
      pages: (request) => reader.pages({ ...request, signal }),
      rows: (request) => readAll(reader, { ...request, signal }),
      async update(updates) {
        const changes = updates.map((update): NewEffect => {
          const { model, id, subject, description, before, values, after = values } = update;
          const replay: Replay = { kind: 'odoo-update', model, id, values };
          const key = `${model} ${id} ${Object.keys(values).sort().join(',')}`;
          return { key, once: 'run', subject, description, before, after, replay: replay as unknown as Json };
        });
        let done = 0;
        for (let at = 0; at < changes.length; at += AT_ONCE) {
          done += await effects.many(changes.slice(at, at + AT_ONCE), writeAll);
        }
        return done;
      },
      async create({ model, values, lookUp, ...change }) {
        const replay: Replay = { kind: 'odoo-create', model, values, lookUp };
        const before = (await ledger.find([change])).get(change.key);
        const effect = { ...change, before: null, after: values as Json, replay: replay as unknown as Json };
        return await effects.effect(
          effect,
          () => make({ model, values }),
          async () => {
            if (before?.state === 'begun') await settled(before.begunAt.getTime());
            return await findMade({ model, lookUp });
          },
        );
      },
    };

    return {
      odoo,
      async resume(rows) {
        for (const row of rows) {
          const replay = row.replay as unknown as Replay | null;
          if (replay?.kind === 'odoo-update') await effects.many([row as NewEffect], writeAll);
          if (replay?.kind === 'odoo-create') {
            await effects.effect(
              row,
              () => make(replay),
              async () => {
                await settled(row.begunAt.getTime());
                return await findMade(replay);
              },
            );
          }
        }
      },
      async close() {
        await reader.close().catch(() => {});
        await writing?.then((one) => one.close()).catch(() => {});
      },
    };
  } catch (error) {
    await opened.close().catch(() => {});
    throw error;
  }
}

async function writeTogether(odoo: OdooWriter, model: string, ids: readonly number[], values: Values): Promise<void> {
  if (ids.length === 1) await odoo.change(model, [{ id: ids[0]!, values }], {});
  else await odoo.act(model, 'write', ids, { vals: values });
}

async function companyOf(reader: OdooReader, name: string | null): Promise<{ id: number; name: string }> {
  const domain = name === null ? ['id', '=', reader.user.companyId] : ['name', '=', name];
  const [row] = await readAll(reader, { model: 'res.company', fields: ['name'], domain: [domain as never] });
  if (row) return { id: row.id, name: String(row.name) };
  throw new PlanbridgeError('PB_ODOO_COMPANY', 404, `Odoo has no company ${name ?? reader.user.companyId}.`, {
    remedy: 'Check ODOO_COMPANY, and allow the company to this account.',
  });
}
