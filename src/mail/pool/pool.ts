// Mails are parsed and read in threads of their own, within a time and a memory: a mail that takes more is kept, and a person
// looks at it. The program's own thread goes on meanwhile.
import { Worker } from 'node:worker_threads';
import type { MailFieldWord } from '../../mapping/mail-fields.ts';
import type { Catalogue, Follower, MutableCatalogue } from '../catalogue.ts';
import type { Mail } from '../mail.ts';
import { parseHead } from '../parse.ts';
import type { FullReading, ReadingContext } from '../read.ts';
import { triage } from '../triage/triage.ts';
import { revived } from './bytes.ts';
import type { FromThread, ToThread } from './messages.ts';

export interface PoolOptions {
  threads?: number;
  /** For parsing one mail, and again for reading it. */
  limitMs?: number;
  /** Of one thread, in megabytes. */
  memoryMb?: number;
  /** The threads' program; tests give a slow one. */
  program?: URL;
}

export interface ReadingPool {
  /** @param refused why only the head is to be read; null = all of it */
  parse(raw: Buffer, refused: string | null): Promise<Mail>;
  /** The catalogue has to be one of `createCatalogue`: the threads follow it, until another one is given. */
  read(mail: Mail, context: ReadingContext): Promise<FullReading>;
  /** Ends the threads at once; what is being read is thrown back. */
  close(): Promise<void>;
}

interface Thread {
  worker: Worker;
  /** Takes the answer to what the thread was asked last, or why there will be none. */
  settle: ((answer: FromThread | { kind: 'gone'; why: string }) => void) | null;
  fields: readonly MailFieldWord[] | null;
  followed: { catalogue: Catalogue; follower: Follower } | null;
}

type Asked = FromThread | { kind: 'gone'; why: string };

const NOTHING = { products: [], droppedProducts: [], partners: [], droppedPartners: [] };
const CLOSED = 'the reading pool is closed';
const PROGRAM = new URL('./thread.ts', import.meta.url);

/** Threads are started when they are needed. */
export function createReadingPool({
  threads = 1,
  limitMs = 10_000,
  memoryMb = 1024,
  program = PROGRAM,
}: PoolOptions = {}): ReadingPool {
  const free: Thread[] = [];
  const all = new Set<Thread>();
  const waiting: PromiseWithResolvers<Thread>[] = [];
  let closed = false;

  function start(): Thread {
    const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const thread: Thread = { worker, settle: null, fields: null, followed: null };
    all.add(thread);
    worker.unref();
    worker.on('message', (message: FromThread) => thread.settle?.(message));
    worker.on('error', (error) => ended(thread, error.message));
    worker.on('exit', (code) => ended(thread, `the reading thread ended (${code})`));
    return thread;
  }

  function ended(thread: Thread, why: string): void {
    all.delete(thread);
    if (free.includes(thread)) free.splice(free.indexOf(thread), 1);
    thread.followed?.follower.stop();
    thread.followed = null;
    thread.settle?.({ kind: 'gone', why });
  }

  async function take(): Promise<Thread> {
    if (closed) throw new Error(CLOSED);
    const idle = free.pop();
    if (idle) return idle;
    if (all.size < threads) return start();
    const place = Promise.withResolvers<Thread>();
    waiting.push(place);
    return await place.promise;
  }

  function giveBack(thread: Thread): void {
    const next = waiting.shift();
    if (next) next.resolve(all.has(thread) ? thread : start());
    else if (all.has(thread)) free.push(thread);
  }

  /** One question to one thread, which is ended when it does not answer in time. */
  async function ask(message: ToThread, before?: (thread: Thread) => void): Promise<Asked> {
    const thread = await take();
    thread.worker.ref();
    const { promise, resolve } = Promise.withResolvers<Asked>();
    const timer = setTimeout(
      () => resolve({ kind: 'gone', why: `it takes longer than ${limitMs / 1000} s to read` }),
      limitMs,
    );
    thread.settle = resolve;
    try {
      before?.(thread);
      thread.worker.postMessage(message);
      const answer = await promise;
      if (closed && answer.kind === 'gone') throw new Error(CLOSED);
      // A fault of ours: whoever asked decides whether to try again.
      if (answer.kind === 'failed') throw new Error(answer.message);
      if (answer.kind === 'gone' && all.has(thread)) {
        ended(thread, answer.why);
        await thread.worker.terminate();
      }
      return answer;
    } finally {
      clearTimeout(timer);
      thread.settle = null;
      thread.worker.unref();
      giveBack(thread);
    }
  }

  return {
    async parse(raw, refused) {
      const answer = await ask({ kind: 'parse', raw, refused });
      if (answer.kind === 'parsed') return revived(answer.mail);
      return await parseHead(raw, whyOf(answer));
    },
    async read(mail, context) {
      const { catalogue, fields, memory, ...job } = context;
      const { wasReceived, ...known } = memory;
      const received = wasReceived(mail);
      const answer = await ask({ kind: 'read', mail, job: { ...job, memory: known, received } }, (thread) =>
        inform(thread, catalogue, fields.all),
      );
      return answer.kind === 'read' ? answer.full : givenUp(mail, context, received);
    },
    async close() {
      closed = true;
      for (const next of waiting.splice(0)) next.reject(new Error(CLOSED));
      await Promise.all([...all].map((thread) => thread.worker.terminate()));
    },
  };
}

/** Tells a thread what has changed since it read last. */
function inform(thread: Thread, catalogue: Catalogue, fields: readonly MailFieldWord[]): void {
  const post = (message: ToThread) => thread.worker.postMessage(message);
  const other = thread.followed !== null && thread.followed.catalogue !== catalogue;
  if (other) {
    thread.followed?.follower.stop();
    thread.followed = null;
  }
  thread.followed ??= { catalogue, follower: (catalogue as MutableCatalogue).follow() };
  const update = thread.followed.follower.take();
  if (update) post({ kind: 'catalogue', update, other });
  else if (other) post({ kind: 'catalogue', update: NOTHING, other });
  if (thread.fields !== fields) post({ kind: 'fields', words: fields });
  thread.fields = fields;
}

function whyOf(answer: Asked): string {
  return answer.kind === 'gone' ? answer.why : 'the reading thread answers out of turn';
}

/** By the head alone: programs are still not answered, and a person looks at everything else. */
function givenUp(mail: Mail, { ownAddresses }: ReadingContext, received: boolean): FullReading {
  const reason = triage(mail, { ownAddresses, wasReceived: () => received });
  const customer = mail.from ? { email: mail.from.email, name: mail.from.name } : undefined;
  return {
    reading: reason
      ? { kind: 'ignored', reason }
      : { kind: 'question', reason: 'attachment', ...(customer && { customer }) },
    language: undefined,
    layout: undefined,
  };
}
