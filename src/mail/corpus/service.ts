// The mail part of the service as it stands at the moment when a mail of a case comes in: the real one, over a sandbox Odoo, with
// the addresses, limits and clock of the case. A mail is handed in over HTTP and stands committed before it is read.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Express, default as express, type Router } from 'express';
import { readConfig } from '../../config.ts';
import { createOdooAccess } from '../../connector/access.ts';
import { openImports } from '../../connector/import-open.ts';
import { PlanbridgeError } from '../../errors.ts';
import { createApi } from '../../http/api.ts';
import type { Log } from '../../log.ts';
import type { MailFieldWord } from '../../mapping/mail-fields.ts';
import type { MappingRules } from '../../mapping/rules.ts';
import { createMetrics } from '../../metrics.ts';
import type { Surroundings } from '../../parts.ts';
import type { Store } from '../../store/database.ts';
import { openMail } from '../open.ts';
import type { ReadingPool } from '../pool/pool.ts';
import type { CorpusContext } from './folder.ts';
import { USER } from './odoo-base.ts';

export const DATABASE = 'corpus';

export interface ReplayMapping {
  rules: MappingRules;
  mailFields: readonly MailFieldWord[];
}

/** The clock of a case. */
export interface Clock {
  at: number;
  /** Name of a zone in which the case's today is the day of arrival. */
  zone: string;
}

/** `2026-12-01T10:05:00+05:00`: the date part is today wherever the company is. */
export function clockOf(now: string): Clock {
  const [, sign, hours, minutes = '00'] = /([+-])(\d\d):?(\d\d)?$/.exec(now) ?? [];
  return { at: Date.parse(now), zone: sign === undefined ? 'UTC' : `${sign}${hours}:${minutes}` };
}

/** One address for all services of a replay, of which one is there at a time. */
export interface Door {
  url: string;
  show(router: Router | null): void;
  close(): Promise<void>;
}

export async function openDoor(): Promise<Door> {
  let shown: Router | null = null;
  const app: Express = express();
  app.use((request, response, next) => (shown ? shown(request, response, next) : next()));
  const server = createServer(app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(router) {
      shown = router;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface ServiceWishes {
  store: Store;
  odooUrl: string;
  smtpUrl: string;
  door: Door;
  own: CorpusContext;
  company: string;
  clock: Clock;
  mapping: ReplayMapping;
  pool: ReadingPool;
  log: Log;
}

export interface Arrived {
  id: number;
  /** False: these very bytes were there already. */
  added: boolean;
}

export interface CaseService {
  /** Hands a mail in. @throws PlanbridgeError when it is not taken */
  bring(raw: Buffer, signal: AbortSignal): Promise<Arrived>;
  /** Reads what waits, carries out what is due, sends. */
  settle(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export async function openService(wishes: ServiceWishes): Promise<CaseService> {
  const { store, door, own, clock, log } = wishes;
  const token = randomBytes(24).toString('hex');
  const [from = 'orders@planbridge.invalid'] = own.own.addresses;
  const read = readConfig({
    ODOO_URL: wishes.odooUrl,
    ODOO_DATABASE: DATABASE,
    ODOO_USER: USER,
    ODOO_PASSWORD: USER,
    MAIL_FROM: `"${wishes.company.replaceAll(/["<>\\]/g, ' ')}" <${from}>`,
    MAIL_SMTP_URL: wishes.smtpUrl,
    MAIL_TOKEN: token,
    PUBLIC_URL: 'https://planbridge.invalid',
    WRITE_SETTLE_SECONDS: '1',
  });
  const lower = (texts: readonly string[]) => new Set(texts.map((text) => text.toLowerCase()));
  const config = {
    ...read,
    mail: {
      ...read.mail,
      addresses: lower(own.own.addresses),
      staffDomains: lower(own.own.staffDomains),
      policy: own.policy,
      limits: own.limits,
    },
  };
  const odoo = config.odoo!;
  const rules: MappingRules = {
    ...wishes.mapping.rules,
    options: { ...wishes.mapping.rules.options, timezone: clock.zone },
  };
  const api = createApi({
    authenticate: async () => {
      throw new PlanbridgeError('PB_AUTH_REQUIRED', 401, 'Nobody signs in to a replay.');
    },
    log,
    discloseStackTrace: false,
  });
  const surroundings: Omit<Surroundings, 'mapping' | 'signOn'> = {
    config,
    odoo,
    access: createOdooAccess(odoo, { tracebacks: false }),
    rules: () => rules,
    mailFields: () => wishes.mapping.mailFields,
    store,
    imports: openImports(store, config, odoo, () => rules),
    api,
    account: async () => ({ login: USER, password: USER, company: null, database: DATABASE }),
    metrics: createMetrics(),
    log,
    now: () => clock.at,
  };
  // Mail asks for neither the sheet's uploads nor for sessions.
  const part = await openMail(surroundings as Surroundings, { pool: wishes.pool });
  door.show(api.router);
  return {
    async bring(raw, signal) {
      const response = await fetch(`${door.url}/mail/inbound`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'message/rfc822' },
        body: new Uint8Array(raw),
        signal,
      });
      const answer = (await response.json()) as Arrived & { error?: { message?: string } | string; message?: string };
      if (!response.ok) {
        throw new PlanbridgeError(
          'PB_REQUEST_BODY',
          response.status,
          `The mail is not taken: ${JSON.stringify(answer)}`,
        );
      }
      return { id: answer.id, added: answer.added };
    },
    async settle(signal) {
      await part.once(signal);
    },
    async close() {
      door.show(null);
      await part.stop(10_000);
    },
  };
}
