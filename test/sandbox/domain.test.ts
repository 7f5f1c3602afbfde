// Domains: notation, operators, empty values; and laws that hold for any domain over any records.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { likePattern } from '../../src/sandbox/orm/like.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import type { DataSet } from '../../src/sandbox/store/load.ts';
import { smallCompany } from './small-company.ts';

const small = createSandbox({ data: smallCompany() });

function find(model: string, domain: readonly unknown[], context: object = {}): unknown {
  return small.call('anna', model, 'search', [domain], { order: 'id', context });
}

describe('notation', () => {
  it.each([
    [[], [10, 11, 12]],
    [[['name', '=', 'Kunde']], [11]],
    [
      [
        ['is_company', '=', true],
        ['name', 'like', 'e'],
      ],
      [11, 12],
    ],
    [
      ['|', ['name', '=', 'Kunde'], ['name', '=', 'Anna']],
      [10, 11],
    ],
    [['&', '|', ['name', '=', 'Kunde'], ['name', '=', 'Anna'], ['is_company', '=', false]], [10]],
    [['!', '|', ['name', '=', 'Kunde'], ['name', '=', 'Anna']], [12]],
    [
      ['!', '&', ['name', '=', 'Kunde'], ['is_company', '=', true]],
      [10, 12],
    ],
    [[[1, '=', 1]], [10, 11, 12]],
    [[[0, '=', 1]], []],
    [[['name', '<>', 'Kunde']], [10, 12]],
    [[['name', '=', ['Kunde', 'Anna']]], [10, 11]],
  ])('%j finds %j', (domain, ids) => {
    expect(find('res.partner', domain)).toEqual(ids);
  });
});

describe('operators', () => {
  it.each([
    ['res.partner', ['name', 'ilike', 'KUN'], [11]],
    ['res.partner', ['name', 'like', 'KUN'], []],
    ['res.partner', ['name', 'not ilike', 'kun'], [10, 12]],
    ['res.partner', ['name', '=like', 'K%'], [11]],
    ['res.partner', ['name', '=like', 'K'], []],
    ['res.partner', ['name', '=ilike', '_unde'], [11]],
    ['res.partner', ['name', '=?', false], [10, 11, 12]],
    ['res.partner', ['name', '=?', 'Anna'], [10]],
    ['res.partner', ['email', '=', false], [11, 12]],
    ['res.partner', ['email', '!=', false], [10]],
    ['res.partner', ['email', '!=', 'x@example.org'], [10, 11, 12]],
    ['res.partner', ['email', 'not like', 'anna'], [11, 12]],
    ['res.partner', ['email', 'in', ['anna@example.org', false]], [10, 11, 12]],
    ['res.partner', ['email', 'not in', ['anna@example.org']], [11, 12]],
    ['res.partner', ['email', 'not in', ['anna@example.org', false]], []],
    ['res.partner', ['company_id', '=', 2], [12]],
    ['res.partner', ['company_id', '!=', 2], [10, 11]],
    ['res.partner', ['company_id', 'ilike', 'zw'], [12]],
    ['res.partner', ['company_id', 'not ilike', 'zw'], [10, 11]],
    ['res.partner', ['company_id', 'child_of', 2], [12]],
    ['res.partner', ['company_id', 'parent_of', [3]], [12]],
    ['res.partner', ['company_id', 'in', [2, false]], [10, 11, 12]],
    ['res.partner', ['category_id', 'in', [1]], [11, 12]],
    ['res.partner', ['category_id', 'not in', [2]], [10, 11]],
    ['res.partner', ['category_id', '=', false], [10]],
    ['res.partner', ['category_id', 'ilike', 'teu'], [12]],
    ['res.partner', ['category_id.name', '=', 'Gut'], [11, 12]],
    ['res.partner', ['category_id', 'any', [['name', '=', 'Teuer']]], [12]],
    ['res.partner', ['category_id', 'not any', [['name', '=', 'Gut']]], [10]],
    ['stock.location', ['id', 'child_of', 2], [2, 4]],
    ['stock.location', ['id', 'parent_of', 4], [1, 2, 4]],
    ['stock.location', ['location_id', 'child_of', [2]], [2, 4]],
    ['stock.quant', ['location_id.location_id.usage', '=', 'internal'], [1]],
    ['stock.quant', ['quantity', '>=', 10], [1]],
    ['stock.quant', ['in_date', '<=', '2026-01-01'], [1]],
    ['stock.quant', ['in_date', '>', '2026-01-01'], []],
    ['product.template', ['product_variant_ids.default_code', '=like', 'V%'], [1]],
    ['product.product', ['product_tmpl_id', 'ilike', 'pumpe'], [2]],
  ] as const)('%s %j finds %j', (model, leaf, ids) => {
    expect(find(model, [leaf])).toEqual(ids);
  });

  it('shows archived records when the context or the domain asks', () => {
    expect(find('res.partner', [['name', '=', 'Alt']])).toEqual([]);
    expect(find('res.partner', [['name', '=', 'Alt']], { active_test: false })).toEqual([13]);
    expect(find('res.partner', [['active', '=', false]])).toEqual([13]);
    expect(find('res.partner', [['active', 'in', [true, false]]])).toEqual([10, 11, 12, 13]);
  });
});

