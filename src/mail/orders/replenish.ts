// What is missing for a customer who waits: a draft purchase order at the product's vendor, through the same write-back as a plan's,
// so that it is made once however often this is tried. What nobody sells to us is a matter for a person.
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { readOrders } from '../../connector/document/orders.ts';
import { escapeXml } from '../../connector/document/xml.ts';
import type { PostedRecord } from '../../mapping/posted.ts';
import { type OdooRow, text } from '../../mapping/records.ts';
import { formatStamp } from '../../mapping/time.ts';
import type { Surroundings } from '../../parts.ts';
import type { Catalogue } from '../catalogue.ts';
import type { ShortLine } from '../conversation/model.ts';
import type { Desk } from './desk.ts';
import { chooseOffers } from './offers.ts';

export interface ReplenishLine {
  product: number;
  name: string;
  code: string;
  /** In the product's own unit. */
  quantity: number;
  unit: string;
  day: string | null;
}

export interface VendorRequest {
  vendor: number;
  name: string;
  email: string | null;
  /** As Odoo writes it (`de_CH`). */
  lang: string | null;
  /** Number of the draft purchase order. */
  order: string | null;
  lines: ReplenishLine[];
}

export interface ReplenishResult {
  requests: VendorRequest[];
  orders: { id: number; name: string }[];
  /** Sentences for a person. */
  problems: string[];
}

const compressed = promisify(gzip);

export interface ReplenishSurroundings extends Pick<Surroundings, 'imports' | 'account'> {
  desk: Desk;
  catalogue: () => Promise<Catalogue>;
}

/**
 * @param key the same for the same wish however often it is tried
 * @param at when it was wished, likewise
 */
export async function replenish(
  key: string,
  at: Date,
  short: readonly ShortLine[],
  surroundings: ReplenishSurroundings,
): Promise<ReplenishResult> {
  const { desk, imports, account } = surroundings;
  const result: ReplenishResult = { requests: [], orders: [], problems: [] };
  const catalogue = await surroundings.catalogue();
  const { writer, zone: where, company: owner } = await desk.connect();
  const products = await desk.products(
    short.map(({ product }) => product),
    600_000,
  );
  const start = formatStamp(where.toWall(Math.floor(at.getTime() / 1000)));
  const lacking = short.filter((line) => products.has(line.product) && missing(line) > 0);
  const { units } = await desk.saleContext(lacking.map(({ product }) => product));
  const offers = await chooseOffers(
    lacking.map((line) => ({ product: line.product, quantity: missing(line) })),
    { writer, units, company: owner.id, today: start.slice(0, 10) },
  );
  const vendorOfLine = new Map<number, number>();
  const wanted = new Map<number, { line: ShortLine; row: OdooRow; quantity: number }[]>();
  for (const line of lacking) {
    const { row } = products.get(line.product)!;
    const offer = offers.get(line.product);
    if (!offer) {
      const name = text(row, 'display_name') || `product ${line.product}`;
      result.problems.push(`${name} has no vendor: ${missing(line)} of it are to be made or bought.`);
      continue;
    }
    vendorOfLine.set(line.line, offer.vendor);
    wanted.set(offer.vendor, [...(wanted.get(offer.vendor) ?? []), { line, row, quantity: offer.quantity }]);
  }
  if (wanted.size === 0) return result;
  const vendors = await writer.read({
    model: 'res.partner',
    domain: [['id', 'in', [...wanted.keys()]]],
    fields: ['name', 'email', 'lang', 'active'],
  });
  const elements: string[] = [];
  for (const [vendor, lines] of wanted) {
    const partner = vendors.find(({ id }) => id === vendor);
    const request: VendorRequest = {
      vendor,
      name: text(partner, 'name'),
      email: text(partner, 'email') || null,
      lang: text(partner, 'lang') || null,
      order: null,
      lines: [],
    };
    for (const { line, row, quantity } of lines) {
      const known = catalogue.product(line.product);
      const day = line.promise;
      const end = day === null || `${day}T12:00:00` < start ? start : `${day}T12:00:00`;
      request.lines.push({
        product: line.product,
        name: text(row, 'display_name'),
        code: known?.default_code ?? '',
        quantity,
        unit: known?.uom ?? '',
        day,
      });
      elements.push(
        element({
          ordertype: 'PO',
          reference: `mail ${key} ${line.line}`,
          item: text(row, 'display_name'),
          item_id: `${row.uom_id},${line.product}`,
          supplier: `${text(partner, 'name')} ${vendor}`,
          quantity: String(quantity),
          start: start.replace('T', ' '),
          end: end.replace('T', ' '),
          remark: 'mail order',
        }),
      );
    }
    if (!request.email)
      result.problems.push(`${request.name || `Vendor ${vendor}`} has no e-mail address and was not asked.`);
    result.requests.push(request);
  }
  const document = Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?>\n<plan><operationplans>\n${elements.join('\n')}\n</operationplans></plan>\n`,
  );
  const posted: PostedRecord[] = [];
  await readOrders(once(document), (record) => posted.push(record));
  const { company, ...caller } = await account();
  const { result: made } = await imports.run(caller, {
    request: { mode: 2, company, actualUser: null },
    posted,
    document: await compressed(document),
    source: 'mail',
    client: 'mail orders',
    repeats: null,
  });
  for (const record of made.records) {
    if (record.outcome === 'refused') {
      result.problems.push(`Odoo takes no purchase order for ${record.item}: ${record.note}.`);
      continue;
    }
    if (record.id === null) continue;
    if (!result.orders.some(({ id }) => id === record.id))
      result.orders.push({ id: record.id, name: record.name ?? '' });
    const line = Number(/ (\d+)$/.exec(record.reference)?.[1]);
    const vendor = vendorOfLine.get(line);
    const request = result.requests.find((each) => each.vendor === vendor);
    if (request) request.order = record.name;
  }
  return result;
}

/** What the free stock at the time of the question leaves open. */
function missing({ wanted, free }: ShortLine): number {
  return Number((wanted - Math.max(0, Math.min(free, wanted))).toPrecision(12));
}

function element(attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escapeXml(value)}"`);
  return `<operationplan ${written.join(' ')}/>`;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes;
}
