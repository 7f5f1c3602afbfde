// About forty products: castings that are sold, raw castings, alloys, inserts, powder and packaging; one product in three colours.
// Product 21 lies on the shelf in quantity, product 5 is all reserved, product 1 is no longer sold: the example mail needs them so.

import { BOX_OF_200, COMPANY, KG, UNITS } from './base.ts';
import type { Demo } from './builder.ts';
import { ROUTE_BUY, ROUTE_MAKE } from './places.ts';

interface Category {
  id: number;
  name: string;
  parent: number | false;
}

const CATEGORIES: readonly Category[] = [
  { id: 1, name: 'All', parent: false },
  { id: 2, name: 'Castings', parent: 1 },
  { id: 3, name: 'Pumps and valves', parent: 2 },
  { id: 4, name: 'Electronics', parent: 2 },
  { id: 5, name: 'Machines and tools', parent: 2 },
  { id: 6, name: 'Furniture fittings', parent: 2 },
  { id: 7, name: 'Raw castings', parent: 1 },
  { id: 8, name: 'Alloys', parent: 1 },
  { id: 9, name: 'Inserts and small parts', parent: 1 },
  { id: 10, name: 'Packaging', parent: 1 },
  { id: 11, name: 'Services', parent: 1 },
];

type Kind = 'make' | 'buy' | 'kit' | 'plated' | 'by-product' | 'service';

/** id, code, name, category, kind, price, cost, weight in kg, days to deliver. */
type ProductLine = readonly [number, string, string, number, Kind, number, number, number, number];

/** Every product with one variant has the number of its template. */
export const PRODUCTS: readonly ProductLine[] = [
  [1, 'TD-001', 'Tool design (discontinued)', 11, 'service', 1800, 0, 0, 0],
  [2, 'VB-102', 'Valve body DN20', 3, 'make', 14.6, 7.9, 0.62, 10],
  [3, 'VB-103', 'Valve body DN25', 3, 'make', 17.2, 9.3, 0.81, 10],
  [4, 'PC-110', 'Pump cover', 3, 'make', 9.8, 5.1, 0.44, 7],
  [5, 'PH-120', 'Pump housing', 3, 'make', 42.5, 24, 1.95, 14],
  [6, 'BR-130', 'Bearing bracket', 5, 'make', 11.9, 6.2, 0.52, 7],
  [7, 'GB-140', 'Gearbox half, left', 5, 'make', 36, 20.5, 1.62, 12],
  [8, 'GB-141', 'Gearbox half, right', 5, 'make', 36, 20.5, 1.6, 12],
  [9, 'HS-150', 'Heat sink, 12 fins', 4, 'make', 6.4, 3.1, 0.28, 5],
  [10, 'HS-151', 'Heat sink, 24 fins', 4, 'make', 9.1, 4.6, 0.46, 5],
  [11, 'CC-160', 'Connector cap, 8-pole', 4, 'make', 2.9, 1.2, 0.07, 5],
  [12, 'CC-161', 'Connector cap, 16-pole', 4, 'make', 3.8, 1.6, 0.11, 5],
  [13, 'EH-170', 'Enclosure housing IP65', 4, 'make', 28, 15.4, 1.1, 10],
  [14, 'EL-171', 'Enclosure lid IP65', 4, 'make', 13.5, 7, 0.48, 10],
  [15, 'MF-180', 'Motor flange', 5, 'make', 19.8, 10.4, 0.93, 10],
  [16, 'TB-190', 'Terminal box', 4, 'make', 12.4, 6.7, 0.39, 7],
  [17, 'HT-200', 'Hand-tool body', 5, 'make', 22.7, 12.1, 0.74, 12],
  [18, 'LB-210', 'Lamp base', 6, 'make', 15.5, 7.7, 0.68, 7],
  [19, 'RG-215', 'Radiator grille', 5, 'make', 31, 16.8, 1.34, 12],
  [20, 'ES-230', 'Enclosure set IP65 (kit)', 4, 'kit', 44, 0, 1.6, 10],
  [21, 'HG-240', 'Hinge, textured', 6, 'make', 4.9, 2.2, 0.16, 3],
  [22, 'HG-241', 'Hinge, nickel-plated', 6, 'plated', 7.6, 3.6, 0.16, 10],
  [23, 'DH-250', 'Door handle, chromed', 6, 'plated', 18.9, 9.2, 0.35, 14],
  [24, 'HG-240R', 'Hinge, raw casting', 7, 'make', 0, 1.5, 0.16, 0],
  [25, 'DH-250R', 'Door handle, raw casting', 7, 'make', 0, 5.2, 0.35, 0],
  [26, 'PH-120R', 'Pump housing, raw casting', 7, 'make', 0, 14.2, 2.1, 0],
  [30, 'AL-226', 'AlSi9Cu3 ingot', 8, 'buy', 0, 3.1, 1, 0],
  [31, 'AL-239', 'AlSi10Mg ingot', 8, 'buy', 0, 3.6, 1, 0],
  [32, 'ZA-410', 'ZnAl4Cu1 ingot', 8, 'buy', 0, 3.3, 1, 0],
  [33, 'AL-RET', 'Sprue for remelting', 8, 'by-product', 0, 1.9, 1, 0],
  [34, 'IN-M5', 'Threaded insert M5', 9, 'buy', 0, 0.11, 0.003, 0],
  [35, 'IN-M8', 'Threaded insert M8', 9, 'buy', 0, 0.19, 0.007, 0],
  [36, 'BU-12', 'Bronze bushing 12 mm', 9, 'buy', 0, 0.62, 0.02, 0],
  [37, 'GK-65', 'Gasket IP65', 9, 'buy', 3.5, 0.9, 0.01, 3],
  [38, 'SC-M4', 'Screw M4 x 12', 9, 'buy', 0.1, 0.03, 0.002, 3],
  [39, 'PIN-6', 'Dowel pin 6 mm', 9, 'buy', 0, 0.08, 0.006, 0],
  [40, 'PW-BLK', 'Powder coating, black', 9, 'buy', 0, 8.4, 1, 0],
  [41, 'PW-GRY', 'Powder coating, grey', 9, 'buy', 0, 8.1, 1, 0],
  [42, 'CT-S', 'Carton, small', 10, 'buy', 0, 0.45, 0.1, 0],
  [43, 'CT-L', 'Carton, large', 10, 'buy', 0, 0.95, 0.25, 0],
  [45, 'SV-010', 'Tool maintenance', 11, 'service', 145, 0, 0, 5],
];

