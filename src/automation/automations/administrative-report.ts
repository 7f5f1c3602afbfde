// 15. The administrative report: how yesterday went, the last two weeks against the same weeks of last year, what sold best, what
// sells and is not there. By mail, every morning.
import { z } from 'zod';
import { type OdooRow, text } from '../../mapping/records.ts';
import type { Instant } from '../../mapping/time.ts';
import { type AutomationOdoo, automation } from '../automation.ts';
import { dayAfter, dayOf, daysBetween, startOfDay, weekdayName } from '../days.ts';
import { bars, change, figures, heading, money, page, paragraph, table } from '../report/html.ts';
import { addresses } from '../report/receivers.ts';
import { requireSales, type SoldLine, soldLines } from '../sales.ts';
import { availableStock, rounded } from '../stock.ts';

const Settings = z.object({
  to: addresses,
  subject: z.string().min(1).default('Administrative report'),
  days: z.int().min(2).max(62).default(14).describe('Days of the chart'),
  top: z.int().min(1).max(100).default(10).describe('Length of the lists'),
});

/** So that Mondays are compared with Mondays. */
const YEAR_DAYS = 364;

export const administrativeReport = automation({
  name: 'administrative-report',
  title: 'Administrative report',
  seed: '15',
  description:
    'Sends the figures of the shop to the administrative team: revenue against last year, what sold best, what is missing.',
  schedule: 'daily at 06:30',
  missed: 'once',
  needs: ['odoo', 'mail'],
  settings: Settings,
  async run({ settings, odoo, mail, zone, today, progress }) {
    await requireSales(odoo);
    const until = today();
    const from = dayAfter(until, -settings.days);
    const start = (day: string) => startOfDay(zone, day);
    progress(0.1, 'sales');
    const now = await sumUp(soldLines(odoo, { from: start(from), until: start(until) }), (at) => dayOf(zone, at));
    const lastYear = { from: start(dayAfter(from, -YEAR_DAYS)), until: start(dayAfter(until, -YEAR_DAYS)) };
    const before = await sumUp(soldLines(odoo, lastYear), (at) => dayAfter(dayOf(zone, at), YEAR_DAYS));
    progress(0.6, 'stock');
    const best = [...now.products.entries()].toSorted(([, a], [, b]) => b.revenue - a.revenue).slice(0, settings.top);
    const available = await availableStock(odoo);
    const missing = [...now.products.entries()]
      .filter(([product, { quantity }]) => quantity > 0 && (available.get(product) ?? 0) < 1)
      .toSorted(([, a], [, b]) => b.revenue - a.revenue);
    const names = await productNames(
      odoo,
      [...best, ...missing.slice(0, settings.top * 3)].map(([product]) => product),
    );
    const short = missing.filter(([product]) => names.get(product)?.counted).slice(0, settings.top);

    const shown = money(await currencyOf(odoo));
    const yesterday = dayAfter(until, -1);
    const of = (sums: Sums, day: string) => sums.days.get(day) ?? { revenue: 0, orders: new Set<string>() };
    const [day, dayBefore] = [of(now, yesterday), of(before, yesterday)];
    const days = daysBetween(from, until);
    const total = (sums: Sums) => days.reduce((sum, each) => sum + of(sums, each).revenue, 0);
    const nameOf = (product: number) => names.get(product)?.name ?? `product ${product}`;
    const title = `${settings.subject}: ${weekdayName(yesterday)}, ${yesterday}`;
    const { html, text: plain } = page(title, [
      figures([
        { label: 'Revenue yesterday', value: shown(day.revenue), note: versus(day.revenue, dayBefore.revenue) },
        { label: 'Orders', value: String(day.orders.size), note: versus(day.orders.size, dayBefore.orders.size) },
        { label: 'Average order', value: shown(day.orders.size > 0 ? day.revenue / day.orders.size : 0) },
        { label: `Last ${settings.days} days`, value: shown(total(now)), note: versus(total(now), total(before)) },
      ]),
      heading('Revenue by day'),
      bars(
        days.map((each) => ({
          label: `${weekdayName(each).slice(0, 3)} ${each.slice(5)}`,
          value: of(now, each).revenue,
          before: of(before, each).revenue,
        })),
        shown,
      ),
      paragraph('Pale: the same day of the week last year. Without tax.'),
      heading(`Sold best in ${settings.days} days`),
      table(
        [{ title: 'Product' }, { title: 'Quantity', align: 'right' }, { title: 'Revenue', align: 'right' }],
        best.map(([product, sold]) => [nameOf(product), String(rounded(sold.quantity)), shown(sold.revenue)]),
      ),
      heading('Sells, and is out of stock'),
      short.length === 0
        ? paragraph('Nothing.')
        : table(
            [{ title: 'Product' }, { title: 'Sold', align: 'right' }, { title: 'Available', align: 'right' }],
            short.map(([product, sold]) => {
              return [nameOf(product), String(rounded(sold.quantity)), String(rounded(available.get(product) ?? 0))];
            }),
          ),
    ]);
    for (const to of settings.to) {
      await mail.send({ key: `report ${until} ${to}`, once: 'run', to, subject: title, html, text: plain });
    }
  },
});

interface Sums {
  days: Map<string, { revenue: number; orders: Set<string> }>;
  products: Map<number, { quantity: number; revenue: number }>;
}

export async function sumUp(pages: AsyncIterable<SoldLine[]>, day: (at: Instant) => string): Promise<Sums> {
  const sums: Sums = { days: new Map(), products: new Map() };
  for await (const lines of pages) {
    for (const line of lines) {
      const name = day(line.at);
      const ofDay = sums.days.get(name) ?? { revenue: 0, orders: new Set<string>() };
      ofDay.revenue += line.revenue;
      ofDay.orders.add(`${line.source} ${line.order}`);
      sums.days.set(name, ofDay);
      const sold = sums.products.get(line.product) ?? { quantity: 0, revenue: 0 };
      sold.quantity += line.quantity;
      sold.revenue += line.revenue;
      sums.products.set(line.product, sold);
    }
  }
  return sums;
}

function versus(value: number, before: number): string {
  const difference = change(value, before);
  return difference === '' ? '' : `${difference} to last year`;
}

async function productNames(
  odoo: AutomationOdoo,
  ids: readonly number[],
): Promise<Map<number, { name: string; counted: boolean }>> {
  const rows: OdooRow[] = await odoo.rows({
    model: 'product.product',
    fields: ['name', 'default_code', 'type', 'detailed_type', 'is_storable'],
    domain: [['id', 'in', [...new Set(ids)]]],
  });
  return new Map(
    rows.map((row) => {
      const reference = text(row, 'default_code');
      const counted =
        row.is_storable === true || text(row, 'detailed_type') === 'product' || text(row, 'type') === 'product';
      return [row.id, { name: `${reference ? `[${reference}] ` : ''}${text(row, 'name')}`, counted }];
    }),
  );
}

export async function currencyOf(odoo: AutomationOdoo): Promise<string> {
  const [company] = await odoo.rows({
    model: 'res.company',
    fields: ['currency_id'],
    domain: [['id', '=', odoo.company.id]],
  });
  const id = Number(company?.currency_id ?? 0);
  const [currency] = await odoo.rows({ model: 'res.currency', fields: ['name'], domain: [['id', '=', id]] });
  const name = text(currency, 'name');
  return /^[A-Z]{3}$/.test(name) ? name : 'USD';
}
