// The commands: what they write where, how they fail, and what they never leave behind.
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli.ts';
import { registerExportCommand } from '../../src/commands/export.ts';
import { withFlags } from '../../src/commands/options.ts';
import type { CommandSurroundings } from '../../src/commands/surroundings.ts';
import type { RunSurroundings } from '../../src/connector/run.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { createReport } from '../../src/mapping/report.ts';
import { fakeReader } from './bridge.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'planbridge-cli-'));
});
afterEach(() => rm(folder, { recursive: true }));

function surroundings(environment: Record<string, string> = {}) {
  const written = { stdout: '', stderr: '', exitCode: 0, stop: new AbortController() };
  const given: CommandSurroundings = {
    environment,
    stdout: new Writable({
      highWaterMark: 10,
      write(chunk, _encoding, done) {
        written.stdout += chunk;
        setImmediate(done);
      },
    }),
    print: (text) => {
      written.stdout += text;
    },
    printError: (text) => {
      written.stderr += text;
    },
    terminal: false,
    setExitCode: (code) => {
      written.exitCode = code;
    },
    signal: written.stop.signal,
  };
  return { written, given };
}

const ODOO = { ODOO_URL: 'http://odoo.test', ODOO_DATABASE: 'demo', ODOO_USER: 'admin', ODOO_PASSWORD: 'geheim' };

/** The export command with an Odoo that gives these pieces. */
async function exportPieces(pieces: (string | Error)[], argv: string[], environment: Record<string, string> = ODOO) {
  const { written, given } = surroundings(environment);
  let closed = false;
  const asked: unknown[] = [];
  const parts: Partial<RunSurroundings> = {
    access: {
      open: async (database, identity) => {
        asked.push({ database, ...identity });
        return fakeReader(database, identity.login, false, () => {
          closed = true;
        });
      },
    },
    openExport: async (request) => {
      asked.push(request);
      const report = createReport();
      report.skip('item', 'Chair', 'it has no date');
      return { header: {}, company: 'C', sections: (async function* () {})(), report };
    },
    async *writeDocument() {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece;
        yield piece;
      }
    },
  };
  const program = new Command().exitOverride();
  registerExportCommand(program, given, parts);
  const failure = await program.parseAsync(['export', ...argv], { from: 'user' }).then(
    () => null,
    (error: PlanbridgeError) => error,
  );
  return { written, failure, closed: () => closed, asked };
}

describe('planbridge export', () => {
  it('writes the document to standard output, at its pace, and what was left out to standard error', async () => {
    const { written, closed, asked, failure } = await exportPieces(
      ['<plan>', 'x'.repeat(100), '</plan>'],
      ['--company', 'My Company', '--mode', '2', '--singlecompany', '--delta', '7'],
    );
    expect(failure).toBeNull();
    expect(written.stdout).toBe(`<plan>${'x'.repeat(100)}</plan>`);
    expect(written.stderr).toBe('Left out: 1 item: it has no date (Chair)\n');
    expect(closed()).toBe(true);
    expect(asked).toEqual([
      { database: 'demo', login: 'admin', password: 'geheim' },
      expect.objectContaining({ company: 'My Company', mode: 2, singleCompany: true, delta: 7, timezone: null }),
    ]);
  });

  it('writes files for the owner alone, and the report as JSON', async () => {
    const [out, report] = [join(folder, 'plan.xml'), join(folder, 'report.json')];
    await exportPieces(['<plan/>'], ['--out', out, '--report', report]);
    expect(await readFile(out, 'utf8')).toBe('<plan/>');
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject([
      { kind: 'skipped', entity: 'item', records: ['Chair'] },
    ]);
    expect(await readdir(folder)).toEqual(['plan.xml', 'report.json']);
  });

  it('leaves no file, and the old one as it was, when the document breaks off', async () => {
    const out = join(folder, 'plan.xml');
    await exportPieces(['<old/>'], ['--out', out]);
    const { failure, closed } = await exportPieces(
      ['<plan>', new PlanbridgeError('PB_ODOO_FAULT', 502, 'gone')],
      ['--out', out],
    );
    expect(failure).toMatchObject({ code: 'PB_ODOO_FAULT' });
    expect(closed()).toBe(true);
    expect(await readFile(out, 'utf8')).toBe('<old/>');
    expect(await readdir(folder)).toEqual(['plan.xml']);
  });

  it('says when the file cannot be written, and lets Odoo go', async () => {
    const { failure, closed } = await exportPieces(['<plan/>'], ['--out', join(folder, 'no', 'plan.xml')]);
    expect(failure).toMatchObject({ code: 'PB_FILE' });
    expect(closed()).toBe(true);
  });

  it('needs no password where the database itself is read', async () => {
    const { asked } = await exportPieces(
      ['x'],
      ['--odoo-database-url', 'postgres://h/acme', '--database', 'acme', '--user', 'admin'],
    );
    expect(asked[0]).toEqual({ database: 'acme', login: 'admin', verified: true });
  });
});

