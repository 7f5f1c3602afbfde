// What the server composes, as a French or German planner reads it: recommendations, reasons, problems and refused moves of real
// plans, in words of the language, with its dates and numbers. What was stored without sentences stays English.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/planner/engine/network.ts';
import { planModel } from '../../src/planner/engine/run.ts';
import { demandOutputs } from '../../src/planner/output/demands.ts';
import { referencesOf } from '../../src/planner/output/orders.ts';
import { planPegging } from '../../src/planner/output/pegging.ts';
import { problemOutputs } from '../../src/planner/output/problems.ts';
import { english, type Filling, type Sentence } from '../../src/planner/output/sentence.ts';
import { loadPlanModel, type PlanModel } from '../../src/planner/plan-document.ts';
import { recommend } from '../../src/planner/recommendations/recommend.ts';
import { planRows } from '../../src/planner/results/from-network.ts';
import { argumentsOf, PlanParameters } from '../../src/planner/steps/plan.ts';
import { languageOf, type Said } from '../../src/screens/web/kit/language.ts';
import { de } from '../../src/screens/web/words/de.ts';
import { fr } from '../../src/screens/web/words/fr.ts';
import { DAY, demand, HOUR, NOW, plan, workshop } from '../output/workshop.ts';

const GOLDEN = join(import.meta.dirname, '../../../shared/golden/models');
if (!existsSync(GOLDEN)) console.warn(`${GOLDEN} is not there: no sentences of the golden models.`);

const at = (day: number, hour = 0): number => NOW + day * DAY + hour * HOUR;
const german = languageOf('de');
const french = languageOf('fr');

/** Everything that a plan says. */
function* saidBy(net: Network, model: PlanModel): Generator<Said & { sentence: Sentence }> {
  for (const { title, reasons, sentences } of recommend(net, model)) {
    yield { text: title, sentence: sentences.title };
    expect(sentences.reasons).toHaveLength(reasons.length);
    for (const [place, text] of reasons.entries()) yield { text, sentence: sentences.reasons[place]! };
  }
  const references = referencesOf(net);
  for (const { reasons } of demandOutputs(net, planPegging(net), references)) {
    for (const { text, sentence } of reasons) if (sentence) yield { text, sentence };
  }
  for (const { text, sentence } of problemOutputs(net, references)) yield { text, sentence: sentence! };
}

/** The words of a sentence and of those within. */
function* wordsOf({ words, values = {} }: Sentence): Generator<string> {
  yield words;
  const fillings = Object.values(values).flatMap((value): readonly Filling[] =>
    typeof value === 'object' && 'list' in value ? value.list : [value],
  );
  for (const filling of fillings) if (typeof filling === 'object' && 'words' in filling) yield* wordsOf(filling);
}

/** Names and numbers aside, what is left of a sentence in English. */
const ENGLISH = /\b(the|and|from|until|it|its|is|will|needed|late|due|days?|hours?|Jan|Feb|Mar|May|Oct|Dec)\b/;

function nameless({ words, values }: Sentence): Sentence {
  const entries = Object.entries(values ?? {}).map(([name, value]): [string, Filling] => [name, withoutNames(value)]);
  return { words, values: Object.fromEntries(entries) };
}

function withoutNames(value: Filling): Filling {
  if (typeof value === 'string') return 'X';
  if (typeof value === 'number' || 'day' in value || 'span' in value) return value;
  return 'words' in value ? nameless(value) : { ...value, list: value.list.map(withoutNames) };
}

describe.skipIf(!existsSync(GOLDEN))('plans of the golden models', () => {
  it.each([
    ['_odoo_ref17', 1],
    ['_odoo_demo17', 1],
    ['demand_policy', 1],
    ['supplier', 1],
    ['constraints_leadtime_3', 1],
    ['operation_alternate', 2],
  ])('%s (plan type %i) are told without a word of English', async (name, plantype) => {
    const model = await loadPlanModel(join(GOLDEN, name, 'model.xml'));
    const net = planModel(model, argumentsOf(PlanParameters.parse({ plantype })));
    const all = [...saidBy(net, model)];
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter(({ text, sentence }) => english(sentence, net.current) !== text)).toEqual([]);
    for (const [words, { said }] of [
      [de, german],
      [fr, french],
    ] as const) {
      const templates = new Set(all.flatMap(({ sentence }) => [...wordsOf(sentence)]));
      const spoken = [...templates].filter((template) => /\p{L}{2}/u.test(template.replace(/\{\w+\}/g, '')));
      expect(spoken.filter((template) => !words[template])).toEqual([]);
      const told = all.map((one) => said(one));
      expect(told.filter((one, place) => one === all[place]!.text || /[{}]/.test(one))).toEqual([]);
      const bare = all.map(({ sentence }) => said({ text: '', sentence: nameless(sentence) }));
      expect(bare.filter((one) => ENGLISH.test(one))).toEqual([]);
    }
  });
});

