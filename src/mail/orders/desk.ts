// The connection to Odoo over which mail orders are made: one, kept open, in the service's own name and company; and what rarely
// changes, remembered. Products are asked for many at a time, whoever needs them.

import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import { link, type OdooRow, text } from '../../mapping/records.ts';
import { SALE_PRODUCT_FIELDS, type SaleContext, unitLookup } from '../../mapping/sale-commands.ts';
import { type Zone, zone } from '../../mapping/time.ts';
import { unitsOf } from '../../mapping/units.ts';
import type { Surroundings } from '../../parts.ts';
import type { Catalogue } from '../catalogue.ts';
import { knownPartners, saleRow } from './known.ts';
import type { KnownPartners } from './partners.ts';
import { type ShippingWarehouse, shippingWarehouse } from './warehouse.ts';

export interface Connected {
  /** Works in the company that mail orders are for. */
  writer: OdooWriter;
  company: { id: number; name: string; currency: number | undefined };
  zone: Zone;
}

export interface ProductRow {
  row: OdooRow;
  /** On hand less what is reserved, in the warehouse that orders are delivered from. */
  free: number;
  /** When Odoo was asked, milliseconds since 1970. */
  readAt: number;
}

export interface Desk {
  /** @throws PlanbridgeError PB_ODOO_…, PB_AUTH_…, PB_CONFIG_INVALID */
  connect(): Promise<Connected>;
  /** Products by id, those that Odoo has, read no longer than `maxAgeMs` ago. */
  products(ids: Iterable<number>, maxAgeMs: number): Promise<Map<number, ProductRow>>;
  /** What sales orders are made from. */
  saleContext(products: Iterable<number>): Promise<SaleContext>;
  /** Whom the catalogue knows. */
  knownPartners(): Promise<KnownPartners>;
  /** From which orders are delivered; null = the company has none. */
  warehouse(): Promise<ShippingWarehouse | null>;
  unitName(id: number | undefined): Promise<string>;
  /** Name of a currency (`CHF`). */
  currency(id: number | undefined): Promise<string>;
  /** Forgets the connection after an error of it. */
  failed(error: unknown): void;
  /** Calls to Odoo so far. */
  readonly calls: number;
  close(): Promise<void>;
}

const RARELY_MS = 600_000;
const SELDOM_MS = 60_000;
/** Mails that are prepared at the same time ask for stock together. */
const GATHER_MS = 5;

interface DeskSurroundings extends Pick<Surroundings, 'imports' | 'account' | 'rules' | 'now'> {
  catalogue(): Promise<Catalogue>;
}

