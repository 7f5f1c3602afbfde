// Grids over the plan that counts: demands, orders, problems, item-locations, resources. Times are on the plan's clock.
import type { DemandStatus } from '../../planner/model.ts';
import type { GridDefinition, GridScope } from './grid.ts';

/** The plan of `$1` (Odoo) and `$2` (company). */
const PLAN = `(select id from planbridge.plan where odoo = $1 and company = $2 and state = 'current')`;

const at = (column: string) => `to_timestamp(r.${column}) at time zone 'UTC'`;
const scoped = (sql: string) => (scope: GridScope) => ({ sql, values: [scope.odoo, scope.company] });

export const ORDER_TYPES = ['PO', 'MO', 'WO', 'DO', 'DLVR'];
export const ORDER_STATUSES = ['proposed', 'approved', 'confirmed', 'completed', 'closed'];
export const DEMAND_STATUSES: DemandStatus[] = ['open', 'quote', 'inquiry', 'closed', 'canceled'];
export const DEMAND_STATES = ['on time', 'late', 'short', 'not planned'];

export const PROBLEM_KINDS = [
  'late',
  'short',
  'material shortage',
  'overload',
  'precedence',
  'before current',
  'overdue',
  'invalid data',
];
export const PROBLEM_OBJECTS = ['Demand', 'Buffer', 'Resource', 'Order', 'Model'];

export const DEMANDS: GridDefinition = {
  name: 'demands',
  title: 'Demands',
  key: 'name',
  sort: 'due',
  columns: [
    { name: 'name', title: 'Demand', type: 'text', width: 130, screen: '/demand/{value}/', record: 'demand' },
    { name: 'state', title: 'Result', type: 'choice', choices: DEMAND_STATES, width: 104 },
    { name: 'late', title: 'Late by', type: 'duration', sql: 'nullif(r.late_seconds, 0)', width: 88 },
    {
      name: 'item',
      title: 'Item',
      type: 'text',
      width: 120,
      screen: '/inventoryplanning/drp/{value}/',
      record: 'item',
    },
    { name: 'customer', title: 'Customer', type: 'text', width: 190, record: 'customer' },
    { name: 'quantity', title: 'Quantity', type: 'quantity', width: 88 },
    { name: 'due', title: 'Due', type: 'datetime', sql: at('due') },
    { name: 'delivery', title: 'Planned delivery', type: 'datetime', sql: at('delivery') },
    { name: 'reasons', title: 'Why', type: 'text', grow: true, said: 'r.said' },
    { name: 'location', title: 'Location', type: 'text', width: 90, record: 'location' },
    { name: 'planned', title: 'Planned quantity', type: 'quantity', hidden: true },
    { name: 'promised', title: 'Promised in Odoo', type: 'text', width: 130, odoo: { model: 'model', id: 'res_id' } },
    { name: 'status', title: 'Status', type: 'choice', choices: DEMAND_STATUSES, hidden: true },
    { name: 'model', title: 'Model in Odoo', type: 'text', hidden: true },
    { name: 'res_id', title: 'Id in Odoo', type: 'number', hidden: true },
  ],
  rows: scoped(`select d.name, d.item, d.location, d.customer, d.status, d.due, d.quantity, d.planned, d.delivery,
      d.late_seconds, d.state, e.name as promised, e.model, e.res_id,
      (select string_agg(coalesce(reason->>'text', reason#>>'{}'), '; ') from jsonb_array_elements(d.reasons) reason) as reasons,
      d.reasons as said
    from planbridge.plan_demand d
    left join planbridge.plan_export e on e.plan_id = d.plan_id and e.reference = d.name and e.type = 'SO'
      and e.outcome in ('updated', 'unchanged')
    where d.plan_id = ${PLAN}`),
};

