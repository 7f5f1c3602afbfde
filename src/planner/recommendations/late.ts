// Deliveries that will be late or incomplete: what to tell the customer, and why.
import { byName } from '../engine/network.ts';
import { INFINITE_FUTURE } from '../model.ts';
import { isPlanned } from '../output/demands.ts';
import { promiseDocument } from '../output/document.ts';
import { lastDelivery } from '../output/orders.ts';
import { reasonsOf } from '../output/reasons.ts';
import { day, sentence, span } from '../output/sentence.ts';
import { keyFor, type Recommendation, saidOf, urgencyOf } from './recommendation.ts';
import type { Surroundings } from './surroundings.ts';

const EPSILON = 1e-6;
/** Number of the order, id of the line. */
const LINE = /^\S.*\s\d{1,9}$/;

export function* recommendLate(s: Surroundings): Generator<Recommendation> {
  const now = s.net.current;
  for (const d of [...s.net.demands.values()].sort(byName)) {
    // a forecast is nobody's order
    if (!isPlanned(d) || s.model.demands.get(d.name)?.category === 'forecast') continue;
    const last = lastDelivery(d);
    const missing = Math.max(0, d.quantity - d.planned());
    const late = last === null ? 0 : Math.max(0, last - d.due);
    if (late === 0 && missing <= EPSILON) continue;
    const inTime = d.deliveries.reduce((sum, o) => sum + (o.end <= d.due ? o.quantity : 0), 0);
    const quantity = d.quantity - inTime;
    const item = d.item?.name ?? '';
    const title =
      late > 0
        ? sentence('{demand}: {quantity} {item} will be delivered {time} late, on {day}', {
            demand: d.name,
            quantity: quantity - missing,
            item,
            time: span(late),
            day: day(last ?? 0),
          })
        : sentence('{demand}: {quantity} of {all} {item} cannot be delivered', {
            demand: d.name,
            quantity: missing,
            all: d.quantity,
            item,
          });
    const reasons = reasonsOf(s.net, d, s.pegging).map(({ text, sentence: said }) =>
      sentence('Reason: {reason}.', { reason: said ?? text }),
    );
    if (late > 0 && missing > EPSILON)
      reasons.push(sentence('{quantity} cannot be delivered at all.', { quantity: missing }));
    if (inTime > EPSILON)
      reasons.push(sentence('{quantity} of {all} come in time.', { quantity: inTime, all: d.quantity }));
    yield {
      key: keyFor('late delivery', d.name),
      kind: 'late delivery',
      item,
      location: d.location?.name ?? '',
      supplier: null,
      origin: null,
      operation: null,
      quantity,
      start: d.due,
      end: last ?? INFINITE_FUTURE,
      before: null,
      references: d.deliveries.map(s.references),
      ...saidOf(title, reasons, now),
      demands: [{ name: d.name, quantity, due: d.due, late }],
      demandCount: 1,
      urgency: urgencyOf(d.due, now),
      decideBy: d.due,
      value: (d.item?.cost ?? 0) * quantity,
      // a date is promised only for all of it, and to Odoo only for what is a line of its sales orders
      document: last !== null && missing <= EPSILON && LINE.test(d.name) ? promiseDocument(d.name, last) : null,
    };
  }
}
