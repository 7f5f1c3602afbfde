// The shared text and the gate, without HTTP.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBroadcast } from '../../src/connector/broadcast.ts';
import { createGate } from '../../src/connector/gate.ts';

async function* pieces(texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) {
    await Promise.resolve();
    yield text;
  }
}

describe('a shared text', () => {
  it('reaches every reader whole, whatever the pieces and the paces', async () => {
    const scenario = fc.record({
      texts: fc.array(fc.string({ maxLength: 30 }), { maxLength: 30 }),
      waits: fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      windowBytes: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ texts, waits, windowBytes }) => {
        let ends = 0;
        const source = pieces(texts);
        const shared = createBroadcast(source, { headBytes: 0, windowBytes, holdMs: 5_000 }, () => {
          ends += 1;
        });
        const readers = waits.map((pauses) => ({ pauses, chunks: shared.join()! }));
        const read = readers.map(async ({ pauses, chunks }) => {
          const got: Buffer[] = [];
          let taken = 0;
          for await (const chunk of chunks) {
            got.push(chunk);
            for (let turns = pauses[taken++ % pauses.length]!; turns > 0; turns -= 1) await new Promise(setImmediate);
          }
          return Buffer.concat(got).toString();
        });
        for (const text of await Promise.all(read)) expect(text).toBe(Buffer.from(texts.join('')).toString());
        expect(ends).toBe(1);
      }),
      { numRuns: 60 },
    );
  });

  it('is never further ahead of the slowest reader than the window', async () => {
    let produced = 0;
    const endless = (async function* () {
      for (;;) {
        produced += 10;
        yield 'x'.repeat(10);
      }
    })();
    const shared = createBroadcast(endless, { headBytes: 0, windowBytes: 100, holdMs: 60_000 }, () => {});
    const slow = shared.join()!;
    const quick = shared.join()!;
    for (let chunk = 0; chunk < 10; chunk += 1) await quick.next();
    const held = quick.next();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(produced).toBe(100);
    await slow.next();
    await held;
    expect(produced).toBe(110);
    await slow.return?.();
    await quick.return?.();
  });

  it('cannot be joined when its beginning is gone', async () => {
    const shared = createBroadcast(
      pieces(['aaaa', 'bbbb', 'cccc']),
      { headBytes: 5, windowBytes: 100, holdMs: 100 },
      () => {},
    );
    const first = shared.join()!;
    await first.next();
    expect(shared.join()).not.toBeNull();
    await first.next();
    await first.next();
    const shared2 = createBroadcast(
      pieces(['aaaa', 'bbbb', 'cccc']),
      { headBytes: 5, windowBytes: 100, holdMs: 100 },
      () => {},
    );
    const alone = shared2.join()!;
    await alone.next();
    await alone.next();
    expect(shared2.join()).toBeNull();
  });

  it('ends for its maker when the last reader leaves, read or unread', async () => {
    const ends: unknown[] = [];
    const shared = createBroadcast(pieces(['a', 'b']), { headBytes: 5, windowBytes: 5, holdMs: 100 }, (error) =>
      ends.push(error),
    );
    const [one, two] = [shared.join()!, shared.join()!];
    await one.return?.();
    expect(ends).toHaveLength(0);
    await two.return?.();
    expect(ends).toMatchObject([{ code: 'PB_REQUEST_ABORTED' }]);
    expect(shared.join()).toBeNull();
  });
});

describe('the gate', () => {
  it('never lets more through than it may, and everyone in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.nat({ max: 3 }), { maxLength: 20 }),
        async (concurrency, turns) => {
          const gate = createGate({ concurrency, queue: 100, queueSeconds: 10 });
          let most = 0;
          await Promise.all(
            turns.map(async (turn) => {
              const leave = await gate.enter();
              most = Math.max(most, gate.running);
              for (let left = turn; left > 0; left -= 1) await new Promise(setImmediate);
              leave();
              leave();
            }),
          );
          expect(most).toBeLessThanOrEqual(concurrency);
          expect([gate.running, gate.waiting]).toEqual([0, 0]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('forgets who gave up waiting', async () => {
    const gate = createGate({ concurrency: 1, queue: 1, queueSeconds: 10 });
    const leave = await gate.enter();
    const controller = new AbortController();
    const waiting = gate.enter(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'PB_REQUEST_ABORTED' });
    expect(gate.waiting).toBe(0);
    leave();
    (await gate.enter())();
  });
});
