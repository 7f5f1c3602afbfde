// What is forecast as a tree to unfold: groups of items, items, places, customers. In memory; made once for each forecast. Pure.
import { compare, type Leaf, type Owners } from '../planner/forecast/address.ts';

export interface Below {
  item?: string;
  location?: string;
  customer?: string;
}

export type Level = 'item' | 'location' | 'customer';

export interface Child {
  /** Of the level that the children are of. */
  name: string;
  /** Items that are sold under it. */
  items: readonly string[];
  children: boolean;
}

export interface ForecastTree {
  /** null: nothing lies below. */
  below(address: Below): { level: Level; children: Child[] } | null;
  /** Items that are sold under an address, in order. */
  items(address: Below): string[];
  /** Items of which some combination holds all words. */
  search(words: readonly string[], address: Below): Child[];
  names(level: 'location' | 'customer'): string[];
}

export function forecastTree(leaves: readonly Leaf[], owners: Owners['item']): ForecastTree {
  const byItem = Map.groupBy(leaves, ({ item }) => item);
  const children = new Map<string | null, Set<string>>();
  for (const item of byItem.keys()) {
    const seen = new Set<string>();
    let name = item;
    for (;;) {
      seen.add(name);
      const owner = owners.get(name);
      // A loop ends at the top.
      const above = owner === undefined || seen.has(owner) ? null : owner;
      const among = children.get(above);
      if (among) among.add(name);
      else children.set(above, new Set([name]));
      if (above === null) break;
      name = above;
    }
  }
  const fits = (leaf: Leaf, { location, customer }: Below) =>
    (location === undefined || leaf.location === location) && (customer === undefined || leaf.customer === customer);
  const isSold = (item: string, address: Below) => byItem.get(item)?.some((leaf) => fits(leaf, address)) ?? false;

  function under(name: string, address: Below, seen = new Set<string>()): string[] {
    if (seen.has(name)) return [];
    seen.add(name);
    const own = isSold(name, address) ? [name] : [];
    return [...own, ...[...(children.get(name) ?? [])].flatMap((child) => under(child, address, seen))];
  }

  function items(address: Below): string[] {
    const found =
      address.item === undefined
        ? [...byItem.keys()].filter((item) => isSold(item, address))
        : under(address.item, address);
    return [...new Set(found)].sort(compare);
  }

  function itemChildren(names: Iterable<string>, address: Below): Child[] {
    const found = [...names].map((name): Child => {
      const sold = items({ ...address, item: name });
      return { name, items: sold, children: sold.length > 1 || sold[0] !== name || levelsLeft(address).length > 0 };
    });
    return found.filter((child) => child.items.length > 0).sort((a, b) => compare(a.name, b.name));
  }

  return {
    items,
    below(address) {
      const { item } = address;
      if (item === undefined) return { level: 'item', children: itemChildren(children.get(null) ?? [], address) };
      const groups = children.get(item);
      if (groups) return { level: 'item', children: itemChildren(groups, address) };
      const [level] = levelsLeft(address);
      if (level === undefined) return null;
      const own = (byItem.get(item) ?? []).filter((leaf) => fits(leaf, address));
      const names = [...new Set(own.map((leaf) => leaf[level]))].sort(compare);
      const last = levelsLeft({ ...address, [level]: '' }).length === 0;
      return { level, children: names.map((name) => ({ name, items: [item], children: !last })) };
    },
    search(words, address) {
      const found: string[] = [];
      for (const [item, own] of byItem) {
        const holds = (leaf: Leaf) => {
          const text = `${leaf.item} ${leaf.location} ${leaf.customer}`.toLowerCase();
          return words.every((word) => text.includes(word));
        };
        if (own.some((leaf) => fits(leaf, address) && holds(leaf))) found.push(item);
      }
      return found.sort(compare).map((name) => ({ name, items: [name], children: levelsLeft(address).length > 0 }));
    },
    names: (level) => [...new Set(leaves.map((leaf) => leaf[level]))].filter(Boolean).sort(compare),
  };
}

function levelsLeft({ location, customer }: Below): ('location' | 'customer')[] {
  return [
    ...(location === undefined ? (['location'] as const) : []),
    ...(customer === undefined ? (['customer'] as const) : []),
  ];
}
