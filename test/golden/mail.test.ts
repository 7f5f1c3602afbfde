// The reference mails with what must be read out of them, judged by their own scorer. Without them the test says so.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openCorpus } from '../../src/mail/corpus/folder.ts';
import { readCase } from '../../src/mail/corpus/reading.ts';
import { fieldWordsOf } from '../../src/mail/extraction/fields.ts';
import { defaultMailFields } from '../../src/mapping/defaults.ts';

interface Score {
  exact: boolean;
  differences: string[];
}

const GOLDEN = process.env.PLANBRIDGE_GOLDEN ?? resolve('../shared/golden');
const FOLDER = join(GOLDEN, 'mail');
const SCORER = join(GOLDEN, '../tools/mail-score.mjs');
const there = existsSync(join(FOLDER, 'context.json')) && existsSync(SCORER);
if (!there) console.warn(`skipped: no reference mails in ${FOLDER}, or no ${SCORER} (PLANBRIDGE_GOLDEN)`);

describe.skipIf(!there)('reference mails', async () => {
  if (!there) return;
  const corpus = await openCorpus(FOLDER);
  const { scoreCase } = (await import(pathToFileURL(SCORER).href)) as {
    scoreCase: (expected: unknown, got: unknown) => Score;
  };
  const fields = fieldWordsOf(defaultMailFields());
  test.each(Object.keys(corpus.context.cases))('%s', async (name) => {
    const expected: unknown = JSON.parse(await readFile(join(FOLDER, `${name}.json`), 'utf8'));
    const score = scoreCase(expected, { case: name, ...(await readCase(corpus, name, fields)) });
    expect(score.differences).toEqual([]);
    expect(score.exact).toBe(true);
  });
});
