// Write-back put together from the configuration.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, OdooConfig } from '../config.ts';
import type { MappingRules } from '../mapping/rules.ts';
import type { Metrics } from '../metrics.ts';
import type { Store } from '../store/database.ts';
import { createImportService, type ImportCaller, type ImportService } from './import-service.ts';
import { openWriter } from './odoo/writer.ts';

/** Longest call of Odoo's; what is sent is sized to take seconds. */
const CALL_MS = 600_000;
/** A plan that meets another one being written waits this long for it. */
const WAIT_MS = 600_000;

export function openImports(
  store: Store,
  config: Pick<Config, 'imports'>,
  odoo: OdooConfig,
  rules: () => MappingRules,
  metrics?: Pick<Metrics, 'imported'>,
): ImportService {
  const { planners, promises, settleSeconds } = config.imports;
  return createImportService({
    store,
    metrics,
    odooUrl: odoo.url,
    openWriter: (url: string, { database, login, password }: ImportCaller) =>
      openWriter({ url, database }, { login, password }, { transport: { headersTimeoutMs: CALL_MS } }),
    settings: () => ({ timezone: rules().options.timezone, promises, planners }),
    settleMs: settleSeconds * 1_000,
    waitMs: WAIT_MS,
    now: Date.now,
    sleep: (ms) => sleep(ms),
  });
}