describe('like', () => {
  it('takes text literally but for its wildcards', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        (before, text, after) => {
          const literal = text.replace(/[\\%_]/g, '\\$&');
          expect(likePattern(literal, 'like').test(before + text + after)).toBe(true);
          expect(likePattern(literal, '=like').test(text)).toBe(true);
        },
      ),
    );
  });
});

const names = ['alpha', 'Beta', 'gamma', ''];

/** Partners with random names, parents and categories. */
const dataSet: fc.Arbitrary<DataSet> = fc
  .array(
    fc.record({
      name: fc.constantFrom(...names),
      email: fc.constantFrom('a@x', 'b@x', false),
      parent: fc.nat(12),
      active: fc.boolean(),
      tags: fc.subarray([1, 2, 3]),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((rows) => ({
    records: {
      ...smallCompany().records,
      'res.partner.category': [1, 2, 3].map((id) => ({ id, name: `tag ${id}`, active: true })),
      'res.partner': rows.map((row, i) => ({
        id: i + 1,
        name: row.name || false,
        email: row.email,
        active: row.active,
        category_id: row.tags,
        parent_id: row.parent > 0 && row.parent <= i ? row.parent : false,
        company_id: false,
      })),
    },
  }));

const leaf: fc.Arbitrary<unknown[]> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('name', 'email'),
      fc.constantFrom('=', '!=', 'ilike', 'not ilike', 'in', 'not in'),
      fc.constantFrom('alpha', 'a@x', 'Beta'),
    )
    .map(([field, operator, value]) => [field, operator, operator.endsWith('in') ? [value] : value]),
  fc
    .tuple(fc.constant('id'), fc.constantFrom('=', '>', '<=', 'child_of'), fc.integer({ min: 1, max: 12 }))
    .map((one) => [...one]),
  fc
    .tuple(
      fc.constant('parent_id'),
      fc.constantFrom('=', '!=', 'in', 'not in', 'child_of'),
      fc.integer({ min: 1, max: 12 }),
    )
    .map(([field, operator, id]) => [field, operator, operator.endsWith('in') ? [id] : id]),
  fc.tuple(fc.constant('parent_id.name'), fc.constantFrom('=', '!='), fc.constantFrom(...names)).map((one) => [...one]),
  fc
    .tuple(fc.constant('category_id'), fc.constantFrom('in', 'not in'), fc.subarray([1, 2, 3], { minLength: 1 }))
    .map((one) => [...one]),
);

describe('laws', () => {
  const ids = (of: Sandbox, domain: readonly unknown[], more: object = {}): number[] =>
    of.call('anna', 'res.partner', 'search', [domain], {
      order: 'id',
      context: { active_test: false },
      ...more,
    }) as number[];

  it('"and" is the intersection, "or" the union, whatever index serves them', () => {
    fc.assert(
      fc.property(dataSet, leaf, leaf, (data, a, b) => {
        const of = createSandbox({ data });
        const [left, right] = [new Set(ids(of, [a])), new Set(ids(of, [b]))];
        expect(ids(of, [a, b])).toEqual([...left].filter((id) => right.has(id)));
        expect(ids(of, ['|', a, b])).toEqual([...new Set([...left, ...right])].sort((x, y) => x - y));
      }),
    );
  });

  it('pages by ascending id hold every record once', () => {
    fc.assert(
      fc.property(dataSet, leaf, fc.integer({ min: 1, max: 5 }), (data, a, limit) => {
        const of = createSandbox({ data });
        const paged: number[] = [];
        for (let last = 0; ; ) {
          const page = ids(of, [a, ['id', '>', last]], { limit });
          if (page.length === 0) break;
          paged.push(...page);
          last = page.at(-1)!;
        }
        expect(paged).toEqual(ids(of, [a]));
        expect(of.call('anna', 'res.partner', 'search_count', [[a]], { context: { active_test: false } })).toBe(
          paged.length,
        );
      }),
    );
  });

  it('finds the same after writes as in a fresh data set', () => {
    fc.assert(
      fc.property(
        dataSet,
        leaf,
        fc.array(fc.tuple(fc.nat(11), fc.constantFrom(...names), fc.subarray([1, 2, 3])), { maxLength: 4 }),
        (data, a, writes) => {
          const of = createSandbox({ data });
          // Builds the indexes before the writes.
          ids(of, [a]);
          const all = ids(of, []);
          for (const [i, name, tags] of writes) {
            const id = all[i % all.length]!;
            of.call('anna', 'res.partner', 'write', [[id], { name: name || 'x', category_id: [[6, 0, tags]] }]);
          }
          const rows = [...of.db.table('res.partner').rows()].map((row) => ({ ...row }));
          const fresh = createSandbox({ data: { records: { ...data.records, 'res.partner': rows } } });
          expect(ids(of, [a])).toEqual(ids(fresh, [a]));
        },
      ),
    );
  });
});
