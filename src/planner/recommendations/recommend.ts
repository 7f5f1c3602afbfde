// What a planned network recommends to do, in order of urgency. Pure: the same plan gives the same recommendations.
import type { Network } from '../engine/network.ts';
import type { PlanModel } from '../plan-document.ts';
import { recommendChanges } from './changes.ts';
import { recommendLate } from './late.ts';
import { recommendOrders } from './orders.ts';
import { byUrgency, type Recommendation } from './recommendation.ts';
import { type RecommendationOptions, surroundingsOf } from './surroundings.ts';

/** @param model the document that the network was built from: Odoo's ids, and orders as they were before */
export function recommend(
  net: Network,
  model: PlanModel,
  options: Partial<RecommendationOptions> = {},
): Recommendation[] {
  const s = surroundingsOf(net, model, options);
  return [...recommendLate(s), ...recommendChanges(s), ...recommendOrders(s)].sort(byUrgency);
}
