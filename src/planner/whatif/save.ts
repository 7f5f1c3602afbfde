// Moves that are saved: orders that Odoo has get their dates by edits, proposed ones become approved orders of the planners' own. The
// next plan leaves both where they are. Saved twice, it is the same.
import { PlanbridgeError } from '../../errors.ts';
import type { Store } from '../../store/database.ts';
import type { ChangedOrder } from '../live/protocol.ts';
import type { Operationplan, PlanEntity } from '../model.ts';
import { addOwnEntity, type EditedBy, editEntity } from '../store/edits.ts';
import type { ModelScope } from '../store/scope.ts';

/** @returns references of the orders that keep their dates */
export async function saveMoves(
  store: Store,
  scope: ModelScope,
  changed: readonly ChangedOrder[],
  by: EditedBy,
): Promise<string[]> {
  // deliveries follow from their demands; an order comes before its steps
  const orders = changed
    .filter(({ type }) => type !== 'DLVR')
    .toSorted((a, b) => Number(a.owner !== null) - Number(b.owner !== null));
  for (const order of orders) {
    const { start, end } = order;
    const resources = sameResources(order) ? {} : { resources: order.resources };
    const edited = await tryEdit(store, scope, order.reference, { start, end, status: 'approved', ...resources }, by);
    if (!edited) await addOwnEntity(store, scope, ownOrder(order), by);
  }
  return orders.map(({ reference }) => reference);
}

async function tryEdit(
  store: Store,
  scope: ModelScope,
  reference: string,
  changes: Record<string, unknown>,
  by: EditedBy,
) {
  try {
    await editEntity(store, scope, 'operationplan', reference, changes, by);
    return true;
  } catch (error) {
    if (error instanceof PlanbridgeError && error.status === 404) return false;
    throw error;
  }
}

function sameResources({ resources, was }: ChangedOrder): boolean {
  return resources.length === was.resources.length && resources.every((name, i) => name === was.resources[i]);
}

function ownOrder(order: ChangedOrder): PlanEntity {
  const { reference, type, item, location, operation, owner, supplier, origin, batch, quantity, start, end } = order;
  const value: Operationplan = {
    reference,
    ordertype: type === 'WO' ? 'MO' : (type as 'MO' | 'PO' | 'DO'),
    status: 'approved',
    quantity,
    start,
    end,
    ...(type === 'MO' || type === 'WO' ? { operation } : {}),
    ...(item === '' || type === 'WO' ? {} : { item }),
    ...(location === '' || type === 'WO' ? {} : { location }),
    ...(owner === null ? {} : { owner }),
    ...(supplier === null ? {} : { supplier }),
    ...(origin === null ? {} : { origin }),
    ...(batch === null ? {} : { batch }),
    ...(order.resources.length === 0 ? {} : { resources: order.resources }),
  };
  return { entity: 'operationplan', value };
}
