// Figures for Prometheus. Counters of what this process does; what stands in the database (queues, mails, runs) is asked for
// when somebody looks, so that each of several processes tells the same.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  /** An export that ended: seconds, entities written and left out. */
  exported(outcome: 'done' | 'failed', reader: string, seconds: number, skipped: number): void;
  /** A plan that was written to Odoo: outcome of each record. */
  imported(outcomes: Readonly<Record<string, number>>, seconds: number): void;
  /** An answered request; `route` without identifiers. */
  answered(method: string, route: string, status: number, seconds: number): void;
  /** Values that are asked for when somebody looks. Labels go by name; a value that cannot be had is left out. */
  observe(name: string, help: string, labels: readonly string[], read: () => Promise<Observation[]>): void;
  /** Prometheus' text. */
  text(): Promise<{ contentType: string; body: string }>;
}

export interface Observation {
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** Longer than this nobody waits for one value; the others are told. */
const OBSERVE_MS = 4_000;
const SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'planbridge_' });
  const exports = new Histogram({
    name: 'planbridge_export_seconds',
    help: 'Duration of exports',
    labelNames: ['outcome', 'reader'],
    buckets: SECONDS,
    registers,
  });
  const skipped = new Counter({
    name: 'planbridge_export_skipped_total',
    help: 'Records left out of exports',
    registers,
  });
  const imports = new Histogram({
    name: 'planbridge_import_seconds',
    help: 'Duration of write-backs',
    buckets: SECONDS,
    registers,
  });
  const records = new Counter({
    name: 'planbridge_import_records_total',
    help: 'Records of posted plans',
    labelNames: ['outcome'],
    registers,
  });
  const requests = new Histogram({
    name: 'planbridge_http_seconds',
    help: 'Duration of requests',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });

  return {
    exported(outcome, reader, seconds, left) {
      exports.observe({ outcome, reader }, seconds);
      skipped.inc(left);
    },
    imported(outcomes, seconds) {
      imports.observe(seconds);
      for (const [outcome, count] of Object.entries(outcomes)) records.inc({ outcome }, count);
    },
    answered(method, route, status, seconds) {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    observe(name, help, labels, read) {
      new Gauge({
        name: `planbridge_${name}`,
        help,
        labelNames: [...labels],
        registers,
        async collect() {
          this.reset();
          for (const { labels: given = {}, value } of await inTime(read)) this.set({ ...given }, value);
        },
      });
    },
    async text() {
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

async function inTime(read: () => Promise<Observation[]>): Promise<Observation[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Observation[]>((resolve) => {
    timer = setTimeout(resolve, OBSERVE_MS, []);
  });
  try {
    return await Promise.race([read().catch(() => []), late]);
  } finally {
    clearTimeout(timer);
  }
}
