// Whatever people write into names comes through the document whole, in both of its forms, but for what XML forbids.

import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { escapeComment, escapeXml } from '../../src/connector/document/xml.ts';
import { cut, NAME_LENGTH, withSuffix } from '../../src/mapping/names.ts';
import { smallOdoo } from '../support/small-odoo.ts';
import { sale } from '../support/small-orders.ts';

/** Pieces that break careless writers: markup, white space, control characters, emoji, halves of a pair, other scripts. */
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
  fc.constantFrom(
    '&',
    '<',
    '>',
    '"',
    "'",
    ']]>',
    '--',
    '-',
    '<!--',
    '&amp;',
    '&#10;',
    '<?x?>',
    '%',
    '\u0000',
    '\u000b',
  ),
  fc.constantFrom(
    '\n',
    '\r',
    '\t',
    '\r\n',
    ' ',
    '\u00a0',
    '\u0085',
    '\u2028',
    '\ud83d',
    '\ude00',
    '😀',
    '\ufffe',
    '\uffff',
  ),
  fc.constantFrom('ş', 'Ü', '椅子', 'كرسي', '\u200f', 'e\u0301', '\u0007', '\u001f', '\u007f'),
);
const name = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));

/** XML 1.0, 2.2: the characters that a document may hold. */
const ALLOWED = /[\t\n\r\u0020-\ud7ff\ue000-\ufffd]|[\ud800-\udbff][\udc00-\udfff]/g;
const allowedIn = (text: string) => (text.match(ALLOWED) ?? []).join('');

interface Element {
  tag: string;
  attributes: Record<string, string>;
}

function elementsOf(xml: string): Element[] {
  const elements: Element[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name: tag, attributes }) => elements.push({ tag, attributes: { ...attributes } }));
  parser.write(xml).close();
  return elements;
}

test('an attribute is read back as it was written', () => {
  fc.assert(
    fc.property(name, (text) => {
      const [element] = elementsOf(`<a b="${escapeXml(text)}"/>`);
      expect(element?.attributes.b).toBe(allowedIn(text));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('a comment never ends before its end', () => {
  fc.assert(
    fc.property(name, (text) => {
      expect(elementsOf(`<a><!-- ${escapeComment(text)} --><b/></a>`)).toHaveLength(2);
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('a whole document with any names is well-formed and valid, and holds them all', async () => {
  await fc.assert(
    fc.asyncProperty(name, name, name, async (partner, product, order) => {
      const odoo = smallOdoo();
      const customer = odoo.partner(`C${partner}`);
      const table = odoo.product('', { template: { name: `T${product}` } });
      sale(odoo, table, 1, { partner_id: customer, name: `S${order}` });
      sale(odoo, odoo.product('OLD', { active: false }), 1, { name: `S${order}` });
      const plan = await odoo.export();
      const elements = elementsOf(plan.xml);
      const find = (tag: string) =>
        elements.filter((element) => element.tag === tag).map((element) => element.attributes.name);
      expect(find('customer')).toContain(`C${allowedIn(partner)} ${customer}`);
      expect(find('item')).toContain(allowedIn(cut(`T${product}`)));
      expect(find('demand')).toEqual([`S${allowedIn(order)} 1`]);
      expect(JSON.parse(plan.json).demands[0]).toMatchObject({ name: `S${order} 1`.toWellFormed() });
    }),
    { seed: 3, numRuns: 60 },
  );
});

test('names of 400 characters are cut to what the receiver keeps, between characters, ids kept', () => {
  const long = fc
    .array(fc.constantFrom('x', '😀', '椅', '&'), { minLength: 400, maxLength: 400 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(long, fc.integer({ min: 1, max: 999_999 }), (text, id) => {
      const short = cut(text);
      expect(short.length).toBeGreaterThanOrEqual(NAME_LENGTH - 1);
      expect(short.length).toBeLessThanOrEqual(NAME_LENGTH);
      expect(text.startsWith(short) && short.isWellFormed()).toBe(true);
      const ended = withSuffix(text, ` @ WH ${id}`);
      expect(ended.length <= NAME_LENGTH && ended.endsWith(` @ WH ${id}`) && ended.isWellFormed()).toBe(true);
    }),
    { seed: 4, numRuns: 200 },
  );
});
