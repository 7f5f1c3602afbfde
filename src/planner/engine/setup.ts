// Sequence dependent set-ups: what a resource is set up for over time, and how long the change to an order's set-up takes.
import { indexAt } from './calendar.ts';
import type { Network, Resource } from './network.ts';
import type { LoadPlan, Opplan } from './order.ts';

export interface Changeover {
  setup: string;
  duration: number;
  cost: number;
}

const FORBIDDEN = { duration: 7 * 86_400 * 365, cost: 0 };

function setupLoad(o: Opplan): LoadPlan | null {
  for (const l of o.loadplans) if (l.load !== null && l.load.setup !== '' && l.resource.setupMatrix !== null) return l;
  return null;
}

/** The change that an order needs when its set-up is finished at `t`; null when its resource knows no set-ups. */
export function changeoverAt(net: Network, o: Opplan, t: number): Changeover | null {
  if (!net.hasSetups || o.quantity === 0 || o.operation.loads.length === 0) return null;
  const l = setupLoad(o);
  let resource: Resource | null = l?.resource ?? null;
  let setup = l?.load?.setup ?? '';
  if (o.loadplans.length === 0) {
    for (const load of o.operation.loads) {
      if (load.setup !== '' && load.resource.setupMatrix !== null) {
        resource = load.resource;
        setup = load.setup;
        break;
      }
    }
  }
  if (resource === null) return null;
  let before = '';
  for (let i = resource.setups.length - 1; i >= 0; i--) {
    const s = resource.setups[i] as Resource['setups'][number];
    if (s.opplan === o || s.date > t || (s.date === t && s.opplan !== null && s.opplan.sequence > o.sequence)) continue;
    before = s.setup;
    break;
  }
  return { setup, ...change(resource, before, setup) };
}

function change(resource: Resource, from: string, to: string): { duration: number; cost: number } {
  if (from === to || resource.setupMatrix === null) return { duration: 0, cost: 0 };
  const key = `${from} to ${to}`;
  let rule = resource.setupMatrix.known.get(key);
  if (rule === undefined) {
    rule = resource.setupMatrix.rules.find((r) => r.match.test(key)) ?? FORBIDDEN;
    resource.setupMatrix.known.set(key, rule);
  }
  return rule ?? FORBIDDEN;
}

/** Notes on the resource's time line that it is set up for this order from `date` on. */
export function registerSetup(_net: Network, o: Opplan, changeover: Changeover | null, date: number): void {
  const l = setupLoad(o);
  if (l === null) return;
  const list = l.resource.setups;
  const known = list.findIndex((s) => s.opplan === o);
  if (known >= 0) list.splice(known, 1);
  o.setupCost = changeover?.cost ?? 0;
  if (changeover === null || o.quantity === 0) return;
  o.setup = changeover.setup;
  let i =
    indexAt(
      list.map((s) => s.date),
      date,
    ) + 1;
  while (i > 0 && list[i - 1]?.date === date && (list[i - 1]?.opplan?.sequence ?? -1) > o.sequence) i--;
  list.splice(i, 0, { date, setup: changeover.setup, opplan: o });
}
