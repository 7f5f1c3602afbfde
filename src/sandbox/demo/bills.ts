// Bills of materials: alloy, inserts and carton per casting, steps over the work centers, sprue as by-product, a kit, plating outside.

import { COMPANY, GRAM, KG, UNITS } from './base.ts';
import type { Demo } from './builder.ts';
import { CASTING, CELL_A, CELL_B, CNC, DEBURRING, PACKING, SURFACE } from './capacity.ts';
import { PLATER } from './partners.ts';
import { CLAMP_LEVER, PRODUCTS } from './products.ts';

interface Casting {
  product: number;
  alloy: number;
  /** Minutes per piece at each step; a step that is left out is not done. */
  cast: number;
  cell?: number;
  deburr?: number;
  machine?: number;
  surface?: number;
  pack?: number;
  parts?: readonly (readonly [product: number, quantity: number])[];
  /** Grams of powder per piece. */
  powder?: readonly [product: number, grams: number];
  carton?: readonly [product: number, pieces: number];
}

const CASTINGS: readonly Casting[] = [
  { product: 2, alloy: 31, cast: 0.9, deburr: 0.5, machine: 2.4, pack: 0.15, parts: [[35, 2]], carton: [42, 24] },
  { product: 3, alloy: 31, cast: 1, deburr: 0.5, machine: 2.6, pack: 0.15, parts: [[35, 2]], carton: [42, 20] },
  { product: 4, alloy: 30, cast: 0.7, deburr: 0.4, machine: 1.2, pack: 0.1, parts: [[34, 4]], carton: [42, 30] },
  { product: 6, alloy: 30, cast: 0.8, deburr: 0.4, machine: 1.5, pack: 0.1, parts: [[36, 1]], carton: [42, 30] },
  {
    product: 7,
    alloy: 30,
    cast: 1.6,
    cell: CELL_B,
    deburr: 0.8,
    machine: 3.5,
    pack: 0.3,
    parts: [
      [39, 2],
      [34, 6],
    ],
    carton: [43, 16],
  },
  {
    product: 8,
    alloy: 30,
    cast: 1.6,
    cell: CELL_B,
    deburr: 0.8,
    machine: 3.5,
    pack: 0.3,
    parts: [
      [39, 2],
      [34, 6],
    ],
    carton: [43, 16],
  },
  { product: 9, alloy: 31, cast: 0.5, cell: CELL_A, deburr: 0.3, pack: 0.05, carton: [42, 60] },
  { product: 10, alloy: 31, cast: 0.6, cell: CELL_A, deburr: 0.4, pack: 0.05, carton: [42, 40] },
  { product: 11, alloy: 32, cast: 0.25, cell: CELL_A, deburr: 0.1, pack: 0.02, carton: [42, 250] },
  { product: 12, alloy: 32, cast: 0.3, cell: CELL_A, deburr: 0.12, pack: 0.02, carton: [42, 180] },
  {
    product: 13,
    alloy: 30,
    cast: 1.2,
    cell: CELL_B,
    deburr: 0.7,
    machine: 1.8,
    surface: 30,
    pack: 0.2,
    parts: [[34, 4]],
    powder: [40, 35],
    carton: [43, 20],
  },
  { product: 14, alloy: 30, cast: 0.8, deburr: 0.4, surface: 30, pack: 0.1, powder: [40, 18], carton: [43, 50] },
  { product: 15, alloy: 30, cast: 1, deburr: 0.5, machine: 2, pack: 0.2, parts: [[39, 2]], carton: [42, 14] },
  { product: 16, alloy: 30, cast: 0.7, deburr: 0.4, machine: 0.8, pack: 0.1, parts: [[34, 2]], carton: [42, 36] },
  {
    product: 17,
    alloy: 32,
    cast: 0.9,
    deburr: 0.6,
    machine: 1.4,
    surface: 30,
    pack: 0.2,
    powder: [41, 22],
    carton: [42, 18],
  },
  { product: 18, alloy: 32, cast: 0.8, deburr: 0.5, surface: 30, pack: 0.2, powder: [40, 20], carton: [42, 20] },
  {
    product: 19,
    alloy: 30,
    cast: 1.5,
    cell: CELL_B,
    deburr: 1.2,
    surface: 30,
    pack: 0.4,
    powder: [40, 45],
    carton: [43, 8],
  },
  {
    product: 21,
    alloy: 32,
    cast: 0.3,
    cell: CELL_A,
    deburr: 0.15,
    surface: 20,
    pack: 0.05,
    powder: [40, 4],
    carton: [42, 100],
  },
  { product: 24, alloy: 32, cast: 0.3, cell: CELL_A, deburr: 0.2 },
  { product: 25, alloy: 32, cast: 0.5, deburr: 0.4 },
  { product: 26, alloy: 31, cast: 1.9, cell: CELL_B, deburr: 0.9 },
];

export function addBills(demo: Demo): void {
  for (const casting of CASTINGS) addCasting(demo, casting);
  addPumpHousing(demo);
  addClampLever(demo);
  const kit = bom(demo, 20, { type: 'phantom', code: 'ES-230' });
  for (const [product, quantity] of [
    [13, 1],
    [14, 1],
    [37, 1],
    [38, 4],
  ] as const)
    line(demo, kit, product, quantity);
  for (const [product, raw] of [
    [22, 24],
    [23, 25],
  ] as const) {
    line(demo, bom(demo, product, { type: 'subcontract', subcontractor_ids: [PLATER] }), raw, 1);
  }
}

