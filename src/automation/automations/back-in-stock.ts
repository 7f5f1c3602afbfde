// 18: who waits for a product is told when it is there again, with a coupon of his own; then he waits no more. The coupon's code is
// written down before it is made, so that a crash makes no second one.
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { link, type OdooRow, tableOf, text } from '../../mapping/records.ts';
import { type AutomationContext, automation } from '../automation.ts';
import { dayAfter, startOfDay } from '../days.ts';
import type { StockRequest } from '../forms/store.ts';
import { BACK_IN_STOCK_TEMPLATES } from '../messages/back-in-stock.ts';
import { fillHtml, fillText } from '../messages/template.ts';
import { availableStock, rounded } from '../stock.ts';
import { readMatches } from '../storefront/match.ts';
import type { StoreProduct } from '../storefront/storefront.ts';

const settings = z.object({
  least: z.number().positive().default(1).describe('Quantity that has to be there'),
  couponAmount: z.number().min(0).default(10).describe('What the coupon takes off; 0 = no coupon'),
  couponMinimum: z.number().min(0).default(100).describe('Total of an order from which it counts'),
  couponDays: z.int().min(1).max(365).default(3).describe('Days for which it can be used'),
  couponFor: z
    .enum(['item', 'order'])
    .default('item')
    .describe('Whether the order has to hold the product, or any order counts'),
  currency: z.string().max(3).default('$').describe('Sign before amounts'),
  locale: z.string().default('en-US').describe('How days are written'),
  shop: z.string().default('Your shop').describe('Name under the mail'),
  ...BACK_IN_STOCK_TEMPLATES,
});
type Settings = z.output<typeof settings>;
type Context = AutomationContext<Settings>;

const FILE = 'coupons/created_coupon_log.csv';
const HEADER = ['created', 'code', 'amount', 'minimum', 'expires', 'email', 'product'];

/** What was decided for a request; JSON. */
type Draft = { code: string; expiresAt: number };

/** Without letters and digits that are taken for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
const newCode = () => `BACK-${Array.from({ length: 8 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;

/** The end of its last day. Pure. */
export function couponEnd(today: string, days: number, startOf: (day: string) => number): number {
  return startOf(dayAfter(today, days + 1)) * 1_000 - 1_000;
}

interface Wanted {
  row: OdooRow;
  name: string;
  description: string;
  store: StoreProduct | null;
}

async function readCatalogue(context: Context): Promise<(product: string) => Wanted | null> {
  const { odoo } = context;
  const matches = await readMatches(context as AutomationContext);
  const rows = await odoo.rows({
    model: 'product.product',
    fields: ['default_code', 'product_tmpl_id', 'active'],
    domain: [['active', '=', true]],
  });
  const fields = ['name', 'description_sale'];
  const templates = tableOf(await odoo.rows({ model: 'product.template', fields }));
  const bySku = new Map(rows.map((row) => [text(row, 'default_code').trim().toLowerCase(), row]));
  const byId = new Map(rows.map((row) => [String(row.id), row]));
  return (product) => {
    const asked = product.trim().toLowerCase();
    const row = (asked === '' ? undefined : bySku.get(asked)) ?? byId.get(asked);
    if (!row) return null;
    const template = templates.get(link(row, 'product_tmpl_id') ?? 0);
    const store = matches.storeOf.get(row.id) ?? null;
    const name = store?.name || text(template, 'name') || product;
    return { row, name, description: text(template, 'description_sale'), store };
  };
}

/** What the coupon is for this request: decided once, unless it could not be told before it ended. */
async function draftOf({ state, zone, today, now, settings: wanted }: Context, request: StockRequest): Promise<Draft> {
  const key = `request/${request.id}`;
  const kept = (await state.get(key)) as Draft | undefined;
  if (kept && kept.expiresAt > now()) return kept;
  const expiresAt = couponEnd(today(), wanted.couponDays, (day) => startOfDay(zone, day));
  const draft: Draft = { code: newCode(), expiresAt };
  await state.set(key, draft);
  return draft;
}

