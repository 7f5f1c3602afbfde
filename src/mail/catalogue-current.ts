// The catalogue as mails are read with: read once from Odoo in the service's own name, then kept up to date when somebody asks.
// It changes nothing in Odoo, and what a decision needs to know to the minute is asked anew by who decides.
import type { OdooAccess } from '../connector/access.ts';
import { type OdooReader, readAll } from '../connector/odoo/reader.ts';
import { PlanbridgeError } from '../errors.ts';
import type { Log } from '../log.ts';
import { text } from '../mapping/records.ts';
import type { ServiceAccount } from '../parts.ts';
import type { Catalogue } from './catalogue.ts';
import { type OdooCatalogue, openOdooCatalogue } from './catalogue-odoo.ts';

export interface CurrentCatalogue {
  /** @throws PlanbridgeError PB_ODOO_…, PB_AUTH_…, PB_CONFIG_INVALID */
  get(signal?: AbortSignal): Promise<Catalogue>;
  /** Time zone of the service's user in Odoo; null when there is none. */
  timezone(): Promise<string | null>;
  /** Gives up the connection to Odoo; it is made anew when somebody asks again. */
  close(): Promise<void>;
}

/** A connection by RPC stays open: what Odoo says of its fields then need not be asked each time. Modules may be installed, though. */
const REOPEN_MS = 3_600_000;

interface Connection {
  reader: OdooReader;
  company: number;
  openedAt: number;
  close(): Promise<void>;
}

export interface CatalogueOptions {
  access: Pick<OdooAccess, 'open'>;
  account: () => Promise<ServiceAccount>;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
  /** What was written in Odoo is known after so long at most. */
  freshMs?: number;
  /** Everything is read again after so long, which also finds what was deleted. */
  fullMs?: number;
}

export function createCurrentCatalogue(options: CatalogueOptions): CurrentCatalogue {
  const { access, account, log, now, freshMs = 60_000, fullMs = 6 * 3_600_000 } = options;
  let known: { catalogue: OdooCatalogue; readAt: number; fullAt: number; timezone: string | null } | null = null;
  let reading: Promise<void> | null = null;

  let connection: Connection | null = null;

  async function connected(signal?: AbortSignal): Promise<Connection> {
    if (connection !== null && now() - connection.openedAt < REOPEN_MS) return connection;
    await disconnect();
    const { company, database, ...identity } = await account();
    const opened = await access.open(database, identity, signal);
    try {
      const close = () => opened.close();
      connection = { ...(await ofCompany(opened, company)), openedAt: now(), close };
      return connection;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async function disconnect(): Promise<void> {
    const before = connection;
    connection = null;
    await before?.close();
  }

  async function read(signal?: AbortSignal): Promise<void> {
    const began = now();
    try {
      const { reader, company } = await connected(signal);
      const timezone = reader.user.tz;
      if (known === null) {
        const catalogue = await openOdooCatalogue(reader, { company, ...(signal && { signal }) });
        known = { catalogue, readAt: began, fullAt: began, timezone };
      } else {
        const full = began - known.fullAt > fullMs;
        await known.catalogue.refresh(reader, { full, ...(signal && { signal }) });
        known = { ...known, readAt: began, fullAt: full ? began : known.fullAt, timezone };
        log.debug({ full }, 'the catalogue was brought up to date');
      }
      known.catalogue.catalogue.read = { at: began, warehouse: known.catalogue.warehouse };
      // By SQL a connection is one snapshot.
      if (reader.kind === 'sql') await disconnect();
    } catch (error) {
      await disconnect().catch(() => {});
      throw error;
    }
  }

  async function current(signal?: AbortSignal): Promise<NonNullable<typeof known>> {
    if (known === null || now() - known.readAt > freshMs) {
      reading ??= read(signal).finally(() => {
        reading = null;
      });
      await reading;
    }
    return known!;
  }

  return {
    get: async (signal) => (await current(signal)).catalogue.catalogue,
    timezone: async () => (known ?? (await current())).timezone,
    async close() {
      await reading?.catch(() => {});
      await disconnect();
    },
  };
}

async function ofCompany(reader: OdooReader, name: string | null): Promise<{ reader: OdooReader; company: number }> {
  const { companyId, companyIds, login } = reader.user;
  if (name === null) return { reader: reader.scoped({ companies: [companyId] }), company: companyId };
  const rows = await readAll(reader, { model: 'res.company', fields: ['name'], domain: [['name', '=', name]] });
  const found = rows.find((row) => companyIds.includes(row.id) && text(row, 'name') === name);
  if (found) return { reader: reader.scoped({ companies: [found.id] }), company: found.id };
  throw new PlanbridgeError('PB_ODOO_COMPANY', 404, `${login} has no company "${name}".`, {
    remedy: 'Set ODOO_COMPANY to the exact name of a company that ODOO_USER may work in.',
  });
}
