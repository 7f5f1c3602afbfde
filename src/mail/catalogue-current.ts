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

  async function read(signal?: AbortSignal): Promise<void> {
    const { company, database, ...identity } = await account();
    const opened = await access.open(database, identity, signal);
    const began = now();
    try {
      const reader = await ofCompany(opened, company);
      const timezone = opened.user.tz;
      if (known === null) {
        const catalogue = await openOdooCatalogue(reader, signal);
        known = { catalogue, readAt: began, fullAt: began, timezone };
      } else {
        const full = began - known.fullAt > fullMs;
        await known.catalogue.refresh(reader, { full, ...(signal && { signal }) });
        known = { ...known, readAt: began, fullAt: full ? began : known.fullAt, timezone };
        log.debug({ full }, 'the catalogue was brought up to date');
      }
    } finally {
      await opened.close();
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
  };
}

async function ofCompany(reader: OdooReader, name: string | null): Promise<OdooReader> {
  const { companyId, companyIds, login } = reader.user;
  if (name === null) return reader.scoped({ companies: [companyId] });
  const rows = await readAll(reader, { model: 'res.company', fields: ['name'], domain: [['name', '=', name]] });
  const found = rows.find((row) => companyIds.includes(row.id) && text(row, 'name') === name);
  if (found) return reader.scoped({ companies: [found.id] });
  throw new PlanbridgeError('PB_ODOO_COMPANY', 404, `${login} has no company "${name}".`, {
    remedy: 'Set ODOO_COMPANY to the exact name of a company that ODOO_USER may work in.',
  });
}
