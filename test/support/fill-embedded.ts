// Makes an embedded database that is up to date, in the directory that is given. A process of its own: it takes seconds. It loads
// the whole service, so that Node keeps it compiled for the processes that tests start.
import '../../src/serve.ts';
import { openStore } from '../../src/store/database.ts';

const store = await openStore({ databaseUrl: null, dataDirectory: process.argv[2]! });
await store.close();
