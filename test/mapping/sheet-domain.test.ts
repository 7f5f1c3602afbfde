import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDomain, parseDomain } from '../../src/mapping/sheet-domain.ts';

function domainOf(text: string) {
  const result = parseDomain(text);
  if (!result.ok) throw new Error(result.message);
  return result.domain;
}

function messageOf(text: string): string {
  const result = parseDomain(text);
  if (result.ok) throw new Error(`read as ${JSON.stringify(result.domain)}`);
  expect(result.allowed.length).toBeGreaterThan(0);
  return result.message;
}

describe('domains as Odoo writes them', () => {
  test.each([
    ["[('type', '=', 'product')]", [['type', '=', 'product']]],
    [
      "[('type','=','product'), '|', ('a','in',[1,2]), ('b','!=',False)]",
      [['type', '=', 'product'], '|', ['a', 'in', [1, 2]], ['b', '!=', false]],
    ],
    [
      '[["type", "=", "product"], ["active", "=", true], ["x", "=", null]]',
      [
        ['type', '=', 'product'],
        ['active', '=', true],
        ['x', '=', null],
      ],
    ],
    ["['&', '!', ('a', '=', 1), ('b', '=', None)]", ['&', '!', ['a', '=', 1], ['b', '=', null]]],
    ["(('a', 'in', (1, 2, 3,)),)", [['a', 'in', [1, 2, 3]]]],
    ["[('a', 'in', (1,))]", [['a', 'in', [1]]]],
    ["[('a', '=', (1))]", [['a', '=', 1]]],
    [
      "[(\"a\", \"=\", \"it's\"), ('b', '=', 'it\\'s')]",
      [
        ['a', '=', "it's"],
        ['b', '=', "it's"],
      ],
    ],
    ["[('a', '=', 'x\\n\\u00e9\\x41\\\\')]", [['a', '=', 'x\né\u0041\\']]],
    ["[('a', '=', 'one' 'two')]", [['a', '=', 'onetwo']]],
    [
      "[('a', '>=', -1.5e2), ('b', '<', .5), ('c', '=', 1_000)]",
      [
        ['a', '>=', -150],
        ['b', '<', 0.5],
        ['c', '=', 1000],
      ],
    ],
    ["[\n  ('partner_id.country_id.code', 'NOT  IN', ['FR']),\n]", [['partner_id.country_id.code', 'not in', ['FR']]]],
    ["[('line_ids', 'any', [('qty', '>', 0)])]", [['line_ids', 'any', [['qty', '>', 0]]]]],
    [
      "[('a', '==', 1), ('b', '<>', 2)]",
      [
        ['a', '=', 1],
        ['b', '!=', 2],
      ],
    ],
    ['[]', []],
    ['  ', []],
  ])('%s', (text, domain) => {
    expect(domainOf(text)).toEqual(domain);
  });
});

describe('what is no domain', () => {
  test.each([
    ["[('a', '=', uid)]", '"uid" is a name'],
    ["[('a', '=', datetime.now())]", '"datetime" is a name'],
    ["[('a', '=', 1) for x in y]", 'comma or "]" is missing'],
    ["__import__('os')", 'is a name'],
    ["[('a', '=', 1)", 'comma or "]" is missing'],
    ["[('a', '=', 'x]", 'not closed'],
    ["[('a', '=', 1)] + [1]", 'after the end'],
    ["[('a', '=')]", 'condition 1 has 2 parts'],
    ["[('a', '=', 1, 2)]", 'condition 1 has 4 parts'],
    ["[('a', 'is', 1)]", 'unknown operator "is"'],
    ["[('a b', '=', 1)]", 'name of a field'],
    ["[('1a', '=', 1)]", 'name of a field'],
    ["[('a', 'in', 1)]", 'needs a list'],
    ["[('a', 'like', ['x'])]", 'needs one value'],
    ["[('a', 'any', 3)]", 'needs a domain'],
    ["['|', ('a', '=', 1)]", 'one condition is missing'],
    ["['&', '|', ('a', '=', 1)]", '2 conditions are missing'],
    ["['!']", 'one condition is missing'],
    ["['xor', ('a', '=', 1), ('b', '=', 1)]", '"xor" is not an operator'],
    ["('a', '=', 1)", 'is not an operator between conditions'],
    ['[1]', 'part 1 is neither'],
    ['{}', '"{" is not expected'],
    ['7', 'a list of conditions'],
    ["[('a', '=', 1,, 2)]", '"," is not expected'],
    ["[('a' '=', 1)]", 'condition 1 has 2 parts'],
    ["[('a', '=', 12abc)]", 'number cannot be read'],
    [`${'['.repeat(100)}`, 'too many brackets'],
    [`[('a', '=', '${'x'.repeat(30_000)}')]`, 'longer than'],
  ])('%s', (text, message) => {
    expect(messageOf(text)).toContain(message);
  });
});

const value = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  fc.boolean(),
  fc.constant(null),
);
const field = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}(\.[a-z_][a-z0-9_]{0,8}){0,2}$/);
const leaf = fc.oneof(
  fc.tuple(field, fc.constantFrom('=', '!=', 'ilike', '>=', '=?'), value),
  fc.tuple(field, fc.constantFrom('in', 'not in'), fc.array(value, { maxLength: 4 })),
);
type Node = readonly unknown[];
const { expression } = fc.letrec<{ expression: Node }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    leaf.map((condition) => [condition]),
    tie('expression').map((inner) => ['!', ...inner]),
    fc.tuple(fc.constantFrom('&', '|'), tie('expression'), tie('expression')).map(([mark, a, b]) => [mark, ...a, ...b]),
  ),
}));
const domain = fc.array(expression, { maxLength: 4 }).map((parts) => parts.flat());

describe('any domain', () => {
  test('is read as it was written, in Python and in JSON', () => {
    fc.assert(
      fc.property(domain, (parts) => {
        const written = formatDomain(parts as Parameters<typeof formatDomain>[0]);
        expect(domainOf(written)).toEqual(parts);
        expect(domainOf(JSON.stringify(parts))).toEqual(JSON.parse(JSON.stringify(parts)));
      }),
      { numRuns: 300 },
    );
  });

  test('with one condition too few is refused', () => {
    fc.assert(
      fc.property(domain, fc.constantFrom('&', '|', '!'), (parts, mark) => {
        const complete = parts as Parameters<typeof formatDomain>[0];
        expect(messageOf(formatDomain([...complete, mark]))).toContain('missing');
      }),
    );
  });

  test('no text makes the parser fail, nor run away', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: fc.constantFrom(...'[]()\'",.= \\ua1TrueNone|&!') })),
        (text) => {
          const result = parseDomain(text);
          if (result.ok) expect(domainOf(formatDomain(result.domain))).toEqual(result.domain);
          else expect(result.message).not.toBe('');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
