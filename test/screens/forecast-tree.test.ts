// The hierarchy of what is forecast: groups, items, places, customers; filtered, searched, and safe from loops.
import { describe, expect, it } from 'vitest';
import { forecastTree } from '../../src/screens/forecast-tree.ts';

const leaves = [
  { item: 'bolt', location: 'A', customer: 'Ann' },
  { item: 'bolt', location: 'A', customer: 'Bob' },
  { item: 'bolt', location: 'B', customer: 'Ann' },
  { item: 'nut', location: 'A', customer: '' },
  { item: 'oil', location: 'B', customer: 'Bob' },
];
const owners = new Map([
  ['bolt', 'hardware'],
  ['nut', 'hardware'],
  ['hardware', 'all'],
  ['empty', 'all'],
]);
const tree = forecastTree(leaves, owners);
const names = (address: Parameters<typeof tree.below>[0]) => tree.below(address)?.children.map(({ name }) => name);

describe('the tree of a forecast', () => {
  it('unfolds from groups to customers', () => {
    expect(tree.below({})).toEqual({
      level: 'item',
      children: [
        { name: 'all', items: ['bolt', 'nut'], children: true },
        { name: 'oil', items: ['oil'], children: true },
      ],
    });
    expect(names({ item: 'all' })).toEqual(['hardware']);
    expect(names({ item: 'hardware' })).toEqual(['bolt', 'nut']);
    expect(tree.below({ item: 'bolt' })).toMatchObject({ level: 'location', children: [{ name: 'A' }, { name: 'B' }] });
    expect(tree.below({ item: 'bolt', location: 'A' })).toEqual({
      level: 'customer',
      children: [
        { name: 'Ann', items: ['bolt'], children: false },
        { name: 'Bob', items: ['bolt'], children: false },
      ],
    });
    expect(tree.below({ item: 'bolt', location: 'A', customer: 'Ann' })).toBeNull();
  });

  it('shows what is sold at a place or to a customer, and nothing else', () => {
    expect(tree.items({ location: 'B' })).toEqual(['bolt', 'oil']);
    expect(names({ location: 'B' })).toEqual(['all', 'oil']);
    expect(names({ item: 'hardware', location: 'B' })).toEqual(['bolt']);
    expect(tree.below({ item: 'bolt', customer: 'Bob' })).toMatchObject({
      level: 'location',
      children: [{ name: 'A' }],
    });
    expect(names({ customer: '' })).toEqual(['all']);
  });

  it('finds items by all words of a combination', () => {
    expect(tree.search(['bo', 'ann'], {}).map(({ name }) => name)).toEqual(['bolt']);
    expect(tree.search(['b', 'ann', 'bob'], {})).toEqual([]);
    expect(tree.search(['bob'], { location: 'B' }).map(({ name }) => name)).toEqual(['oil']);
  });

  it('ends where owners go round', () => {
    const round = forecastTree(
      leaves.slice(0, 1),
      new Map([
        ['bolt', 'a'],
        ['a', 'b'],
        ['b', 'a'],
      ]),
    );
    expect(round.items({})).toEqual(['bolt']);
    expect(round.below({})?.children).toHaveLength(1);
  });

  it('names places and customers, without those that have no name', () => {
    expect(tree.names('location')).toEqual(['A', 'B']);
    expect(tree.names('customer')).toEqual(['Ann', 'Bob']);
  });
});
