// A reading thread: parses mails and reads them, one at a time, with its own copy of the catalogue. Whoever started it ends it
// when a mail takes too long. It asks nobody.
import { parentPort } from 'node:worker_threads';
import { createCatalogue, updateCatalogue } from '../catalogue.ts';
import { fieldWordsOf } from '../extraction/fields.ts';
import { parseHead, parseMail } from '../parse.ts';
import { readMail } from '../read.ts';
import { bytesOf, revived } from './bytes.ts';
import type { FromThread, ToThread } from './messages.ts';

const port = parentPort!;
let catalogue = createCatalogue();
let fields = fieldWordsOf([]);

async function answer(message: ToThread): Promise<FromThread | undefined> {
  switch (message.kind) {
    case 'catalogue':
      if (message.other) catalogue = createCatalogue();
      updateCatalogue(catalogue, message.update);
      return undefined;
    case 'fields':
      fields = fieldWordsOf(message.words);
      return undefined;
    case 'parse': {
      const raw = bytesOf(message.raw);
      const mail = await (message.refused === null ? parseMail(raw) : parseHead(raw, message.refused));
      return { kind: 'parsed', mail };
    }
    case 'read': {
      const { received, memory, ...job } = message.job;
      const known = { wasReceived: () => received, ...memory };
      const full = await readMail(revived(message.mail), { ...job, catalogue, fields, memory: known });
      return { kind: 'read', full };
    }
  }
}

port.on('message', (message: ToThread) => {
  answer(message)
    .catch((error: unknown): FromThread => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'failed', message: text };
    })
    .then((heard) => {
      if (heard) port.postMessage(heard);
    });
});
