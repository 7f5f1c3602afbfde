// Odoo -> planning model: reads, maps, hands out the document's sections one by one. A GET changes nothing in Odoo.
import type { Report } from '../mapping/report.ts';
import type { MappingRules } from '../mapping/rules.ts';
import type { PlanEntity, PlanHeader } from '../planner/model.ts';
import type { OdooReader } from './odoo/reader.ts';

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
  | 'operations'
  | 'demands'
  | 'operationplans'
  | 'buffers';

export interface OpenExport {
  header: PlanHeader;
  /** Name of the company that plans. */
  company: string;
  sections: AsyncIterable<PlanSection>;
  /** Complete once the last section has been read. */
  report: Report;
}

/**
 * Checks what was asked for and reads the first records; everything that can be answered with a clean error fails here.
 * @throws PlanbridgeError PB_REQUEST_ARGUMENT (400), PB_ODOO_COMPANY (404), and what the reader throws
 */
export async function openExport(_request: ExportRequest, _surroundings: ExportSurroundings): Promise<OpenExport> {
  throw new Error('not there yet');
}
