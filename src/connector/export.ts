// Odoo -> planning model: reads, maps, hands out the document's sections one by one. A GET changes nothing in Odoo.
import { PlanbridgeError } from '../errors.ts';
import { mapCalendars } from '../mapping/calendars.ts';
import { mapCategories } from '../mapping/categories.ts';
import { createContext, type MappingContext } from '../mapping/context.ts';
import { indexLanes, indexRuleRoutes, mapItemDistributions } from '../mapping/itemdistributions.ts';
import { mapItem } from '../mapping/items.ts';
import { indexOffers, mapItemSuppliers } from '../mapping/itemsuppliers.ts';
import { mapLocations } from '../mapping/locations.ts';
import { bomParts, mapOperations } from '../mapping/operations.ts';
import { mapCustomers, mapSuppliers } from '../mapping/partners.ts';
import { flag, tableOf } from '../mapping/records.ts';
import { mapReorderRules, orderMultiples } from '../mapping/reorderrules.ts';
import { createReport, type Report } from '../mapping/report.ts';
import { mapResources } from '../mapping/resources.ts';
import { type EntityName, entityInMode, type MappingRules } from '../mapping/rules.ts';
import { mapResourceSkills, mapSkills } from '../mapping/skills.ts';
import { DAY, formatStamp, isZone, type Zone, zone } from '../mapping/time.ts';
import { transferLanes } from '../mapping/transfers.ts';
import { mapUsers, memberIds, USER_GROUPS } from '../mapping/users.ts';
import type { PlanEntity, PlanHeader } from '../planner/model.ts';
import { checkInterfaceUser, disclose, INTERFACE_USER } from './company-settings.ts';
import { demandPages } from './export/demand-pages.ts';
import { manufacturingPages } from './export/manufacturing-pages.ts';
import { pieces } from './export/pages.ts';
import { purchasePages } from './export/purchase-pages.ts';
import { byIds, has, type Reading, readMasters } from './export/reads.ts';
import { stockPages, transferPages } from './export/stock-pages.ts';
import { type OdooReader, readAll } from './odoo/reader.ts';

export interface ExportRequest {
  /** 0 = connection test, 1 = everything, 2 = what changes slowly (connector.md 2.1). */
  mode: number;
  /** Exact name; null = the user's own company. */
  company: string | null;
  singleCompany: boolean;
  /** Odoo language code (`fr_FR`); null = the sheet's, else the user's. */
  language: string | null;
  /** IANA zone; null = the sheet's, else the user's, else UTC. */
  timezone: string | null;
  /** Days; 999 and more = no filter. */
  delta: number;
  /** frePPLe apps, as frePPLe sends them: a text that may contain `freppledb.shelflife`. */
  apps: string;
}

export interface ExportSurroundings {
  reader: OdooReader;
  rules: MappingRules;
  /** Milliseconds since 1970, UTC: the clock of the whole export. */
  now: number;
  signal?: AbortSignal;
}

/** One list of a plan document, for example `items`. */
export interface PlanSection {
  list: PlanList;
  part: PlanPart;
  /** Heading for people who read the document. */
  title: string;
  entities: AsyncIterable<readonly PlanEntity[]>;
}

export type PlanList =
  | 'calendars'
  | 'locations'
  | 'customers'
  | 'suppliers'
  | 'skills'
  | 'resources'
  | 'items'
  | 'itemdistributions'
  | 'operations'
  | 'demands'
  | 'operationplans'
  | 'buffers';

/** What a list holds: the mapping sheet's entity that leads it, and the lanes of open transfers. */
export type PlanPart = EntityName | 'lane';

export interface OpenExport {
  header: PlanHeader;
  /** Name of the company that plans. */
  company: string;
  sections: AsyncIterable<PlanSection>;
  /** Complete once the last section has been read. */
  report: Report;
}

/** From this number of days on, `delta` filters nothing, as in frePPLe's addon. */
const DELTA_ALL = 999;

/** An export that has been checked and not yet read: what both the document and our own store are made from. */
export interface PlanReading {
  header: PlanHeader;
  company: { id: number; name: string; disclose: boolean };
  reading: Reading;
  report: Report;
  /** Stamp of Odoo from which sales orders are read; null = all of them. */
  since: string | null;
  /** Reads the master data. */
  context(): Promise<MappingContext>;
}

/**
 * Checks what was asked for and reads the first records; everything that can be answered with a clean error fails here.
 * @throws PlanbridgeError PB_REQUEST_ARGUMENT (400), PB_ODOO_COMPANY (404), PB_ODOO_INTERFACE_USER (403), and what the reader throws
 */