export const ORDERS: GridDefinition = {
  name: 'orders',
  title: 'Orders',
  key: 'reference',
  sort: 'start',
  columns: [
    { name: 'reference', title: 'Order', type: 'text', width: 230, record: 'operationplan' },
    { name: 'type', title: 'Type', type: 'choice', choices: ORDER_TYPES, width: 128 },
    { name: 'status', title: 'Status', type: 'choice', choices: ORDER_STATUSES, width: 118 },
    {
      name: 'item',
      title: 'Item',
      type: 'text',
      width: 140,
      screen: '/inventoryplanning/drp/{value}/',
      record: 'item',
    },
    { name: 'location', title: 'Location', type: 'text', width: 100, record: 'location' },
    { name: 'supplier', title: 'Supplier or origin', type: 'text', record: ['location', 'supplier'] },
    { name: 'quantity', title: 'Quantity', type: 'quantity' },
    { name: 'start', title: 'Start', type: 'datetime', sql: at('start_at') },
    { name: 'end', title: 'End', type: 'datetime', sql: at('end_at') },
    { name: 'value', title: 'Value', type: 'money' },
    { name: 'demands', title: 'Demands', type: 'list', grow: true },
    { name: 'number', title: 'Number in Odoo', type: 'text', odoo: { model: 'model', id: 'res_id' } },
    { name: 'model', title: 'Model in Odoo', type: 'text', hidden: true },
    { name: 'res_id', title: 'Id in Odoo', type: 'number', hidden: true },
    { name: 'operation', title: 'Operation', type: 'text', record: 'operation', hidden: true },
    { name: 'category', title: 'Category', type: 'text', hidden: true },
    { name: 'note', title: 'Note of the export', type: 'text', hidden: true },
  ],
  rows: scoped(`select o.reference, o.type, o.status, o.item, o.category, o.location, coalesce(o.supplier, o.origin) as supplier,
      o.operation, o.quantity, o.start_at, o.end_at, o.value, e.name as number, e.model, e.res_id, e.note,
      (select array_agg(distinct p.demand) from planbridge.plan_peg p
       where p.plan_id = o.plan_id and p.reference = o.reference) as demands
    from planbridge.plan_order o
    left join planbridge.plan_export e on e.plan_id = o.plan_id and e.reference = o.reference
    where o.plan_id = ${PLAN} and o.type <> 'STCK'`),
};

/** What is wrong for all time has no date to show: the engines begin in 1971 and end in 2030. */
const dated = (column: string) =>
  `case when r.${column} > ${Date.UTC(1971, 0, 1) / 1_000} and r.${column} < ${Date.UTC(2030, 11, 31) / 1_000} then ${at(column)} end`;

export const PROBLEMS: GridDefinition = {
  name: 'problems',
  title: 'Problems',
  key: 'seq',
  sort: 'start',
  columns: [
    { name: 'type', title: 'Problem', type: 'choice', choices: PROBLEM_KINDS, width: 150 },
    { name: 'subject', title: 'Of', type: 'choice', choices: PROBLEM_OBJECTS, width: 90, sql: 'initcap(r.subject)' },
    {
      name: 'name',
      title: 'Name',
      type: 'text',
      record: {
        by: 'subject',
        kinds: { Demand: ['demand'], Buffer: ['buffer'], Resource: ['resource'], Order: ['operationplan'] },
      },
    },
    { name: 'description', title: 'Description', type: 'text', width: 280, grow: true, said: 'r.said' },
    { name: 'start', title: 'Start', type: 'datetime', sql: dated('start_at') },
    { name: 'end', title: 'End', type: 'datetime', sql: dated('end_at') },
    { name: 'seq', title: 'Number', type: 'number', hidden: true },
  ],
  rows: scoped(
    `select seq, type, subject, name, description, start_at, end_at,
      jsonb_build_array(jsonb_build_object('text', description, 'sentence', detail->'sentence')) as said
     from planbridge.plan_problem where plan_id = ${PLAN}`,
  ),
};

/** Each place where an item is kept: what is there, how low it gets, when it is first missing, what comes and goes. */
export const INVENTORY: GridDefinition = {
  name: 'inventory',
  title: 'Inventory',
  key: 'key',
  sort: 'missing',
  columns: [
    {
      name: 'item',
      title: 'Item',
      type: 'text',
      width: 140,
      screen: '/inventoryplanning/drp/{value}/',
      record: 'item',
    },
    { name: 'location', title: 'Location', type: 'text', width: 100, record: 'location' },
    { name: 'onhand', title: 'On hand', type: 'quantity' },
    { name: 'safety', title: 'Safety stock', type: 'quantity', width: 136 },
    { name: 'lowest', title: 'Lowest', type: 'quantity' },
    { name: 'missing', title: 'Below safety from', type: 'date', width: 164, sql: at('missing_at') },
    { name: 'incoming', title: 'Open supply', type: 'quantity', width: 112 },
    { name: 'proposed', title: 'Proposed', type: 'quantity' },
    { name: 'outgoing', title: 'Need', type: 'quantity' },
    { name: 'cost', title: 'Cost', type: 'money', hidden: true },
    { name: 'value', title: 'Value on hand', type: 'money', hidden: true },
    { name: 'category', title: 'Category', type: 'text', hidden: true },
    { name: 'key', title: 'Item and location', type: 'text', hidden: true },
  ],
  rows: scoped(`select item, location, category, onhand, safety, lowest, missing_at, incoming, proposed, outgoing, cost,
    onhand * cost as value, item || ' @ ' || location as key from planbridge.plan_stock where plan_id = ${PLAN}`),
};

