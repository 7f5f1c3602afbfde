// The two forms of a plan document. Both stream: nothing of it is kept but the piece being written.
import type { OpenExport } from '../export.ts';

export type DocumentFormat = 'xml' | 'json';

/** Text of the whole document in pieces of some ten kB. An error in the middle is thrown on; what was written until then
 * is never well-formed. */
export async function* writeDocument(_plan: OpenExport, _format: DocumentFormat): AsyncGenerator<string> {
  yield '';
}
