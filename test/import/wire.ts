// The requests that frePPLe's own clients sent, as recorded; and bodies put together for tests.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenFolder } from '../support/golden.ts';

export interface RecordedRequest {
  name: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** All recorded POST requests, or null when the reference data is not there. */
export function recordedPosts(): RecordedRequest[] | null {
  const golden = goldenFolder();
  if (golden === null) return null;
  const folder = join(golden, '..', 'wire');
  const versions = readdirSync(folder).filter((name) => name.startsWith('v'));
  return versions.toSorted().flatMap((version) =>
    readdirSync(join(folder, version))
      .filter((file) => file.includes('_POST'))
      .toSorted()
      .map((file) => parseRecorded(`${version}/${file}`, readFileSync(join(folder, version, file)))),
  );
}

/** Request line and headers end in bare LF there; `Content-Length` says how long the body is. */
function parseRecorded(name: string, bytes: Buffer): RecordedRequest {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'));
  if (end === null) throw new Error(`${name} has no body`);
  const [line = '', ...rows] = bytes.subarray(0, end.index).toString('latin1').split(/\r?\n/);
  const headers: Record<string, string> = {};
  for (const row of rows) {
    const colon = row.indexOf(':');
    headers[row.slice(0, colon).toLowerCase()] = row.slice(colon + 1).trim();
  }
  const body = bytes.subarray(end.index + end[0].length).subarray(0, Number(headers['content-length']));
  return { name, path: line.split(' ')[1] ?? '', headers, body };
}

export async function* inChunks(bytes: Uint8Array, size = bytes.length): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) yield bytes.subarray(at, at + Math.max(1, size));
}

/** A body as frePPLe writes it: disposition `file` for the plan. */
export function freppleBody(
  fields: Readonly<Record<string, string>>,
  xml: string,
  boundary = '**MessageBoundary**',
): Buffer {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: file; name="frePPLe plan"; filename="frepple_plan.xml"\r\nContent-Type: application/xml\r\n\r\n`;
  return Buffer.from(`${parts.join('')}${head}${xml}\r\n--${boundary}--\r\n`);
}

export function planOf(records: readonly string[], list = 'operationplans'): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n<${list}>\n${records.join('\n')}\n</${list}>\n</plan>\n`;
}
