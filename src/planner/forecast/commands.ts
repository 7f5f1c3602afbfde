// `planbridge forecast`: from a history of sales to a forecast per item, location, customer and bucket.
import type { Command } from 'commander';
import { writeTo } from '../../commands/output.ts';
import type { CommandSurroundings } from '../../commands/surroundings.ts';
import { writeDemand } from '../../connector/document/entities.ts';
import { parseDate } from '../../connector/document/reader-values.ts';
import { xmlEmitter } from '../../connector/document/xml.ts';
import { PlanbridgeError } from '../../errors.ts';
import type { Demand, PlanTime } from '../model.ts';
import { type BucketKind, bucketOf, bucketStart } from './buckets.ts';
import { forecastDemands } from './demands.ts';
import { collectHistory, type SalesRow } from './history.ts';
import type { ForecastOverride } from './overrides.ts';
import type { ForecastLevel, ForecastPlan } from './plan.ts';
import { csvRecords, dateOf, numberOf, readHistoryFile } from './read-history.ts';
import { forecastCsv, forecastRows } from './rows.ts';
import { runForecast } from './run.ts';

interface Options {
  history: string;
  bucket: string;
  horizon: string;
  out?: string;
  current?: string;
  level: string;
  select: string;
  outliers: string;
  netEarlier: string;
  netLater: string;
  overrides?: string;
  demands?: string;
  priority: string;
}

export function registerForecastCommand(program: Command, surroundings: CommandSurroundings): void {
  program
    .command('forecast')
    .description('forecast sales from their history')
    .requiredOption('--history <file>', 'CSV with item, location, customer, date, quantity; or a plan document (.xml)')
    .option('--bucket <kind>', 'month or week', 'month')
    .option('--horizon <n>', 'buckets to forecast, the current one included', '12')
    .option('--out <file>', 'CSV of the forecast (default: standard output)')
    .option('--current <date>', 'current date (default: of the document; for CSV, the bucket after the last sale)')
    .option('--level <level>', 'what is a series: item, item-location or item-location-customer', 'item-location')
    .option('--select <how>', 'combine: methods weighed by their error; best: the best one alone', 'combine')
    .option('--outliers <how>', 'clip or keep', 'clip')
    .option('--net-earlier <days>', 'how long before an order forecast may be used up by it', '0')
    .option('--net-later <days>', 'how long after it', '0')
    .option('--overrides <file>', 'CSV with item, location, customer, bucket (any date in it), quantity, comment')
    .option('--demands <file>', 'also write the net forecast as demands of a plan document')
    .option('--priority <n>', 'of these demands', '99')
    .action(async (options: Options) => {
      try {
        await forecast(options, surroundings);
      } catch (cause) {
        if (!surroundings.signal.aborted) throw cause;
        throw new PlanbridgeError('PB_REQUEST_ABORTED', 499, 'The forecast was cancelled; nothing was written.', {
          cause,
        });
      }
    });
}

async function forecast(
  options: Options,
  { stdout, printError, terminal, signal }: CommandSurroundings,
): Promise<void> {
  const bucket = oneOf<BucketKind>('bucket', options.bucket, ['month', 'week']);
  const level = oneOf<ForecastLevel>('level', options.level, ['item', 'item-location', 'item-location-customer']);
  const select = oneOf<'combine' | 'best'>('select', options.select, ['combine', 'best']);
  const clipOutliers = oneOf('outliers', options.outliers, ['clip', 'keep']) === 'clip';
  const horizon = wholeNumber('horizon', options.horizon, 1, 520);
  const given = currentOf(options.current);
  const [netEarlier, netLater] = [days('net-earlier', options.netEarlier), days('net-later', options.netLater)];
  const priority = wholeNumber('priority', options.priority, 0, 1_000_000);
  const tell = terminal ? (text: string) => printError(`\r${text.padEnd(40)}`) : () => {};

  // the current date decides what is history, and a file may tell it last
  const rows: SalesRow[] = [];
  const known = given === undefined ? null : collectHistory({ bucket, current: given });
  const file = await readHistoryFile(
    options.history,
    (row) => {
      if (known === null) rows.push(row);
      else known.add(row);
    },
    signal,
  );
  // a CSV has no date of its own: all of it is history
  const current = given ?? file.current ?? bucketStart(bucket, bucketOf(bucket, file.last) + 1);
  const collector = known ?? collectHistory({ bucket, current });
  for (const row of rows) collector.add(row);
  rows.length = 0;
  const history = collector.finish();
  const overrides = options.overrides === undefined ? [] : await readOverrides(options.overrides, bucket, signal);
  let percent = -1;
  const { plan, refusals, netting } = await runForecast(
    history,
    { horizon, level, select, clipOutliers, owners: file.owners, netEarlier, netLater, overrides },
    {
      signal,
      progress: (part) => {
        const now = Math.floor(part * 100);
        if (now !== percent) tell(`forecast ${now} %`);
        percent = now;
      },
    },
  );
  if (terminal) printError('\n');
  for (const { override, reason } of refusals) {
    const where = [override.item, override.location, override.customer].map((name) => name ?? 'all').join(', ');
    printError(`Override of ${where} was left out: ${reason}.\n`);
  }
  await writeTo(options.out ?? null, piecesOf(forecastCsv(forecastRows(plan))), stdout);
  if (options.demands !== undefined) {
    const demands = forecastDemands(plan, { current, priority });
    await writeTo(options.demands, piecesOf(demandDocument(demands, current)), stdout);
  }
  printError(`${summary(plan, history.rows, history.orders.length, netting.unmatched.length)}\n`);
}

