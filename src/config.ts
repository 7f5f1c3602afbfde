// One validated configuration, from the environment. Errors name the variable and the remedy; secrets are never repeated.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { VARIABLES } from './config-variables.ts';
import { PlanbridgeError } from './errors.ts';
import { MAIL_INBOUND_SHAPE, type MailInboundConfig, mailInboundConfig } from './mail/inbound/config.ts';
import { MAIL_ANSWERS_SHAPE, type MailAnswersConfig, mailAnswersConfig } from './mail/outbox/config.ts';
import type { Retention } from './store/retention.ts';

export interface OdooConfig {
  /** Address without a slash at the end, or null when Odoo is reached by its database only. */
  url: string | null;
  /** Database that is used when a request names none; null = ask the server whether it has one only. */
  defaultDatabase: string | null;
  /** Databases that may be asked for; null = all. */
  databases: ReadonlySet<string> | null;
  /** Address of a database to read by SQL, or null to read through the API. */
  sqlUrl(database: string): string | null;
}

export interface FreppleConfig {
  /** Address with the scenario's name behind it, without a slash at the end. */
  url: string;
  authorization: { user: string; password: string } | { apiKey: string };
}

export interface Config {
  /** null: nothing is configured; `npm start` then serves the sandbox. */
  odoo: OdooConfig | null;
  /** Who works when nobody has signed in; requests bring their own credentials. */
  user: { login: string | null; password: string | null; company: string | null };
  /** Logins that may change settings; empty = every planner. */
  administrators: ReadonlySet<string>;
  /** Whether planners may change what Odoo says of the planning model. */
  plannerEdits: boolean;
  /** Bearer token of programs; null = none is taken. */
  apiToken: string | null;
  /** Bearer token of who reads figures from another machine. */
  metricsToken: string | null;
  http: { host: string; port: number; portGiven: boolean; trustProxy: number };
  /** Logins that may pull; empty = every internal user. */
  interfaceUsers: ReadonlySet<string>;
  mappingFile: string | null;
  exports: { concurrency: number; queue: number; queueSeconds: number; stallSeconds: number };
  auth: { cacheSeconds: number; failures: number };
  store: { databaseUrl: string | null; dataDirectory: string };
  retention: Retention;
  imports: {
    /** null = web tokens are not looked at. */
    webtoken: { key: string; required: boolean } | null;
    planners: ReadonlySet<string>;
    promises: boolean;
    settleSeconds: number;
    maxBytes: number;
  };
  screens: {
    /** Of web tokens: the present one, then the one before. */
    webtokenKeys: readonly string[];
    /** Origins that may frame the screens. */
    frameOrigins: readonly string[];
    sessionHours: number;
  };
  /** frePPLe as the planning engine; null = the built-in one. */
  frepple: FreppleConfig | null;
  mail: MailInboundConfig;
  mailAnswers: MailAnswersConfig;
  automations: {
    /** Settings file; null = none run. */
    file: string | null;
    /** Its text, where it is no file: the demo's. */
    text: string | null;
    /** Where they write their records. */
    folder: string;
    /** What stands behind `${NAME}` in it. */
    variable(name: string): string | undefined;
  };
  discloseStackTrace: boolean;
  logLevel: 'error' | 'warn' | 'info' | 'debug' | 'silent';
}

export type Environment = Readonly<Record<string, string | undefined>>;

function whole(fallback: number, minimum: number, maximum: number) {
  const wanted = `is not a whole number from ${minimum} to ${maximum}`;
  return z.coerce.number(wanted).int(wanted).min(minimum, wanted).max(maximum, wanted).default(fallback);
}

function list() {
  return z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    );
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol) && url.hostname !== '';
}

const YES_OR_NO = 'is neither yes nor no';
const YES = ['yes', 'true', '1', 'on'];

function yesOrNo(fallback: 'yes' | 'no') {
  return z
    .string()
    .toLowerCase()
    .default(fallback)
    .refine((text) => [...YES, 'no', 'false', '0', 'off'].includes(text), YES_OR_NO)
    .transform((text) => YES.includes(text));
}