function bom(demo: Demo, template: number, values: Record<string, unknown> = {}): number {
  return demo.add('mrp.bom', {
    product_tmpl_id: template,
    product_id: false,
    product_qty: 1,
    product_uom_id: UNITS,
    type: 'normal',
    active: true,
    company_id: COMPANY,
    sequence: 1,
    consumption: 'warning',
    ready_to_produce: 'all_available',
    produce_delay: 0,
    days_to_prepare_mo: 0,
    allow_operation_dependencies: true,
    subcontractor_ids: [],
    ...values,
  });
}

function line(
  demo: Demo,
  bomId: number,
  product: number,
  quantity: number,
  unit = UNITS,
  values: Record<string, unknown> = {},
): void {
  demo.add('mrp.bom.line', {
    bom_id: bomId,
    product_id: product,
    product_tmpl_id: product,
    product_qty: quantity,
    product_uom_id: unit,
    sequence: 1,
    company_id: COMPANY,
    operation_id: false,
    bom_product_template_attribute_value_ids: [],
    ...values,
  });
}

function step(
  demo: Demo,
  bomId: number,
  name: string,
  workcenter: number,
  minutes: number,
  previous: number | null,
  values: Record<string, unknown> = {},
): number {
  const id = demo.add('mrp.routing.workcenter', {
    bom_id: bomId,
    name,
    workcenter_id: workcenter,
    time_mode: 'manual',
    time_mode_batch: 10,
    time_cycle_manual: minutes,
    active: true,
    sequence: (demo.records['mrp.routing.workcenter']?.length ?? 0) + 1,
    company_id: COMPANY,
    blocked_by_operation_ids: previous === null ? [] : [previous],
    needed_by_operation_ids: [],
    bom_product_template_attribute_value_ids: [],
    ...values,
  });
  const before = demo.records['mrp.routing.workcenter']?.find((row) => row.id === previous);
  if (before) before.needed_by_operation_ids = [id];
  return id;
}

function addCasting(demo: Demo, casting: Casting): void {
  const id = bom(demo, casting.product);
  const weight = PRODUCTS.find(([product]) => product === casting.product)?.[7] ?? 0.1;
  const cast = step(demo, id, 'Cast', casting.cell ?? CASTING, casting.cast, null);
  let last = cast;
  if (casting.deburr) last = step(demo, id, 'Deburr', DEBURRING, casting.deburr, last);
  const machine = casting.machine ? step(demo, id, 'Machine', CNC, casting.machine, last) : null;
  last = machine ?? last;
  // Surface treatment is done in racks: minutes per rack, and the work center holds many pieces.
  const surface = casting.surface ? step(demo, id, 'Coat', SURFACE, casting.surface, last) : null;
  last = surface ?? last;
  const pack = casting.pack ? step(demo, id, 'Pack', PACKING, casting.pack, last) : null;
  line(demo, id, casting.alloy, round(weight * 1.35), KG, { operation_id: cast });
  for (const [product, quantity] of casting.parts ?? [])
    line(demo, id, product, quantity, UNITS, { operation_id: machine ?? last });
  if (casting.powder) line(demo, id, casting.powder[0], casting.powder[1], GRAM, { operation_id: surface ?? last });
  if (casting.carton)
    line(demo, id, casting.carton[0], round(1 / casting.carton[1], 4), UNITS, { operation_id: pack ?? last });
  demo.add('mrp.bom.byproduct', {
    bom_id: id,
    product_id: 33,
    product_qty: round(weight * 0.3),
    product_uom_id: KG,
    operation_id: cast,
    cost_share: 0,
    company_id: COMPANY,
    sequence: 1,
    bom_product_template_attribute_value_ids: [],
  });
}

/** In two levels: the raw casting has an order of its own. */
function addPumpHousing(demo: Demo): void {
  const id = bom(demo, 5, { code: 'PH-120 rev C' });
  const machine = step(demo, id, 'Machine', CNC, 6.5, null);
  const pack = step(demo, id, 'Pack', PACKING, 0.5, machine);
  line(demo, id, 26, 1, UNITS, { operation_id: machine });
  line(demo, id, 36, 2, UNITS, { operation_id: machine });
  line(demo, id, 35, 4, UNITS, { operation_id: machine });
  line(demo, id, 43, 0.125, UNITS, { operation_id: pack });
}

/** Three colours, one bill: powder and the coating step by colour. */
function addClampLever(demo: Demo): void {
  const id = bom(demo, CLAMP_LEVER);
  const coloured = { bom_product_template_attribute_value_ids: [1, 2] };
  const cast = step(demo, id, 'Cast', CELL_A, 0.3, null);
  const deburr = step(demo, id, 'Deburr', DEBURRING, 0.2, cast);
  const coat = step(demo, id, 'Coat', SURFACE, 20, deburr, coloured);
  line(demo, id, 32, 0.16, KG, { operation_id: cast });
  line(demo, id, 35, 1, UNITS, { operation_id: deburr });
  line(demo, id, 40, 3, GRAM, { operation_id: coat, bom_product_template_attribute_value_ids: [1] });
  line(demo, id, 41, 3, GRAM, { operation_id: coat, bom_product_template_attribute_value_ids: [2] });
}

function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