/** @returns false when it was not made */
async function makeCoupon(context: Context, request: StockRequest, product: Wanted, draft: Draft): Promise<boolean> {
  const { storefront, effect, files, settings: wanted, today, signal } = context;
  const { code, expiresAt } = draft;
  const { couponAmount: amount, couponMinimum: minimum } = wanted;
  const outcome = await effect(
    {
      ...{
        key: `coupon/${request.id}/${code}`,
        once: 'ever',
        subject: request.email,
        description: `coupon for ${product.name}`,
      },
      ...{ before: null, after: { amount, minimum, expires: new Date(expiresAt).toISOString() } },
    },
    async () => {
      const products = wanted.couponFor === 'item' && product.store ? [product.store.id] : [];
      const name = `Back in stock ${request.id} ${code}`;
      const made = await storefront.createCoupon({ code, name, amount, minimum, products, expiresAt, uses: 1 }, signal);
      return made.id;
    },
  );
  if (outcome.kind === 'failed') return false;
  const noted = [today(), code, amount, minimum, new Date(expiresAt).toISOString(), request.email, product.name];
  await files.appendCsv(FILE, HEADER, [noted], `note/${request.id}/${code}`);
  return true;
}

async function tell(context: Context, request: StockRequest, product: Wanted, draft: Draft | null): Promise<boolean> {
  const { mail, settings: wanted, storefront, zone } = context;
  const money = (amount: number) => `${wanted.currency}${Number.isInteger(amount) ? amount : amount.toFixed(2)}`;
  const days = new Intl.DateTimeFormat(wanted.locale, { dateStyle: 'long', timeZone: zone.name });
  const address = product.store?.path && storefront.address ? storefront.address + product.store.path : null;
  const fillings = {
    ...{ name: request.name, product: product.name, description: product.description },
    ...{ image: product.store?.image ?? null, link: address, shop: wanted.shop },
    ...{ amount: money(wanted.couponAmount), minimum: money(wanted.couponMinimum) },
    ...{ code: draft?.code ?? null, expires: draft ? days.format(draft.expiresAt) : null },
  };
  const outcome = await mail.send({
    ...{ key: `mail/${request.id}`, once: 'ever', to: request.email },
    subject: fillText(wanted.subject, fillings),
    html: fillHtml(wanted.html, fillings),
    text: fillText(wanted.text, fillings),
  });
  return outcome.kind === 'done' || outcome.kind === 'known';
}

export const backInStock = automation({
  name: 'back-in-stock',
  title: 'Back in stock',
  seed: '18',
  description:
    'Tells who asked for it that a product is in stock again, by a mail with its picture and a fresh coupon; the request is removed once it is served.',
  schedule: 'daily at 09:00',
  missed: 'once',
  needs: ['odoo', 'storefront', 'mail', 'files'],
  settings,
  async run(given) {
    const context = given as Context;
    const { odoo, forms, state, signal, settings: wanted, count, log } = context;
    const waiting = await forms.stockRequests();
    count('requests', waiting.length);
    if (waiting.length === 0) return;
    const find = await readCatalogue(context);
    const available = await availableStock(odoo);
    for (const request of waiting) {
      signal.throwIfAborted();
      const product = find(request.product);
      if (!product) {
        log(
          'warn',
          `Request ${request.id} is for ${request.product}, which is no product in Odoo; it goes on waiting.`,
        );
        continue;
      }
      if (rounded(available.get(product.row.id) ?? 0) < wanted.least) continue;
      const draft = wanted.couponAmount > 0 ? await draftOf(context, request) : null;
      if (draft && !(await makeCoupon(context, request, product, draft))) continue;
      if (!(await tell(context, request, product, draft))) continue;
      await forms.stockRequestServed(request.id);
      await state.remove(`request/${request.id}`);
    }
  },
});
