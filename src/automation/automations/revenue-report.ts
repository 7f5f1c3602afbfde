// 16. The revenue report for accounting: the week by day, and what was paid by which method, kinds of cards apart. On Sunday, so that
// it is there on Monday morning.
import { z } from 'zod';
import type { Domain } from '../../connector/odoo/reader.ts';
import { link, number, type OdooRow, text } from '../../mapping/records.ts';
import { parseStamp, type Zone } from '../../mapping/time.ts';
import { type AutomationOdoo, automation } from '../automation.ts';
import { dayAfter, dayOf, daysBetween, startOfDay, weekdayName } from '../days.ts';
import { bars, figures, type Html, heading, money, page, paragraph, table } from '../report/html.ts';
import { addresses } from '../report/receivers.ts';
import { requireSales, soldLines, within } from '../sales.ts';
import { currencyOf, sumUp } from './administrative-report.ts';

const Settings = z.object({
  to: addresses,
  subject: z.string().min(1).default('Revenue report'),
  days: z.int().min(1).max(92).default(7).describe('Whole days before the one on which it is sent'),
});

export const revenueReport = automation({
  name: 'revenue-report',
  title: 'Revenue report',
  seed: '16',
  description: 'Sends the revenue of the week to accounting, by day and by method of payment.',
  schedule: 'Sunday at 18:00',
  missed: 'once',
  needs: ['odoo', 'mail'],
  settings: Settings,
  async run({ settings, odoo, mail, zone, today }) {
    await requireSales(odoo);
    const until = today();
    const from = dayAfter(until, -settings.days);
    const stretch = { from: startOfDay(zone, from), until: startOfDay(zone, until) };
    const sales = await sumUp(soldLines(odoo, stretch), (at) => dayOf(zone, at));
    const payments = [...(await posPayments(odoo, stretch, zone)), ...(await accountPayments(odoo, from, until))];
    const shown = money(await currencyOf(odoo));
    const days = daysBetween(from, until);
    const revenue = (day: string) => sales.days.get(day)?.revenue ?? 0;
    const total = days.reduce((sum, day) => sum + revenue(day), 0);
    const title = `${settings.subject}: ${from} to ${dayAfter(until, -1)}`;
    const { html, text: plain } = page(title, [
      figures([
        { label: 'Revenue without tax', value: shown(total) },
        { label: 'Paid', value: shown(payments.reduce((sum, { amount }) => sum + amount, 0)) },
      ]),
      heading('Revenue by day'),
      bars(
        days.map((day) => ({ label: `${weekdayName(day).slice(0, 3)} ${day.slice(5)}`, value: revenue(day) })),
        shown,
      ),
      heading('Methods of payment'),
      ...methodTables(payments, days, shown),
    ]);
    for (const to of settings.to) {
      await mail.send({ key: `report ${until} ${to}`, once: 'run', to, subject: title, html, text: plain });
    }
  },
});

export interface Payment {
  method: string;
  day: string;
  amount: number;
}

export function methodTables(
  payments: readonly Payment[],
  days: readonly string[],
  shown: (value: number) => string,
): Html[] {
  if (payments.length === 0) return [paragraph('No payments were recorded.')];
  const byMethod = [...Map.groupBy(payments, ({ method }) => method)].toSorted(([a], [b]) => a.localeCompare(b));
  const sum = (list: readonly Payment[]) => list.reduce((all, { amount }) => all + amount, 0);
  const totals = table(
    [{ title: 'Method' }, { title: 'Payments', align: 'right' }, { title: 'Amount', align: 'right' }],
    byMethod.map(([method, list]) => [method, String(list.length), shown(sum(list))]),
    ['Total', String(payments.length), shown(sum(payments))],
  );
  const perDay = table(
    [
      { title: 'Day' },
      ...byMethod.map(([title]) => ({ title, align: 'right' as const })),
      { title: 'Total', align: 'right' },
    ],
    days.map((day) => {
      const ofDay = payments.filter((payment) => payment.day === day);
      const cells = byMethod.map(([method]) => shown(sum(ofDay.filter((payment) => payment.method === method))));
      return [`${weekdayName(day).slice(0, 3)} ${day}`, ...cells, shown(sum(ofDay))];
    }),
  );
  return [totals, heading('Methods of payment by day'), perDay];
}

/** Of the point of sale; change that was given back counts against cash. */
async function posPayments(
  odoo: AutomationOdoo,
  stretch: { from: number; until: number },
  zone: Zone,
): Promise<Payment[]> {
  if (!(await odoo.has('pos.payment', ['payment_method_id', 'amount', 'payment_date']))) return [];
  const methods = await namesOf(odoo, 'pos.payment.method');
  const domain = within('payment_date', stretch) as Domain;
  const fields = ['payment_method_id', 'amount', 'payment_date', 'card_type', 'card_brand'];
  const rows = await odoo.rows({ model: 'pos.payment', fields, domain });
  return rows.map((row) => {
    const card = text(row, 'card_brand') || text(row, 'card_type');
    const method = methods.get(link(row, 'payment_method_id') ?? 0) ?? 'other';
    const day = dayOf(zone, parseStamp(row.payment_date) ?? stretch.from);
    return { method: card === '' ? method : `${method} (${card})`, day, amount: number(row, 'amount') };
  });
}

const RECEIVED = ['posted', 'in_process', 'paid'];

/** Of customers, on invoices: by journal. */
async function accountPayments(odoo: AutomationOdoo, from: string, until: string): Promise<Payment[]> {
  if (!(await odoo.has('account.payment', ['journal_id', 'amount', 'date', 'payment_type', 'partner_type', 'state'])))
    return [];
  const journals = await namesOf(odoo, 'account.journal');
  const rows: OdooRow[] = await odoo.rows({
    model: 'account.payment',
    fields: ['journal_id', 'amount', 'date', 'payment_type'],
    domain: [
      ['partner_type', '=', 'customer'],
      ['state', 'in', RECEIVED],
      ['date', '>=', from],
      ['date', '<', until],
    ],
  });
  return rows.map((row) => ({
    method: `Invoices: ${journals.get(link(row, 'journal_id') ?? 0) ?? 'other'}`,
    day: text(row, 'date').slice(0, 10),
    amount: text(row, 'payment_type') === 'outbound' ? -number(row, 'amount') : number(row, 'amount'),
  }));
}

async function namesOf(odoo: AutomationOdoo, model: string): Promise<Map<number, string>> {
  if (!(await odoo.has(model))) return new Map();
  return new Map((await odoo.rows({ model, fields: ['name'] })).map((row) => [row.id, text(row, 'name')]));
}
