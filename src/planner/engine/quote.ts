// Capable to promise: what would be delivered when, if this were ordered too. Solved on the planned network as a demand that comes
// after all others: it takes what they leave, and none of their orders is touched. All of it can be taken back. Pure.
import { INFINITE_FUTURE } from '../model.ts';
import { deliveryOperation } from './build.ts';
import { producingOperation } from './build-supply.ts';
import { Demand, type DemandGroup, type Item, type Network, type Place } from './network.ts';
import type { Opplan } from './order.ts';
import { type Outline, outlineOf, restoreOutline } from './outline.ts';
import { EPSILON } from './profile.ts';
import { maskShortages } from './shortages.ts';
import { solveTask, taskOf } from './solve-demand.ts';
import { Solver, type SolverOptions } from './solver.ts';

/** What somebody asks for. Times are on the plan's clock, in seconds. */
export interface QuoteWish {
  name: string;
  item: Item;
  location: Place;
  quantity: number;
  /** Wanted on; before now means as soon as possible. */
  due: number;
  /** Smallest partial delivery; the whole quantity when not given. */
  minShipment?: number;
  /** Seconds after `due` after which it is of no use. */
  maxLateness?: number;
  batch?: string;
  priority?: number;
}

/** Quotes on a planned network, the last one on top. */
export interface QuoteStack {
  /** Names of what lies on the plan, in the order in which it was put there. */
  readonly names: readonly string[];
  /** Puts wishes on top. `together`: all on one date or none. They stay until they are taken off. */
  put(wishes: readonly QuoteWish[], together?: boolean): Put[];
  /** Takes off all but the first so many. */
  cut(length: number): void;
}

export interface Put {
  demand: Demand;
  /** What was made for it, the delivery too; of several that go together, for all of them. */
  orders: readonly Opplan[];
}

interface Layer {
  demand: Demand;
  solver: Solver;
  outline: Outline;
  unmask: () => void;
}

/** Dates tried between the one wanted and the one found. */
const TRIES = 7;
/** Seconds that another date must gain at least. */
const GAIN = 1800;

export function quoteStack(net: Network, options: SolverOptions): QuoteStack {
  const layers: Layer[] = [];
  const own: SolverOptions = { ...options, plantype: 1 };

  function open(demand: Demand): Layer {
    const solver = new Solver(net, own);
    solver.trial = [];
    const outline = outlineOf(net);
    implied(net, demand, outline);
    const layer = { demand, solver, outline, unmask: maskShortages(net) };
    layers.push(layer);
    return layer;
  }

  function takeOff(): void {
    const { solver, outline } = layers.pop() as Layer;
    solver.endTrial(0);
    restoreOutline(net, outline);
  }

  return {
    get names() {
      return layers.map(({ demand }) => demand.name);
    },
    put(wishes, together = false) {
      const demands = wishes.map((wish) => demandOf(net, wish));
      if (together && demands.length > 1) {
        const group: DemandGroup = { name: '', policy: 'alltogether', status: 'quote', members: demands };
        for (const d of demands) d.group = group;
        const layer = open(demands[0] as Demand);
        for (const d of demands.slice(1)) implied(net, d, layer.outline);
        attempt(layer.solver, demands, group);
        layer.unmask();
        // the others are taken off with the first
        for (const d of demands.slice(1)) open(d).unmask();
        return demands.map((demand) => ({ demand, orders: ordersOf(layer) }));
      }
      return demands.map((demand) => {
        const layer = open(demand);
        solveOne(layer.solver, demand);
        layer.unmask();
        return { demand, orders: ordersOf(layer) };
      });
    },
    cut(length) {
      while (layers.length > length) takeOff();
    },
  };
}

function demandOf(net: Network, wish: QuoteWish): Demand {
  const d = new Demand(wish.name, wish.item, wish.location);
  d.quantity = wish.quantity;
  d.due = Math.max(wish.due, net.current);
  d.status = 'quote';
  d.priority = wish.priority ?? 0;
  d.minShipment = Math.min(wish.minShipment ?? wish.quantity, wish.quantity);
  if (wish.maxLateness !== undefined) d.maxLateness = wish.maxLateness;
  d.batch = wish.batch ?? '';
  return d;
}

/** What delivers it, and replenishes what was not stocked or sold there before, and so on. */
function implied(net: Network, d: Demand, { buffers }: Outline): void {
  deliveryOperation(net, d);
  for (let known = buffers; known < net.buffers.size; ) {
    const fresh = [...net.buffers.values()].slice(known);
    known = net.buffers.size;
    for (const buffer of fresh) producingOperation(net, buffer);
  }
}

function attempt(solver: Solver, demands: Demand[], group: DemandGroup | null): void {
  solver.constrained = true;
  solver.safetyStock = false;
  solver.shortagesOnly = false;
  const task = taskOf(demands, group);
  try {
    solveTask(solver, task);
    if (demands.some((d) => solver.givenUp.has(d))) solveTask(solver, task);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) throw error;
    solver.rollback(0);
    solver.reset();
    for (const d of demands) {
      const text = `Error: ${error.message}`;
      d.constraints.length = 0;
      d.constraints.push({ kind: 'invalid', owner: d, operation: null, text, start: d.due, end: d.due, keep: true });
    }
  }
}

function solveOne(solver: Solver, d: Demand): void {
  attempt(solver, [d], null);
  if (d.deliveries.length !== 1 || !isWhole(d)) return;
  const found = endOf(d);
  if (found > d.due + GAIN) earlier(solver, d, found);
}

/**
 * The first date that was found can lie beyond others that work, as dates are looked for from answer to answer: dates in between
 * are tried. The reasons stay those for which the wanted date is not possible.
 */
function earlier(solver: Solver, d: Demand, found: number): void {
  const { due, minShipment, maxLateness } = d;
  const reasons = d.constraints.slice();
  let low = due;
  let high = found;
  let tried = found;
  const tryOn = (date: number): boolean => {
    solver.endTrial(0);
    d.due = date;
    d.minShipment = d.quantity;
    d.maxLateness = 0;
    tried = date;
    attempt(solver, [d], null);
    return isWhole(d) && endOf(d) <= high;
  };
  let best = found;
  let bestDate = 0;
  for (let i = 0; i < TRIES && high - low > GAIN; i++) {
    const date = Math.floor((low + high) / 2);
    if (tryOn(date)) {
      best = Math.min(best, endOf(d));
      bestDate = date;
      high = Math.min(date, endOf(d));
    } else low = date;
  }
  if (tried !== found && tried !== bestDate) {
    if (bestDate === 0 || !tryOn(bestDate)) {
      // as it was found at first
      solver.endTrial(0);
      Object.assign(d, { due, minShipment, maxLateness });
      attempt(solver, [d], null);
    }
  }
  Object.assign(d, { due, minShipment, maxLateness });
  d.constraints.length = 0;
  d.constraints.push(...reasons);
}

/** The last delivery; 0 when there is none. */
export function endOf(d: Demand): number {
  return d.deliveries.reduce((last, o) => Math.max(last, o.end), 0);
}

/** Whether all of it is delivered. */
export function isWhole(d: Demand): boolean {
  return d.planned() >= d.quantity - EPSILON && endOf(d) < INFINITE_FUTURE;
}

function ordersOf({ solver }: Layer): Opplan[] {
  return (solver.trial ?? []).filter((entry): entry is Opplan => typeof entry !== 'function');
}
