// Keyset pages are sequential by nature: the next one starts where the last one ended. To keep several requests in
// flight, the range of ids is cut into windows that are expected to hold about one page each, judged by the density seen
// so far; windows are read side by side and handed out in order. A window that holds more is read to its end by keyset.

import type { OdooRow } from './reader.ts';

/** Rows with after < id <= upto (null = no upper end), ascending, at most `limit`. */
export type ReadRange = (after: number, upto: number | null, limit: number) => Promise<OdooRow[]>;

export interface WindowOptions {
  pageSize: number;
  /** Windows read at the same time; also the number of pages held in memory. */
  ahead: number;
  readRange: ReadRange;
  /** Largest id of all rows, 0 when there is none. */
  maxId: () => Promise<number>;
}

interface Window {
  upto: number | null;
  width: number;
  first: Promise<OdooRow[]>;
}

export async function* readWindows(options: WindowOptions): AsyncGenerator<OdooRow[]> {
  const { pageSize, readRange } = options;
  const first = await readRange(0, null, pageSize);
  if (first.length > 0) yield first;
  if (first.length < pageSize) return;
  const last = first.at(-1)!.id;
  const maxId = await options.maxId();

  // A little narrower than one page by the density of the first, so that most windows take one request.
  let width = Math.max(1, Math.round((last - first[0]!.id + 1) * 0.9));
  let start = last;
  let done = false;
  const queue: Window[] = [];

  const fill = (): void => {
    while (!done && queue.length < options.ahead) {
      const upto = start + width >= maxId ? null : start + width;
      const page = readRange(start, upto, pageSize);
      // A failure is thrown when its turn comes; until then it must not count as unhandled.
      page.catch(() => {});
      queue.push({ upto, width, first: page });
      if (upto === null) done = true;
      else start = upto;
    }
  };

  fill();
  for (let window = queue.shift(); window !== undefined; window = queue.shift()) {
    let page = await window.first;
    let rows = page.length;
    while (page.length > 0) {
      const full = page.length >= pageSize;
      const next = full ? readRange(page.at(-1)!.id, window.upto, pageSize) : undefined;
      next?.catch(() => {});
      if (!full) {
        width = nextWidth(window.width, rows, pageSize);
        fill();
      }
      yield page;
      if (next === undefined) break;
      page = await next;
      rows += page.length;
    }
    width = nextWidth(window.width, rows, pageSize);
    fill();
  }
}

/** Widens quickly over gaps, narrows quickly where it is crowded. */
function nextWidth(width: number, rows: number, pageSize: number): number {
  const factor = (0.9 * pageSize) / Math.max(rows, 1);
  return Math.max(1, Math.round(width * Math.min(8, Math.max(0.25, factor))));
}
