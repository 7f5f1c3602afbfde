// What mapping.xlsx starts with: the rows of its sheets as data. sheet.ts reads an edited sheet back into the same shapes.

import { MAKE_DEFAULTS, STOCK_DEFAULTS } from './defaults-make.ts';
import { MASTER_DEFAULTS } from './defaults-master.ts';
import { DEMAND_DEFAULTS, SUPPLY_DEFAULTS } from './defaults-orders.ts';
import { BASE_MODELS } from './entities.ts';
import type {
  AttributeRule,
  EntityName,
  FilterDomain,
  MappingOptions,
  MappingRules,
  StatusModel,
  Transform,
} from './rules.ts';

/** Modes as the sheet writes them. */
export type ModesText = '1' | '2' | '1,2' | 'off';

/** A row of the sheet `Mapping` as shipped; its model is the entity's base model. */
export interface DefaultAttribute {
  entity: EntityName;
  attribute: string;
  /** Field or path; for `rule` the fields that the rule looks at, as a text for people. */
  field: string;
  transform: Transform;
  modes: ModesText;
  note: string;
}

/** A row of the sheet `Filters`: an example that does nothing until it is put in force. */
export interface DefaultFilter {
  entity: EntityName;
  domain: string;
  note: string;
}

export interface DefaultStatus {
  model: StatusModel;
  state: string;
  status: string;
  note: string;
}

/** Every attribute that the export sends, in the order of the plan document. */
export const DEFAULT_ATTRIBUTES: readonly DefaultAttribute[] = [
  ...MASTER_DEFAULTS,
  ...MAKE_DEFAULTS,
  ...DEMAND_DEFAULTS,
  ...SUPPLY_DEFAULTS,
  ...STOCK_DEFAULTS,
];

/** No filter is in force; the rows show the form (an empty domain filters nothing). */
export const DEFAULT_FILTERS: readonly DefaultFilter[] = [
  { entity: 'item', domain: '', note: "For example [('sale_ok', '=', True)]: only products that can be sold." },
  { entity: 'customer', domain: '', note: "For example [('customer_rank', '>', 0)]: only partners that have bought." },
  { entity: 'demand', domain: '', note: "For example [('order_id.team_id.name', '!=', 'Samples')]." },
  {
    entity: 'purchaseorder',
    domain: '',
    note: "For example [('order_id.state', '=', 'purchase')]: no requests for quotation.",
  },
];

const sale = (state: string, status: string, note: string): DefaultStatus => ({
  model: 'sale.order',
  state,
  status,
  note,
});
const purchase = (state: string, status: string, note: string): DefaultStatus => ({
  model: 'purchase.order',
  state,
  status,
  note,
});
const production = (state: string, status: string, note: string): DefaultStatus => ({
  model: 'mrp.production',
  state,
  status,
  note,
});
const workorder = (state: string, status: string, note: string): DefaultStatus => ({
  model: 'mrp.workorder',
  state,
  status,
  note,
});

export const DEFAULT_STATUSES: readonly DefaultStatus[] = [
  sale('draft', 'quote', 'Quotation.'),
  sale('sent', 'quote', 'Quotation sent to the customer.'),
  sale('sale', 'open', 'Confirmed; closed once nothing is left to deliver.'),
  sale('done', 'closed', 'Locked (up to Odoo 16).'),
  sale('cancel', 'canceled', 'Cancelled.'),
  purchase(
    'draft',
    'confirmed',
    'Request for quotation: expected as it is. approved lets the plan enlarge and move it.',
  ),
  purchase('sent', 'confirmed', 'Request for quotation sent to the vendor.'),
  purchase('to approve', 'confirmed', 'Waits for approval.'),
  purchase('purchase', 'confirmed', 'Ordered: the plan does not move it.'),
  purchase('done', 'confirmed', 'Locked.'),
  purchase('cancel', 'off', 'Cancelled.'),
  production('draft', 'approved', 'Draft: expected, so that it is not proposed again.'),
  production('confirmed', 'approved', 'Confirmed: the plan may move it.'),
  production('progress', 'approved', 'In progress.'),
  production('to_close', 'approved', 'Made, not yet closed.'),
  production('done', 'off', 'Done: it is stock by now.'),
  production('cancel', 'off', 'Cancelled.'),
  workorder('pending', 'approved', 'Waits for another work order.'),
  workorder('waiting', 'approved', 'Waits for components.'),
  workorder('blocked', 'approved', 'Waits for another work order (Odoo 19).'),
  workorder('ready', 'approved', 'Can start.'),
  workorder('progress', 'confirmed', 'In progress: the plan does not move it.'),
  workorder('done', 'completed', 'Done.'),
  workorder('cancel', 'off', 'Cancelled.'),
];

/** As Odoo and frePPLe's addon have it: nothing is overruled. */
export const DEFAULT_OPTIONS: MappingOptions = {
  respectReservations: null,
  calendar: null,
  manufacturingWarehouse: null,
  purchaseLeadDays: null,
  manufacturingLeadDays: null,
  locationNames: 'as frePPLe',
  itemNames: 'as frePPLe',
  operationNames: 'company warehouse',
  reorderCalendarNames: 'location',
  individuals: 'shared',
  timezone: null,
  language: null,
};

const MODES: Readonly<Record<ModesText, readonly number[]>> = { '1': [1], '2': [2], '1,2': [1, 2], off: [] };

/** Modes that a cell of the shipped sheet stands for. */
export function modesOf(text: ModesText): Set<number> {
  return new Set(MODES[text]);
}

export function defaultStatuses(): Map<StatusModel, Map<string, string>> {
  const models = new Map<StatusModel, Map<string, string>>();
  for (const { model, state, status } of DEFAULT_STATUSES) {
    const states = models.get(model) ?? new Map<string, string>();
    states.set(state, status);
    models.set(model, states);
  }
  return models;
}

/** The rules of the sheet as shipped. A new object each time. */
export function defaultRules(): MappingRules {
  return {
    attributes: DEFAULT_ATTRIBUTES.map(
      (row): AttributeRule => ({
        entity: row.entity,
        attribute: row.attribute,
        model: BASE_MODELS[row.entity],
        field: row.field,
        transform: row.transform,
        modes: modesOf(row.modes),
      }),
    ),
    filters: new Map<EntityName, FilterDomain>(),
    statuses: defaultStatuses(),
    options: { ...DEFAULT_OPTIONS },
  };
}

export { DEFAULT_MAIL_FIELDS, defaultMailFields } from './defaults-mail.ts';
