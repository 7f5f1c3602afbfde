// What each part of the service (planner, mail, automations, screens) is given, and what it gives.
import type { Config, OdooConfig } from './config.ts';
import type { OdooAccess } from './connector/access.ts';
import type { ImportService } from './connector/import-service.ts';
import type { CurrentMapping } from './connector/mapping-current.ts';
import type { Api } from './http/api.ts';
import type { Log } from './log.ts';
import type { MailFieldWord } from './mapping/mail-fields.ts';
import type { MappingRules } from './mapping/rules.ts';
import type { Metrics } from './metrics.ts';
import type { LivePlanner } from './planner/live/live.ts';
import type { SignOn } from './screens/sign-on/sign-on.ts';
import type { Store } from './store/database.ts';

/** Who works when nobody has signed in: scheduled runs, mails. */
export interface ServiceAccount {
  database: string;
  login: string;
  password: string;
  /** Exact name; null = the user's own. */
  company: string | null;
}

export interface MappingInForce {
  current: CurrentMapping;
  /** Looks whether another sheet was uploaded. */
  follow(): Promise<void>;
}

export interface Surroundings {
  config: Config;
  odoo: OdooConfig;
  access: OdooAccess;
  /** The mapping sheet as it is now. */
  rules: () => MappingRules;
  /** Its words for the fields of orders by mail. */
  mailFields: () => readonly MailFieldWord[];
  mapping: MappingInForce;
  store: Store;
  imports: ImportService;
  /** Parts add their routes here. */
  api: Api;
  signOn: SignOn;
  /** @throws PlanbridgeError PB_CONFIG_INVALID when ODOO_USER and ODOO_PASSWORD are not set */
  account(): Promise<ServiceAccount>;
  /** Answers quotes and what-if moves from the current plan. */
  live?: LivePlanner;
  metrics: Metrics;
  log: Log;
  /** Milliseconds since 1970. */
  now: () => number;
}

export interface Part {
  name: string;
  /** Begins what works by itself: queues, schedules, mailboxes. Not called in processes that only answer requests. */
  start?(): Promise<void>;
  /** What keeps it from working, in a sentence; null = ready. */
  ready?(): Promise<string | null>;
  /** Comes before all requests are answered: ends answers that never end by themselves, and begins to end what runs. */
  ending?(): void;
  /** Takes nothing new, lets what runs end within `graceMs`, then cuts it so that it is taken up again. */
  stop(graceMs: number): Promise<void>;
}
