// UBL 2.1 Order documents. A document type is refused; entities are never expanded.
import { XMLParser } from 'fast-xml-parser';
import type { WrittenCommon, WrittenLine, WrittenOrder } from './lines.ts';

const NAMESPACE = 'urn:oasis:names:specification:ubl:schema:xsd:Order-2';
const LARGEST = 5_000_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

function at(node: unknown, ...path: string[]): unknown {
  let here = node;
  for (const name of path) {
    if (Array.isArray(here)) here = here[0];
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[name];
  }
  return here;
}

function text(node: unknown, ...path: string[]): string | undefined {
  let value = at(node, ...path);
  if (Array.isArray(value)) value = value[0];
  if (typeof value === 'object' && value !== null) value = (value as Record<string, unknown>)['#text'];
  const found = value === undefined || value === null ? '' : decode(String(value)).trim();
  return found || undefined;
}

/** The five entities of XML itself, and characters by number. */
function decode(value: string): string {
  return value.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(lt|gt|quot|apos|amp));/gi, (whole, decimal, hex, name) => {
    if (name) return { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[String(name).toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}

function list(node: unknown): unknown[] {
  return node === undefined ? [] : Array.isArray(node) ? node : [node];
}

export function decodeXml(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const declared = /^[^>]{0,200}encoding\s*=\s*["']([\w-]+)["']/.exec(bytes.subarray(0, 300).toString('latin1'))?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder('utf-8').decode(bytes);
  }
}

/**
 * @returns undefined when it is another document
 * @throws Error when it is refused: a document type, too large, not well-formed
 */
export function readUbl(bytes: Buffer): WrittenOrder | undefined {
  if (bytes.length > LARGEST) throw new Error('the document is too large');
  const xml = decodeXml(bytes).replaceAll('\0', '');
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw new Error('it declares a document type');
  const root = parser.parse(xml) as unknown;
  const order = at(root, 'Order');
  if (order === undefined || !xml.includes(NAMESPACE)) return undefined;
  const common: WrittenCommon = {
    customerReference: text(order, 'ID'),
    orderDate: text(order, 'IssueDate'),
    deliveryDate: dateOf(at(order, 'Delivery')),
    address: addressOf(at(order, 'Delivery')),
  };
  const lines = list(at(order, 'OrderLine')).map((line, index) => lineOf(at(line, 'LineItem'), index));
  return { layout: 'ubl', lines, common };
}

function dateOf(delivery: unknown): string | undefined {
  return (
    text(delivery, 'RequestedDeliveryPeriod', 'EndDate') ??
    text(delivery, 'RequestedDeliveryPeriod', 'StartDate') ??
    text(delivery, 'LatestDeliveryDate') ??
    text(delivery, 'ActualDeliveryDate')
  );
}

function addressOf(delivery: unknown): string | undefined {
  const address = at(delivery, 'DeliveryLocation', 'Address') ?? at(delivery, 'DeliveryAddress');
  if (address === undefined) return undefined;
  const city = [text(address, 'PostalZone'), text(address, 'CityName')].filter(Boolean).join(' ');
  const parts = [
    text(delivery, 'DeliveryLocation', 'Name') ?? text(delivery, 'DeliveryParty', 'PartyName', 'Name'),
    text(address, 'StreetName'),
    text(address, 'BuildingNumber'),
    text(address, 'AdditionalStreetName'),
    ...list(at(address, 'AddressLine')).map((line) => text(line, 'Line')),
    city || undefined,
    text(address, 'CountrySubentity'),
    text(address, 'Country', 'IdentificationCode'),
  ];
  return parts.filter(Boolean).join(', ') || undefined;
}

function lineOf(item: unknown, index: number): WrittenLine {
  const quantity = at(item, 'Quantity');
  const amount = text(item, 'Quantity');
  const unit =
    typeof quantity === 'object' && quantity !== null ? (quantity as Record<string, unknown>)['@unitCode'] : undefined;
  return {
    code:
      text(item, 'Item', 'SellersItemIdentification', 'ID') ?? text(item, 'Item', 'StandardItemIdentification', 'ID'),
    buyerCode: text(item, 'Item', 'BuyersItemIdentification', 'ID'),
    description: text(item, 'Item', 'Name') ?? text(item, 'Item', 'Description'),
    // XML writes numbers in one way, whatever the country.
    quantity: amount !== undefined && /^-?\d+(?:\.\d+)?$/.test(amount) ? Number(amount) : amount,
    unit: unit === undefined ? undefined : String(unit),
    deliveryDate: dateOf(at(item, 'Delivery')),
    place: `order line ${text(item, 'ID') ?? index + 1}`,
  };
}
