// The two forms of a plan document. Both stream: nothing of it is kept but the piece being written.
import type { ReportEntry } from '../../mapping/report.ts';
import type { PlanEntity } from '../../planner/model.ts';
import type { OpenExport, PlanSection } from '../export.ts';
import { type Emitter, formatDate } from './emitter.ts';
import {
  startItem,
  writeBuffer,
  writeCalendar,
  writeDemand,
  writeItemDistribution,
  writeItemSupplier,
  writeLocation,
  writeOperation,
  writeOperationplan,
  writePartner,
  writeResource,
  writeResourceSkill,
  writeSkill,
} from './entities.ts';
import { jsonEmitter } from './json.ts';
import { escapeComment, escapeXml, xmlEmitter } from './xml.ts';

export type DocumentFormat = 'xml' | 'json';

const PIECE = 64 * 1024;

/** Text of the whole document in pieces of some ten kB. An error in the middle is thrown on; what was written until then
 * is never well-formed. */
export async function* writeDocument(plan: OpenExport, format: DocumentFormat): AsyncGenerator<string> {
  yield* format === 'json' ? writeJson(plan) : writeXml(plan);
}

async function* writeXml(plan: OpenExport): AsyncGenerator<string> {
  const out = xmlEmitter();
  const { header } = plan;
  out.raw('<?xml version="1.0" encoding="UTF-8" ?>\n');
  out.raw(`<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" source="${escapeXml(header.source ?? '')}">\n`);
  // Without a date there is no plan: the answer to a connection test, as frePPLe's addon words it.
  if (header.current === undefined) out.raw('connection ok\n');
  if (header.description !== undefined) out.raw(`<description>${escapeXml(header.description)}</description>\n`);
  if (header.current !== undefined) out.raw(`<current>${formatDate(header.current)}</current>\n`);
  for (const { kind, name, value } of header.properties ?? []) {
    out.property(`${kind}property`, name, String(value));
    out.raw('\n');
  }
  yield out.take();
  for await (const section of plan.sections) {
    out.raw(`<!-- ${escapeComment(section.title)} -->\n`);
    out.list(section.list);
    yield* writeEntities(out, section);
    out.endList(section.list);
  }
  if (header.current !== undefined) out.raw(`<!-- ${trailer(plan.report.entries())} -->\n`);
  out.raw('</plan>\n');
  yield out.take();
}

/** JSON knows a key once: lists that follow each other are one list, the second lists of a kind have names of their own. */
async function* writeJson(plan: OpenExport): AsyncGenerator<string> {
  const out = jsonEmitter();
  const { header } = plan;
  out.start('plan');
  out.text('source', header.source);
  out.text('description', header.description);
  out.date('current', header.current);
  for (const { kind, name, value } of header.properties ?? []) out.property(`${kind}property`, name, String(value));
  yield out.take();
  const closed = new Set<string>();
  let open: string | undefined;
  for await (const section of plan.sections) {
    const name = closed.has(section.list) ? (SECOND_LISTS[section.list] ?? section.list) : section.list;
    if (name !== open) {
      if (open !== undefined) {
        out.endList(open);
        closed.add(open);
      }
      out.list(name);
      open = name;
    }
    yield* writeEntities(out, section);
  }
  if (open !== undefined) out.endList(open);
  out.list('report');
  for (const entry of plan.report.entries()) {
    out.start('entry');
    out.text('kind', entry.kind);
    out.text('entity', entry.entity);
    out.text('reason', entry.reason);
    out.number('count', entry.count);
    out.end('entry');
  }
  out.endList('report');
  out.end('plan');
  yield out.take();
}

const SECOND_LISTS: Readonly<Record<string, string>> = {
  calendars: 'calendars_reorderpoints',
  skills: 'resourceskills',
};

async function* writeEntities(out: Emitter, section: PlanSection): AsyncGenerator<string> {
  const items = itemWriter(out);
  for await (const entities of section.entities) {
    for (const entity of entities) {
      writeEntity(out, items, entity);
      if (out.length >= PIECE) yield out.take();
    }
  }
  items.close();
  if (out.length >= PIECE) yield out.take();
}

function writeEntity(out: Emitter, items: ItemWriter, entity: PlanEntity): void {
  switch (entity.entity) {
    case 'demand':
      writeDemand(out, entity.value);
      break;
    case 'operationplan':
      writeOperationplan(out, entity.value);
      break;
    case 'item':
    case 'itemsupplier':
    case 'itemdistribution':
      items.write(entity);
      break;
    case 'operation':
      writeOperation(out, entity.value);
      break;
    case 'buffer':
      writeBuffer(out, entity.value);
      break;
    case 'calendar':
      writeCalendar(out, entity.value);
      break;
    case 'location':
      writeLocation(out, entity.value);
      break;
    case 'customer':
    case 'supplier':
      writePartner(out, entity.entity, entity.value);
      break;
    case 'skill':
      writeSkill(out, entity.value);
      break;
    case 'resource':
      writeResource(out, entity.value);
      break;
    case 'resourceskill':
      writeResourceSkill(out, entity.value);
      break;
    case 'setupmatrix':
      throw new TypeError('an export has no set-up matrices');
  }
}

interface ItemWriter {
  write(entity: PlanEntity & { entity: 'item' | 'itemsupplier' | 'itemdistribution' }): void;
  close(): void;
}

/** Suppliers and distributions stand inside the item that they follow. */
function itemWriter(out: Emitter): ItemWriter {
  let item = false;
  let list: string | undefined;
  const closeList = () => {
    if (list !== undefined) out.endList(list);
    list = undefined;
  };
  const close = () => {
    closeList();
    if (item) out.end('item');
    item = false;
  };
  const inList = (name: string) => {
    if (list === name) return;
    closeList();
    out.list(name);
    list = name;
  };
  return {
    write(entity) {
      if (entity.entity === 'item') {
        close();
        startItem(out, entity.value);
        item = true;
      } else if (entity.entity === 'itemsupplier') {
        inList('itemsuppliers');
        writeItemSupplier(out, entity.value);
      } else {
        if (item) inList('itemdistributions');
        writeItemDistribution(out, entity.value, !item);
      }
    },
    close,
  };
}

/** The skip report for people who read the document. */
function trailer(entries: readonly ReportEntry[]): string {
  if (entries.length === 0) return 'nothing was left out';
  const lines = entries.map(({ kind, entity, reason, count, records }) => {
    const some = records.slice(0, 5).join('; ');
    return `${kind} ${count} ${entity}: ${reason} (${some}${count > 5 ? '; ...' : ''})`;
  });
  return escapeComment(`skip report\n${lines.join('\n')}\n`).replaceAll('&#10;', '\n');
}
