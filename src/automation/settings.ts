// The settings file of the automations, in YAML or JSON: which are switched on, when they run, and what each is told. Errors name
// the line. Secrets stand in it as `${NAME}`, which a variable of the environment replaces; they are never printed.
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { isZone } from '../mapping/time.ts';
import type { Automation, EngineName } from './automation.ts';
import type { EngineDefinition } from './engines/engines.ts';
import { type BusinessHours, cronOf } from './schedule.ts';

export interface AutomationSettings {
  zone: string;
  forms: FormSettings;
  /** As the engines' own schemas have them, by name. */
  engines: ReadonlyMap<string, unknown>;
  /** Those that the file names. */
  automations: ReadonlyMap<string, ConfiguredAutomation>;
}

export interface ConfiguredAutomation {
  /** Whether its schedule is on until somebody says otherwise. */
  on: boolean;
  /** As the file or the automation says it. */
  words: string;
  cron: string;
  settings: Record<string, unknown>;
}

export interface FormSettings {
  /** Origins of web sites whose forms may post here. */
  origins: readonly string[];
  /** Posts of one address within an hour. */
  perHour: number;
  /** Page that a browser is sent to afterwards. */
  thanks: string | null;
}

export interface SettingsSource {
  text: string;
  /** Name for errors. */
  name: string;
  /** Of the environment. */
  variable(name: string): string | undefined;
}

const hour = z
  .string()
  .regex(/^([01]?\d|2[0-3]):00$/, 'is no full hour like "06:00"')
  .transform((text) => Number.parseInt(text, 10));
const BusinessHoursInput = z.strictObject({ from: hour, until: hour });

const Head = z.strictObject({
  zone: z.string('is missing; give a zone like Europe/Berlin').refine(isZone, 'is no time zone like Europe/Berlin'),
  businessHours: BusinessHoursInput.default({ from: 6, until: 20 }),
  forms: z
    .strictObject({
      origins: z
        .array(
          z
            .string()
            .refine((origin) => URL.parse(origin)?.origin === origin, 'is no origin like https://shop.example.com'),
        )
        .default([]),
      perHour: z.int().min(1).max(10_000).default(20),
      thanks: z
        .string()
        .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'is no web address')
        .nullable()
        .default(null),
    })
    .prefault({}),
  engines: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  automations: z.record(z.string(), z.unknown(), 'is missing; name those that shall run'),
});

const Entry = z.looseObject({ on: z.boolean().default(true), schedule: z.string().optional() });

/** @throws PlanbridgeError PB_CONFIG_INVALID with all that is wrong and where */
export function readSettings(
  source: SettingsSource,
  automations: readonly Automation[],
  engines: Readonly<Record<string, EngineDefinition>>,
): AutomationSettings {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const problems: string[] = [];
  for (const error of document.errors) problems.push(`line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  if (problems.length > 0) throw invalid(source.name, problems);

  const complain = (path: readonly PropertyKey[], message: string) => {
    const place = path.length > 0 ? ` ${path.map(String).join('.')}` : '';
    problems.push(`line ${lineOf(document.contents, path, lines)}:${place} ${message}`);
  };
  const filled = withVariables(document.toJS() ?? {}, source.variable, complain);
  const head = Head.safeParse(filled);
  if (!head.success) {
    complainAll(head.error, [], complain);
    throw invalid(source.name, problems);
  }
  const { zone, businessHours, forms } = head.data;

  const configured = new Map<string, unknown>();
  for (const [name, given] of Object.entries(head.data.engines)) {
    const definition = engines[name];
    if (!definition) {
      complain(['engines', name], `is no engine; there are ${Object.keys(engines).join(', ') || 'none'}`);
      continue;
    }
    const parsed = definition.settings.strict().safeParse(given);
    if (parsed.success) configured.set(name, parsed.data);
    else complainAll(parsed.error, ['engines', name], complain);
  }

  const chosen = new Map<string, ConfiguredAutomation>();
  for (const [name, given] of Object.entries(head.data.automations)) {
    const path = ['automations', name];
    const automation = automations.find((each) => each.name === name);
    if (!automation) {
      complain(path, `is no automation; there are ${automations.map((each) => each.name).join(', ')}`);
      continue;
    }
    const read = readEntry(automation, given, businessHours, path, complain);
    if (read === null) continue;
    for (const engine of automation.needs) {
      if (isConfigurable(engine, engines) && !configured.has(engine) && read.on) {
        complain(path, `needs the engine ${engine}; set it up under engines`);
      }
    }
    chosen.set(name, read);
  }
  if (problems.length > 0) throw invalid(source.name, problems);
  return { zone, forms, engines: configured, automations: chosen };
}

type Complain = (path: readonly PropertyKey[], message: string) => void;

function isConfigurable(engine: EngineName, engines: Readonly<Record<string, EngineDefinition>>): boolean {
  return Object.hasOwn(engines, engine);
}

function readEntry(
  automation: Automation,
  given: unknown,
  hours: BusinessHours,
  path: readonly string[],
  complain: Complain,
): ConfiguredAutomation | null {
  const entry = Entry.safeParse(given === true || given === null ? {} : given === false ? { on: false } : given);
  if (!entry.success) {
    complainAll(entry.error, path, complain);
    return null;
  }
  const { on, schedule: words = automation.schedule, ...own } = entry.data;
  const parsed = automation.settings.strict().safeParse(own);
  if (!parsed.success) complainAll(parsed.error, path, complain);
  try {
    const cron = cronOf(words, hours);
    return { on, words, cron, settings: parsed.success ? (parsed.data as Record<string, unknown>) : {} };
  } catch (error) {
    if (!(error instanceof PlanbridgeError)) throw error;
    complain([...path, 'schedule'], `${error.message} ${error.remedy}`);
    return null;
  }
}

function complainAll(error: z.ZodError, path: readonly PropertyKey[], complain: Complain): void {
  for (const issue of error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) complain([...path, ...issue.path, key], 'is not known here');
    } else complain([...path, ...issue.path], issue.message);
  }
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

function withVariables(
  value: unknown,
  variable: SettingsSource['variable'],
  complain: Complain,
  path: readonly PropertyKey[] = [],
): unknown {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (_, name: string) => {
      const found = variable(name);
      if (found === undefined) complain(path, `names the variable ${name}, which is not set`);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((each, at) => withVariables(each, variable, complain, [...path, at]));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withVariables(each, variable, complain, [...path, key])]),
  );
}

/** Of the nearest thing of the path that is there. */
function lineOf(contents: Node | null, path: readonly PropertyKey[], lines: LineCounter): number {
  let node: unknown = contents;
  let at = startOf(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      at = startOf(pair.key) ?? at;
      node = pair.value;
    } else {
      const items = (node as { items?: unknown[] } | null)?.items;
      if (!items || typeof step !== 'number' || items[step] === undefined) break;
      node = items[step];
      at = startOf(node) ?? at;
    }
  }
  return lines.linePos(at ?? 0).line || 1;
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] } | null)?.range?.[0];
}

function invalid(name: string, problems: readonly string[]): PlanbridgeError {
  return new PlanbridgeError('PB_CONFIG_INVALID', 500, `${name}: ${problems.slice(0, 30).join('; ')}.`, {
    remedy: 'docs/automations.md lists the settings.',
  });
}
