// What a business automation is and what it is given: the contract between the automations and what runs them. Shapes only.
// An automation reads what it needs, decides in pure functions, and changes the world through `effect` and what stands on it alone.
import type { z } from 'zod';
import type { Domain, OdooRow, ReadRequest } from '../connector/odoo/reader.ts';
import type { Values } from '../mapping/commands.ts';
import type { Zone } from '../mapping/time.ts';
import type { AutomationSms } from './engines/sms.ts';
import type { AutomationWebdav } from './engines/webdav.ts';
import type { StockRequest, StoredDesignRequest } from './forms/store.ts';
import type { Storefront } from './storefront/storefront.ts';

/** JSON, as it is kept in the store. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * What automations work with. Each is opened when it is first used; one that is not configured throws PB_AUTOMATION_ENGINE then,
 * and an automation that names it under `needs` cannot be switched on without it. Other engines are added here and in
 * engines/engines.ts.
 */
export interface Engines {
  odoo: AutomationOdoo;
  mail: AutomationMail;
  files: AutomationFiles;
  sms: AutomationSms;
  webdav: AutomationWebdav;
  storefront: Storefront;
}
export type EngineName = keyof Engines;

export interface Automation<S extends z.ZodObject = z.ZodObject> {
  /** Kebab case; also the name of its module in automations/. */
  name: string;
  title: string;
  /** Its number in the specification, for the documentation. */
  seed: string;
  /** What it does, in a sentence or two. */
  description: string;
  /**
   * When, in words: `twice per hour`, `hourly`, `even hours 6-20`, `daily at 23:30`, `Sunday at 18:00`, `first of the month at 09:00`;
   * or five fields of cron. In the settings' time zone. See schedule.ts.
   */
  schedule: string;
  /** After an outage: one run for the times that were missed, or none. Messages to customers at a time of day: none. */
  missed: 'once' | 'skip';
  needs: readonly EngineName[];
  /** Checked at start. Every setting has a default: the specification's number. Names in camelCase, with `.describe`. */
  settings: S;
  /**
   * Tried again from the start after a crash, with the same run id: what it did before is known by its keys. A failed effect does
   * not end it; what it throws does.
   */
  run(context: AutomationContext<z.output<S>>): Promise<void>;
}

/** One change outside, as it is recorded and shown. */
export interface Change {
  /**
   * Of this effect, within the automation. `once: 'ever'`: it happens once, whatever run asks for it (a message, a coupon, a new
   * partner). `once: 'run'`: once in this run (a state that may be changed back by others and be set again: a flag, a price).
   */
  key: string;
  once: 'ever' | 'run';
  /** What is changed, for people: `Terracotta pot 30 cm`, `Ann Example <ann@example.com>`. */
  subject: string;
  /** What happens to it: `made inactive`, `mail "Your plants"`. */
  description: string;
  before: Json;
  after: Json;
}

export type EffectOutcome<T> =
  /** Done now, or found done by `lookUp` after a crash. */
  | { kind: 'done'; result: T }
  /** Done by an earlier run, or an earlier try of this run: nothing was done now. */
  | { kind: 'known'; result: T }
  /** A dry run: recorded as what would change. */
  | { kind: 'dry' }
  /** Refused; recorded as an error of this run. A later run may try again. */
  | { kind: 'failed'; message: string };

export interface AutomationContext<S = unknown> extends Engines {
  settings: S;
  runId: number;
  dryRun: boolean;
  /** Aborted by a cancel, or when the process ends: the run is then taken up again. */
  signal: AbortSignal;
  /** Milliseconds since 1970. */
  now(): number;
  zone: Zone;
  /** Today in the zone: `2026-11-21`. */
  today(): string;
  /** @param part of the run, from 0 to 1 */
  progress(part: number, what: string): void;
  /** A line for people, in the run's log and in the day's file. An `error` counts as one of the run's errors. */
  log(level: 'info' | 'warn' | 'error', message: string): void;
  /** A figure of the run's result, shown with it: `count('customers', 1200)`. Added up. */
  count(what: string, number: number): void;
  /** This automation's own memory. Not for effects outside. */
  state: AutomationState;
  /** What the forms of the web site have brought. */
  forms: FormRequests;
  /** The same of another automation's. */
  stateOf(automation: string): Pick<AutomationState, 'get' | 'entries'>;
  /** What this run has changed so far, tries before a crash included, oldest first. */
  changes(): Promise<RecordedChange[]>;
  /**
   * Changes something outside. The key is written down before `perform`, its result after it; when the process dies between the two,
   * the next try asks `lookUp` whether it has happened (null = it has not). Without `lookUp`, `perform` must be one that may be
   * repeated (it sets something to a value). In a dry run neither is called. What `perform` throws is recorded as an error and
   * the run goes on, unless the other side cannot be reached (PB_ODOO_UNREACHABLE, PB_AUTOMATION_UNREACHABLE): then the run ends and is tried again.
   */
  effect<T extends Json>(
    change: Change,
    perform: (signal: AbortSignal) => Promise<T>,
    lookUp?: (signal: AbortSignal) => Promise<T | null>,
  ): Promise<EffectOutcome<T>>;
}

