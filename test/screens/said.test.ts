// What the screens make of schedules and numbers in the language of who looks.
import { afterEach, describe, expect, it, vi } from 'vitest';

const web = new URL('../../src/screens/web/', import.meta.url).pathname;

/** The module as a page in this language loads it. */
async function inLanguage<T>(language: string, module: string): Promise<T> {
  vi.resetModules();
  const meta = { content: JSON.stringify({ language }), remove: () => {} };
  vi.stubGlobal('document', { querySelector: () => meta });
  return (await import(`${web}${module}`)) as T;
}

afterEach(() => vi.unstubAllGlobals());

describe('schedules of automations', () => {
  const said = async (language: string, words: string) => {
    const { scheduleText } = await inLanguage<{ scheduleText(words: string): string }>(
      language,
      'screens/automation-words.ts',
    );
    return scheduleText(words);
  };

  it.each([
    ['twice per hour', 'deux fois par heure', 'zweimal pro Stunde'],
    ['hourly', 'toutes les heures', 'stündlich'],
    ['Even hours 6-20', 'aux heures paires, 6-20 h', 'zu geraden Stunden, 6-20 Uhr'],
    ['daily at 06:30', 'tous les jours à 06:30', 'täglich um 06:30'],
    ['Sunday at 18:00', 'le dimanche à 18:00', 'Sonntag um 18:00'],
    ['every saturday at 8:15', 'le samedi à 8:15', 'Samstag um 8:15'],
    ['on the first of the month at 09:00', 'le premier du mois à 09:00', 'am Ersten des Monats um 09:00'],
  ])('%s', async (words, french, german) => {
    expect(await said('fr', words)).toBe(french);
    expect(await said('de', words)).toBe(german);
  });

  it('leaves cron, and what it does not know', async () => {
    expect(await said('fr', '*/5 6-20 * * 1-5')).toBe('*/5 6-20 * * 1-5');
    expect(await said('de', 'someday at 10:00')).toBe('someday at 10:00');
  });
});

describe('numbers of one column', () => {
  const aligned = async (values: number[]) => {
    const { alignedNumbers } = await inLanguage<{
      alignedNumbers(values: readonly number[]): (value: number) => string;
    }>('en', 'kit/numbers.ts');
    return values.map(alignedNumbers(values));
  };

  it('have as many decimals as the longest', async () => {
    expect(await aligned([216.35, 500, -158.7604, 1_500])).toEqual(['216.35', '500.00', '-158.76', '1,500.00']);
    expect(await aligned([216.35, 180.792])).toEqual(['216.350', '180.792']);
  });

  it('have none where none has any', async () => {
    expect(await aligned([10, 200, 0, 1e-9])).toEqual(['10', '200', '0', '0']);
  });
});
