// docs/errors.md knows every code, and only those.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('lists every error code with its meaning and remedy', () => {
  const source = read('src/errors.ts');
  const union = source.slice(source.indexOf('export type ErrorCode'), source.indexOf('export class'));
  const codes = [...union.matchAll(/'(PB_[A-Z_]+)'/g)].map((match) => match[1]!);
  const rows = read('docs/errors.md').matchAll(/^\| (PB_[A-Z_]+) \| (\d{3})? ?\| ([^|]{10,}) \| ([^|]{10,}) \|$/gm);
  expect(codes.length).toBeGreaterThan(10);
  expect([...rows].map((match) => match[1]).sort()).toEqual(codes.sort());
});