describe('the command line', () => {
  it.each([
    [['export'], {}, 'Nothing says where Odoo is'],
    [['export', '--odoo-url', 'http://127.0.0.1:9', '--database', 'x'], {}, 'which Odoo user'],
    [['export', '--odoo-url', 'http://127.0.0.1:9', '--database', 'x', '--user', 'u'], {}, 'ODOO_PASSWORD'],
    [['export', '--mode', 'abc'], ODOO, 'Argument mode'],
    [['export', '--odoo-url', 'odoo'], {}, 'ODOO_URL is no web address'],
    [['export', '--format', 'csv'], ODOO, 'Allowed choices are xml, json'],
    [['exprot'], {}, 'unknown command'],
    [['doctor'], {}, 'Nothing says where Odoo is'],
    [['serve'], { PORT: 'x' }, 'PORT is not a whole number'],
  ])('ends %j with 2 and a line that helps', async (argv, environment, message) => {
    const { written, given } = surroundings(environment);
    expect(await runProgram(argv, given)).toBe(2);
    expect(written.stderr).toContain(message);
    expect(written.stderr).not.toContain('geheim');
    expect(written.stderr).not.toContain('    at ');
  });

  it('ends with 1 when Odoo cannot be reached', async () => {
    const { written, given } = surroundings({ ...ODOO, ODOO_URL: 'http://127.0.0.1:9' });
    expect(await runProgram(['export'], given)).toBe(1);
    expect(written.stderr).toContain('PB_ODOO_UNREACHABLE');
  });

  it('finds with doctor that Odoo cannot be reached, and says what to do', async () => {
    const { written, given } = surroundings({ ...ODOO, ODOO_URL: 'http://127.0.0.1:9' });
    await runProgram(['doctor'], given);
    expect(written.stdout).toMatch(/FAULT +Odoo .*\n +-> Check/);
    expect(written.exitCode).toBe(1);
  });

  it('shows its help and ends well', async () => {
    const { written, given } = surroundings();
    expect(await runProgram(['--help'], given)).toBe(0);
    for (const command of ['export', 'serve', 'doctor', 'mapping', 'plan', 'mail', 'sandbox'])
      expect(written.stdout).toContain(command);
  });

  it('lets a way to Odoo on the command line replace the one in the variables', () => {
    const laid = withFlags(
      { ODOO_URL: 'http://a', ODOO_DATABASE: 'x', ODOO_PASSWORD_FILE: '/f' },
      {
        odooDatabaseUrl: 'postgres://h/b',
        password: 'p',
      },
    );
    expect(laid).toMatchObject({
      ODOO_URL: undefined,
      ODOO_DATABASE: undefined,
      ODOO_PASSWORD_FILE: undefined,
      ODOO_PASSWORD: 'p',
    });
  });
});
