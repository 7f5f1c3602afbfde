// Streaming reader of frePPLe plan documents: bytes in, planning entities out, one after the other.
// Only one entity's elements are in memory at a time. DOCTYPE, entity declarations and processing instructions are refused.
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { PlanbridgeError } from '../../errors.ts';
import type { PlanHeader } from '../../planner/model.ts';
import { type DocumentEntity, properties, type ReadContext } from './reader-common.ts';
import { ENTITY_READERS } from './reader-entities.ts';
import { booleanField, dateField, durationField, numberField, textField, type XmlNode } from './reader-values.ts';

export type { DocumentEntity } from './reader-common.ts';

/** Where a document goes while it is read. */
export interface PlanSink {
  entity(entity: DocumentEntity): void;
  /** What the head says; may come in several parts. */
  header(header: PlanHeader): void;
}

export interface ReadOptions {
  /** The name used in error messages. */
  name?: string;
  signal?: AbortSignal;
}

/**
 * Reads a plan document from chunks of bytes (plain UTF-8 or gzip) into `sink`.
 * Throws PlanbridgeError PB_PLAN_DOCUMENT with line and column for a document that cannot be read or must not be.
 */
export async function readPlanDocument(
  source: AsyncIterable<Uint8Array>,
  sink: PlanSink,
  options: ReadOptions = {},
): Promise<void> {
  const parser = planParser(sink, options.name ?? 'The plan document');
  const decoder = new TextDecoder('utf-8');
  for await (const chunk of plain(source)) {
    options.signal?.throwIfAborted();
    parser.write(decoder.decode(chunk, { stream: true }));
  }
  parser.write(decoder.decode());
  parser.close();
}

/** Reads the document in a file, `.gz` or not. A missing file is a PlanbridgeError PB_FILE. */
export async function readPlanFile(path: string, sink: PlanSink, options: ReadOptions = {}): Promise<void> {
  try {
    await readPlanDocument(createReadStream(path, { highWaterMark: 1 << 18 }), sink, { name: path, ...options });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      throw new PlanbridgeError('PB_FILE', 400, `${path}: there is no such file.`, { cause });
    }
    throw cause;
  }
}

async function* plain(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done) return;
  async function* all(): AsyncIterable<Uint8Array> {
    yield first.value as Uint8Array;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  if (first.value[0] === 0x1f && first.value[1] === 0x8b) {
    const gunzip = createGunzip();
    const feed = (async () => {
      for await (const chunk of all()) {
        if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve));
      }
      gunzip.end();
    })();
    feed.catch((error) => gunzip.destroy(error));
    yield* gunzip as AsyncIterable<Uint8Array>;
  } else yield* all();
}

/** A SAX parser that turns elements of lists into entities; write text, then close. */
export function planParser(sink: PlanSink, name: string): { write(text: string): void; close(): void } {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const fail = (message: string, cause?: unknown): never => {
    throw new PlanbridgeError(
      'PB_PLAN_DOCUMENT',
      400,
      `${name}: line ${parser.line}, column ${parser.column}: ${message}`,
      {
        remedy: 'A plan document is a <plan> in plain XML, without DOCTYPE, entities and processing instructions.',
        cause,
      },
    );
  };
  const context: ReadContext = { emit: (entity) => sink.entity(entity), suppressFlowplanCreation: false };
  const open: XmlNode[] = [];
  let depth = 0;
  let list = '';

  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, ''), error));
  parser.on('doctype', () => fail('a DOCTYPE is not accepted'));
  parser.on('processinginstruction', (pi) => fail(`the processing instruction <?${pi.target}?> is not accepted`));
  parser.on('opentag', (tag) => {
    depth++;
    if (depth === 1) {
      if (tag.name !== 'plan') fail(`the document is a <${tag.name}>, not a <plan>`);
      const node = nodeOf(tag.name, tag.attributes as Record<string, string>, parser);
      if (node.attributes.source !== undefined) sink.header({ source: node.attributes.source });
      return;
    }
    if (depth === 2) list = tag.name;
    // a child of <plan> is a list of entities, or a value of the head
    open.push(nodeOf(tag.name, tag.attributes as Record<string, string>, parser));
  });
  const text = (value: string): void => {
    const node = open[open.length - 1];
    if (node !== undefined) node.text += value;
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('closetag', () => {
    depth--;
    const node = open.pop();
    if (node === undefined) return;
    const reader = depth === 2 ? ENTITY_READERS[node.name] : undefined;
    if (depth === 2 && (reader !== undefined || list.endsWith('s'))) {
      const action = node.attributes.action;
      if (reader !== undefined && action !== 'R') reader(node, context);
    } else if (depth === 1) head(node, sink, context);
    else open[open.length - 1]?.children.push(node);
  });
  return {
    write: (chunk) => void parser.write(chunk),
    close: () => {
      parser.close();
      if (list === '' && depth !== 0) fail('the document ends in its midst');
    },
  };
}

function nodeOf(name: string, attributes: Record<string, string>, at: { line: number; column: number }): XmlNode {
  return { name, attributes, children: [], text: '', line: at.line, column: at.column };
}

/** A value of the head of the plan, such as `<current>`. Lists have been read when they close. */
function head(node: XmlNode, sink: PlanSink, context: ReadContext): void {
  const plan: XmlNode = { ...node, name: 'plan', attributes: {}, children: [node], text: '' };
  const header: PlanHeader = {};
  switch (node.name) {
    case 'name':
    case 'description':
    case 'source':
      header[node.name] = textField(plan, node.name);
      break;
    case 'current':
      header.current = dateField(plan, 'current');
      break;
    case 'autofence':
      header.autofence = durationField(plan, 'autofence');
      break;
    case 'individualPoolResources':
      header.individualPoolResources = booleanField(plan, 'individualPoolResources');
      break;
    case 'moveApprovedEarly':
      header.moveApprovedEarly = numberField(plan, 'moveApprovedEarly');
      break;
    case 'suppressFlowplanCreation':
      context.suppressFlowplanCreation = booleanField(plan, 'suppressFlowplanCreation') ?? false;
      header.suppressFlowplanCreation = context.suppressFlowplanCreation;
      break;
    case 'WIP.produce_full_quantity':
    case 'wip_produce_full_quantity':
      header.wipProduceFullQuantity = booleanField(plan, node.name);
      break;
    case 'completed_allow_future':
      header.completedAllowFuture = booleanField(plan, 'completed_allow_future');
      break;
    case 'deliveryduration':
      header.deliveryDuration = durationField(plan, 'deliveryduration');
      break;
    case 'stringproperty':
      header.properties = properties(plan);
      break;
    default:
      return;
  }
  sink.header(header);
}
