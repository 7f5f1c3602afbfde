// Opens Odoo for a read into the stored model: as the user who works by himself, for the company that plans.
import { type ExportRequest, openPlanReading, type PlanReading } from '../../connector/export.ts';
import { refuseOutsiders } from '../../connector/run.ts';
import type { Surroundings } from '../../parts.ts';
import { odooKey, openModel } from '../store/scope.ts';
import { abandonRead, type OpenSource, type SourceNumber, withSource } from '../store/source.ts';

export type ReadSurroundings = Pick<Surroundings, 'access' | 'account' | 'odoo' | 'rules' | 'store' | 'now'>;

export interface OpenRead {
  plan: PlanReading;
  open: OpenSource;
}

/** A read that meets another one waits so long for it; runs do not meet, see planner/runs. */
const WAIT_MS = 30_000;

/**
 * Runs a read of one source. What it wrote is taken back when it fails.
 * @throws PlanbridgeError PB_REQUEST_BUSY, and what opening Odoo throws
 */
export async function withOdoo<T>(
  { access, account, odoo, rules, store, now }: ReadSurroundings,
  { source, singleCompany, shelfLife, delta }: Asked,
  signal: AbortSignal,
  run: (read: OpenRead) => Promise<T>,
): Promise<T> {
  const { database, login, password, company } = await account();
  const reader = await access.open(database, { login, password }, signal);
  try {
    await refuseOutsiders(reader);
    const request: ExportRequest = {
      mode: source,
      company,
      singleCompany,
      language: null,
      timezone: null,
      delta,
      apps: shelfLife ? 'freppledb.shelflife' : '',
    };
    const plan = await openPlanReading(request, { reader, rules: rules(), now: now(), signal });
    const own = plan.company.id === reader.user.companyId;
    const model = await openModel(store, { odoo: odooKey(odoo.url, database), ...plan.company, own });
    return await withSource(store, { model, source }, WAIT_MS, async (open) => {
      try {
        return await run({ plan, open });
      } catch (error) {
        // When that fails too, the next read clears up.
        await abandonRead(open).catch(() => {});
        throw error;
      }
    });
  } finally {
    await reader.close().catch(() => {});
  }
}

export interface Asked {
  source: SourceNumber;
  singleCompany: boolean;
  shelfLife: boolean;
  delta: number;
}
