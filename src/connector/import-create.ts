// Creates what is not in Odoo yet: many records a call, each carrying its key. What Odoo refuses is halved until the one order
// that is wrong stands alone; an answer that was lost is looked up before anything is sent again.
import { PlanbridgeError } from '../errors.ts';
import { type CreateCommand, originOf, type PendingOrder, type RecordName, valuesOf } from '../mapping/commands.ts';
import { tokenOf } from './import-keys.ts';
import { type Pace, paced } from './import-pace.ts';
import { findByOrigin, type ImportOf, type References } from './import-references.ts';
import type { OdooWriter } from './odoo/writer.ts';

export interface CreateSurroundings {
  writer: OdooWriter;
  references: References;
  companies: readonly number[];
  by: ImportOf;
  settleMs: number;
  now: () => number;
  sleep: (ms: number) => Promise<void>;
  created(command: CreateCommand, id: number): void;
  refused(record: RecordName, reason: string): void;
}

/** Lines of purchase orders and transfers in one call, and manufacturing orders, which Odoo takes much longer for. */
const LINES: Pace = { first: 400, most: 1_000 };
const MANUFACTURING: Pace = { first: 50, most: 200 };
const TRIES = 3;
const POLL_MS = 1_000;
/** So many refusals with no success in between are no matter of single orders. */
const HOPELESS = 12;

export async function createRecords(
  commands: readonly CreateCommand[],
  surroundings: CreateSurroundings,
): Promise<void> {
  for (const same of Map.groupBy(commands, ({ model, company }) => `${model} ${company}`).values()) {
    const run = creator(surroundings, same[0]!.company);
    const pace = same[0]!.model === 'mrp.production' ? MANUFACTURING : LINES;
    await paced(same, pace, ({ lines }) => lines.length, surroundings.now, run);
  }
}

function creator(
  surroundings: CreateSurroundings,
  company: number,
): (batch: readonly CreateCommand[]) => Promise<void> {
  const { references, companies, by } = surroundings;
  const writer = surroundings.writer.within([company, ...companies]);
  let hopeless = 0;
  let lastReason = '';

  function refuse(orders: readonly PendingOrder[], reason: string): void {
    for (const { record } of orders) surroundings.refused(record, reason);
  }

  async function create(batch: readonly CreateCommand[]): Promise<void> {
    if (hopeless >= HOPELESS) {
      refuse(batch.flatMap(ordersOf), lastReason);
      return;
    }
    const asked = batch.map((command) => {
      const token = tokenOf(command);
      return { command, token, origin: originOf(command, token), model: command.model };
    });
    await references.begin(asked, by);
    let ids: number[];
    try {
      ids = await attempt(writer, asked, surroundings);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await references.drop(asked.map(({ token }) => token));
      await halve(batch, error.message);
      return;
    }
    hopeless = 0;
    await references.keep(
      asked.map(({ command, token }, index) => ({ command, token, id: ids[index]! })),
      by,
    );
    for (const [index, { command }] of asked.entries()) surroundings.created(command, ids[index]!);
  }

  async function halve(batch: readonly CreateCommand[], reason: string): Promise<void> {
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      await create(batch.slice(0, middle));
      await create(batch.slice(middle));
      return;
    }
    const [command] = batch;
    if (command === undefined) return;
    if (command.lines.length > 1) {
      const middle = command.lines.length >> 1;
      await create([{ ...command, lines: command.lines.slice(0, middle) }]);
      await create([{ ...command, lines: command.lines.slice(middle) }]);
      return;
    }
    hopeless += 1;
    lastReason = reason;
    refuse(ordersOf(command), reason);
  }

  return create;
}

function ordersOf(command: CreateCommand): PendingOrder[] {
  return command.lines.flatMap(({ orders }) => [...orders]);
}

/** Odoo's own word that it did not create. */
function isRefusal(error: unknown): error is PlanbridgeError {
  return error instanceof PlanbridgeError && (error.code === 'PB_ODOO_FAULT' || error.code === 'PB_ODOO_ACCESS');
}

interface Asked {
  command: CreateCommand;
  token: string;
  origin: string;
  model: string;
}

/** Sends once; after a lost answer it looks whether the records are there before it sends again. */
async function attempt(
  writer: OdooWriter,
  asked: readonly Asked[],
  { references, settleMs, now, sleep }: CreateSurroundings,
): Promise<number[]> {
  const { model } = asked[0]!;
  const values = asked.map(({ command, token }) => valuesOf(command, token));
  for (let tries = 1; ; tries++) {
    try {
      return await writer.create(model, values);
    } catch (error) {
      if (!(error instanceof PlanbridgeError) || error.code !== 'PB_ODOO_UNREACHABLE') throw error;
      const ids = await lookUp(writer, asked, now() + settleMs, { now, sleep });
      if (ids) return ids;
      // Odoo that was too slow for an answer may be at work on it still: only the next import may send it again.
      if (tries >= TRIES || wasTooSlow(error)) throw error;
      await references.doubt(asked.map(({ token }) => token));
    }
  }
}

function wasTooSlow(error: PlanbridgeError): boolean {
  for (let at: unknown = error.cause, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String((at as { code?: unknown }).code))) return true;
  }
  return false;
}

async function lookUp(
  writer: OdooWriter,
  asked: readonly Asked[],
  until: number,
  { now, sleep }: Pick<CreateSurroundings, 'now' | 'sleep'>,
): Promise<number[] | null> {
  for (;;) {
    const found = await findByOrigin(writer, asked);
    // One call is one transaction: all of them are there, or none.
    const ids = asked.flatMap(({ model, token }) => found.get(`${model} ${token}`)?.id ?? []);
    if (ids.length === asked.length) return ids;
    const wait = until - now();
    if (wait <= 0) return null;
    await sleep(Math.min(wait, POLL_MS));
  }
}
