// Which lines, by-products and steps of a bill of material apply to a variant (connector.md C4 and 6.4, Odoo's own rule).
import { link, links, type OdooRow, type Table } from './records.ts';

/**
 * Odoo's rule: of every attribute named on the line, the variant carries at least one of the values.
 * @param values rows of product.template.attribute.value by id
 */
export function appliesToVariant(line: OdooRow, product: OdooRow, values: Table): boolean {
  const wanted = links(line, 'bom_product_template_attribute_value_ids');
  if (wanted.length === 0) return true;
  const carried = links(product, 'product_template_attribute_value_ids');
  const attributes = new Map<number, boolean>();
  for (const id of wanted) {
    const attribute = link(values.get(id), 'attribute_id') ?? -id;
    attributes.set(attribute, attributes.get(attribute) === true || carried.includes(id));
  }
  return [...attributes.values()].every(Boolean);
}
