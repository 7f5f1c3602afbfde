// The picture and the table of docs/mail.md are those of the program.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stateDiagram, transitionTable } from '../../src/mail/conversation/diagram.ts';

const PATH = join(import.meta.dirname, '../../docs/mail.md');

it('docs/mail.md shows the table of transitions as it is', async () => {
  const text = await readFile(PATH, 'utf8');
  const wanted = text
    .replace(/```mermaid\n[\s\S]*?```/, () => `\`\`\`mermaid\n${stateDiagram()}\n\`\`\``)
    .replace(
      /<!-- transitions -->[\s\S]*?<!-- \/transitions -->/,
      () => `<!-- transitions -->\n${transitionTable()}\n<!-- /transitions -->`,
    );
  if (process.env.UPDATE_DOCS) await writeFile(PATH, wanted);
  else expect(text).toBe(wanted);
});
