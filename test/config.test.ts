// Configuration: what is taken, what is refused and how it is said, and that secrets stay secret.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Environment, readConfig } from '../src/config.ts';
import { VARIABLES } from '../src/config-variables.ts';
import { PlanbridgeError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { redact } from '../src/redact.ts';

function refusal(environment: Environment, files: Record<string, string> = {}): string {
  try {
    readConfig(environment, (path) => {
      if (path in files) return files[path]!;
      throw Object.assign(new Error('no'), { code: 'ENOENT' });
    });
  } catch (error) {
    if (error instanceof PlanbridgeError && error.code === 'PB_CONFIG_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('configuration', () => {
  it('is complete when nothing is set', () => {
    const config = readConfig({});
    expect(config).toMatchObject({
      odoo: null,
      http: { host: '127.0.0.1', port: 8080, portGiven: false, trustProxy: 0 },
      exports: { concurrency: 2, queue: 4, queueSeconds: 60, stallSeconds: 120 },
      auth: { cacheSeconds: 300, failures: 10 },
      discloseStackTrace: false,
      logLevel: 'info',
    });
  });

  it('takes a variable that is empty for one that is not set', () => {
    expect(readConfig({ PORT: '', ODOO_URL: ' ', DISCLOSE_STACK_TRACE: '' }).http.port).toBe(8080);
  });

  it.each([
    ['PORT', '80a', 'PORT is not a whole number from 0 to 65535'],
    ['PORT', '70000', 'PORT is not a whole number from 0 to 65535'],
    ['EXPORT_CONCURRENCY', '0', 'EXPORT_CONCURRENCY is not a whole number from 1 to 64'],
    ['DISCLOSE_STACK_TRACE', 'maybe', 'DISCLOSE_STACK_TRACE is neither yes nor no'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL is none of'],
    ['ODOO_URL', 'odoo.example.com', 'ODOO_URL is no web address; give it like https://'],
    ['ODOO_URL', 'ftp://odoo.example.com', 'ODOO_URL is no web address'],
    ['ODOO_DATABASE_URL', 'postgres://host', 'ODOO_DATABASE_URL is no address of a database'],
    ['ODOO_DATABASE', 'acme', 'neither ODOO_URL nor ODOO_DATABASE_URL'],
  ])('names %s=%s and what is wanted', (name, value, message) => {
    expect(refusal({ [name]: value })).toContain(message);
  });

  it.each(['API_TOKEN', 'MAIL_TOKEN', 'METRICS_TOKEN'])('refuses a %s that no header can carry', (name) => {
    for (const token of [`${'x'.repeat(32)} y`, `${'x'.repeat(32)}\ty`, 'ü'.repeat(20)]) {
      expect(refusal({ [name]: token })).toContain(`${name} holds blanks`);
    }
    expect(refusal({ [`${name}_FILE`]: '/a' }, { '/a': `${'x'.repeat(40)}\n\n` })).toContain(`${name} holds blanks`);
    expect(refusal({ [name]: 'short' })).toContain(`${name} is shorter than 32 bytes`);
    expect(readConfig({ [name]: `aZ09-._~+/${'='.repeat(30)}` })).toBeTruthy();
  });

  it('names everything that is wrong at once', () => {
    expect(refusal({ PORT: 'x', LOG_LEVEL: 'y' })).toMatch(/PORT .*; LOG_LEVEL/);
  });

  it('never repeats a secret', () => {
    expect(refusal({ ODOO_URL: 'http://admin:geheim@odoo', PORT: 'x' })).not.toContain('geheim');
    expect(refusal({ ODOO_DATABASE_URL: 'mysql://odoo:geheim@db/acme' })).not.toContain('geheim');
  });

  it('takes secrets from files', () => {
    const config = readConfig(
      { ODOO_URL: 'http://odoo', ODOO_PASSWORD_FILE: '/run/secrets/odoo' },
      () => ' with blanks \n',
    );
    expect(config.user.password).toBe(' with blanks ');
    expect(refusal({ ODOO_PASSWORD_FILE: '/nowhere' })).toContain('ODOO_PASSWORD_FILE names /nowhere');
    expect(refusal({ ODOO_PASSWORD_FILE: '/a', ODOO_PASSWORD: 'x' }, { '/a': 'y' })).toContain('both set');
  });

  it('takes the slash off the address', () => {
    expect(readConfig({ ODOO_URL: 'https://example.com/odoo/' }).odoo?.url).toBe('https://example.com/odoo');
  });

  it('reads one database by SQL', () => {
    const { odoo } = readConfig({ ODOO_DATABASE_URL: 'postgres://r:p@db:5433/acme?sslmode=require' });
    expect(odoo).toMatchObject({ url: null, defaultDatabase: 'acme' });
    expect(odoo?.sqlUrl('acme')).toContain('/acme?sslmode=require');
    expect(odoo?.sqlUrl('other')).toBeNull();
  });

  it('reads several databases, by list or by pattern', () => {
    const list = readConfig({ ODOO_DATABASE_URL: 'postgres://h/a, postgres://h/b' }).odoo;
    expect(list?.defaultDatabase).toBeNull();
    expect([...list!.databases!]).toEqual(['a', 'b']);
    const pattern = readConfig({
      ODOO_DATABASE_URL: 'postgres://h/{database}',
      ODOO_DATABASES: 'a,b',
      ODOO_DATABASE: 'b',
    }).odoo;
    expect(pattern?.defaultDatabase).toBe('b');
    expect(pattern?.sqlUrl('a/../x')).toBe('postgres://h/a%2F..%2Fx');
  });

  it('refuses a default database that may not be asked for', () => {
    expect(refusal({ ODOO_URL: 'http://o', ODOO_DATABASES: 'a,b', ODOO_DATABASE: 'c' })).toContain('not among a, b');
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  it.each(VARIABLES.map(({ name, default: preset, meaning }) => [name, preset, meaning]))(
    'lists %s as it is',
    (name, preset, meaning) => {
      expect(readme).toContain(`| \`${name}\` | ${preset} | ${meaning} |`);
    },
  );

  it('lists no variable that does not exist', () => {
    const listed = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(VARIABLES.map(({ name }) => name).sort());
  });
});

describe('redaction', () => {
  it.each([
    ['postgres://odoo:geheim@db/acme', 'postgres://***@db/acme'],
    ['GET /x?webtoken=geheim&mode=1', 'GET /x?webtoken=***&mode=1'],
    ['{"password":"geheim","a":1}', '{"password":"***","a":1}'],
    ['Authorization: Basic Z2VoZWlt', 'Authorization: Basic ***'],
    ['http://u:ge@heim@host/path', 'http://***@host/path'],
    ['nothing to hide: see http://odoo:8069/web', 'nothing to hide: see http://odoo:8069/web'],
  ])('turns %s into %s', (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it('leaves every log line readable as JSON', () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: (line) => void lines.push(line) });
    log.info(
      { password: 'geheim', nested: { authorization: 'geheim' } },
      'says "password": "geheim" and token=\\"geheim\\"',
    );
    expect(lines.join('')).not.toContain('geheim');
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'info', password: '***' });
  });
});