export async function openExport(request: ExportRequest, surroundings: ExportSurroundings): Promise<OpenExport> {
  if (request.mode === 0) {
    const company = await planningCompany(surroundings.reader, request.company);
    return { header: { source: 'odoo_0' }, company: company.name, sections: none(), report: createReport() };
  }
  const plan = await openPlanReading(request, surroundings);
  async function* sections(): AsyncGenerator<PlanSection> {
    try {
      yield* planSections(plan.reading, await plan.context(), plan.since);
    } catch (error) {
      if (plan.company.disclose) disclose(error);
      throw error;
    }
  }
  return { header: plan.header, company: plan.company.name, sections: sections(), report: plan.report };
}

/** As `openExport`, in pieces. */
export async function openPlanReading(request: ExportRequest, surroundings: ExportSurroundings): Promise<PlanReading> {
  const { rules, signal } = surroundings;
  const report = createReport();
  const source = `odoo_${request.mode}`;
  const company = await planningCompany(surroundings.reader, request.company);
  const others = surroundings.reader.user.companyIds.filter((id) => id !== company.id);
  const language = request.language ?? rules.options.language ?? surroundings.reader.user.lang;
  const whole = surroundings.reader.scoped({ lang: language, companies: [company.id, ...others] });
  const reader = request.singleCompany
    ? surroundings.reader.scoped({ lang: language, companies: [company.id] })
    : whole;
  const reading: Reading = { reader, rules, signal };
  const planZone = zone(chooseZone(request, surroundings, report));
  const now = Math.floor(surroundings.now / 1000);
  const users = entityInMode(rules, 'users', request.mode) ? await readUsers(reading) : undefined;

  const header: PlanHeader = {
    source,
    description: `Generated by odoo ${/^\d+\.\d+/.exec(reader.server.version)?.[0] ?? reader.server.version}`,
    current: planZone.toWall(now),
    ...(users === undefined ? {} : { properties: [{ kind: 'string', name: 'users', value: users }] }),
  };

  async function context(): Promise<MappingContext> {
    const zones = new Map<string, Zone>([[planZone.name, planZone]]);
    return createContext({
      mode: request.mode,
      now,
      zone: planZone,
      zoneOf(name) {
        const known = zones.get(name) ?? (isZone(name) ? zone(name) : planZone);
        zones.set(name, known);
        return known;
      },
      language,
      major: reader.server.major,
      company: company.id,
      companies: request.singleCompany ? [company.id] : [company.id, ...others],
      shelfLife:
        request.apps.includes('freppledb.shelflife') && (await has(reading, 'product.template', 'expiration_time')),
      rules,
      report,
      records: await readMasters(reading, whole),
    });
  }
  const since = request.delta < DELTA_ALL ? odooStamp(now - request.delta * DAY) : null;
  return { header, company, reading, report, since, context };
}

async function* none(): AsyncGenerator<PlanSection> {}

function odooStamp(instant: number): string {
  return formatStamp(instant).replace('T', ' ');
}

async function planningCompany(
  reader: OdooReader,
  name: string | null,
): Promise<{ id: number; name: string; disclose: boolean }> {
  const domain = name === null ? [['id', '=', reader.user.companyId] as const] : [['name', '=', name] as const];
  const fields = ['name', INTERFACE_USER, 'disclose_stack_trace'];
  const rows = await readAll(reader, { model: 'res.company', fields, domain });
  const found = rows.find((row) => reader.user.companyIds.includes(row.id));
  if (found) {
    checkInterfaceUser(found, reader.user);
    return { id: found.id, name: String(found.name), disclose: flag(found, 'disclose_stack_trace') };
  }
  throw new PlanbridgeError(
    'PB_ODOO_COMPANY',
    404,
    `Invalid company name argument: this user has no company "${name ?? reader.user.companyId}".`,
    {
      remedy:
        'Give the company’s exact name, and allow it to the connector user in Odoo (Settings > Users > Allowed Companies).',
    },
  );
}

function chooseZone(request: ExportRequest, { rules, reader }: ExportSurroundings, report: Report): string {
  const fallback = rules.options.timezone ?? reader.user.tz ?? 'UTC';
  if (request.timezone === null) return isZone(fallback) ? fallback : 'UTC';
  if (isZone(request.timezone)) return request.timezone;
  report.notice('plan', request.timezone, `unknown time zone: ${fallback} is used`);
  return isZone(fallback) ? fallback : 'UTC';
}

async function readUsers(reading: Reading): Promise<string | undefined> {
  if (!(await has(reading, 'res.groups'))) return undefined;
  // The group's name is translated; it is recognised by its source text.
  const source = reading.reader.scoped({ lang: null, companies: undefined });
  const groups = await readAll(source, {
    model: 'res.groups',
    fields: ['name', 'users', 'user_ids'],
    domain: [['name', 'in', USER_GROUPS]],
  });
  return mapUsers(
    groups,
    tableOf(await byIds(reading, 'res.users', memberIds(groups), ['name', 'login', 'active', 'share'])),
  );
}