export const RESOURCES: GridDefinition = {
  name: 'resources',
  title: 'Resources',
  key: 'resource',
  sort: 'resource',
  columns: [
    {
      name: 'resource',
      title: 'Resource',
      type: 'text',
      screen: '/planningboard/?resource={value}',
      record: 'resource',
    },
    { name: 'orders', title: 'Orders', type: 'number' },
    { name: 'hours', title: 'Hours', type: 'number' },
    { name: 'first', title: 'First', type: 'datetime', sql: at('first_at') },
    { name: 'last', title: 'Last', type: 'datetime', sql: at('last_at') },
  ],
  rows: scoped(`select resource, count(distinct reference)::integer as orders,
      round(sum((end_at - start_at) * quantity) / 360) / 10 as hours, min(start_at) as first_at, max(end_at) as last_at
    from planbridge.plan_load where plan_id = ${PLAN} group by resource`),
};

/** How much the plan makes, buys or moves by each operation. */
export const OPERATIONS: GridDefinition = {
  name: 'operations',
  title: 'Operations',
  key: 'operation',
  sort: 'operation',
  columns: [
    {
      name: 'operation',
      title: 'Operation',
      type: 'text',
      screen: '/orders/?operation={value}',
      record: ['operation', 'operationplan'],
    },
    {
      name: 'item',
      title: 'Item',
      type: 'text',
      width: 140,
      screen: '/inventoryplanning/drp/{value}/',
      record: 'item',
    },
    { name: 'location', title: 'Location', type: 'text', width: 100, record: 'location' },
    { name: 'orders', title: 'Orders', type: 'number' },
    { name: 'quantity', title: 'Quantity', type: 'quantity' },
    { name: 'first', title: 'First', type: 'datetime', sql: at('first_at') },
    { name: 'last', title: 'Last', type: 'datetime', sql: at('last_at') },
  ],
  rows: scoped(`select operation, min(item) as item, min(location) as location, count(*)::integer as orders,
      sum(quantity) as quantity, min(start_at) as first_at, max(end_at) as last_at
    from planbridge.plan_order where plan_id = ${PLAN} and type = 'MO' and operation is not null group by operation`),
};

export const CUSTOMERS: GridDefinition = {
  name: 'customers',
  title: 'Customers',
  key: 'customer',
  sort: '-late,customer',
  columns: [
    {
      name: 'customer',
      title: 'Customer',
      type: 'text',
      width: 260,
      screen: '/demand/?customer={value}',
      record: 'customer',
    },
    { name: 'demands', title: 'Demands', type: 'number' },
    { name: 'late', title: 'Late', type: 'number' },
    { name: 'first', title: 'First due', type: 'datetime', width: 164, sql: at('first_at') },
  ],
  rows: scoped(`select customer, count(*)::integer as demands, count(*) filter (where state <> 'on time')::integer as late,
      min(due) as first_at
    from planbridge.plan_demand where plan_id = ${PLAN} and customer is not null group by customer`),
};

export const SUPPLIERS: GridDefinition = {
  name: 'suppliers',
  title: 'Suppliers',
  key: 'supplier',
  sort: 'supplier',
  columns: [
    {
      name: 'supplier',
      title: 'Supplier',
      type: 'text',
      width: 260,
      screen: '/orders/?supplier={value}',
      record: 'supplier',
    },
    { name: 'orders', title: 'Orders', type: 'number' },
    { name: 'proposed', title: 'Proposed', type: 'number' },
    { name: 'value', title: 'Value', type: 'money' },
    { name: 'first', title: 'First', type: 'datetime', sql: at('start_at') },
  ],
  rows: scoped(`select supplier, count(*)::integer as orders, count(*) filter (where status = 'proposed')::integer as proposed,
      sum(value) as value, min(start_at) as start_at
    from planbridge.plan_order where plan_id = ${PLAN} and supplier is not null and type = 'PO' group by supplier`),
};

export const PLAN_GRIDS: readonly GridDefinition[] = [
  DEMANDS,
  ORDERS,
  PROBLEMS,
  INVENTORY,
  RESOURCES,
  OPERATIONS,
  CUSTOMERS,
  SUPPLIERS,
];
