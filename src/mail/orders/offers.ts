// From whom what is missing is bought, and how much at least: vendors' prices as Odoo's own procurement chooses among them, and the
// vendor's smallest quantity. Looks only.
import type { OdooWriter } from '../../connector/odoo/writer.ts';
import { vendorOf } from '../../mapping/itemsuppliers.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import type { Units } from '../../mapping/units.ts';

export interface Wanted {
  product: number;
  /** In the product's own unit. */
  quantity: number;
}

export interface Bought {
  vendor: number;
  /** In the product's own unit: what is wanted, or the vendor's least. */
  quantity: number;
}

/** Of each product that somebody sells to us. @param today `YYYY-MM-DD` */
export async function chooseOffers(
  wanted: readonly Wanted[],
  { writer, units, company, today }: { writer: OdooWriter; units: Units; company: number; today: string },
): Promise<Map<number, Bought>> {
  const products = await writer.read({
    model: 'product.product',
    domain: [['id', 'in', wanted.map(({ product }) => product)]],
    fields: ['product_tmpl_id', 'uom_id', 'uom_po_id'].filter((field) => writer.major < 19 || field !== 'uom_po_id'),
  });
  const templates = products.flatMap((row) => link(row, 'product_tmpl_id') ?? []);
  if (templates.length === 0) return new Map();
  const unitField = writer.major >= 19 ? 'product_uom_id' : 'product_uom';
  const rows = await writer.read({
    model: 'product.supplierinfo',
    domain: [['product_tmpl_id', 'in', templates]],
    fields: [
      'partner_id',
      'product_tmpl_id',
      'product_id',
      'company_id',
      'sequence',
      'min_qty',
      'price',
      'date_start',
      'date_end',
      unitField,
    ],
  });
  const chosen = new Map<number, Bought>();
  for (const { product, quantity } of wanted) {
    const own = products.find(({ id }) => id === product);
    if (!own) continue;
    const unit = link(own, 'uom_id');
    /** The least of an offer, in the product's unit. */
    const least = (offer: OdooRow) => {
      const counted = link(offer, unitField) ?? link(own, 'uom_po_id') ?? unit;
      return units.convert(number(offer, 'min_qty'), counted, unit) ?? number(offer, 'min_qty');
    };
    // Odoo's order: sequence, then the larger least quantity, then the cheaper.
    const offers = rows
      .filter((row) => link(row, 'product_tmpl_id') === link(own, 'product_tmpl_id'))
      .filter((row) => [undefined, product].includes(link(row, 'product_id')))
      .filter((row) => [undefined, company].includes(link(row, 'company_id')))
      .filter((row) => vendorOf(row) !== undefined)
      .toSorted(
        (a, b) =>
          number(a, 'sequence') - number(b, 'sequence') ||
          number(b, 'min_qty') - number(a, 'min_qty') ||
          number(a, 'price') - number(b, 'price') ||
          a.id - b.id,
      );
    const valid = offers.filter(
      (row) =>
        (text(row, 'date_start') === '' || text(row, 'date_start') <= today) &&
        (text(row, 'date_end') === '' || text(row, 'date_end') >= today),
    );
    // Of the vendor that comes first, who sells so little; where nobody does, the first sells more.
    const offer = valid.find((row) => least(row) <= quantity + 1e-9) ?? valid[0] ?? offers[0];
    if (offer) chosen.set(product, { vendor: vendorOf(offer)!, quantity: Math.max(quantity, least(offer)) });
  }
  return chosen;
}