export interface FormRequests {
  /** Requests for a design that came in [from, until), oldest first. */
  designRequests(from: Date, until: Date): Promise<StoredDesignRequest[]>;
  /** Who waits for a product, oldest first. */
  stockRequests(): Promise<StockRequest[]>;
  /** Is told and waits no more. May be called again; in a dry run nothing happens. */
  stockRequestServed(id: number): Promise<void>;
}

export interface RecordedChange extends Omit<Change, 'once'> {
  at: Date;
  /** What `perform` gave back; null in a dry run. */
  result: Json;
}

export interface AutomationState {
  get(key: string): Promise<Json | undefined>;
  /** In a dry run nothing is kept. */
  set(key: string, value: Json): Promise<void>;
  remove(key: string): Promise<void>;
  /** In the order of the keys. */
  entries(prefix?: string): Promise<[key: string, value: Json][]>;
}

export interface OdooUpdate {
  model: string;
  id: number;
  subject: string;
  description: string;
  /** The fields before, for the record. */
  before: { readonly [field: string]: Json };
  /** Absolute values to set. Records with equal values go to Odoo in one call. */
  values: { readonly [field: string]: Json };
  /** For the record, where the values are not for people; default the values. */
  after?: Json;
}

export interface OdooCreate extends Omit<Change, 'before' | 'after'> {
  model: string;
  values: Values;
  /** Finds the record when an earlier try has made it. */
  lookUp: Domain;
}

/** Odoo as the service's account sees it, in its company. */
export interface AutomationOdoo {
  readonly major: number;
  readonly company: { id: number; name: string };
  /** Whether this Odoo has the model with all these fields. */
  has(model: string, fields?: readonly string[]): Promise<boolean>;
  /** @param app as Odoo's list of apps calls it. @throws PlanbridgeError PB_AUTOMATION_MODULE when Odoo does not have them */
  require(model: string, fields: readonly string[], app: string): Promise<void>;
  /** Type of a field (`many2one`, `char`), or null when there is none. */
  fieldType(model: string, field: string): Promise<{ type: string; relation?: string } | null>;
  pages(request: Omit<ReadRequest, 'signal'>): AsyncIterable<OdooRow[]>;
  /** For reads that are known to be small. */
  rows(request: Omit<ReadRequest, 'signal'>): Promise<OdooRow[]>;
  /** Each update is an effect of this run. @returns how many were done (in a dry run: would be) */
  update(updates: readonly OdooUpdate[]): Promise<number>;
  /** An effect; the result is the id. */
  create(record: OdooCreate): Promise<EffectOutcome<number>>;
}

export interface AutomationMessage {
  key: string;
  once: 'ever' | 'run';
  /** One address. */
  to: string;
  subject: string;
  /** A whole page, with styles inline; pictures by address only. */
  html: string;
  /** The same as plain text. */
  text: string;
  language?: string;
}

export interface AutomationMail {
  /** An effect: puts a mail into the outbox, once for its key. @throws PlanbridgeError PB_AUTOMATION_ENGINE when mails have no sender */
  send(message: AutomationMessage): Promise<EffectOutcome<boolean>>;
}

export type CsvRow = readonly (string | number | null)[];

/** The automations' own folder; names are relative to it, folders in them are made. */
export interface AutomationFiles {
  path(name: string): string;
  /** Rows behind the first line, by its names; null when there is no such file. Paths outside the folder are read too. */
  readCsv(name: string): Promise<Record<string, string>[] | null>;
  /** An effect: replaces the file as a whole, or not at all. */
  writeCsv(name: string, header: readonly string[], rows: readonly CsvRow[]): Promise<EffectOutcome<number>>;
  /** An effect: rows added behind the others, once for the key; the header comes first in a new file. */
  appendCsv(
    name: string,
    header: readonly string[],
    rows: readonly CsvRow[],
    key: string,
    once?: 'ever' | 'run',
  ): Promise<EffectOutcome<number>>;
}

/** @example export const featured = automation({ name: 'featured-products', …, async run({ settings, effect }) {} }) */
export function automation<S extends z.ZodObject>(definition: Automation<S>): Automation {
  return definition as unknown as Automation;
}
