// Recommendations as frePPLe's clients post them after planning (planner-wire.md 4): checked, and turned into a plan of one order
// when somebody accepts one, so that they go into Odoo the same way as any plan.
import { create } from 'xmlbuilder2';
import { z } from 'zod';
import { PlanbridgeError } from '../errors.ts';
import { link, text } from '../mapping/records.ts';
import type { OdooWriter } from './odoo/writer.ts';

const stamp = z.string().max(40);
const id = z.number().int().positive();
const common = {
  tab: z.string().max(40),
  startdate: stamp,
  enddate: stamp,
  quantity: z.number().positive(),
  recommendation: z.string().max(20_000).default(''),
};
const step = z.tuple([z.string().max(2_000), stamp, stamp]);

const Recommendation = z.discriminatedUnion('type', [
  z.looseObject({ ...common, type: z.literal('purchase'), res_partner_id: id.nullish(), product_id: id }),
  z.looseObject({
    ...common,
    type: z.enum(['produce', 'reschedule']),
    data: z
      .looseObject({ bom_id: id.nullish(), workorders: z.array(step).max(1_000).default([]) })
      .default({ workorders: [] }),
    product_id: id,
    mrp_production_id: z.union([z.string().max(300), id]).nullish(),
  }),
  z.looseObject({ ...common, type: z.literal('latedelivery'), sale_order_line_id: id, product_id: id.nullish() }),
]);

export type Recommendation = z.infer<typeof Recommendation>;

const List = z.looseObject({
  database: z.string().max(200).nullish(),
  company: z.string().max(500).nullish(),
  description: z.string().max(1_000).default(''),
  recommendations: z.array(z.unknown()).max(100_000),
});

export interface RecommendationList {
  database: string | null;
  company: string | null;
  recommendations: Recommendation[];
  /** Those that are not understood, by position and reason. */
  refused: { position: number; reason: string }[];
}

/** @throws PlanbridgeError PB_REQUEST_BODY */
export function parseRecommendations(json: string): RecommendationList {
  let given: unknown;
  try {
    given = JSON.parse(json);
  } catch {
    given = undefined;
  }
  const list = List.safeParse(given);
  if (!list.success) {
    throw new PlanbridgeError(
      'PB_REQUEST_BODY',
      400,
      `The recommendations cannot be read: ${list.error.issues[0]?.message ?? 'no JSON'}.`,
      {
        remedy: 'Post them as frePPLe does: JSON with a list "recommendations".',
      },
    );
  }
  const recommendations: Recommendation[] = [];
  const refused: RecommendationList['refused'] = [];
  for (const [position, one] of list.data.recommendations.entries()) {
    const parsed = Recommendation.safeParse(one);
    if (parsed.success) recommendations.push(parsed.data);
    else
      refused.push({
        position,
        reason: parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      });
  }
  return { database: list.data.database || null, company: list.data.company || null, recommendations, refused };
}

/**
 * The plan document of one recommendation. `reference` makes it the same order however often it is accepted.
 * @throws PlanbridgeError PB_PLAN_REFUSED
 */
export async function documentOf(
  recommendation: Recommendation,
  reference: string,
  writer: OdooWriter,
): Promise<string> {
  if (recommendation.type === 'latedelivery') {
    const lines = {
      model: 'sale.order.line',
      domain: [['id', '=', recommendation.sale_order_line_id] as const],
      fields: ['order_id'],
    };
    const [line] = await writer.read(lines);
    const [order] = line
      ? await writer.read({ model: 'sale.order', domain: [['id', '=', link(line, 'order_id') ?? 0]], fields: ['name'] })
      : [];
    if (!order) throw refusal('its sales order line is no longer in Odoo');
    return plan(
      'demands',
      element('demand', {
        ordertype: 'SO',
        name: `${text(order, 'name')} ${recommendation.sale_order_line_id}`,
        deliverydate: recommendation.enddate,
      }),
    );
  }
  const { product_id: product, startdate: start, enddate: end, quantity } = recommendation;
  const [row] = await writer.read({
    model: 'product.product',
    domain: [['id', '=', product]],
    fields: ['display_name', 'uom_id'],
  });
  if (!row) throw refusal('its product is no longer in Odoo');
  const goods = {
    item: text(row, 'display_name'),
    item_id: `${link(row, 'uom_id')},${product}`,
    start,
    end,
    quantity: String(quantity),
  };
  if (recommendation.type === 'purchase') {
    if (!recommendation.res_partner_id) throw refusal('it names no vendor');
    return plan(
      'operationplans',
      element('operationplan', {
        ordertype: 'PO',
        reference,
        supplier: `vendor ${recommendation.res_partner_id}`,
        ...goods,
      }),
    );
  }
  const { bom_id: bill, workorders } = recommendation.data;
  const steps = workorders.map(([operation, from, until]) =>
    element('workorder', { operation, start: from, end: until }),
  );
  if (recommendation.type === 'produce') {
    if (!bill) throw refusal('it names no bill of material');
    return plan(
      'operationplans',
      element('operationplan', { ordertype: 'MO', reference, operation: `operation ${bill}`, ...goods }, steps),
    );
  }
  const order = recommendation.mrp_production_id;
  if (!order) throw refusal('it names no manufacturing order');
  const name = typeof order === 'string' ? order : await productionName(order, writer);
  return plan(
    'operationplans',
    element(
      'operationplan',
      { ordertype: 'MO', reference: name, status: 'approved', operation: name, ...goods },
      steps,
    ),
  );
}

async function productionName(production: number, writer: OdooWriter): Promise<string> {
  const [row] = await writer.read({ model: 'mrp.production', domain: [['id', '=', production]], fields: ['name'] });
  if (!row) throw refusal('its manufacturing order is no longer in Odoo');
  return text(row, 'name');
}

function refusal(reason: string): PlanbridgeError {
  return new PlanbridgeError('PB_PLAN_REFUSED', 409, `This recommendation cannot be carried out: ${reason}.`);
}

interface Element {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly Element[];
}

function element(name: string, attributes: Element['attributes'], children: readonly Element[] = []): Element {
  return { name, attributes, children };
}

/** A plan document of one order; characters that XML does not have are left out. */
function plan(list: string, order: Element): string {
  const root = create({ version: '1.0', encoding: 'UTF-8', invalidCharReplacement: '' }).ele('plan').ele(list);
  const written = root.ele(order.name, { ...order.attributes });
  for (const step of order.children) written.ele(step.name, { ...step.attributes });
  return `${root.doc().end()}\n`;
}
