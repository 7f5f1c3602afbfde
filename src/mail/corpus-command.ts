// `planbridge mail corpus DIR --out RESULTS`: replays a folder of mails with their context, and writes one JSON result a mail. What
// stands in DIR is never written to.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { configOf } from '../commands/options.ts';
import type { CommandSurroundings } from '../commands/surroundings.ts';
import { openMapping } from '../connector/mapping-current.ts';
import { describeError, PlanbridgeError } from '../errors.ts';
import { createLog, silentLog } from '../log.ts';
import { type Corpus, folderProblem, openCorpus } from './corpus/folder.ts';
import { readCase } from './corpus/reading.ts';
import type { CaseResult } from './corpus/replay.ts';
import type { ReplayMapping } from './corpus/service.ts';
import { fieldWordsOf } from './extraction/fields.ts';

interface CorpusOptions {
  out: string;
  only?: string;
  readOnly?: boolean;
}

interface Player {
  play(name: string, signal: AbortSignal): Promise<CaseResult>;
  close(): Promise<void>;
}

/** As a process that was interrupted ends. */
const INTERRUPTED = 130;

export function registerMailCorpusCommand(mail: Command, surroundings: CommandSurroundings): void {
  mail
    .command('corpus')
    .description(
      'Replay a folder of mails with their context through the whole service on a sandbox Odoo; one JSON result a mail',
    )
    .argument('<dir>', 'folder with context.json, catalogues and mails')
    .requiredOption('--out <dir>', 'folder for the results')
    .option('--only <case>', 'one case, or the beginning of several cases’ names')
    .option('--read-only', 'only read and decide, in memory: no orders, no answers')
    .action((directory: string, options: CorpusOptions) => replay(directory, options, surroundings));
}

async function replay(directory: string, options: CorpusOptions, surroundings: CommandSurroundings): Promise<void> {
  const { print, printError, terminal, setExitCode, signal } = surroundings;
  const { out, only = '', readOnly = false } = options;
  const config = configOf(surroundings.environment, {});
  const corpus = await openCorpus(directory);
  const names = Object.keys(corpus.context.cases).filter((name) => name.startsWith(only));
  if (names.length === 0) {
    throw folderProblem(
      `No case of ${join(directory, 'context.json')} begins with "${only}".`,
      undefined,
      'Leave --only away.',
    );
  }
  await makeFolder(out, directory);
  const current = await openMapping(config.mappingFile, silentLog, false);
  const mapping: ReplayMapping = { rules: current.rules(), mailFields: current.mailFields() };
  // Warnings of a sandbox that is thrown away matter to nobody but who asks for them.
  const level = surroundings.environment.LOG_LEVEL ? config.logLevel : null;
  const log = level === null ? silentLog : createLog({ level, write: printError });
  const began = performance.now();
  if (terminal) printError('opening the sandbox …');
  const player = readOnly ? readingPlayer(corpus, mapping) : await pipelinePlayer(corpus, mapping, log);
  const count = { done: 0, failed: 0, differing: 0 };
  const clear = () => terminal && printError('\r\x1b[K');
  try {
    for (const name of names) {
      if (signal.aborted) break;
      if (terminal) printError(`\r\x1b[K${count.done + 1}/${names.length} ${name}`);
      const result = await player.play(name, signal).catch((error: unknown) => {
        if (signal.aborted) return null;
        throw error;
      });
      if (result === null) break;
      await writeResult(out, result);
      count.done++;
      if (result.result === null) count.failed++;
      else if (result.problems.length > 0) count.differing++;
      if (result.problems.length === 0) continue;
      clear();
      for (const problem of result.problems) printError(`${name}: ${problem}\n`);
    }
  } finally {
    clear();
    await player.close();
  }
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  if (count.done < names.length) {
    printError(`planbridge: stopped after ${count.done} of ${names.length} mails; their results are in ${out}\n`);
    setExitCode(INTERRUPTED);
    return;
  }
  const failed = count.failed > 0 ? `, ${count.failed} could not be played` : '';
  const differing = count.differing > 0 ? `, ${count.differing} in which something else happened than was read` : '';
  print(
    `${count.done} mails ${readOnly ? 'read' : 'replayed'} in ${seconds} s${failed}${differing}; results in ${out}\n`,
  );
  if (count.failed + count.differing > 0) setExitCode(1);
}

async function makeFolder(out: string, directory: string): Promise<void> {
  if (resolve(out) === resolve(directory)) {
    throw new PlanbridgeError(
      'PB_REQUEST_ARGUMENT',
      400,
      'Results would overwrite the expectations beside the mails.',
      {
        remedy: 'Give --out another folder than that of the mails.',
      },
    );
  }
  try {
    await mkdir(out, { recursive: true });
  } catch (cause) {
    throw new PlanbridgeError('PB_FILE', 500, `The folder ${out} cannot be made.`, {
      cause,
      remedy: 'Give --out a folder that may be written to.',
    });
  }
}

async function writeResult(out: string, { result, problems, happened, ...named }: CaseResult): Promise<void> {
  const told = {
    ...named,
    ...(result ?? { kind: 'failed' }),
    ...(problems.length > 0 && { problems }),
    ...(happened && { happened }),
  };
  const path = join(out, `${named.case}.json`);
  try {
    await writeFile(path, `${JSON.stringify(told, null, 2)}\n`);
  } catch (cause) {
    throw new PlanbridgeError('PB_FILE', 500, `The result ${path} cannot be written.`, { cause });
  }
}

/** The whole service is loaded for this only. */
async function pipelinePlayer(corpus: Corpus, mapping: ReplayMapping, log: typeof silentLog): Promise<Player> {
  const { openReplay } = await import('./corpus/replay.ts');
  return await openReplay(corpus, { mapping, log });
}

function readingPlayer(corpus: Corpus, { mailFields }: ReplayMapping): Player {
  const fields = fieldWordsOf(mailFields);
  return {
    async play(name) {
      try {
        return { case: name, result: await readCase(corpus, name, fields), problems: [], happened: null };
      } catch (error) {
        return { case: name, result: null, problems: [describeError(error)], happened: null };
      }
    },
    async close() {},
  };
}