export function createDesk({ imports, account, rules, now, catalogue }: DeskSurroundings): Desk {
  let connection: Promise<Connected> | null = null;
  let earlier = 0;
  let last: OdooWriter | null = null;
  const known = new Map<number, ProductRow>();
  let units: { rows: OdooRow[]; until: number } | null = null;
  const currencies = new Map<number, string>();
  let gathering: { ids: Set<number>; answer: Promise<void> } | null = null;

  async function open(): Promise<Connected> {
    const { company: name, ...caller } = await account();
    const writer = await imports.openWriter(caller);
    try {
      const { user } = writer;
      const domain = name === null ? [['id', '=', user.companyId] as const] : [['name', '=', name] as const];
      const rows = await writer.read({ model: 'res.company', domain, fields: ['name', 'currency_id'] });
      const found = rows.find((row) => user.companyIds.includes(row.id));
      if (!found) {
        throw new PlanbridgeError('PB_ODOO_COMPANY', 404, `${user.login} has no company "${name ?? user.companyId}".`, {
          remedy: 'Set ODOO_COMPANY to the exact name of a company that ODOO_USER may work in.',
        });
      }
      last = writer;
      const timezone = rules().options.timezone ?? user.tz ?? 'UTC';
      return {
        writer: writer.within([found.id]),
        company: { id: found.id, name: text(found, 'name'), currency: link(found, 'currency_id') },
        zone: zone(timezone),
      };
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  function forget(): void {
    const before = connection;
    connection = null;
    earlier += last?.calls ?? 0;
    last = null;
    void before?.then(({ writer }) => writer.close()).catch(() => {});
  }

  const desk: Desk = {
    async connect() {
      connection ??= open();
      const mine = connection;
      try {
        return await mine;
      } catch (error) {
        if (connection === mine) connection = null;
        throw error;
      }
    },
    async products(ids, maxAgeMs) {
      const wanted = [...new Set(ids)];
      const fresh = (id: number) => (known.get(id)?.readAt ?? 0) >= now() - maxAgeMs;
      const missing = wanted.filter((id) => !fresh(id));
      if (missing.length > 0) {
        if (gathering) for (const id of missing) gathering.ids.add(id);
        else {
          const asked = new Set(missing);
          const answer = new Promise<void>((resolve) => setTimeout(resolve, GATHER_MS)).then(async () => {
            gathering = null;
            await readProducts([...asked]);
          });
          gathering = { ids: asked, answer };
        }
        await gathering.answer;
      }
      return new Map(wanted.flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : [])));
    },
    async saleContext(products) {
      const { writer, company, zone: where } = await desk.connect();
      const wanted = [...new Set(products)];
      const shared = await catalogue();
      const rows = new Map(wanted.flatMap((id) => saleRow(shared, id) ?? []).map((row) => [row.id, row]));
      const missing = wanted.filter((id) => !rows.has(id));
      for (const [id, { row }] of await desk.products(missing, SELDOM_MS)) rows.set(id, row);
      const measured = await unitRows();
      const tables = new Map([
        ['product.product', rows],
        ['uom.uom', new Map(measured.map((row) => [row.id, row]))],
      ]);
      return {
        major: writer.major,
        company: company.id,
        zone: where,
        units: unitsOf(measured),
        table: (model) => tables.get(model) ?? new Map(),
      };
    },
    async knownPartners() {
      return knownPartners(await catalogue(), now());
    },
    warehouse: shippingWarehouse(() => desk.connect(), now),
    async unitName(id) {
      return text(
        (await unitRows()).find((row) => row.id === id),
        'name',
      );
    },
    async currency(id) {
      if (id === undefined) return '';
      if (!currencies.has(id)) {
        const { writer } = await desk.connect();
        const rows = await writer.read({ model: 'res.currency', domain: [['id', '=', id]], fields: ['name'] });
        currencies.set(id, text(rows[0], 'name'));
      }
      return currencies.get(id) ?? '';
    },
    failed(error) {
      if (!(error instanceof PlanbridgeError)) return;
      if (error.code.startsWith('PB_AUTH') || error.code === 'PB_ODOO_UNREACHABLE') forget();
    },
    get calls() {
      return earlier + (last?.calls ?? 0);
    },
    async close() {
      const before = connection;
      connection = null;
      await before?.then(({ writer }) => writer.close()).catch(() => {});
    },
  };

  async function readProducts(ids: readonly number[]): Promise<void> {
    const { writer } = await desk.connect();
    const readAt = now();
    const fields = [...SALE_PRODUCT_FIELDS, 'free_qty'];
    const place = (await desk.warehouse())?.stockLocation ?? null;
    const rows = await writer.read(
      { model: 'product.product', domain: [['id', 'in', ids]], fields },
      place === null ? {} : { location: place },
    );
    for (const id of ids) known.delete(id);
    for (const row of rows) {
      const free = typeof row.free_qty === 'number' ? row.free_qty : 0;
      known.set(row.id, { row, free, readAt });
    }
  }

  async function unitRows(): Promise<readonly OdooRow[]> {
    const shared = (await catalogue()).unitRows;
    if (shared !== null) return shared.rows;
    if (!units || units.until < now()) {
      const { writer } = await desk.connect();
      units = { rows: await writer.read(unitLookup(writer.major)), until: now() + RARELY_MS };
    }
    return units.rows;
  }

  return desk;
}

/** Whether trying again later may help. Odoo's own word that it does not want it is no such case. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof PlanbridgeError)) return true;
  if (error.code === 'PB_ODOO_FAULT')
    return /could not serialize access|deadlock detected|could not obtain lock/.test(error.message);
  return error.code !== 'PB_ODOO_ACCESS' && error.code !== 'PB_PLAN_REFUSED';
}
