// docs/automations.md lists every automation with its settings, as they are.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('lists every automation and engine as it is (else: node scripts/automations-doc.mjs)', () => {
  expect(() => execFileSync(process.execPath, ['scripts/automations-doc.mjs', '--check'])).not.toThrow();
});