const IN_KG = new Set([30, 31, 32, 33, 40, 41]);
export const CLAMP_LEVER = 46;
/** Variants of the clamp lever: black, grey, raw. */
export const CLAMP_LEVERS = [46, 47, 48] as const;

const ROUTES: Readonly<Record<Kind, readonly number[]>> = {
  make: [ROUTE_MAKE],
  buy: [ROUTE_BUY],
  plated: [ROUTE_BUY],
  kit: [ROUTE_MAKE],
  'by-product': [],
  service: [],
};

export function addProducts(demo: Demo): void {
  for (const { id, name, parent } of CATEGORIES)
    demo.add('product.category', { id, name, parent_id: parent, route_ids: [] });
  for (const line of PRODUCTS) {
    addTemplate(demo, line);
    demo.add('product.product', {
      id: line[0],
      product_tmpl_id: line[0],
      default_code: line[1],
      active: line[0] !== 1,
      weight: line[7],
      barcode: line[5] > 0 && line[4] !== 'service' ? `76400000${String(line[0]).padStart(5, '0')}` : false,
      product_template_attribute_value_ids: [],
      combination_indices: '',
    });
  }
  addClampLever(demo);
}

function addTemplate(demo: Demo, [id, code, name, category, kind, price, , weight, delay]: ProductLine): void {
  const unit = IN_KG.has(id) ? KG : UNITS;
  const type = kind === 'service' ? 'service' : 'product';
  demo.add('product.template', {
    id,
    name,
    default_code: code,
    active: id !== 1,
    type,
    detailed_type: type,
    categ_id: category,
    list_price: price,
    uom_id: unit,
    uom_po_id: id === 38 ? BOX_OF_200 : unit,
    sale_ok: price > 0,
    purchase_ok: kind === 'buy' || kind === 'plated',
    sale_delay: delay,
    company_id: false,
    currency_id: 1,
    tracking: 'none',
    route_ids: [...ROUTES[kind]],
    weight,
    sequence: 1,
    priority: '0',
    invoice_policy: 'delivery',
    purchase_method: 'receive',
    taxes_id: price > 0 ? [1] : [],
    supplier_taxes_id: [2],
    description_sale: id === 13 ? 'Die-cast aluminium, powder-coated black.' : false,
  });
}

function addClampLever(demo: Demo): void {
  demo.add('product.attribute', {
    id: 1,
    name: 'Colour',
    create_variant: 'always',
    display_type: 'radio',
    sequence: 1,
  });
  addTemplate(demo, [CLAMP_LEVER, '', 'Clamp lever M8', 5, 'make', 5.4, 2.6, 0.12, 5]);
  demo.add('product.template.attribute.line', {
    id: 1,
    product_tmpl_id: CLAMP_LEVER,
    attribute_id: 1,
    value_ids: [1, 2, 3],
    active: true,
    sequence: 1,
    value_count: 3,
  });
  for (const [i, [name, code, extra]] of (
    [
      ['Black', 'CL-220-B', 0],
      ['Grey', 'CL-220-G', 0],
      ['Uncoated', 'CL-220-U', -0.6],
    ] as const
  ).entries()) {
    const value = i + 1;
    demo.add('product.attribute.value', { id: value, name, attribute_id: 1, sequence: value });
    demo.add('product.template.attribute.value', {
      id: value,
      name,
      attribute_id: 1,
      attribute_line_id: 1,
      product_attribute_value_id: value,
      product_tmpl_id: CLAMP_LEVER,
      price_extra: extra,
      ptav_active: true,
    });
    demo.add('product.product', {
      id: CLAMP_LEVERS[i],
      product_tmpl_id: CLAMP_LEVER,
      default_code: code,
      active: true,
      weight: 0.12,
      barcode: false,
      product_template_attribute_value_ids: [value],
      product_template_variant_value_ids: [value],
      combination_indices: String(value),
    });
  }
}

/** Cost by product. */
export function costs(): Record<string, Record<string, number>> {
  const byProduct: Record<string, number> = { '46': 2.6, '47': 2.6, '48': 2.1 };
  for (const line of PRODUCTS) if (line[6] > 0) byProduct[line[0]] = line[6];
  return { [COMPANY]: byProduct };
}
