// The words of an automation's schedule, as the settings file has them, in the language of who looks. What is not known stays as it is.
import type { Language } from '../kit/language.ts';

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
/** A Sunday. */
const FIRST_DAY = Date.UTC(2023, 0, 1);

/** @example scheduleText('Sunday at 18:00', languageOf('fr')) // 'dimanche à 18:00' */
export function scheduleText(words: string, { locale, t }: Pick<Language, 'locale' | 't'>): string {
  const text = words.trim().toLowerCase().replace(/[–—]/g, '-').replace(/\s+/g, ' ');
  if (text === 'twice per hour') return t('twice per hour');
  if (text === 'hourly') return t('hourly');
  const even = /^even hours(?: (\d{1,2}-\d{1,2}))?$/.exec(text);
  if (even) return even[1] ? t('even hours {hours}', { hours: even[1] }) : t('even hours');
  const [, when, time = ''] = /^(?:on (?:the )?|every )?(.+) at (\d{1,2}:\d{2})$/.exec(text) ?? [];
  if (when === 'daily') return t('daily at {time}', { time });
  if (when === 'first of the month') return t('first of the month at {time}', { time });
  const day = DAYS.indexOf(when ?? '');
  return day < 0 ? words : t('{day} at {time}', { day: nameOf(day, locale), time });
}

function nameOf(day: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(FIRST_DAY + day * 86_400_000);
}
