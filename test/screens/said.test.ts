// What the screens make of schedules and numbers in the language of who looks.
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../src/screens/web/kit/language.ts';
import { alignedNumbers } from '../../src/screens/web/kit/numbers.ts';
import { scheduleText } from '../../src/screens/web/screens/automation-words.ts';

describe('schedules of automations', () => {
  it.each([
    ['twice per hour', 'deux fois par heure', 'zweimal pro Stunde'],
    ['hourly', 'toutes les heures', 'stündlich'],
    ['Even hours 6-20', 'aux heures paires, 6-20 h', 'zu geraden Stunden, 6-20 Uhr'],
    ['daily at 06:30', 'tous les jours à 06:30', 'täglich um 06:30'],
    ['Sunday at 18:00', 'le dimanche à 18:00', 'Sonntag um 18:00'],
    ['every saturday at 8:15', 'le samedi à 8:15', 'Samstag um 8:15'],
    ['on the first of the month at 09:00', 'le premier du mois à 09:00', 'am Ersten des Monats um 09:00'],
  ])('%s', (words, french, german) => {
    expect(scheduleText(words, languageOf('fr'))).toBe(french);
    expect(scheduleText(words, languageOf('de'))).toBe(german);
  });

  it('leaves cron, and what it does not know', () => {
    expect(scheduleText('*/5 6-20 * * 1-5', languageOf('fr'))).toBe('*/5 6-20 * * 1-5');
    expect(scheduleText('someday at 10:00', languageOf('de'))).toBe('someday at 10:00');
  });
});

describe('numbers of one column', () => {
  const aligned = (values: number[]) => values.map(alignedNumbers(values, 'en-GB'));

  it('have as many decimals as the longest', () => {
    expect(aligned([216.35, 500, -158.7604, 1_500])).toEqual(['216.35', '500.00', '-158.76', '1,500.00']);
    expect(aligned([216.35, 180.792])).toEqual(['216.350', '180.792']);
  });

  it('have none where none has any', () => {
    expect(aligned([10, 200, 0, 1e-9])).toEqual(['10', '200', '0', '0']);
  });
});
