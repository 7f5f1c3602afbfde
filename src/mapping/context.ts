// What every mapping module needs: the request, the master records by model, and who is called what. Built once for an export;
// pure: the clock, the zone and the records are handed in.
import type { PlanTime } from '../planner/model.ts';
import { withOwnAddon } from './addon-records.ts';
import { ATTRIBUTES } from './attributes.ts';
import { type CompanySettings, companySettings } from './companies.ts';
import { type ItemIndex, indexItems } from './items.ts';
import { indexKits, type KitIndex } from './kits.ts';
import { indexLocations, type LocationIndex } from './locations.ts';
import { type Money, moneyOf } from './money.ts';
import { indexPartners, type PartnerIndex } from './partners.ts';
import { link, type OdooRow, type OdooValue, type Table, tableOf } from './records.ts';
import type { Report } from './report.ts';
import { indexResources, type ResourceIndex } from './resources.ts';
import { type EntityName, type Finish, finisher, type MappingRules } from './rules.ts';
import { formatStamp, type Instant, parseStamp, type Zone } from './time.ts';
import { type Units, unitsOf } from './units.ts';

export interface MappingInput {
  mode: number;
  now: Instant;
  /** Zone of the document's wall clock. */
  zone: Zone;
  /** Language of translated names, as the records were read. */
  language: string | null;
  /** Major version of Odoo. */
  major: number;
  /** Company that plans. */
  company: number;
  /** Companies whose records are exported, the planning one first. */
  companies: readonly number[];
  /** Stock by lot with expiry dates (connector.md 2.18). */
  shelfLife: boolean;
  /** Zones by name, for calendars. */
  zoneOf(name: string): Zone;
  rules: MappingRules;
  report: Report;
  /** Master records by model, all of them, archived ones too. */
  records: ReadonlyMap<string, readonly OdooRow[]>;
}

export interface MappingContext extends MappingInput {
  rows(model: string): readonly OdooRow[];
  table(model: string): Table;
  /** Odoo's stamp (UTC) as wall clock of the plan. */
  wall(stamp: OdooValue | undefined): PlanTime | undefined;
  nowWall: PlanTime;
  finish<T extends object>(entity: EntityName, row: OdooRow, target: T): T;
  units: Units;
  money: Money;
  settings: ReadonlyMap<number, CompanySettings>;
  /** Settings of a record's company, or of the planning one when it has none. */
  settingsOf(company: number | undefined): CompanySettings;
  /** Whether a record of this company (or of none) is part of the export. */
  visible(company: number | undefined): boolean;
  /** The same for products and prices, which a company shares with its branches. */
  shared(company: number | undefined): boolean;
  locations: LocationIndex;
  partners: PartnerIndex;
  resources: ResourceIndex;
  items: ItemIndex;
  kits: KitIndex;
}

const NO_ROWS: readonly OdooRow[] = [];

export function createContext(input: MappingInput): MappingContext {
  const tables = new Map<string, Table>();
  const finishers = new Map<EntityName, Finish<object>>();
  const records = withOwnAddon(input.records);
  const rows = (model: string) => records.get(model) ?? NO_ROWS;
  const table = (model: string) => {
    let found = tables.get(model);
    if (!found) {
      found = tableOf(rows(model));
      tables.set(model, found);
    }
    return found;
  };
  const wall = (stamp: OdooValue | undefined) => {
    const instant = parseStamp(stamp);
    return instant === undefined ? undefined : input.zone.toWall(instant);
  };
  const finish = <T extends object>(entity: EntityName, row: OdooRow, target: T): T => {
    let apply = finishers.get(entity);
    if (!apply) {
      apply = finisher<object>(input.rules, entity, input.mode, ATTRIBUTES[entity], wall);
      finishers.set(entity, apply);
    }
    return apply(row, target) as T;
  };

  const context = {
    ...input,
    records,
    rows,
    table,
    wall,
    nowWall: input.zone.toWall(input.now),
    finish,
    units: unitsOf(rows('uom.uom')),
    money: moneyOf(rows('res.currency.rate'), formatStamp(input.now).slice(0, 10)),
    visible: (company: number | undefined) => company === undefined || input.companies.includes(company),
  } as MappingContext;

  const sharing = new Set(input.companies);
  for (const id of input.companies) {
    let parent = link(table('res.company').get(id), 'parent_id');
    for (let depth = 0; parent !== undefined && depth < 20; depth++) {
      sharing.add(parent);
      parent = link(table('res.company').get(parent), 'parent_id');
    }
  }
  context.shared = (company) => company === undefined || sharing.has(company);

  context.settings = companySettings(context);
  context.settingsOf = (company) =>
    (company === undefined ? undefined : context.settings.get(company)) ??
    (context.settings.get(input.company) as CompanySettings);
  context.locations = indexLocations(context);
  context.partners = indexPartners(context);
  context.resources = indexResources(context);
  context.items = indexItems(context);
  context.kits = indexKits(context);
  return context;
}
