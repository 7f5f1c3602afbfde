// Odoo's field types as both readers treat them.

/** Types that have no plain value; both readers leave such fields out. */
export const UNREADABLE_TYPES: ReadonlySet<string> = new Set([
  'binary',
  'image',
  'json',
  'serialized',
  'properties',
  'properties_definition',
]);

export const NUMBER_TYPES: ReadonlySet<string> = new Set(['integer', 'float', 'monetary', 'many2one_reference']);
export const X2MANY_TYPES: ReadonlySet<string> = new Set(['one2many', 'many2many']);
