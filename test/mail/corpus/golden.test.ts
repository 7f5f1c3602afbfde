// The reference mails through the whole service on the sandbox, judged by their own scorer. Without them the test says so.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCorpus } from '../../../src/mail/corpus/folder.ts';
import { openReplay, type Replay } from '../../../src/mail/corpus/replay.ts';
import { defaultMailFields } from '../../../src/mapping/defaults.ts';
import { defaultMapping } from '../../../src/mapping/sheet.ts';

interface Score {
  exact: boolean;
  wrongOrder: boolean;
  wrongCancel: boolean;
  answered: boolean;
  lost: boolean;
  differences: string[];
}

const GOLDEN = process.env.PLANBRIDGE_GOLDEN ?? resolve('../shared/golden');
const FOLDER = join(GOLDEN, 'mail');
const SCORER = join(GOLDEN, '../tools/mail-score.mjs');
const there = existsSync(join(FOLDER, 'context.json')) && existsSync(SCORER);
if (!there) console.warn(`skipped: no reference mails in ${FOLDER}, or no ${SCORER} (PLANBRIDGE_GOLDEN)`);

describe.skipIf(!there)('reference mails, carried out', async () => {
  if (!there) return;
  const corpus = await openCorpus(FOLDER);
  const { scoreCase } = (await import(pathToFileURL(SCORER).href)) as {
    scoreCase: (expected: unknown, got: unknown) => Score;
  };
  let replay: Replay;
  beforeAll(async () => {
    replay = await openReplay(corpus, { mapping: { rules: defaultMapping().rules, mailFields: defaultMailFields() } });
  }, 60_000);
  afterAll(() => replay?.close());

  test.each(Object.keys(corpus.context.cases))('%s', { timeout: 30_000 }, async (name) => {
    const expected: unknown = JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8'));
    const { result, problems } = await replay.play(name, new AbortController().signal);
    expect(problems).toEqual([]);
    const { differences, exact, wrongOrder, wrongCancel, answered, lost } = scoreCase(expected, result);
    expect(differences).toEqual([]);
    expect({ exact, wrongOrder, wrongCancel, answered, lost }).toEqual({
      ...{ exact: true, wrongOrder: false, wrongCancel: false, answered: false, lost: false },
    });
  });
});
