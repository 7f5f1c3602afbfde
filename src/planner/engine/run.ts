// One call from a model to a planned network.
import type { PlanModel } from '../plan-document.ts';
import { buildNetwork } from './build.ts';
import { buildOrders } from './build-orders.ts';
import { type Network, trimLists } from './network.ts';
import { planNetwork, type RunHooks } from './plan.ts';
import { propagateStatus } from './propagate.ts';
import type { SolverOptions } from './solver.ts';

export interface PlanArguments extends SolverOptions {
  /** Overrides the document's current date, in seconds. */
  current?: number;
  autofence?: number;
  /** First make the status of work in progress consistent. */
  propagateStatus?: boolean;
}

export const DEFAULT_ARGUMENTS: PlanArguments = { constraints: 52, plantype: 1, lazydelay: 86_400, minimumdelay: 3600 };

/** Plans a model. The model is not changed; the same model and arguments give the same plan. */
export function planModel(model: PlanModel, args: PlanArguments, hooks: RunHooks = {}): Network {
  const net = linkModel(model, args);
  planNetwork(net, args, hooks);
  return net;
}

/** The network that is planned; it needs nothing of the model any more, so that a caller can let go of it. */
export function linkModel(model: PlanModel, args: PlanArguments): Network {
  const { net } = buildNetwork(model, { current: args.current, autofence: args.autofence });
  buildOrders(net, model);
  if (args.propagateStatus) propagateStatus(net);
  trimLists(net);
  return net;
}
