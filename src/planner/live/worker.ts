// The thread of the live planner: loads and plans once, then answers questions one after the other until it is ended.
import { parentPort, workerData } from 'node:worker_threads';
import { PlanbridgeError } from '../../errors.ts';
import { openStore, type Store } from '../../store/database.ts';
import { planLines } from '../engine/text.ts';
import { type RemoteStore, remoteStore } from '../results/remote-store.ts';
import { type Desk, openDesk } from './desk.ts';
import { type LivePlan, type LiveTask, livePlan } from './load.ts';
import { choicesOf, openMoves } from './moves.ts';
import type { Failure, FromLive, HeldLine, LiveFacts, LiveKind, LiveQuestions, ToLive } from './protocol.ts';

export interface LiveThreadData {
  liveTask: LiveTask;
  databaseUrl: string | null;
  /** Ids of questions that nobody waits for any more. */
  cancelled: SharedArrayBuffer;
}

const heapBytes = () => process.memoryUsage().heapUsed;

function failureOf(error: unknown): Failure {
  const { message, stack = '' } = error as Error;
  if (!(error instanceof PlanbridgeError)) return { code: 'INTERNAL', status: 500, message, remedy: '', stack };
  const { code, status, remedy = '' } = error;
  return { code, status, message, remedy, stack };
}

type Answers = { [K in LiveKind]: (ask: LiveQuestions[K]['ask']) => LiveQuestions[K]['answer'] };

function answersOf({ net, references, planned, facts }: LivePlan, task: LiveTask): Answers {
  const desk: Desk = openDesk(net, task.args);
  const moves = openMoves(net, references);
  function onTop(held: readonly HeldLine[]): HeldLine[] {
    const names = new Set(held.map(({ name }) => name));
    desk.release([...planned].filter((name) => !names.has(name)));
    return held.filter(({ name }) => !planned.has(name));
  }
  return {
    facts: (): LiveFacts => ({ ...facts, heapBytes: heapBytes() }),
    quote: ({ held, ...question }) => desk.quote(question, onTop(held)),
    moves(ask) {
      desk.hold(onTop(ask.held));
      return moves(ask.moves);
    },
    choices: () => choicesOf(net),
    text: () => [...planLines(net)].join('\n'),
  };
}

const port = parentPort;
if (port !== null && workerData?.liveTask !== undefined) {
  const { liveTask, databaseUrl, cancelled } = workerData as LiveThreadData;
  const gone = new Int32Array(cancelled);
  const send = (message: FromLive) => port.postMessage(message);
  const remote: RemoteStore | null =
    databaseUrl === null ? remoteStore((query, sql, values) => send({ kind: 'query', query, sql, values })) : null;
  const waiting: Extract<ToLive, { id: number }>[] = [];
  let answers: Answers | null = null;

  function answer({ id, kind, ask }: (typeof waiting)[number]): void {
    if (gone.includes(id)) return;
    const begun = performance.now();
    try {
      const answered = (answers as Answers)[kind](ask as never);
      send({ kind: 'answer', id, answer: answered, heapBytes: heapBytes(), ms: performance.now() - begun });
    } catch (error) {
      send({ kind: 'failed', id, failure: failureOf(error) });
    }
  }

  port.on('message', (message: ToLive) => {
    if ('query' in message) remote?.answered(message.query, message);
    else if (answers === null) waiting.push(message);
    else answer(message);
  });

  let told = '';
  const progress = (part: number, what: string) => {
    const text = `${Math.floor(part * 100)} ${what}`;
    if (text === told) return;
    told = text;
    send({ kind: 'progress', part, what });
  };
  let store: Store | null = remote;
  try {
    store ??= await openStore({ databaseUrl, dataDirectory: '' });
    const plan = await livePlan(liveTask, store, progress);
    answers = answersOf(plan, liveTask);
    send({ kind: 'ready', facts: { ...plan.facts, heapBytes: heapBytes() } });
    for (const question of waiting.splice(0)) answer(question);
  } catch (error) {
    send({ kind: 'unready', failure: failureOf(error) });
  } finally {
    // From here on all is in memory.
    await store?.close().catch(() => {});
  }
}
