// One automation as a step of a run: opens what it needs, lets it run, and sums up. Tried again after a crash like any other step;
// what earlier tries have changed is known by the ledger.
import { z } from 'zod';
import type { OdooAccess } from '../../connector/access.ts';
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Address } from '../../mail/outbox/message.ts';
import { formatStamp, zone as zoneOf } from '../../mapping/time.ts';
import type { ServiceAccount } from '../../parts.ts';
import type { Step, StepContext, StepName, StepResult } from '../../planner/runs/step.ts';
import type { Store } from '../../store/database.ts';
import type { Automation, AutomationContext, Engines } from '../automation.ts';
import type { EngineDefinition } from '../engines/engines.ts';
import { designRequests, markStockRequestServed, waitingStockRequests } from '../forms/store.ts';
import type { AutomationSettings, ConfiguredAutomation } from '../settings.ts';
import { createEffects, type Effects, endsRun } from './effects.ts';
import { createFiles } from './files.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { createAutomationMail } from './mail.ts';
import { type OpenedOdoo, openOdoo } from './odoo.ts';
import { createState } from './state.ts';

export interface AutomationSurroundings {
  store: Store;
  access: Pick<OdooAccess, 'open'>;
  account(): Promise<ServiceAccount>;
  openWriter(account: ServiceAccount): Promise<OdooWriter>;
  settings: AutomationSettings;
  /** Those that may be configured, by name. */
  engines: Readonly<Record<string, EngineDefinition>>;
  /** Under which effects are kept. */
  odooKey(): Promise<string>;
  folder: string;
  /** Whom mails come from. */
  from: Address | null;
  settleMs: number;
  log: Log;
  now: () => number;
}

export const AutomationParameters = z.object({ dryRun: z.boolean().default(false) });
type Parameters = z.output<typeof AutomationParameters>;

export function automationStep(
  automation: Automation,
  configured: ConfiguredAutomation,
  surroundings: AutomationSurroundings,
): Step {
  const step: Step<typeof AutomationParameters> = {
    // The machinery of runs takes any name; its types know the planner's.
    name: automation.name as StepName,
    title: automation.title,
    parameters: AutomationParameters,
    run: (context) => runAutomation(automation, configured, surroundings, context),
  };
  return step as unknown as Step;
}

async function runAutomation(
  automation: Automation,
  { settings }: ConfiguredAutomation,
  surroundings: AutomationSurroundings,
  { runId, parameters: { dryRun }, signal, progress, log }: StepContext<Parameters>,
): Promise<StepResult> {
  const { store, now } = surroundings;
  const odoo = await surroundings.odooKey();
  const [run] = await store.query<{ attempt: number }>('select attempt from planbridge.run where id = $1', [runId]);
  const holder = { odoo, automation: automation.name, runId, attempt: run?.attempt ?? 0 };
  const ledger = openLedger(store, holder, now);
  const figures = new Map<string, number>();
  let errors = 0;
  const say: AutomationContext['log'] = (level, message) => {
    if (level === 'error') errors += 1;
    log(level, message);
  };
  const effects = createEffects({ store, ledger, dryRun, signal, log: say });
  const where = zoneOf(surroundings.settings.zone);
  const engines = await openEngines(automation, surroundings, { effects, ledger, signal });
  try {
    const left = await ledger.open();
    // Those that the automation itself has to ask for again are settled when it does.
    if (!dryRun) await engines.odoo?.resume(left.filter(({ replay }) => isOdoos(replay)));
    const context: AutomationContext = {
      ...engines.engines,
      settings,
      runId,
      dryRun,
      signal,
      now,
      zone: where,
      today: () => formatStamp(where.toWall(Math.floor(now() / 1_000))).slice(0, 10),
      progress,
      log: say,
      count: (what, number) => void figures.set(what, (figures.get(what) ?? 0) + number),
      state: createState({ store, odoo, automation: automation.name, dryRun, now }),
      stateOf: (name) => createState({ store, odoo, automation: name, dryRun: true, now }),
      forms: {
        designRequests: (from, until) => designRequests(store.query, from, until),
        stockRequests: () => waitingStockRequests(store.query),
        stockRequestServed: async (id) => {
          if (!dryRun) await markStockRequestServed(store.query, id, now());
        },
      },
      changes: () => ledger.changes(),
      effect: effects.effect,
    };
    await automation.run(context as never);
    signal.throwIfAborted();
    if (!dryRun) {
      for (const { subject, description } of await ledger.close()) {
        say('warn', `${subject}: ${description}: begun by a try that was cut; this one found nothing to do`);
      }
    }
    return {
      counts: {
        ...(dryRun ? { 'would change': effects.counts.done } : { changes: effects.counts.done }),
        errors,
        ...Object.fromEntries(figures),
      },
    };
  } catch (error) {
    if (endsRun(error, signal) || error instanceof PlanbridgeError) throw error;
    surroundings.log.error({ automation: automation.name, run: runId, err: error }, 'an automation failed');
    throw error;
  } finally {
    await engines.close();
  }
}

function isOdoos(replay: unknown): boolean {
  return String((replay as { kind?: unknown } | null)?.kind).startsWith('odoo-');
}

interface Opened {
  engines: Engines;
  odoo: OpenedOdoo | null;
  close(): Promise<void>;
}

/** Those that the automation names; asking for another one is a mistake of the automation's. */
async function openEngines(
  automation: Automation,
  surroundings: AutomationSurroundings,
  run: { effects: Effects; ledger: Ledger; signal: AbortSignal },
): Promise<Opened> {
  const { now, log, settings, from, folder } = surroundings;
  const { effects, ledger, signal } = run;
  const closing: (() => Promise<void>)[] = [];
  const engines: Record<string, unknown> = {};
  let odoo: OpenedOdoo | null = null;
  const close = async () => {
    for (const end of closing.toReversed()) await end();
  };
  try {
    for (const name of automation.needs) {
      if (name === 'odoo') {
        odoo = await openOdoo({ ...surroundings, effects, ledger, signal });
        closing.push(odoo.close);
        engines.odoo = odoo.odoo;
      } else if (name === 'mail') {
        engines.mail = createAutomationMail({ from, automation: automation.name, effects, now });
      } else if (name === 'files') {
        engines.files = createFiles({ folder, effects, ledger });
      } else {
        const definition = surroundings.engines[name];
        const told = settings.engines.get(name);
        if (!definition || told === undefined) throw notSetUp(automation, name);
        const opened = await definition.open(told as never, { log, now, signal });
        closing.push(opened.close);
        engines[name] = opened.engine;
      }
    }
    return { engines: engines as unknown as Engines, odoo, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function notSetUp(automation: Automation, engine: string): PlanbridgeError {
  return new PlanbridgeError('PB_AUTOMATION_ENGINE', 409, `${automation.name} needs ${engine}, which is not set up.`, {
    remedy: `Set it up in the settings file, under engines.${engine}.`,
  });
}
