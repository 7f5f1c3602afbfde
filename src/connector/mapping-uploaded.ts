// Takes over the sheet that was uploaded, in every process of the service: looks every few seconds whether another one is in
// force, and asks at once after an upload of its own.
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/database.ts';
import { sheetContent, sheetInForce } from '../store/mapping-sheets.ts';
import type { CurrentMapping } from './mapping-current.ts';
import { mappingError, readMapping } from './mapping-file.ts';

export interface UploadedMapping {
  /** Looks now. */
  follow(): Promise<void>;
  close(): void;
}

const LOOK_MS = 3_000;

export async function followUploads(store: Store, mapping: CurrentMapping, log: Log): Promise<UploadedMapping> {
  let known: number | null = null;

  async function follow(): Promise<void> {
    const id = await sheetInForce(store);
    if (id === known) return;
    const content = id === null ? null : await sheetContent(store, id);
    if (content === null) mapping.overrule(null);
    else {
      const read = await readMapping(content);
      // It was good when it was uploaded: another version of the program reads it.
      if (!read.ok) throw mappingError('The uploaded sheet', read.errors);
      mapping.overrule(read.mapping);
    }
    known = id;
    log.info({ sheet: id }, id === null ? 'the mapping file counts' : 'an uploaded mapping sheet was taken over');
  }

  await follow().catch((error: unknown) => log.error(errorFields(error), 'the uploaded mapping sheet is not taken'));
  const timer = setInterval(() => {
    follow().catch((error: unknown) => log.error(errorFields(error), 'the uploaded mapping sheet is not taken'));
  }, LOOK_MS);
  timer.unref();
  return { follow, close: () => clearInterval(timer) };
}
