// Kits (phantom bills of material): never made, always taken apart (connector.md C2, C3).
import type { MappingContext } from './context.ts';
import { groupBy, link, number, type OdooRow, text } from './records.ts';
import { clean } from './units.ts';
import { appliesToVariant } from './variants.ts';

export interface Component {
  product: number;
  /** In the component's own unit, per unit of the product. */
  quantity: number;
  /** Step of the bill of material that takes it. */
  step?: number;
  line: OdooRow;
}

export interface KitIndex {
  isKit(product: number | undefined): boolean;
  /** Whether the product is made in steps. */
  isRouted(product: number | undefined): boolean;
  /** What a quantity of a kit, in the kit's unit, consists of, kits inside it taken apart too. */
  explode(product: number, quantity: number): Component[];
  /** Lines of a bill of material that apply to a product, per unit of it, kits among them taken apart. */
  components(bom: OdooRow, product: OdooRow): Component[];
}

const MAX_DEPTH = 20;

export function indexKits(context: MappingContext): KitIndex {
  const lines = groupBy(context.rows('mrp.bom.line'), 'bom_id');
  const products = context.table('product.product');
  const steps = context.rows('mrp.routing.workcenter').filter((row) => row.active !== false);
  const routed = new Set(steps.map((row) => link(row, 'bom_id')));
  const templates = context.table('product.template');
  const values = context.table('product.template.attribute.value');
  const byTemplate = groupBy(
    context
      .rows('mrp.bom')
      .filter((bom) => bom.active !== false && context.visible(link(bom, 'company_id')))
      .toSorted((a, b) => number(a, 'sequence') - number(b, 'sequence') || a.id - b.id),
    'product_tmpl_id',
  );

  /** The bill of material that Odoo would take: the first by sequence that is for the variant or for all of them. */
  function bomOf(product: OdooRow): OdooRow | undefined {
    const candidates = (byTemplate.get(link(product, 'product_tmpl_id') ?? 0) ?? []).filter((bom) => {
      const variant = link(bom, 'product_id');
      return variant === undefined || variant === product.id;
    });
    return candidates[0];
  }

  function kitOf(id: number | undefined): OdooRow | undefined {
    const product = products.get(id ?? 0);
    const bom = product && bomOf(product);
    return bom && text(bom, 'type') === 'phantom' ? bom : undefined;
  }

  function outputOf(bom: OdooRow, product: OdooRow): number {
    const uom = link(templates.get(link(product, 'product_tmpl_id') ?? 0), 'uom_id');
    return context.units.convert(number(bom, 'product_qty') || 1, link(bom, 'product_uom_id'), uom) || 0;
  }

  function components(bom: OdooRow, product: OdooRow, depth = 0): Component[] {
    const output = outputOf(bom, product);
    if (!(output > 0)) {
      context.report.skip(
        'operation',
        `${text(product, 'display_name') || product.id} (bill of material ${bom.id})`,
        'its unit cannot be converted to the product’s',
      );
      return [];
    }
    const found: Component[] = [];
    for (const line of lines.get(bom.id) ?? []) {
      const component = products.get(link(line, 'product_id') ?? 0);
      if (!component || !appliesToVariant(line, product, values)) continue;
      const uom = link(templates.get(link(component, 'product_tmpl_id') ?? 0), 'uom_id');
      const quantity = context.units.convert(number(line, 'product_qty'), link(line, 'product_uom_id'), uom);
      if (quantity === undefined) {
        context.report.skip(
          'flow',
          `line ${line.id} of bill of material ${bom.id}`,
          'its unit cannot be converted to the component’s',
        );
        continue;
      }
      const per = quantity / output;
      const kit = depth < MAX_DEPTH ? kitOf(component.id) : undefined;
      const step = link(line, 'operation_id');
      if (kit) {
        for (const part of components(kit, component, depth + 1)) {
          found.push({ ...part, quantity: clean(part.quantity * per), step, line });
        }
      } else {
        found.push({ product: component.id, quantity: clean(per), step, line });
      }
    }
    return found;
  }

  return {
    isKit: (product) => kitOf(product) !== undefined,
    isRouted(id) {
      const product = products.get(id ?? 0);
      const bom = product && bomOf(product);
      return bom !== undefined && text(bom, 'type') === 'normal' && routed.has(bom.id);
    },
    explode(id, quantity) {
      const kit = kitOf(id);
      const product = products.get(id);
      if (!kit || !product) return [];
      return components(kit, product).map((part) => ({ ...part, quantity: clean(part.quantity * quantity) }));
    },
    components: (bom, product) => components(bom, product),
  };
}
