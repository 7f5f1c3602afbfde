// Streaming reader of a posted plan: `<operationplans>` and `<demands>` pages (connector.md 3.1). Bytes in, records out, one
// record in memory at a time. DOCTYPE, processing instructions and entities of their own are refused, sizes are bounded.
import { SaxesParser } from 'saxes';
import { PlanbridgeError } from '../../errors.ts';
import { type PostedRecord, type RawOrder, readPostedOrder, readPostedPromise } from '../../mapping/posted.ts';

export interface OrderLimits {
  /** Orders and demands in one document. */
  records: number;
  depth: number;
  /** Elements within one record. */
  children: number;
  /** Characters of one attribute. */
  attribute: number;
  attributes: number;
  /** Characters between two `>`: what a parser has to hold at once. */
  run: number;
}

export const ORDER_LIMITS: OrderLimits = {
  records: 200_000,
  depth: 16,
  children: 5_000,
  attribute: 20_000,
  attributes: 100,
  run: 262_144,
};

type Attributes = Readonly<Record<string, string>>;
interface OpenStep {
  attributes: Attributes;
  resources: Attributes[];
  items: Attributes[];
}
interface OpenOrder extends OpenStep {
  workorders: OpenStep[];
}

/** What XML 1.0 forbids and names in Odoo hold nevertheless. */
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;

/**
 * Reads a document from chunks of UTF-8. Records come in document order; one that is wrong comes as its refusal.
 * @throws PlanbridgeError PB_PLAN_DOCUMENT, with line and column, when the document as a whole cannot be trusted
 */
export async function readOrders(
  chunks: AsyncIterable<Uint8Array>,
  take: (record: PostedRecord) => void,
  limits: OrderLimits = ORDER_LIMITS,
): Promise<void> {
  const parser = orderParser(take, limits);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw refuse('it is not UTF-8', cause);
    }
  };
  for await (const chunk of chunks) parser.write(decode(chunk));
  parser.write(decode());
  parser.close();
}

function refuse(what: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_PLAN_DOCUMENT', 400, `The posted plan is refused: ${what}.`, {
    remedy:
      'Nothing was written to Odoo. A plan is plain XML in UTF-8 without DOCTYPE, entities and processing instructions.',
    cause,
  });
}

function orderParser(
  take: (record: PostedRecord) => void,
  limits: OrderLimits,
): { write(text: string): void; close(): void } {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const fail = (what: string, cause?: unknown): never => {
    throw refuse(`line ${parser.line}, column ${parser.column}: ${what}`, cause);
  };
  let depth = 0;
  let list = '';
  let index = 0;
  let children = 0;
  let order: OpenOrder | null = null;
  let step: OpenStep | null = null;
  /** Characters since the last `>`, and the end of the last chunk as long as a DOCTYPE may come. */
  let run = 0;
  let prolog: string | null = '';

  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '').slice(0, 200), error));
  parser.on('doctype', () => fail('a DOCTYPE is not accepted'));
  parser.on('processinginstruction', ({ target }) =>
    fail(`the processing instruction ${target.slice(0, 40)} is not accepted`),
  );
  parser.on('attribute', ({ name, value }) => {
    if (value.length > limits.attribute)
      fail(`attribute ${name.slice(0, 40)} has more than ${limits.attribute} characters`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > limits.depth) fail(`elements are nested deeper than ${limits.depth}`);
    const given = Object.assign(Object.create(null), attributes) as Record<string, string>;
    if (Object.keys(given).length > limits.attributes) fail(`<${name}> has more than ${limits.attributes} attributes`);
    if (depth === 1) {
      prolog = null;
      if (name !== 'plan') fail(`the document is a <${name.slice(0, 40)}>, not a <plan>`);
    } else if (depth === 2) {
      list = name;
    } else if (depth === 3 && list === 'operationplans' && name === 'operationplan') {
      order = { attributes: given, resources: [], items: [], workorders: [] };
      children = 0;
    } else if (depth === 3 && list === 'demands' && name === 'demand') {
      count();
      take(readPostedPromise(given, index++));
    } else if (order !== null) {
      children += 1;
      if (children > limits.children) fail(`an order has more than ${limits.children} elements`);
      child(order, name, given);
    }
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    if (name === 'workorder' && depth === 3) step = null;
    if (depth !== 2 || order === null) return;
    count();
    const raw: RawOrder = order;
    order = null;
    step = null;
    take(readPostedOrder(raw, index++));
  });

  function child(open: OpenOrder, name: string, given: Attributes): void {
    if (depth === 4 && name === 'workorder') {
      step = { attributes: given, resources: [], items: [] };
      open.workorders.push(step);
    }
    const target = depth === 5 && step !== null ? step : depth === 4 ? open : null;
    if (name === 'resource') target?.resources.push(given);
    if (name === 'item') target?.items.push(given);
  }

  function count(): void {
    if (index >= limits.records) fail(`it has more than ${limits.records} records`);
  }

  function measure(text: string): void {
    let from = 0;
    for (let at = text.indexOf('>'); at >= 0; at = text.indexOf('>', from)) {
      if (run + at - from > limits.run) fail(`there are more than ${limits.run} characters in one piece`);
      run = 0;
      from = at + 1;
    }
    run += text.length - from;
    if (run > limits.run) fail(`there are more than ${limits.run} characters in one piece`);
  }

  return {
    write(chunk) {
      const text = chunk.replace(FORBIDDEN, '');
      measure(text);
      // Refused before a parser has read through it.
      if (prolog !== null) {
        const seen = prolog + text.slice(0, limits.run);
        const root = seen.search(/<[A-Za-z_]/);
        if (/<!DOCTYPE/i.test(root < 0 ? seen : seen.slice(0, root))) fail('a DOCTYPE is not accepted');
        prolog = root < 0 ? seen.slice(-9) : null;
      }
      parser.write(text);
    },
    close() {
      if (depth === 0 && list === '' && prolog !== null) fail('it is empty');
      parser.close();
    },
  };
}
