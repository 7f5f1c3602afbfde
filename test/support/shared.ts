// Asks for what the files of one run share (house.ts). It makes nothing itself.
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function ask(name: string): Promise<string> {
  const answer = await fetch(`${process.env.PLANBRIDGE_TEST_HOUSE}/${name}`);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${name}: ${text}`);
  return text;
}

/** URL of the server's maintenance database; empty = there is none. */
export function sharedPostgres(): Promise<string> {
  return ask('postgres');
}

/** Builds the screens unless they are. */
export async function builtScreens(): Promise<void> {
  await ask('web');
}

/**
 * A data directory of its own, with an embedded database that is up to date and empty: a new one takes seconds. None for a store
 * on PostgreSQL.
 * What a first start makes is tested in test/store.
 */
export async function newDataDirectory(name: string, kind: 'embedded' | 'postgres' = 'embedded'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `planbridge-${name}-`));
  if (kind === 'embedded') await seedDataDirectory(directory);
  return directory;
}

/** The same, in a directory that may be there. */
export async function seedDataDirectory(directory: string): Promise<void> {
  await cp(join(await ask('embedded'), 'database'), join(directory, 'database'), { recursive: true });
}
