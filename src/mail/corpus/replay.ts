// Replays cases through the real pipeline: a sandbox Odoo with the folder's catalogue, a store in memory, a mail server that takes
// the answers. One case after the other, each from an emptied store and an Odoo as it was; nothing leaves the machine.
import { describeError } from '../../errors.ts';
import { type Log, silentLog } from '../../log.ts';
import { createSandbox, type RunningSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { openStore, type Store } from '../../store/database.ts';
import { IN_MEMORY } from '../../store/embedded.ts';
import { type Catalogue, catalogueOf } from '../catalogue.ts';
import { createReadingPool, type ReadingPool } from '../pool/pool.ts';
import type { Reading } from '../reading.ts';
import { putSent } from './before.ts';
import { differencesOf } from './compare.ts';
import { type Corpus, caseOf, earlierCases, folderProblem, type KnownCatalogue, mailOf } from './folder.ts';
import { type Happened, markOf, whatHappened } from './happened.ts';
import { dataOf } from './odoo.ts';
import { resultOf } from './result.ts';
import { type Clock, clockOf, DATABASE, type Door, openDoor, openService, type ReplayMapping } from './service.ts';
import { openSink, type Sink } from './sink.ts';

export interface CaseResult {
  case: string;
  /** null: the case could not be played to its end. */
  result: Reading | null;
  /** Why not, or why what happened is not what was read. */
  problems: readonly string[];
  happened: Summary | null;
}

/** For people. */
export interface Summary {
  state: string | null;
  outcome: string;
  waitsFor: string | null;
  saleOrders: { name: string; state: string; partner: string; lines: string[] }[];
  purchaseOrders: { name: string; state: string; vendor: string; lines: string[] }[];
  answers: string[];
}

export interface ReplayOptions {
  mapping: ReplayMapping;
  log?: Log;
}

export interface Replay {
  /** @throws when the signal is raised */
  play(name: string, signal: AbortSignal): Promise<CaseResult>;
  close(): Promise<void>;
}

interface Odoo {
  sandbox: Sandbox;
  running: RunningSandbox;
  clock: Clock;
  /** With vendors among the partners, as Odoo has them. */
  catalogue: Catalogue;
  company: string;
}

interface House {
  corpus: Corpus;
  store: Store;
  /** All but the list of migrations. */
  tables: readonly string[];
  sink: Sink;
  door: Door;
  mapping: ReplayMapping;
  log: Log;
  pool: ReadingPool;
}

export async function openReplay(corpus: Corpus, { mapping, log = silentLog }: ReplayOptions): Promise<Replay> {
  const store = await openStore({ databaseUrl: null, dataDirectory: IN_MEMORY });
  const opened: (() => Promise<void>)[] = [() => store.close()];
  const odoos = new Map<KnownCatalogue, Odoo>();
  const pool = createReadingPool();
  opened.push(pool.close);
  const closeAll = async () => {
    for (const { running } of odoos.values()) await running.close();
    for (const close of opened.toReversed()) await close();
  };
  try {
    const sink = await openSink();
    opened.push(sink.close);
    const door = await openDoor();
    opened.push(door.close);
    const house: House = {
      ...{ corpus, store, sink, door, mapping, log },
      ...{ pool, tables: await tablesOf(store) },
    };
    return {
      async play(name, signal) {
        try {
          const { known } = caseOf(corpus, name);
          const odoo = odoos.get(known) ?? (await startOdoo(known));
          odoos.set(known, odoo);
          return await playCase(name, odoo, house, signal);
        } catch (error) {
          signal.throwIfAborted();
          return { case: name, result: null, problems: [describeError(error)], happened: null };
        }
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function startOdoo({ data }: KnownCatalogue): Promise<Odoo> {
  const clock: Clock = { at: 0, zone: 'UTC' };
  const sandbox = createSandbox({ data: dataOf(data), database: DATABASE, now: () => new Date(clock.at) });
  const running = await sandbox.listen(0);
  const { products, customerCodes } = data;
  const vendors = data.vendors.filter(({ id }) => !data.partners.some((partner) => partner.id === id));
  const catalogue = catalogueOf({ products, customerCodes, partners: [...data.partners, ...vendors] });
  return { sandbox, running, clock, catalogue, company: data.company.name };
}

async function tablesOf(store: Store): Promise<string[]> {
  const rows = await store.query<{ name: string }>(
    `select format('planbridge.%I', tablename) as name from pg_tables where schemaname = 'planbridge' and tablename <> 'migration'`,
  );
  return rows.map(({ name }) => name);
}

/** As after the migrations: no rows, and numbers begin at 1 again. */
async function empty(store: Store, tables: readonly string[]): Promise<void> {
  const found = await store.query<{ name: string }>(
    tables
      .map((name) => `select '${name.replaceAll("'", "''")}' as name where exists (select from ${name})`)
      .join(' union all '),
  );
  if (found.length === 0) return;
  await store.query(`truncate ${found.map(({ name }) => name).join(', ')} restart identity cascade`);
}

async function playCase(name: string, odoo: Odoo, house: House, signal: AbortSignal): Promise<CaseResult> {
  const { corpus, store, sink } = house;
  odoo.sandbox.reset();
  await empty(store, house.tables);
  sink.take();
  /** Cases by the number of their mail, and of a conversation that the context brings. */
  const names = { mail: new Map<number, string>(), conversation: new Map<number, string>() };
  const ids = new Map<string, string>();
  let last: CaseResult | null = null;
  for (const each of [...earlierCases(corpus, name), name]) {
    signal.throwIfAborted();
    const { own } = caseOf(corpus, each);
    Object.assign(odoo.clock, clockOf(own.now));
    const service = await openService({
      ...{ store, door: house.door, own: corpus.context, company: odoo.company, clock: odoo.clock },
      ...{ mapping: house.mapping, pool: house.pool, log: house.log },
      odooUrl: odoo.running.url,
      smtpUrl: sink.url,
    });
    try {
      if (last !== null) await service.settle(signal);
      for (const sent of own.sent) {
        const conversation = await putSent(sent, { store, ...odoo, now: odoo.clock.at });
        ids.set(sent.messageId.toLowerCase(), sent.messageId);
        if (!names.conversation.has(conversation)) names.conversation.set(conversation, sent.messageId);
      }
      const mark = await markOf(store, odoo.sandbox);
      sink.take();
      const { id, added } = await service.bring(await mailOf(corpus, each), signal);
      if (added) names.mail.set(id, each);
      await service.settle(signal);
      const happened = await whatHappened(store, odoo.sandbox, id, mark);
      const given = {
        ...{ catalogue: odoo.catalogue, clock: odoo.clock, today: own.now.slice(0, 10) },
        messageIdOf: (stored: string) => ids.get(stored.toLowerCase()) ?? stored,
        orderOf: await orderNames(store, names),
      };
      last = caseResult(each, added, happened, given, sink.take());
    } finally {
      await service.close();
    }
  }
  return last!;
}

/** By which name another case refers to the order of a conversation. */
async function orderNames(store: Store, names: Record<'mail' | 'conversation', ReadonlyMap<number, string>>) {
  const rows = await store.query<{ id: number; mail: number | null }>(
    'select id::integer, mail_id::integer as mail from planbridge.mail_conversation',
  );
  const found = new Map(rows.map(({ id, mail }) => [id, names.mail.get(mail ?? 0) ?? names.conversation.get(id)]));
  return (conversation: number) => found.get(conversation) ?? `conversation ${conversation}`;
}

function caseResult(
  name: string,
  added: boolean,
  happened: Happened,
  given: Parameters<typeof resultOf>[1],
  received: readonly string[],
): CaseResult {
  // The same bytes again are another sighting of the mail that is there.
  if (!added)
    return { case: name, result: { kind: 'ignored', reason: 'duplicate-message' }, problems: [], happened: null };
  if (happened.mail.state === 'waiting') {
    const why = happened.mail.error ?? 'nobody says why';
    throw folderProblem(
      `The mail was not read to its end: ${why}.`,
      undefined,
      'See the log of the replay (LOG_LEVEL=debug).',
    );
  }
  const result = resultOf(happened, given);
  const problems = differencesOf(result, happened, given.catalogue);
  if (received.length !== happened.answers.length)
    problems.push(`${happened.answers.length} mails in the outbox, ${received.length} received by the mail server`);
  return { case: name, result, problems, happened: summaryOf(happened, given.catalogue) };
}

function summaryOf({ conversation, mail, sold, bought, answers }: Happened, catalogue: Catalogue): Summary {
  const code = (product: number) => catalogue.product(product)?.default_code ?? `product ${product}`;
  return {
    state: conversation?.state ?? null,
    outcome: mail.outcome,
    waitsFor: conversation?.waitsFor ?? null,
    saleOrders: sold.map(({ name, state, partner, lines }) => ({
      ...{ name, state, partner: String(partner.complete_name ?? partner.name) },
      lines: lines.map((line) => `${line.quantity} ${line.uom} ${code(line.product)}`),
    })),
    purchaseOrders: bought.map(({ name, state, vendor, lines }) => ({
      ...{ name, state, vendor: String(vendor) },
      lines: lines.map((line) => `${line.quantity} ${code(line.product)}`),
    })),
    answers: answers.map(({ template, to, state }) => `${template} to ${to}: ${state}`),
  };
}
