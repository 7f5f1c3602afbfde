// Mutated documents and bodies: what comes is read or refused by name, quickly, and nothing else happens.
// PLANBRIDGE_FUZZ sets how many (20,000 unless it says otherwise), PLANBRIDGE_SEED repeats one.

import { describe, expect, it } from 'vitest';
import { readOrders } from '../../src/connector/document/orders.ts';
import { boundaryOf, readMultipart, textOf } from '../../src/connector/multipart.ts';
import { PlanbridgeError } from '../../src/errors.ts';
import { freppleBody, inChunks, planOf, recordedPosts } from './wire.ts';

const RUNS = Number(process.env.PLANBRIDGE_FUZZ ?? 20_000);
const SEED = Number(process.env.PLANBRIDGE_SEED ?? 20_261_121);

function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const PIECES = [
  '<!DOCTYPE a [',
  '<?x?>',
  '&#0;',
  '&lt;',
  '\u0000',
  '\ud83d\ude00',
  '--**MessageBoundary**',
  '\r\n',
  '">',
  '<a>',
  '</plan>',
  '<![CDATA[',
  '=',
  '99999999999999999999',
  'NaN',
  '__proto__="1"',
  'xmlns:a="b" ',
];

function mutate(input: Buffer, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(input);
  for (let times = 1 + random(4); times > 0; times--) {
    const at = random(bytes.length + 1);
    const end = Math.min(bytes.length, at + random(40));
    switch (random(6)) {
      case 0:
        if (at < bytes.length) bytes[at] = random(256);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(PIECES[random(PIECES.length)]!), bytes.subarray(at)]);
        break;
      case 4:
        bytes = bytes.subarray(0, at);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random(2_000), random(256)), bytes.subarray(at)]);
    }
  }
  return bytes;
}

const STEP =
  '<workorder operation="T - cut 5" start="2026-01-05 08:00:00" end="2026-01-05 09:00:00"><resource name="S" id="2"/></workorder>';
const SAMPLE = freppleBody(
  { webtoken: 'a.b.c', database: 'demo', company: 'My Company', mode: '1' },
  planOf([
    '<operationplan reference="1" ordertype="PO" item="Leg &amp; co" supplier="Wood Corner 9" start="2026-01-05 00:00:00" end="2026-01-12 00:00:00" quantity="10.0" location_id="1" item_id="1,12"/>',
    `<operationplan reference="2" ordertype="MO" item="T" operation="T @ WH 5" start="2026-01-05 00:00:00" end="2026-01-12 00:00:00" quantity="1" item_id="1,11">${STEP}</operationplan>`,
  ]),
);

async function readAll(body: Buffer, contentType: string, chunk: number): Promise<void> {
  const boundary = boundaryOf(contentType);
  if (boundary === null) return;
  for await (const part of readMultipart(inChunks(body, chunk), boundary)) {
    if (part.filename === null) await textOf(part);
    else await readOrders(part.body, () => {});
  }
}

describe('mutated requests', () => {
  it(`${RUNS} of them are read or refused as the client's mistake`, { timeout: 300_000 }, async () => {
    const random = generator(SEED);
    const samples: { body: Buffer; type: string }[] = (recordedPosts() ?? []).map(({ body, headers }) => ({
      body,
      type: headers['content-type']!,
    }));
    samples.push({ body: SAMPLE, type: 'multipart/form-data; boundary=**MessageBoundary**' });
    const before = process.memoryUsage().rss;
    let refused = 0;
    let slowest = 0;
    for (let run = 0; run < RUNS; run++) {
      const { body, type } = samples[random(samples.length)]!;
      const mutated = mutate(body, random);
      const started = performance.now();
      try {
        await readAll(
          mutated,
          random(50) === 0 ? mutate(Buffer.from(type), random).toString('latin1') : type,
          1 + random(4_000),
        );
      } catch (error) {
        if (!(error instanceof PlanbridgeError) || error.status >= 500) {
          throw new Error(
            `run ${run} of seed ${SEED}: ${String(error)}\n${(error as Error).stack}\n${mutated.toString('latin1')}`,
          );
        }
        refused += 1;
      }
      slowest = Math.max(slowest, performance.now() - started);
    }
    expect(refused).toBeGreaterThan(RUNS / 10);
    expect(refused).toBeLessThan(RUNS);
    expect(slowest).toBeLessThan(2_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(300 << 20);
  });
});
