// The process that the crash test kills: all sources and the pipeline, with conversations that write to a table. Told what to do
// by its environment; says `ready` when it takes mails.
import express from 'express';
import { readConfig } from '../../src/config.ts';
import { createApi } from '../../src/http/api.ts';
import { silentLog } from '../../src/log.ts';
import { createInbound } from '../../src/mail/inbound/service.ts';
import { dropClaims } from '../../src/mail/store/queue.ts';
import { openStore } from '../../src/store/database.ts';
import { openPipeline, QUICK, recordingConversations } from './support.ts';

const { env } = process;
const config = readConfig(env);
const store = await openStore(config.store);
const conversations = await recordingConversations(store);
// As the service: an embedded database is one process's.
if (store.kind === 'embedded') {
  await dropClaims(store, null);
  await store.query('delete from planbridge.mail_lease');
}
const holder = `child ${process.pid}`;
const { pipeline } = openPipeline(store, conversations, { holder, leaseMs: 800 });
const inbound = createInbound({
  config: config.mail,
  apiToken: null,
  store,
  log: silentLog,
  now: Date.now,
  lease: { holder, leaseMs: 800 },
  arrived: pipeline.wake,
  timing: QUICK,
  listening: () => console.log('ready'),
});
const api = createApi({
  authenticate: () => Promise.reject(new Error('nobody')),
  log: silentLog,
  discloseStackTrace: false,
});
inbound.addRoutes(api);
const app = express().use(api.router);
app.get('/count', async (_request, response) => {
  const [row] = await store.query(
    `select count(*)::integer as mails, count(*) filter (where state = 'waiting')::integer as waiting from planbridge.mail`,
  );
  response.json(row);
});
app.listen(Number(env.TEST_HTTP_PORT), '127.0.0.1');
void pipeline.work(new AbortController().signal);
await inbound.start();
