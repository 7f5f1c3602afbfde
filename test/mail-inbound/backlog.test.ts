// Many mails that wait: they take no memory before their turn, and the next one is found as fast as among few.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backlogOf } from '../../src/mail/store/mails.ts';
import {
  CATALOGUE,
  noPostgres,
  openPipeline,
  openTestStore,
  recordingConversations,
  type TestStore,
} from './support.ts';

const WAITING = 10_000;
const READ = 800;

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

describe.skipIf(noPostgres !== null)('10,000 waiting mails', () => {
  let test: TestStore;
  beforeAll(async () => {
    test = await openTestStore('postgres');
    await test.store.query(
      `insert into planbridge.mail (sha256, source, size, raw, received_at, lane)
       select encode(sha256(raw), 'hex'), 'smtp', length(raw), raw, now(), lane
       from generate_series(1, $1::integer) n,
         lateral (select 'c' || n % 300 || '@example.com' as lane) lanes,
         lateral (select convert_to('From: ' || lane || E'\\r\\nTo: sales@mycompany.com\\r\\nMessage-ID: <' || n ||
           E'@x>\\r\\nSubject: Order\\r\\n\\r\\n- Product ID: 21\\r\\n- Quantity: 2\\r\\n\\r\\n-- \\r\\n' ||
           repeat(md5(n::text) || E'\\r\\n', 300), 'UTF8') as raw) raws`,
      [WAITING],
    );
    await test.store.query('analyze planbridge.mail');
  });
  afterAll(() => test?.close());

  it('are read one by one in flat memory', { timeout: 60_000 }, async () => {
    const stop = new AbortController();
    const { handle, ...conversations } = await recordingConversations(test.store);
    const heap: number[] = [];
    let count = 0;
    const { pipeline } = openPipeline(
      test.store,
      {
        ...conversations,
        async handle(query, incoming) {
          await query('insert into public.handled (mail, kind) values ($1, $2)', [incoming.stored.id, 'order']);
          if (++count % 200 === 0) {
            gc();
            heap.push(process.memoryUsage().heapUsed + process.memoryUsage().external);
          }
          if (count === READ) stop.abort();
          return { conversation: null, outcome: 'order' };
        },
      },
      { catalogue: async () => CATALOGUE, concurrency: 2 },
    );
    await pipeline.drain(stop.signal);
    const { waiting } = await backlogOf(test.store.query, Date.now());
    expect(waiting).toBeGreaterThanOrEqual(WAITING - READ - 2);
    expect(waiting).toBeLessThan(WAITING - READ + 5);
    // All that wait would be 100 MB.
    expect(Math.max(...heap) - heap[0]!).toBeLessThan(25e6);
  });
});
