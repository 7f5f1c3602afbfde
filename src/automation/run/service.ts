// The runs of automations: a queue and schedules of their own in the machinery that the planner's runs have too. Schedules follow
// the settings file until somebody switches one off or on.
import { PlanbridgeError } from '../../errors.ts';
import { errorFields } from '../../log.ts';
import { zone } from '../../mapping/time.ts';
import type { RunAnswer } from '../../planner/runs/request.ts';
import type { Trigger } from '../../planner/runs/run.ts';
import {
  listSchedules,
  removeSchedule,
  type ScheduleInput,
  type ScheduleRow,
  saveSchedule,
} from '../../planner/runs/schedules.ts';
import { openRuns, type Runs } from '../../planner/runs/service.ts';
import type { StepName } from '../../planner/runs/step.ts';
import type { Automation } from '../automation.ts';
import { createDayLog, type DayLog } from './day-log.ts';
import { type AutomationSurroundings, automationStep } from './step.ts';

export interface AutomationRuns {
  readonly runs: Runs;
  readonly dayLog: DayLog;
  /** By name; brought up to date with the settings file at the first call. */
  schedules(): Promise<Map<string, ScheduleRow>>;
  request(name: string, wish: { dryRun: boolean; who: string; trigger: Trigger }): Promise<RunAnswer>;
  /** @returns the schedule as it is now */
  switch(name: string, on: boolean, who: string): Promise<ScheduleRow>;
  start(): Promise<void>;
  end(): void;
  stop(graceMs: number): Promise<void>;
}

export interface AutomationRunsOptions extends AutomationSurroundings {
  automations: readonly Automation[];
  company: string;
  leaseSeconds?: number;
  retryDelaysMs?: readonly number[];
}

export const QUEUE = 'automations';
/** Whoever changes a schedule by hand leaves his name; these follow the file. */
const BY_FILE = 'settings file';
const SYNC_MS = 30_000;

export async function openAutomationRuns(options: AutomationRunsOptions): Promise<AutomationRuns> {
  const { automations, settings, store, log, now, company } = options;
  const chosen = automations.filter(({ name }) => settings.automations.has(name));
  const titles = new Map(automations.map(({ name, title }) => [name, title]));
  const dayLog = createDayLog({
    store,
    odoo: options.odooKey,
    folder: options.folder,
    zone: zone(settings.zone),
    titles,
    log,
    now,
  });
  const runs = await openRuns({
    store,
    steps: chosen.map((automation) => automationStep(automation, settings.automations.get(automation.name)!, options)),
    scope: async () => ({ odoo: await options.odooKey(), company }),
    log,
    now,
    queue: QUEUE,
    leaseSeconds: options.leaseSeconds,
    retryDelaysMs: options.retryDelaysMs,
    ended: () => dayLog.ended(),
  });
  let synced: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  function inputOf(automation: Automation): ScheduleInput {
    const { cron, on } = settings.automations.get(automation.name)!;
    return {
      name: automation.name,
      steps: [automation.name as StepName],
      parameters: {},
      cron,
      zone: settings.zone,
      enabled: on,
      missed: automation.missed,
    };
  }

  async function bringUpToDate(): Promise<void> {
    const odoo = await options.odooKey();
    await store.transaction(async (query) => {
      await query('select pg_advisory_xact_lock(hashtextextended($1, 4))', [`schedules ${odoo}`]);
      const known = new Map((await listSchedules(query, odoo)).map((row) => [row.name, row]));
      for (const automation of chosen) {
        const wanted = inputOf(automation);
        const row = known.get(automation.name);
        known.delete(automation.name);
        const enabled = row && row.changedBy !== BY_FILE ? row.enabled : wanted.enabled;
        const same =
          row?.cron === wanted.cron &&
          row.zone === wanted.zone &&
          row.missed === wanted.missed &&
          row.enabled === enabled;
        if (same) continue;
        await saveSchedule(query, odoo, row?.id ?? null, { ...wanted, enabled }, row?.changedBy ?? BY_FILE, now());
      }
      for (const { id } of known.values()) await removeSchedule(query, odoo, id);
    });
  }

  async function sync(): Promise<void> {
    synced ??= bringUpToDate();
    await synced.catch((error: unknown) => {
      synced = null;
      throw error;
    });
  }

  async function schedules(): Promise<Map<string, ScheduleRow>> {
    await sync();
    return new Map((await listSchedules(store.query, await options.odooKey())).map((row) => [row.name, row]));
  }

  /** Odoo may be away when we start. */
  function syncSoon(): void {
    sync().catch((error) => {
      log.warn(errorFields(error), 'the schedules of the automations wait');
      timer = setTimeout(syncSoon, SYNC_MS);
    });
  }

  function requireChosen(name: string): void {
    if (settings.automations.has(name)) return;
    const known = automations.some((each) => each.name === name);
    const text = known
      ? `The automation ${name} is not in the settings file.`
      : `There is no automation "${name.slice(0, 60)}".`;
    throw new PlanbridgeError('PB_REQUEST_ARGUMENT', known ? 409 : 404, text, {
      remedy: known
        ? 'Name it there, and start the service again.'
        : `There are ${[...settings.automations.keys()].join(', ')}.`,
    });
  }

  return {
    runs,
    dayLog,
    schedules,
    async request(name, { dryRun, who, trigger }) {
      requireChosen(name);
      const steps = [name as StepName];
      const parameters = runs.registry.parameters(steps, { [name]: { dryRun } });
      return await runs.request({ steps, parameters, trigger, who, whenRunning: 'join' });
    },
    async switch(name, on, who) {
      requireChosen(name);
      const row = (await schedules()).get(name)!;
      const { id, ...input } = row;
      return (await saveSchedule(store.query, await options.odooKey(), id, { ...input, enabled: on }, who, now()))!;
    },
    async start() {
      syncSoon();
      await runs.start();
    },
    end: () => runs.end(),
    async stop(graceMs) {
      clearTimeout(timer);
      await runs.stop(graceMs);
      await dayLog.close();
    },
  };
}
