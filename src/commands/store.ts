// planbridge store: backup, restore and cleaning of our own database.
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { PlanbridgeError } from '../errors.ts';
import { backupStore } from '../store/backup.ts';
import { restoreStore } from '../store/backup-restore.ts';
import { openStore, type Store, type StoreOptions } from '../store/database.ts';
import { clearOld, tidy } from '../store/retention.ts';
import type { CommandSurroundings } from './surroundings.ts';

interface StoreFlags {
  databaseUrl?: string;
  dataDir?: string;
}

export function registerStoreCommands(program: Command, surroundings: CommandSurroundings): void {
  const { environment, print, printError, terminal, signal } = surroundings;
  const group = program.command('store').description('the database of Planbridge');

  const command = (name: string, description: string) =>
    group
      .command(name)
      .description(description)
      .option('--database-url <url>', 'PostgreSQL database of Planbridge (DATABASE_URL)')
      .option('--data-dir <directory>', 'directory of the embedded database (PLANBRIDGE_DATA_DIR)');

  function configOf(flags: StoreFlags) {
    return readConfig({
      ...environment,
      ...(flags.databaseUrl === undefined ? {} : { DATABASE_URL: flags.databaseUrl, DATABASE_URL_FILE: undefined }),
      // A directory that is named is meant, whatever the environment says.
      ...(flags.dataDir === undefined || flags.databaseUrl !== undefined
        ? {}
        : { PLANBRIDGE_DATA_DIR: flags.dataDir, DATABASE_URL: undefined, DATABASE_URL_FILE: undefined }),
    });
  }

  const progress = (rows: number, table: string) => {
    if (terminal) printError(`\r\x1b[K${table}: ${rows}`);
  };
  const endProgress = () => {
    if (terminal) printError('\r\x1b[K');
  };

  command('backup', 'write everything into one file')
    .requiredOption('--out <file>', 'file to write; it holds everything, so keep it safe')
    .action(async (flags: StoreFlags & { out: string }) => {
      await withStore(configOf(flags).store, async (store) => {
        const { rows } = await backupStore(store, flags.out, { now: Date.now, signal, progress });
        endProgress();
        print(`${total(rows)} rows of ${Object.keys(rows).length} tables are in ${flags.out}.\n`);
      });
    });

  command('restore', 'put a backup in place of everything that is there; stop the service first')
    .requiredOption('--file <file>', 'backup, of this version or an older one')
    .option('--yes', 'do it although the database is not empty')
    .action(async (flags: StoreFlags & { file: string; yes?: boolean }) => {
      const options = configOf(flags).store;
      await withStore(options, async (store) => {
        await refuseWhileUsed(store);
        if (!flags.yes) await refuseWhenFilled(store);
        const { at, rows } = await restoreStore(store, flags.file, { signal, progress });
        endProgress();
        print(`${total(rows)} rows of ${new Date(at).toISOString()} are restored.\n`);
      });
      // Opened anew, older tables are brought up to date.
      await withStore(options, async () => {});
    });

  command(
    'clean',
    'clear away what was kept long enough (RETENTION_DAYS and others), as the service does once a day',
  ).action(async (flags: StoreFlags) => {
    const { store: options, retention } = configOf(flags);
    await withStore(options, async (store) => {
      const cleared = await clearOld(store, retention, Date.now(), signal);
      await tidy(store);
      const { runs, logLines, imports, documents } = cleared;
      print(`Cleared away: ${runs} runs, ${logLines} lines of logs, ${imports} imports, ${documents} documents.\n`);
    });
  });
}

async function withStore<T>(options: StoreOptions, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(options);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

const total = (rows: Readonly<Record<string, number>>) => Object.values(rows).reduce((sum, count) => sum + count, 0);

/** The embedded database lets one process in only; a server is asked who is there. */
async function refuseWhileUsed(store: Store): Promise<void> {
  if (store.kind === 'embedded') return;
  const [others] = await store.query<{ count: number }>(
    `select count(*)::integer as count from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name = 'planbridge'`,
  );
  if (others!.count === 0) return;
  throw new PlanbridgeError('PB_STORE', 409, 'The database is in use by a running Planbridge.', {
    remedy: 'Stop the service and its workers, then restore.',
  });
}

async function refuseWhenFilled(store: Store): Promise<void> {
  const [filled] = await store.query<{ is: boolean }>(
    `select exists (select 1 from planbridge.model) or exists (select 1 from planbridge.import)
       or exists (select 1 from planbridge.run) as is`,
  );
  if (!filled!.is) return;
  throw new PlanbridgeError('PB_REQUEST_ARGUMENT', 409, 'The database is not empty; a restore replaces all of it.', {
    remedy: 'Make a backup of it first, then give --yes.',
  });
}
