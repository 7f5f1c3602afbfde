// Live planners of the service: one for each database of Odoo and company, started when the first question comes, begun anew when
// another plan becomes the current one or when its thread breaks, ended with the service.
import { PlanbridgeError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { Store } from '../../store/database.ts';
import { currentPlan, type PlanRow } from '../results/plans.ts';
import { argumentsOf, PlanParameters } from '../steps/plan.ts';
import type { ModelScope } from '../store/scope.ts';
import type { LiveTask } from './load.ts';
import type { LiveFacts, LiveKind, LiveQuestions } from './protocol.ts';
import { type AskOptions, type LiveThread, startLiveThread } from './thread.ts';

export interface LiveState {
  /** null = none was started. */
  planId: number | null;
  ready: boolean;
  part: number;
  what: string;
  facts: LiveFacts | null;
}

export interface LivePlanner {
  /**
   * Asks the planner of this scope, which loads the current plan first where it must.
   * @throws PlanbridgeError PB_PLAN_REFUSED when there is no plan, PB_PLAN_LIVE when it broke
   */
  ask<K extends LiveKind>(
    scope: ModelScope,
    kind: K,
    ask: LiveQuestions[K]['ask'],
    options?: AskOptions,
  ): Promise<LiveQuestions[K]['answer']>;
  /** Begins to load, without waiting. */
  warm(scope: ModelScope): Promise<LiveState>;
  /** Loads plans that became the current ones for those who have asked before, so that the next question finds them there. */
  refresh(): Promise<void>;
  /** The plan that is current, if there is one. */
  plan(scope: ModelScope): Promise<PlanRow | null>;
  end(): Promise<void>;
}

export interface LiveOptions {
  store: Store;
  databaseUrl: string | null;
  log: Log;
  metrics?: Metrics;
}

interface Measures {
  /** Milliseconds and number of answers, by kind. */
  answers: Map<LiveKind, { ms: number; count: number; most: number }>;
  broken: number;
}

export function createLivePlanner({ store, databaseUrl, log, metrics }: LiveOptions): LivePlanner {
  const threads = new Map<string, LiveThread>();
  const measures: Measures = { answers: new Map(), broken: 0 };
  let ended = false;
  if (metrics) observe(metrics, threads, measures);

  const keyOf = ({ odoo, company }: ModelScope) => `${odoo}\n${company ?? ''}`;
  const plan = ({ odoo, company }: ModelScope) => currentPlan(store.query, { odoo, company: company ?? '' });

  async function threadOf(scope: ModelScope): Promise<LiveThread> {
    const current = await plan(scope);
    if (current === null) {
      throw new PlanbridgeError('PB_PLAN_REFUSED', 409, 'There is no plan yet.', {
        remedy: 'Begin a run of odoo_read_1,plan.',
      });
    }
    if (ended) throw new PlanbridgeError('PB_PLAN_LIVE', 503, 'The service is stopping.', { remedy: 'Ask again.' });
    const key = keyOf(scope);
    const known = threads.get(key);
    if (known?.alive && known.task.planId === current.id) return known;
    const thread = startLiveThread(taskOf(current, scope), {
      store,
      databaseUrl,
      answered(kind, ms) {
        const one = measures.answers.get(kind) ?? { ms: 0, count: 0, most: 0 };
        measures.answers.set(kind, { ms: one.ms + ms, count: one.count + 1, most: Math.max(one.most, ms) });
      },
      broken(reason) {
        measures.broken += 1;
        log.error({ planId: current.id, reason }, 'the live planner has broken; it is started again when it is asked');
      },
    });
    threads.set(key, thread);
    thread.ready.then(
      ({ planId, same, loadSeconds, planSeconds, orders }) =>
        log.info({ planId, same, loadSeconds, planSeconds, orders }, 'the live planner is ready'),
      (error: Error) => log.warn({ planId: current.id, reason: error.message }, 'the live planner is not ready'),
    );
    // Who asks the old one gets its answer or an error that says to ask again.
    await known?.end();
    return thread;
  }

  return {
    plan,
    async ask(scope, kind, ask, options) {
      const thread = await threadOf(scope);
      return await thread.ask(kind, ask, options);
    },
    async warm(scope) {
      const thread = await threadOf(scope);
      const facts = await Promise.race([thread.ready, new Promise<null>((resolve) => setImmediate(resolve, null))]);
      const { part, what } = thread.progress;
      return { planId: thread.task.planId, ready: facts !== null, part, what, facts };
    },
    async refresh() {
      for (const { alive, task } of [...threads.values()]) {
        if (!alive || ended) continue;
        const current = await plan(task.scope);
        if (current !== null && current.id !== task.planId) await threadOf(task.scope);
      }
    },
    async end() {
      ended = true;
      await Promise.all([...threads.values()].map((thread) => thread.end()));
      threads.clear();
    },
  };
}

function taskOf({ id, arguments: given }: PlanRow, { odoo, company }: ModelScope): LiveTask {
  // Plans of other engines carry other arguments: then ours are what is usual.
  const parsed = PlanParameters.safeParse(given);
  const parameters = parsed.success ? parsed.data : PlanParameters.parse({});
  return { planId: id, scope: { odoo, company }, args: argumentsOf(parameters), forecast: parameters.forecast };
}

function observe(metrics: Metrics, threads: ReadonlyMap<string, LiveThread>, measures: Measures): void {
  const labels = ['kind'];
  const answers = (value: (one: { ms: number; count: number; most: number }) => number) => async () =>
    [...measures.answers].map(([kind, one]) => ({ labels: { kind }, value: value(one) }));
  metrics.observe('live_planners', 'Plans that are held in memory for quotes and what-if moves', [], async () => [
    { value: [...threads.values()].filter(({ alive }) => alive).length },
  ]);
  metrics.observe('live_planner_heap_bytes', 'Memory of their threads when they last answered', [], async () => [
    { value: [...threads.values()].reduce((sum, { alive, heapBytes }) => sum + (alive ? heapBytes : 0), 0) },
  ]);
  metrics.observe(
    'live_planner_answers',
    'Questions that they have answered',
    labels,
    answers(({ count }) => count),
  );
  metrics.observe(
    'live_planner_answer_seconds',
    'Time that it took',
    labels,
    answers(({ ms }) => ms / 1_000),
  );
  metrics.observe(
    'live_planner_longest_seconds',
    'The longest answer',
    labels,
    answers(({ most }) => most / 1_000),
  );
  metrics.observe('live_planner_broken', 'Threads that have broken', [], async () => [{ value: measures.broken }]);
}
