// The models that an export reads, by the app of Odoo that brings them and the group that lets a user read them
// (connector.md 1.4).
import { OWN_MODELS } from '../mapping/addon-records.ts';
import { MASTER_READS } from '../mapping/reads.ts';

export interface AppModels {
  /** As the Apps screen of Odoo shows it. */
  app: string;
  /** Group that gives the right, as the user's form in Odoo shows it. */
  group: string;
  /** Without these there is nothing to plan. */
  needed: boolean;
  models: readonly string[];
}

/** Of frePPLe's addon and of ours; an Odoo without them is in order. */
const ADDON_MODELS = Object.entries(OWN_MODELS).flat();

const OTHER_READS = [
  'res.users',
  'stock.move',
  'stock.move.line',
  'stock.quant',
  'sale.order',
  'sale.order.line',
  'purchase.order',
  'purchase.order.line',
  'mrp.production',
  'mrp.workorder',
];

const APPS: ReadonlyArray<Omit<AppModels, 'models'> & { prefixes: readonly string[] }> = [
  { app: 'Manufacturing', group: 'Manufacturing / User', needed: false, prefixes: ['mrp.'] },
  { app: 'Purchase', group: 'Purchase / User', needed: false, prefixes: ['purchase.'] },
  { app: 'Sales', group: 'Sales / User: All Documents', needed: false, prefixes: ['sale.'] },
  { app: 'Inventory', group: 'Inventory / User', needed: true, prefixes: ['stock.'] },
  { app: 'Odoo itself', group: 'User types / Internal User', needed: true, prefixes: [''] },
];

/** Every model once, at the first app whose prefix fits. */
export function modelsByApp(): AppModels[] {
  const left = new Set([...MASTER_READS.map(({ model }) => model), ...OTHER_READS]);
  for (const model of ADDON_MODELS) left.delete(model);
  return APPS.map(({ prefixes, ...app }) => {
    const models = [...left].filter((model) => prefixes.some((prefix) => model.startsWith(prefix)));
    for (const model of models) left.delete(model);
    return { ...app, models: models.sort() };
  });
}
