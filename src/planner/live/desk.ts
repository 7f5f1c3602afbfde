// A planned network that questions are put to: quotes on top of what is held, and moves of orders. Whatever was asked, the network
// is afterwards what it was before. No I/O.
import { PlanbridgeError } from '../../errors.ts';
import type { Network } from '../engine/network.ts';
import { remove } from '../engine/opplan.ts';
import { type QuoteStack, quoteStack } from '../engine/quote.ts';
import type { PlanArguments } from '../engine/run.ts';
import { promiseOf } from './promise.ts';
import type { HeldLine, LinePromise, QuoteQuestion } from './protocol.ts';
import { wishOf } from './wish.ts';

export interface Desk {
  quote(question: QuoteQuestion, held: readonly HeldLine[]): LinePromise[];
  /** Puts what is held on the plan, as far as it is not there yet. */
  hold(held: readonly HeldLine[]): void;
  /** Demands of the plan itself that were given up since: what delivers them is free. */
  release(names: readonly string[]): void;
}

/** Held lines are what they were when every word of them is. */
function sign(line: HeldLine): string {
  const { name, item, location, quantity, date, minimumShipment, maximumLateness } = line;
  return JSON.stringify([name, item, location, quantity, date, minimumShipment, maximumLateness]);
}

/** @throws PlanbridgeError PB_PLAN_REFUSED when the plan was made without constraints: it promises nothing */
export function openDesk(net: Network, args: PlanArguments): Desk {
  const stack: QuoteStack = quoteStack(net, args);
  let lying: string[] = [];

  function hold(held: readonly HeldLine[]): void {
    // A product that is gone from the model holds nothing.
    const known = held.filter(({ item, location }) => net.items.has(item) && net.places.has(location));
    const wanted = known.map(sign);
    let same = 0;
    while (same < lying.length && lying[same] === wanted[same]) same++;
    stack.cut(same);
    lying = wanted;
    for (const line of known.slice(same)) stack.put([wishOf(net, line, line.name, 0)]);
  }

  return {
    hold,
    release(names) {
      const given = names.flatMap((name) => net.demands.get(name) ?? []).filter((d) => d.deliveries.length > 0);
      if (given.length === 0) return;
      stack.cut(0);
      lying = [];
      for (const d of given) {
        d.status = 'canceled';
        for (const o of [...d.deliveries]) remove(net, o.top());
      }
    },
    quote({ lines, together }, held) {
      if (args.constraints === 0) {
        throw new PlanbridgeError(
          'PB_PLAN_REFUSED',
          409,
          'The plan was made without constraints: it promises nothing.',
          {
            remedy: 'Plan with constraints (capa, mfg_lt, po_lt).',
          },
        );
      }
      const wishes = lines.map((line, place) => wishOf(net, line, `quote ${place + 1}`, place));
      hold(held);
      const base = stack.names.length;
      try {
        return stack.put(wishes, together).map((put, i) => promiseOf(net, put, lines[i]?.date ?? null));
      } finally {
        stack.cut(base);
      }
    },
  };
}
