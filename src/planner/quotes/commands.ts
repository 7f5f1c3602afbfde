// `planbridge quote`: when could this be delivered? Asked of the service that runs, or of a plan document that is planned for it.
import type { Command } from 'commander';
import { PlanbridgeError } from '../../errors.ts';
import { parsePostedTime } from '../../mapping/posted.ts';
import { formatStamp } from '../../mapping/time.ts';
import { argumentsOf, type EngineOptions, planFlags } from '../commands.ts';
import { planModel } from '../engine/run.ts';
import { openDesk } from '../live/desk.ts';
import type { ChainLink, LinePromise, QuoteLine } from '../live/protocol.ts';
import { quantityWords, spanWords } from '../output/words.ts';
import { loadPlanModel } from '../plan-document.ts';
import { wantedTime } from './quote.ts';

interface Options extends EngineOptions {
  item: string[];
  quantity: string[];
  location?: string;
  date?: string;
  minimumShipment?: string;
  maximumLateness?: string;
  together?: boolean;
  model: string;
  url?: string;
  json?: boolean;
}

/** Puts a question to the service. @throws PlanbridgeError */
export type AskService = (path: string, body: object, url: string | undefined) => Promise<unknown>;

const collect = (value: string, before: string[]) => [...before, value];
const DAY = 86_400;

export function registerQuoteCommand(program: Command, ask: AskService, print: (text: string) => void): void {
  const command = program
    .command('quote')
    .description('when could this be delivered? Nothing is held')
    .requiredOption('--item <name>', 'product of the planning model; several times for several lines', collect, [])
    .requiredOption('--quantity <number>', 'of each --item, in the same order', collect, [])
    .option('--location <name>', 'warehouse; may be left out where there is one')
    .option('--date <date>', 'wanted, such as 2026-01-05; default: as soon as possible')
    .option('--minimum-shipment <number>', 'smallest partial delivery; default: all at once')
    .option('--maximum-lateness <days>', 'later than that it is of no use')
    .option('--together', 'all lines on one date')
    .option('--model <file>', 'plan document (.xml, .xml.gz) to plan and ask; or live: the service that runs', 'live')
    .option(
      '--url <address>',
      'of a Planbridge on another machine; signs in with API_TOKEN, or ODOO_USER and ODOO_PASSWORD',
    )
    .option('--json', 'the whole answer as JSON');
  planFlags(command).action(async (options: Options) => {
    const lines = linesOf(options);
    const promises = options.model === 'live' ? await askLive(lines, options, ask) : await askModel(lines, options);
    print(options.json ? `${JSON.stringify(promises, null, 2)}\n` : `${promises.map(shown).join('\n')}\n`);
  });
}

async function askLive(lines: readonly QuoteLine[], options: Options, ask: AskService): Promise<LinePromise[]> {
  const body = {
    lines: lines.map(({ date, maximumLateness, ...line }) => ({
      ...line,
      date: date === null ? null : formatStamp(date).replace('T', ' '),
      maximumLatenessDays: maximumLateness === null ? null : maximumLateness / DAY,
    })),
    together: options.together ?? false,
    keep: false,
  };
  return ((await ask('/api/quote', body, options.url)) as { promises: LinePromise[] }).promises;
}

async function askModel(lines: readonly QuoteLine[], options: Options): Promise<LinePromise[]> {
  const args = argumentsOf(options);
  const net = planModel(await loadPlanModel(options.model), args);
  return openDesk(net, args).quote({ lines, together: options.together ?? false }, []);
}

/** @throws PlanbridgeError PB_REQUEST_ARGUMENT */
function linesOf({ item, quantity, location, date, minimumShipment, maximumLateness }: Options): QuoteLine[] {
  if (item.length !== quantity.length) throw argument('Give as many --quantity as --item.');
  if (date !== undefined && parsePostedTime(date) === undefined) throw argument(`--date is no date: "${date}".`);
  const wanted = date === undefined ? null : wantedTime(date);
  const number = (name: string, text: string | undefined): number | null => {
    if (text === undefined) return null;
    const n = Number(text);
    if (!(n >= 0)) throw argument(`--${name} must be a number, not "${text}".`);
    return n;
  };
  const days = number('maximum-lateness', maximumLateness);
  return item.map((name, i) => ({
    item: name,
    location: location ?? null,
    quantity: number('quantity', quantity[i]) ?? 0,
    date: wanted,
    minimumShipment: number('minimum-shipment', minimumShipment),
    maximumLateness: days === null ? null : days * DAY,
  }));
}

function argument(message: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, message, { remedy: 'See planbridge quote --help.' });
}

const moment = (time: number) => formatStamp(time).replace('T', ' ').slice(0, 16);

function shown(line: LinePromise): string {
  const { item, location, quantity, promised, late, short, deliveries, chain, reasons } = line;
  const when =
    promised === null
      ? `${short === quantity ? 'cannot be promised' : `${quantityWords(short)} cannot be promised`}`
      : `${moment(promised)}${late > 0 && line.wanted !== null ? `, ${spanWords(late)} late` : ''}`;
  return [
    `${quantityWords(quantity)} ${item} from ${location}: ${when}`,
    ...(deliveries.length > 1
      ? deliveries.map((one) => `  ${quantityWords(one.quantity)} on ${moment(one.date)}`)
      : []),
    ...chain.filter(({ type }) => type !== 'DLVR').map((link) => `  ${'  '.repeat(link.level)}${linkWords(link)}`),
    ...reasons.map(({ text }) => `  because: ${text}`),
  ].join('\n');
}

function linkWords({
  type,
  item,
  location,
  quantity,
  supplier,
  origin,
  operation,
  start,
  end,
  resources,
}: ChainLink): string {
  const span = start === null || end === null ? '' : `, ${moment(start)} - ${moment(end)}`;
  const amount = quantityWords(quantity);
  const on = resources.length > 0 ? ` on ${resources.join(', ')}` : '';
  switch (type) {
    case 'STCK':
      return `${amount} ${item} at ${location} from stock${end === null ? '' : `, free on ${moment(end)}`}`;
    case 'PO':
      return `buy ${amount} ${item} from ${supplier}${span}`;
    case 'DO':
      return `move ${amount} ${item} from ${origin} to ${location}${span}`;
    case 'WO':
      return `  ${operation}${on}${span}`;
    default:
      return `make ${amount} ${item}${on}${span}`;
  }
}
