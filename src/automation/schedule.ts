// When automations run, in the words of the people who run a shop, as cron expressions. Pure.
import { PlanbridgeError } from '../errors.ts';
import { checkCron } from '../planner/runs/cron.ts';

/** Hours of the day between which `even hours` count. */
export interface BusinessHours {
  from: number;
  until: number;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const CRON = /^\S+(\s+\S+){4}$/;

export const SCHEDULE_WORDS =
  '"twice per hour", "hourly", "even hours", "even hours 6-20", "daily at 23:30", "Sunday at 18:00", "first of the month at 09:00" or five fields of cron';

/**
 * Minute, hour, day, month, weekday.
 * @throws PlanbridgeError PB_REQUEST_ARGUMENT when the words are none of these
 * @example cronOf('even hours 6-20', { from: 6, until: 20 }) === '0 6-20/2 * * *'
 */
export function cronOf(words: string, hours: BusinessHours): string {
  const text = words.trim().toLowerCase().replace(/[–—]/g, '-').replace(/\s+/g, ' ');
  if (text === 'twice per hour') return '0,30 * * * *';
  if (text === 'hourly') return '0 * * * *';
  const even = /^even hours(?: (\d{1,2})-(\d{1,2}))?$/.exec(text);
  if (even) return evenHours(words, Number(even[1] ?? hours.from), Number(even[2] ?? hours.until));
  const daily = /^daily at (\d{1,2}):(\d{2})$/.exec(text);
  if (daily) return `${timeOf(words, daily[1]!, daily[2]!)} * * *`;
  const weekly = /^(?:on |every )?([a-z]+) at (\d{1,2}):(\d{2})$/.exec(text);
  if (weekly && DAYS.includes(weekly[1]!)) {
    return `${timeOf(words, weekly[2]!, weekly[3]!)} * * ${DAYS.indexOf(weekly[1]!)}`;
  }
  const monthly = /^(?:on the )?first of the month at (\d{1,2}):(\d{2})$/.exec(text);
  if (monthly) return `${timeOf(words, monthly[1]!, monthly[2]!)} 1 * *`;
  if (CRON.test(text)) {
    checkCron({ cron: text, zone: 'UTC' }, 0);
    return text;
  }
  throw unknown(words);
}

function evenHours(words: string, from: number, until: number): string {
  const first = from + (from % 2);
  if (until > 23 || first > until) throw unknown(words);
  return `0 ${first}-${until}/2 * * *`;
}

function timeOf(words: string, hour: string, minute: string): string {
  if (Number(hour) > 23 || Number(minute) > 59) throw unknown(words);
  return `${Number(minute)} ${Number(hour)}`;
}

function unknown(words: string): PlanbridgeError {
  return new PlanbridgeError('PB_REQUEST_ARGUMENT', 400, `"${words.slice(0, 80)}" is no schedule.`, {
    remedy: `Give ${SCHEDULE_WORDS}.`,
  });
}
