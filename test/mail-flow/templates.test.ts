// The shipped answers: every template in every language, and choices that are read again when a customer copies them.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/mail/answers/language.ts';
import { openTemplates, TEMPLATE_NAMES } from '../../src/mail/answers/templates.ts';
import { problemOf } from '../../src/mail/answers/words.ts';
import { readChoice } from '../../src/mail/conversation/choice.ts';

const SHORT = [{ product: '[A] Thing', wanted: '3 Units', free: '1 Units', promise: 'Monday' }];
const VIEW = {
  name: 'Ann',
  company: 'Castings',
  subject: 'Order 7',
  number: 'S00042',
  lines: [{ product: 'Thing', quantity: '3', price: '2.00', amount: '6.00', day: 'Monday' }],
  short: SHORT,
  hasShort: true,
  someFree: true,
  ordered: true,
  links: { one: 'https://a.example/1', two: 'https://a.example/2', three: 'https://a.example/3' },
  problems: [{ where: 'line 1', what: 'quantity is missing' }],
  notProduced: [{ what: 'X-1' }],
  hasNotProduced: true,
  near: [{ product: 'Y', price: '1' }],
  available: [{ product: 'Z', free: '9', price: '1' }],
  questions: [{ token: 'PB-AAAABBBBCCCC', received: 'Friday', what: '3 Thing' }],
  paragraphs: ['Hello'],
  deadline: 'Sunday',
  received: 'Friday',
  made: [{ name: 'S00041' }],
  leftOut: [{ what: '1 W' }],
  rest: [{ what: '2 Thing' }],
  example: { product: 'A', quantity: '10', day: 'Monday' },
};

describe.each(LANGUAGES)('answers in %s', (language) => {
  const templates = openTemplates(null);

  it.each(TEMPLATE_NAMES)('%s is whole', (name) => {
    const { subject, text, html } = templates.render(name, language, VIEW);
    expect(subject).not.toBe('');
    expect(`${subject}${text}${html}`).not.toMatch(/\{\{|\}\}|undefined|[\ue000-\ue0ff]/);
    expect(html).toContain(`<html lang="${language}">`);
    if (name !== 'by-hand') expect(text).toContain('Castings');
  });

  it('choices that a customer copies are read as what they are', () => {
    const { text } = templates.render('shortage', language, VIEW);
    const lines = text.split('\n').filter((line) => /^[123] - /.test(line));
    expect(lines.map((line) => readChoice(line))).toEqual([1, 2, 3]);
    expect(lines.map((line) => readChoice(line.slice(0, 1)))).toEqual([1, 2, 3]);
  });

  it('where nothing is available, no part of it is offered', () => {
    const { text } = templates.render('shortage', language, { ...VIEW, someFree: false });
    const choices = text.split('\n').filter((line) => /^[123] - /.test(line));
    expect(choices.map((line) => line[0])).toEqual(['1', '2', '3']);
    expect(choices[0]).toMatch(/other products|autres produits|andere Produkte/);
    // Stock may have come when the link is followed.
    expect(text).toMatch(/when you click|moment du clic|beim Anklicken/);
    for (const link of Object.values(VIEW.links)) expect(text).toContain(link);
  });
});

it('says what was read where something is wrong', () => {
  const fraction = { line: 1, field: 'quantity', problem: 'fraction' } as const;
  expect(problemOf(fraction, 'en', ' 1.5 ')).toBe('quantity “1.5”: a piece cannot be divided');
  expect(problemOf(fraction, 'fr')).toBe('quantité : une pièce ne se divise pas');
  const past = { field: 'deliveryDate', problem: 'past' } as const;
  expect(problemOf(past, 'de', '28.4.2024')).toBe('Liefertermin „28.4.2024“ liegt in der Vergangenheit');
  expect(problemOf({ field: 'quantity', problem: 'missing' }, 'en', '')).toBe('quantity is missing');
  expect(problemOf(past, 'en', 'x'.repeat(500))).toHaveLength('delivery date “” is in the past'.length + 61);
});

it('shows a day for each line where they differ, one for all else', () => {
  const templates = openTemplates(null);
  const each = templates.render('confirmation', 'en', { ...VIEW, byDay: true });
  expect(each.text).toMatch(/Product +Quantity +Requested for +Price +Amount\nThing +3 +Monday +2\.00 +6\.00/);
  const one = templates.render('confirmation', 'en', { ...VIEW, byDay: false, day: 'Monday' });
  expect(one.text).toMatch(/Product +Quantity +Price +Amount\nThing +3 +2\.00 +6\.00/);
  expect(one.text).toContain('Requested date: Monday');
  const waiting = templates.render('waiting', 'en', { ...VIEW, ordered: true, promised: true, day: 'Monday' });
  expect(waiting.text).toContain('Expected by: Monday');
  expect(waiting.text).not.toContain('Requested');
});

it('takes what is in the operator’s folder, and says which file cannot be used', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'planbridge-templates-'));
  try {
    await mkdir(join(folder, 'de'));
    await writeFile(join(folder, 'de', 'cancelled.md'), 'Subject: Weg\nAlles <b>weg</b>, {{name}}.\n');
    const { subject, text, html } = openTemplates(folder).render('cancelled', 'de', {
      ...VIEW,
      name: '<i>| [x](http://e.example)\n- y',
    });
    expect(subject).toBe('Weg');
    expect(text).toBe('Alles <b>weg</b>, <i>| [x](http://e.example) - y.\n');
    expect(html).toContain('Alles &lt;b&gt;weg&lt;/b&gt;, &lt;i&gt;| [x](http://e.example) - y.');
    expect(html).not.toContain('<a');
    await writeFile(join(folder, 'de', 'expired.md'), 'Subject: x\n{{#open}}\n');
    expect(() => openTemplates(folder)).toThrow(/de\/expired\.md cannot be used/);
    expect(() => openTemplates(join(folder, 'gone'))).toThrow(/cannot be read/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
