// Colours and types of the mapping's diagram, for light and dark surroundings. No fonts are fetched.

/** Parts of Odoo, each with a colour of its own. */
export const AREAS = ['people', 'stock', 'products', 'making', 'selling', 'buying'] as const;

export type Area = (typeof AREAS)[number];

const INKS: Readonly<Record<Area, readonly [light: string, dark: string]>> = {
  people: ['#64748b', '#94a3b8'],
  stock: ['#0f766e', '#2dd4bf'],
  products: ['#7c3aed', '#a78bfa'],
  making: ['#c2410c', '#fb923c'],
  selling: ['#be185d', '#f472b6'],
  buying: ['#1d4ed8', '#60a5fa'],
};

const MODEL_AREAS: readonly [prefix: string, area: Area][] = [
  ['res.', 'people'],
  ['resource.', 'people'],
  ['stock.', 'stock'],
  ['product.supplierinfo', 'buying'],
  ['product.', 'products'],
  ['mrp.', 'making'],
  ['sale.', 'selling'],
  ['purchase.', 'buying'],
];

export function areaOf(model: string): Area {
  return MODEL_AREAS.find(([prefix]) => model.startsWith(prefix))?.[1] ?? 'people';
}

const inks = (shade: 0 | 1) =>
  AREAS.map((area) => `.${area}{stroke:${INKS[area][shade]}}.${area}-f{fill:${INKS[area][shade]}}`).join('');

export const DIAGRAM_STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:#1e293b}',
  '.m{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:11px}',
  '.h1{font-size:22px;font-weight:700}.h2{font-size:12px;font-weight:600;letter-spacing:.08em;fill:#64748b}',
  '.sub{font-size:12px;fill:#64748b}.name{font-size:14px;font-weight:700}.model{font-size:12.5px;font-weight:600}',
  '.count{font-size:10.5px;fill:#475569}.quiet{fill:#475569}.off{fill:#94a3b8;text-decoration:line-through}.own{font-weight:700}',
  '.bg{fill:#ffffff}.band{fill:#f1f5f9}.card{fill:#ffffff;stroke:#cbd5e1;stroke-width:1}.pill{fill:#ffffff;stroke-width:1}',
  '.arrow{fill:none;stroke-width:1.8;opacity:.75}.dim{opacity:.55}',
  inks(0),
  '@media (prefers-color-scheme:dark){',
  'text{fill:#e2e8f0}.h2,.sub{fill:#94a3b8}.count,.quiet{fill:#b6c2d1}.off{fill:#64748b}',
  '.bg{fill:#0b1220}.band{fill:#131d2f}.card{fill:#1b2740;stroke:#334155}.pill{fill:#0b1220}',
  inks(1),
  '}',
].join('');