function* itemsWithSupply(context: MappingContext): Generator<PlanEntity> {
  const offers = indexOffers(context);
  const multiples = orderMultiples(context);
  const lanes = indexLanes(context);
  const ruleRoutes = indexRuleRoutes(context);
  const on = (entity: EntityName) => entityInMode(context.rules, entity, context.mode);
  const suppliers = on('itemsupplier');
  const distributions = on('itemdistribution');
  for (const item of context.items.all) {
    yield { entity: 'item', value: mapItem(context, item) };
    if (suppliers) {
      for (const value of mapItemSuppliers(context, offers, multiples, item)) yield { entity: 'itemsupplier', value };
    }
    if (distributions) {
      for (const value of mapItemDistributions(context, lanes, ruleRoutes, item))
        yield { entity: 'itemdistribution', value };
    }
  }
}

/** Open transfers, after the lanes on which they travel: frePPLe takes no transfer on a lane that it does not know. */
async function* transferSections(reading: Reading, context: MappingContext): AsyncGenerator<PlanSection> {
  const transfers: PlanEntity[] = [];
  for await (const page of transferPages(reading, context)) transfers.push(...page);
  const lanes = transferLanes(transfers.flatMap((entity) => (entity.entity === 'operationplan' ? [entity.value] : [])));
  if (lanes.length > 0) {
    const entities = pieces(lanes, (value): PlanEntity => ({ entity: 'itemdistribution', value }));
    yield { list: 'itemdistributions', part: 'lane', title: 'lanes of open transfers', entities };
  }
  const entities = pieces(transfers, (entity) => entity);
  yield { list: 'operationplans', part: 'distributionorder', title: 'transfers between warehouses', entities };
}

/** The document's sections in frePPLe's order (connector.md 2.1). */
export async function* planSections(
  reading: Reading,
  context: MappingContext,
  since: string | null,
): AsyncGenerator<PlanSection> {
  const on = (entity: EntityName) => entityInMode(context.rules, entity, context.mode);
  const section = (
    list: PlanList,
    part: PlanPart,
    title: string,
    entities: AsyncIterable<readonly PlanEntity[]>,
  ): PlanSection => ({ list, part, title, entities });

  if (on('calendar')) {
    yield section(
      'calendars',
      'calendar',
      'working calendars',
      pieces(mapCalendars(context), (value) => ({ entity: 'calendar', value })),
    );
  }
  if (on('location')) {
    yield section(
      'locations',
      'location',
      'warehouses',
      pieces(mapLocations(context), (value) => ({ entity: 'location', value })),
    );
  }
  if (on('customer')) {
    yield section(
      'customers',
      'customer',
      'customers',
      pieces(mapCustomers(context), (value) => ({ entity: 'customer', value })),
    );
  }
  if (on('supplier')) {
    yield section(
      'suppliers',
      'supplier',
      'vendors',
      pieces(mapSuppliers(context), (value) => ({ entity: 'supplier', value })),
    );
  }
  if (on('skill')) {
    yield section(
      'skills',
      'skill',
      'skills',
      pieces(mapSkills(context), (value) => ({ entity: 'skill', value })),
    );
  }
  if (on('resource')) {
    yield section(
      'resources',
      'resource',
      'work centers',
      pieces(mapResources(context), (value) => ({ entity: 'resource', value })),
    );
  }
  if (on('resourceskill')) {
    const skills = pieces(mapResourceSkills(context), (value): PlanEntity => ({ entity: 'resourceskill', value }));
    yield section('skills', 'resourceskill', 'skills of work centers', skills);
  }
  if (on('itemcategory')) {
    yield section(
      'items',
      'itemcategory',
      'product categories',
      pieces(mapCategories(context), (value) => ({ entity: 'item', value })),
    );
  }
  if (on('item')) {
    yield section(
      'items',
      'item',
      'products',
      pieces(itemsWithSupply(context), (entity) => entity),
    );
  }
  if (on('operation')) {
    const parts = bomParts(context, indexOffers(context));
    yield section(
      'operations',
      'operation',
      'bills of material',
      pieces(mapOperations(context, parts), (value) => ({ entity: 'operation', value })),
    );
  }
  if (on('demand')) yield section('demands', 'demand', 'sales orders', demandPages(reading, context, since));
  if (on('purchaseorder'))
    yield section('operationplans', 'purchaseorder', 'purchase orders', purchasePages(reading, context));
  if (on('distributionorder')) yield* transferSections(reading, context);
  if (on('manufacturingorder'))
    yield section('operationplans', 'manufacturingorder', 'manufacturing orders', manufacturingPages(reading, context));
  const stock = section(
    context.shelfLife ? 'operationplans' : 'buffers',
    'stock',
    'stock',
    stockPages(reading, context),
  );
  if (on('stock') && context.shelfLife) yield stock;
  if (on('reorderrule')) {
    yield section(
      'calendars',
      'reorderrule',
      'reordering rules',
      pieces(mapReorderRules(context), (value) => ({ entity: 'calendar', value })),
    );
  }
  if (on('stock') && !context.shelfLife) yield stock;
}