describe('in words of the language, with its dates, lengths of time and numbers', () => {
  const model = workshop({ demands: [demand('S1 1', 2, 4), demand('S2 2', 1200, 700)], stock: { Top: 9 } });
  const list = recommend(plan(model), model);
  const of = (kind: string) => list.find((one) => one.kind === kind)!;
  const told = (language: typeof german, { title, reasons, sentences }: (typeof list)[number]) => [
    plainSpaces(language.said({ text: title, sentence: sentences.title })),
    ...reasons.map((text, place) => plainSpaces(language.said({ text, sentence: sentences.reasons[place] }))),
  ];
  const plainSpaces = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

  it('German', () => {
    expect(told(german, of('late delivery'))).toEqual([
      'S1 1: 2 Table werden 4 Tage zu spät geliefert, am 12.01.2026',
      'Grund: Lieferzeit für Leg von Wood Corner 9 (7 Tage) bis 12.01.2026.',
    ]);
    expect(told(german, of('purchase'))[0]).toMatch(/^\d+ Leg bei Wood Corner 9 bestellen$/);
    expect(told(german, of('purchase'))).toContain('Bestellen am 05.01.2026; trifft am 12.01.2026 ein.');
  });

  it('French', () => {
    expect(told(french, of('late delivery'))).toEqual([
      'S1 1 : 2 Table livrés avec 4 jours de retard, le 12.01.2026',
      'Raison : délai de livraison de Leg chez Wood Corner 9 (7 jours) jusqu’au 12.01.2026.',
    ]);
    expect(told(french, of('purchase'))).toContain('À commander le 05.01.2026 ; arrivée le 12.01.2026.');
  });

  it('large numbers, one of a thing, and a list that goes on', () => {
    const sentence = (values: Record<string, Filling>): Sentence => ({ words: 'Needed for {demands}.', values });
    const some: Filling = {
      list: [
        {
          words: '{demand} ({quantity}, due {day})',
          values: { demand: 'S1 1', quantity: 1200.5, day: { day: '2026-01-09' } },
        },
        'S2 2',
      ],
      more: 1,
    };
    const [d, f] = [german, french].map(({ said }) => said({ text: '', sentence: sentence({ demands: some }) }));
    expect(d).toBe(`Benötigt für S1 1 (${german.numberText(1200.5)}, fällig 09.01.2026), S2 2 und 1 weitere.`);
    expect(f).toBe(`Nécessaire pour S1 1 (${french.numberText(1200.5)}, échéance 09.01.2026), S2 2 et 1 de plus.`);
    const late = (span: number): Sentence => ({
      words: '{what} ({time} at least)',
      values: { what: 'X', time: { span } },
    });
    expect([DAY, 3 * HOUR, 60].map((time) => plainSpaces(german.said({ text: '', sentence: late(time) })))).toEqual([
      'X (mindestens 1 Tag)',
      'X (mindestens 3 Stunden)',
      'X (mindestens 1 Minute)',
    ]);
  });

  it('names that look like blanks stay as they are', () => {
    const sentence: Sentence = { words: 'capacity of {resource}', values: { resource: '{day} $& {resource}' } };
    expect(german.said({ text: '', sentence })).toBe('Kapazität von {day} $& {resource}');
    expect(english(sentence, NOW)).toBe('capacity of {day} $& {resource}');
  });
});

describe('what is stored', () => {
  const orders = [
    {
      reference: 'P1 - 1',
      ordertype: 'PO',
      item: 'Leg',
      location: 'WH',
      supplier: 'Wood Corner 9',
      status: 'confirmed',
      start: at(-3),
      end: at(-2),
      quantity: 12,
    } as const,
  ];
  const model = workshop({ demands: [demand('S1 1', 2, 4)], orders, stock: { Top: 9 } });
  const rows = [...planRows(plan(model), model)];
  const stored = <T>(table: string) =>
    rows.flatMap(([name, row]) => (name === table ? [JSON.parse(JSON.stringify(row)) as T] : []));

  it('of a plan is read in German, sentence for sentence', () => {
    const bodies = stored<{ body: { title: string; sentences: { title: Sentence } } }>('plan_recommendation');
    const titles = bodies.map(({ body }) => german.said({ text: body.title, sentence: body.sentences.title }));
    expect(titles).toContain('P1 - 1 (12 Leg) anmahnen, 2 Tage überfällig');
    const problems = stored<{ description: string; detail: { sentence: Sentence } }>('plan_problem');
    expect(
      problems.map(({ description, detail }) => german.said({ text: description, sentence: detail.sentence })),
    ).toContain('P1 - 1 (Leg) hätte am 03.01.2026 enden sollen und ist nicht fertig gemeldet');
  });

  it('without sentences, by an earlier version, is told in English', () => {
    expect(german.said({ text: 'Buy 30 Leg from Wood Corner 9' })).toBe('Buy 30 Leg from Wood Corner 9');
    expect(german.said({ text: 'capacity of Drill 1', sentence: null })).toBe('capacity of Drill 1');
  });

  it('says in English what the server says, to the letter', () => {
    for (const { text, sentence } of saidBy(plan(model), model))
      expect(languageOf('en').said({ text, sentence })).toBe(text);
  });
});