function summary(plan: ForecastPlan, rows: number, orders: number, unmatched: number): string {
  const clipped = plan.nodes.reduce((n, { result }) => n + result.outliers.length, 0);
  const errors = plan.nodes.map(({ result }) => result.smape).filter((s) => s !== null);
  const smape = errors.length > 0 ? (errors.reduce((a, b) => a + b, 0) / errors.length).toFixed(1) : '-';
  return [
    `${rows} rows of history`,
    `${plan.nodes.length} series`,
    `${plan.leaves.length} combinations`,
    `${clipped} outliers`,
    `mean sMAPE out of sample ${smape} %`,
    `${orders} orders netted, ${unmatched} of them beyond the forecast`,
  ].join('; ');
}

async function readOverrides(path: string, bucket: BucketKind, signal: AbortSignal): Promise<ForecastOverride[]> {
  const overrides: ForecastOverride[] = [];
  for await (const { cells, line } of csvRecords(path, ['bucket'], signal)) {
    const { item, location, customer, comment, quantity } = cells;
    overrides.push({
      ...(item ? { item } : {}),
      ...(location ? { location } : {}),
      ...(customer ? { customer } : {}),
      bucket: bucketOf(
        bucket,
        dateOf(path, line, /^\d{4}-\d\d$/.test(cells.bucket!) ? `${cells.bucket}-01` : cells.bucket!),
      ),
      ...(quantity ? { quantity: numberOf(path, line, 'quantity', quantity) } : {}),
      ...(comment ? { comment } : {}),
    });
  }
  return overrides;
}

function* demandDocument(demands: Iterable<Demand>, current: PlanTime): Generator<string> {
  const out = xmlEmitter();
  out.raw('<?xml version="1.0" encoding="UTF-8" ?>\n');
  out.raw('<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" source="forecast">\n');
  out.raw(`<current>${new Date(current * 1000).toISOString().slice(0, 19)}</current>\n`);
  out.list('demands');
  for (const demand of demands) {
    writeDemand(out, demand);
    if (out.length >= 65_536) yield out.take();
  }
  out.endList('demands');
  out.raw('</plan>\n');
  yield out.take();
}

async function* piecesOf(pieces: Iterable<string>): AsyncGenerator<string> {
  yield* pieces;
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw argument(`--${name} is ${allowed.join(' or ')}, not "${value}".`);
  return found;
}

function wholeNumber(name: string, value: string, least: number, most: number): number {
  const n = Number(value);
  if (value.trim() === '' || !Number.isInteger(n) || n < least || n > most) {
    throw argument(`--${name} is a whole number from ${least} to ${most}, not "${value}".`);
  }
  return n;
}

function days(name: string, value: string): number {
  const n = Number(value);
  if (value.trim() === '' || !(n >= 0) || !Number.isFinite(n))
    throw argument(`--${name} is a number of days, not "${value}".`);
  return n * 86_400;
}

function currentOf(text: string | undefined): PlanTime | undefined {
  if (text === undefined) return undefined;
  const date = parseDate(text);
  if (date === undefined || Number.isNaN(date)) throw argument(`--current is no date: "${text}".`);
  return date;
}

function argument(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy: 'See planbridge forecast --help.' });
}
