// A folder of mails replayed through the whole service: what is read, and what has then really happened in Odoo, in the store and
// in the outbox.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCorpus } from '../../../src/mail/corpus/folder.ts';
import { type CaseResult, openReplay, type Replay } from '../../../src/mail/corpus/replay.ts';
import { defaultMailFields } from '../../../src/mapping/defaults.ts';
import { defaultMapping } from '../../../src/mapping/sheet.ts';
import { inShort } from '../support.ts';
import { ADLER, CATALOGUE, NOW, OWN, rawScene, SCENES } from './scenes.ts';

let directory: string;
let replay: Replay;

const MAPPING = { rules: defaultMapping().rules, mailFields: defaultMailFields() };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'planbridge-corpus-'));
  const cases: Record<string, unknown> = {};
  for (const scene of SCENES) {
    const { name, now = NOW, sent = [], after = [] } = scene;
    cases[name] = { catalogue: 'brennhof', now, sent, after };
    await writeFile(join(directory, `${name}.eml`), rawScene(scene));
  }
  cases['without-mail'] = { catalogue: 'brennhof', now: NOW };
  cases['without-catalogue'] = { catalogue: 'gone', now: NOW };
  cases['after-nobody'] = { catalogue: 'brennhof', now: NOW, after: ['nobody'] };
  const context = {
    own: { addresses: [OWN], staffDomains: ['brennhof.example.com'] },
    policy: 'everyone',
    limits: { maxLines: 50, maxQuantity: 100_000, duplicateWindowHours: 24 },
    cases,
  };
  await writeFile(join(directory, 'context.json'), JSON.stringify(context));
  await writeFile(join(directory, 'catalogue.json'), JSON.stringify(CATALOGUE));
  replay = await openReplay(await openCorpus(directory), { mapping: MAPPING });
}, 60_000);

afterAll(async () => {
  await replay?.close();
  await rm(directory, { recursive: true, force: true });
});

const play = (name: string) => replay.play(name, new AbortController().signal);

/** `waiting-for-stock, person; sold 9 BH-4; bought 9 BH-4 of 502; replenishment, waiting` */
function inTheEnd({ happened }: CaseResult): string {
  if (!happened) return '';
  const lines = (orders: readonly { lines: readonly string[]; vendor?: string }[]) =>
    orders.flatMap(({ lines: own, vendor }) =>
      own.map((line) => `${line.split(' ')[0]} ${line.split(' ').at(-1)}${vendor ? ` of ${vendor}` : ''}`),
    );
  const sold = lines(happened.saleOrders).join(', ');
  const bought = lines(happened.purchaseOrders).join(', ');
  return [
    [happened.state, happened.waitsFor === null ? null : 'person'].filter(Boolean).join(', '),
    sold && `sold ${sold}`,
    bought && `bought ${bought}`,
    happened.answers.map((answer) => answer.split(' ')[0]).join(', '),
  ]
    .filter(Boolean)
    .join('; ');
}

test.each(SCENES)('$name', async ({ name, read, end }) => {
  const played = await play(name);
  expect(played.problems).toEqual([]);
  expect(inShort(played.result!)).toBe(read);
  expect(inTheEnd(played)).toBe(end);
});

test('what a case leaves behind, the next one does not see', async () => {
  const before = await play('first');
  await play('r2-other-quantity');
  expect(await play('first')).toEqual(before);
  expect(before.happened?.saleOrders[0]?.name).toBe('S00001');
});

test('the order is the company’s, the customer whoever wrote', async () => {
  const { result, happened } = await play('company-of-a-contact');
  expect(happened?.saleOrders[0]?.partner).toBe('Birke KG');
  expect(happened?.answers).toEqual(['confirmation to lager@birke.example.org: sent']);
  expect(result).toMatchObject({
    customer: { email: 'rist@birke.example.org', name: 'Olaf Rist' },
    answerTo: 'lager@birke.example.org',
  });
});

test('an address is the one to which Odoo sends the goods', async () => {
  const address = async (name: string) => {
    const { result } = await play(name);
    return result?.kind === 'order' ? result.order.address : null;
  };
  expect(await address('delivered-elsewhere')).toBe('Hafenstraße 9, 20457, Hamburg');
  expect(await address('new-customer')).toBe('Am Hang 4, 04103, Leipzig');
  expect(await address('own-street')).toBe('Weg 1');
  expect(await address('first')).toBeUndefined();
});

test('a reply answers the question of which it names the Message-ID, written as the context has it', async () => {
  const { result } = await play('r2');
  expect(result).toMatchObject({ inReplyTo: SCENES[0]!.sent![0]!.messageId });
  expect((await play('came-back')).result).toMatchObject({ inReplyTo: SCENES[0]!.sent![0]!.messageId });
});

test('a case that cannot be played says why, and the others go on', async () => {
  const whyNot = async (name: string) => {
    const { result, problems } = await play(name);
    expect(result).toBeNull();
    return problems.join(' ');
  };
  expect(await whyNot('without-mail')).toMatch(/without-mail\.eml cannot be read: it is not there/);
  expect(await whyNot('without-catalogue')).toMatch(/names the catalogue "gone"; the folder has brennhof/);
  expect(await whyNot('after-nobody')).toMatch(/The case nobody is not in .*context\.json/);
  expect((await play('r3')).problems).toEqual([]);
});

test('it ends at once when it is told to', async () => {
  const stop = new AbortController();
  stop.abort();
  await expect(replay.play('first', stop.signal)).rejects.toThrow();
  expect((await play('first')).result).toMatchObject({ kind: 'order', customer: { email: ADLER.split(/[<>]/)[1] } });
});
