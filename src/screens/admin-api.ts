// What administrators look at: each connection with a test, and what is configured without its secrets.
import { z } from 'zod';
import { examineOdoo } from '../connector/doctor.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import { examineMail } from '../mail/connection-test.ts';
import type { Part, Surroundings } from '../parts.ts';
import { createFreppleClient } from '../planner/frepple/client.ts';
import { redact } from '../redact.ts';

const tag = 'Administration';

const Finding = z.object({
  state: z.enum(['ok', 'warning', 'fault']),
  subject: z.string(),
  found: z.string(),
  remedy: z.string(),
});
type Finding = z.infer<typeof Finding>;

export const CONNECTIONS = ['odoo', 'database', 'planner', 'mail', 'parts'] as const;

const Setting = z.object({ name: z.string(), value: z.string() });

export function addAdminRoutes(surroundings: Surroundings, parts: () => readonly Part[]): void {
  const { api, config, odoo, store, rules, account, now } = surroundings;

  const tests: Record<(typeof CONNECTIONS)[number], (report: (finding: Finding) => void) => Promise<void>> = {
    async odoo(report) {
      const { login, password } = await account();
      await examineOdoo(config, odoo, () => ({ login, password }), rules(), report);
    },
    async database(report) {
      const started = performance.now();
      const [{ version } = { version: '' }] = await store.query<{ version: string }>('select version() as version');
      const ms = Math.round(performance.now() - started);
      const kind = store.kind === 'embedded' ? 'embedded' : 'server';
      report({ state: 'ok', subject: 'Database', found: `${kind}, ${version.split(' on ')[0]}, ${ms} ms`, remedy: '' });
    },
    async planner(report) {
      if (config.frepple === null)
        return report({ state: 'ok', subject: 'Planner', found: 'the built-in engine', remedy: '' });
      const tasks = await createFreppleClient(config.frepple).status();
      report({ state: 'ok', subject: 'Planner', found: `frePPLe, ${tasks.length} tasks wait or run`, remedy: '' });
    },
    mail: (report) => examineMail({ config, query: store.query, now: now() }, report),
    async parts(report) {
      for (const part of parts()) {
        const said = (await part.ready?.()) ?? null;
        report({ state: said === null ? 'ok' : 'fault', subject: part.name, found: said ?? 'ready', remedy: '' });
      }
    },
  };

  api.route(
    {
      method: 'post',
      path: '/api/admin/test/:connection',
      tag,
      summary: `Tests a connection: ${CONNECTIONS.join(', ')}`,
      role: 'administrator',
      answer: z.object({ findings: z.array(Finding) }),
    },
    async ({ params }) => {
      const findings: Finding[] = [];
      const test = Object.hasOwn(tests, params.connection!) ? tests[params.connection as keyof typeof tests] : null;
      if (!test) {
        throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 404, `There is no connection ${params.connection}.`, {
          remedy: `They are ${CONNECTIONS.join(', ')}.`,
        });
      }
      await test((finding) => void findings.push(finding)).catch((error: unknown) => {
        const remedy = error instanceof PlanbridgeError ? error.remedy : '';
        const found = error instanceof PlanbridgeError ? error.message : describeError(error);
        findings.push({ state: 'fault', subject: params.connection!, found, remedy });
      });
      return {
        findings: findings.map((each) => ({ ...each, found: redact(each.found), remedy: redact(each.remedy) })),
      };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/admin/settings',
      tag,
      summary: 'What is configured; of secrets only whether they are set',
      role: 'administrator',
      answer: z.object({ settings: z.array(Setting) }),
    },
    () => ({ settings: settingsOf(surroundings) }),
  );
}

function settingsOf({ config, odoo, mapping }: Surroundings): z.infer<typeof Setting>[] {
  const set = (secret: unknown) => (secret === null || secret === undefined ? 'not set' : 'set');
  const people = (logins: ReadonlySet<string>, everyone: string) => [...logins].join(', ') || everyone;
  const values: Record<string, string> = {
    ODOO_URL: odoo.url ?? 'not set',
    ODOO_DATABASE: odoo.defaultDatabase ?? 'the only one',
    ODOO_USER: config.user.login ?? 'not set',
    ODOO_PASSWORD: set(config.user.password),
    ODOO_COMPANY: config.user.company ?? "the user's own",
    DATABASE_URL: config.store.databaseUrl === null ? 'embedded' : 'set',
    MAPPING_FILE: mapping.current.path ?? 'as shipped',
    PLANNERS: people(config.imports.planners, 'every internal user'),
    ADMINISTRATORS: people(config.administrators, "Odoo's"),
    PLANNER_EDITS: config.plannerEdits ? 'yes' : 'no',
    WEBTOKEN_KEY: config.screens.webtokenKeys.length === 0 ? 'not set' : `${config.screens.webtokenKeys.length} set`,
    FRAME_ORIGINS: config.screens.frameOrigins.join(', ') || 'none',
    SESSION_HOURS: String(config.screens.sessionHours),
    API_TOKEN: set(config.apiToken),
    METRICS_TOKEN: set(config.metricsToken),
    FREPPLE_URL: config.frepple?.url ?? 'built-in engine',
  };
  return Object.entries(values).map(([name, value]) => ({ name, value: redact(value) }));
}
