// English where the screens say it otherwise than the program: steps, kinds of orders.

export const en: Readonly<Record<string, string>> = {
  DLVR: 'Delivery',
  DO: 'Transfer',
  MO: 'Manufacturing',
  odoo_read_1: 'import',
  odoo_read_2: 'import of slow data',
  odoo_write: 'write to Odoo',
  PO: 'Purchase',
  recommend: 'recommendations',
  STCK: 'Stock',
  WO: 'Work order',
};
