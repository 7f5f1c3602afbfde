// Where in the hierarchy of items, locations and customers a forecast belongs. Pure.

/** One combination that is sold; no customer = not told apart. */
export interface Leaf {
  readonly item: string;
  readonly location: string;
  readonly customer: string;
}

/** A cell's place at any level; what is absent means all. */
export interface Address {
  readonly item?: string;
  readonly location?: string;
  readonly customer?: string;
}

/** Owner of each name, for items, locations and customers. */
export interface Owners {
  readonly item: ReadonlyMap<string, string>;
  readonly location: ReadonlyMap<string, string>;
  readonly customer: ReadonlyMap<string, string>;
}

export const NO_OWNERS: Owners = { item: new Map(), location: new Map(), customer: new Map() };

/** A key that no two combinations share. */
export function keyOf({ item, location, customer }: Leaf): string {
  return `${item}\u0000${location}\u0000${customer}`;
}

/** The name, its owner, the owner's owner; a loop ends. */
export function chainOf(name: string, owners: ReadonlyMap<string, string>): string[] {
  const chain = [name];
  for (let owner = owners.get(name); owner !== undefined && !chain.includes(owner); owner = owners.get(owner)) {
    chain.push(owner);
  }
  return chain;
}

/** Whether leaves lie under an address; quick for many leaves. */
export function isUnder(address: Address, owners: Owners): (leaf: Leaf) => boolean {
  const one = (level: keyof Owners): ((leaf: Leaf) => boolean) => {
    const wanted = address[level];
    if (wanted === undefined) return () => true;
    const known = new Map<string, boolean>();
    return (leaf) => {
      const name = leaf[level];
      let is = known.get(name);
      if (is === undefined) {
        is = chainOf(name, owners[level]).includes(wanted);
        known.set(name, is);
      }
      return is;
    };
  };
  const item = one('item');
  const location = one('location');
  const customer = one('customer');
  return (leaf) => item(leaf) && location(leaf) && customer(leaf);
}

/** Order of leaves that does not depend on a locale. */
export function byLeaf(a: Leaf, b: Leaf): number {
  return compare(a.item, b.item) || compare(a.location, b.location) || compare(a.customer, b.customer);
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