function longSecret() {
  return z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, 'is shorter than 32 bytes, so it could be guessed');
}

/** Sent in a header behind `Bearer`: what cannot stand there would never match. */
function bearerToken() {
  return longSecret().regex(
    /^[!-~]+$/,
    'holds blanks, line ends or letters with accents, which a bearer token cannot have; make one with openssl rand -hex 32',
  );
}

const schema = z.object({
  ODOO_URL: z
    .string()
    .refine((text) => isUrl(text, ['http:', 'https:']), 'is no web address; give it like https://odoo.example.com')
    .refine((text) => !URL.parse(text)?.username, 'must not hold credentials; each request brings its own')
    .transform((text) => text.replace(/[?#].*$/, '').replace(/\/+$/, ''))
    .optional(),
  ODOO_DATABASE: z.string().optional(),
  ODOO_DATABASES: list(),
  ODOO_DATABASE_URL: list().refine(
    (urls) =>
      urls.every(
        (url) => isUrl(url.replaceAll('{database}', 'x'), ['postgres:', 'postgresql:']) && databaseOf(url) !== '',
      ),
    'is no address of a database; give it like postgres://role:password@host/database',
  ),
  ODOO_USER: z.string().optional(),
  ODOO_PASSWORD: z.string().optional(),
  ODOO_COMPANY: z.string().optional(),
  INTERFACE_USERS: list(),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(8080, 0, 65_535),
  TRUST_PROXY: whole(0, 0, 10),
  MAPPING_FILE: z.string().optional(),
  EXPORT_CONCURRENCY: whole(2, 1, 64),
  EXPORT_QUEUE: whole(4, 0, 1_000),
  EXPORT_QUEUE_SECONDS: whole(60, 1, 3_600),
  EXPORT_STALL_SECONDS: whole(120, 1, 86_400),
  AUTH_CACHE_SECONDS: whole(300, 0, 3_600),
  AUTH_FAILURES: whole(10, 1, 1_000),
  DATABASE_URL: z
    .string()
    .refine(
      (url) => isUrl(url, ['postgres:', 'postgresql:']),
      'is no address of a database; give it like postgres://role:password@host/database',
    )
    .optional(),
  PLANBRIDGE_DATA_DIR: z.string().default('.planbridge'),
  RETENTION_DAYS: whole(400, 0, 36_500),
  RETENTION_LOG_DAYS: whole(60, 0, 36_500),
  RETENTION_DOCUMENT_DAYS: whole(90, 0, 36_500),
  WEBTOKEN_KEY: longSecret().optional(),
  WEBTOKEN_KEY_PREVIOUS: longSecret().optional(),
  WEBTOKEN_REQUIRED: yesOrNo('yes'),
  FRAME_ORIGINS: list().refine(
    (origins) => origins.every((origin) => URL.parse(origin)?.origin === origin),
    'is no list of origins; give them like https://odoo.example.com',
  ),
  SESSION_HOURS: whole(12, 1, 168),
  PLANNERS: list(),
  ADMINISTRATORS: list(),
  PLANNER_EDITS: yesOrNo('yes'),
  API_TOKEN: bearerToken().optional(),
  METRICS_TOKEN: bearerToken().optional(),
  WRITE_PROMISED_DATES: yesOrNo('no'),
  WRITE_SETTLE_SECONDS: whole(120, 0, 3_600),
  IMPORT_MAX_BYTES: whole(64 << 20, 1 << 10, 2 ** 30),
  FREPPLE_URL: z
    .string()
    .refine((text) => isUrl(text, ['http:', 'https:']), 'is no web address; give it like https://frepple.example.com')
    .refine((text) => !URL.parse(text)?.username, 'must not hold credentials; set FREPPLE_USER and FREPPLE_PASSWORD')
    .transform((text) => text.replace(/[?#].*$/, '').replace(/\/+$/, ''))
    .optional(),
  FREPPLE_USER: z.string().optional(),
  FREPPLE_PASSWORD: z.string().optional(),
  FREPPLE_API_KEY: z.string().optional(),
  ...MAIL_INBOUND_SHAPE,
  ...MAIL_ANSWERS_SHAPE,
  MAIL_TOKEN: bearerToken().optional(),
  AUTOMATIONS_FILE: z.string().optional(),
  AUTOMATIONS_FOLDER: z.string().optional(),
  DISCLOSE_STACK_TRACE: yesOrNo('no'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug', 'silent'], 'is none of error, warn, info, debug, silent')
    .default('info'),
});

/** Name of the database at the end of its address; `{database}` for a pattern. */
function databaseOf(url: string): string {
  const path = URL.parse(url.replaceAll('{database}', '%7Bdatabase%7D'))?.pathname.replace(/^\//, '') ?? '';
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

function invalid(problems: readonly string[]): PlanbridgeError {
  return new PlanbridgeError('PB_CONFIG_INVALID', 500, `Configuration: ${problems.join('; ')}.`, {
    remedy: 'The README lists the variables.',
  });
}

/** What is set to something; secrets out of the files that `<NAME>_FILE` names. */
function collect(environment: Environment, readFile: (path: string) => string): Record<string, string> {
  const values: Record<string, string> = {};
  const problems: string[] = [];
  for (const { name, secret } of VARIABLES) {
    const value = environment[name]?.trim();
    if (value) values[name] = name === 'ODOO_PASSWORD' ? environment[name]! : value;
    const path = secret ? environment[`${name}_FILE`]?.trim() : undefined;
    if (!path) continue;
    if (value) problems.push(`${name} and ${name}_FILE are both set; keep one of them`);
    try {
      values[name] = readFile(path).replace(/\r?\n$/, '');
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
      problems.push(`${name}_FILE names ${path}, which cannot be read (${reason})`);
    }
  }
  if (problems.length > 0) throw invalid(problems);
  return values;
}

/** A variable that a settings file names, or the file that `<NAME>_FILE` names. @throws PlanbridgeError PB_CONFIG_INVALID */
function variableOf(environment: Environment, name: string, readFile: (path: string) => string): string | undefined {
  const value = environment[name];
  const path = environment[`${name}_FILE`]?.trim();
  if (value || !path) return value || undefined;
  try {
    return readFile(path).replace(/\r?\n$/, '');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    throw invalid([`${name}_FILE names ${path}, which cannot be read (${reason})`]);
  }
}

function odooConfig(values: z.infer<typeof schema>): OdooConfig | null {
  const url = values.ODOO_URL ?? null;
  const sqlUrls = values.ODOO_DATABASE_URL;
  if (url === null && sqlUrls.length === 0) {
    if (values.ODOO_DATABASE || values.ODOO_DATABASES.length > 0) {
      throw invalid(['ODOO_DATABASE names a database, but neither ODOO_URL nor ODOO_DATABASE_URL says where Odoo is']);
    }
    return null;
  }
  const byName = new Map<string, string>();
  let pattern: string | null = null;
  for (const sqlUrl of sqlUrls) {
    if (sqlUrl.includes('{database}')) pattern = sqlUrl;
    else byName.set(databaseOf(sqlUrl), sqlUrl);
  }
  const listed = [...values.ODOO_DATABASES];
  if (listed.length === 0 && byName.size > 0 && pattern === null) listed.push(...byName.keys());
  if (values.ODOO_DATABASE && listed.length > 0 && !listed.includes(values.ODOO_DATABASE)) {
    throw invalid([`ODOO_DATABASE is ${values.ODOO_DATABASE}, which is not among ${listed.join(', ')}`]);
  }
  return {
    url,
    databases: listed.length > 0 ? new Set(listed) : null,
    defaultDatabase: values.ODOO_DATABASE ?? (listed.length === 1 ? listed[0]! : null),
    sqlUrl: (database) =>
      byName.get(database) ?? pattern?.replaceAll('{database}', encodeURIComponent(database)) ?? null,
  };
}

function frameOrigins({ ODOO_URL: url, FRAME_ORIGINS: given }: z.infer<typeof schema>): string[] {
  const origin = url === undefined ? null : URL.parse(url)?.origin;
  return given.length > 0 || !origin ? given : [origin];
}

function freppleConfig(values: z.infer<typeof schema>): FreppleConfig | null {
  const { FREPPLE_URL: url, FREPPLE_USER: user, FREPPLE_PASSWORD: password, FREPPLE_API_KEY: apiKey } = values;
  if (url === undefined) return null;
  if (apiKey !== undefined) return { url, authorization: { apiKey } };
  if (user !== undefined && password !== undefined) return { url, authorization: { user, password } };
  throw invalid(['FREPPLE_URL is set; set FREPPLE_USER and FREPPLE_PASSWORD, or FREPPLE_API_KEY, too']);
}

/**
 * @throws PlanbridgeError PB_CONFIG_INVALID, with everything that is wrong in one message
 * @example readConfig({ ODOO_URL: 'https://odoo.example.com', ODOO_DATABASE: 'acme' }).odoo?.url
 */
export function readConfig(
  environment: Environment,
  readFile: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): Config {
  const parsed = schema.safeParse(collect(environment, readFile));
  if (!parsed.success) throw invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const values = parsed.data;
  const mail = mailInboundConfig(values, Boolean(environment.MAIL_SMTP_PORT?.trim()), invalid);
  const mailAnswers = mailAnswersConfig(values, mail.addresses);
  return {
    odoo: odooConfig(values),
    user: {
      login: values.ODOO_USER ?? null,
      password: values.ODOO_PASSWORD ?? null,
      company: values.ODOO_COMPANY ?? null,
    },
    administrators: new Set(values.ADMINISTRATORS),
    plannerEdits: values.PLANNER_EDITS,
    apiToken: values.API_TOKEN ?? null,
    metricsToken: values.METRICS_TOKEN ?? null,
    http: {
      host: values.HOST,
      port: values.PORT,
      portGiven: Boolean(environment.PORT?.trim()),
      trustProxy: values.TRUST_PROXY,
    },
    interfaceUsers: new Set(values.INTERFACE_USERS),
    mappingFile: values.MAPPING_FILE ?? null,
    exports: {
      concurrency: values.EXPORT_CONCURRENCY,
      queue: values.EXPORT_QUEUE,
      queueSeconds: values.EXPORT_QUEUE_SECONDS,
      stallSeconds: values.EXPORT_STALL_SECONDS,
    },
    auth: { cacheSeconds: values.AUTH_CACHE_SECONDS, failures: values.AUTH_FAILURES },
    store: { databaseUrl: values.DATABASE_URL ?? null, dataDirectory: values.PLANBRIDGE_DATA_DIR },
    retention: {
      days: values.RETENTION_DAYS,
      logDays: values.RETENTION_LOG_DAYS,
      documentDays: values.RETENTION_DOCUMENT_DAYS,
    },
    imports: {
      webtoken: values.WEBTOKEN_KEY ? { key: values.WEBTOKEN_KEY, required: values.WEBTOKEN_REQUIRED } : null,
      planners: new Set(values.PLANNERS),
      promises: values.WRITE_PROMISED_DATES,
      settleSeconds: values.WRITE_SETTLE_SECONDS,
      maxBytes: values.IMPORT_MAX_BYTES,
    },
    screens: {
      webtokenKeys: [values.WEBTOKEN_KEY, values.WEBTOKEN_KEY_PREVIOUS].filter((key) => key !== undefined),
      frameOrigins: frameOrigins(values),
      sessionHours: values.SESSION_HOURS,
    },
    frepple: freppleConfig(values),
    // What we send from is an address of our own.
    mail: { ...mail, addresses: new Set([...mail.addresses, ...(mailAnswers.from ? [mailAnswers.from.address] : [])]) },
    mailAnswers,
    automations: {
      file: values.AUTOMATIONS_FILE ?? null,
      text: null,
      folder: values.AUTOMATIONS_FOLDER ?? join(values.PLANBRIDGE_DATA_DIR, 'automations'),
      variable: (name) => variableOf(environment, name, readFile),
    },
    discloseStackTrace: values.DISCLOSE_STACK_TRACE,
    logLevel: values.LOG_LEVEL,
  };
}
