// The mapping sheet over the API: as tables and as a drawing, as a file to download, and an edited one to take its place, which
// is refused cell by cell when it has errors.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { checkAgainstOdoo } from '../connector/mapping-check.ts';
import { defaultMappingBytes, readMapping } from '../connector/mapping-file.ts';
import { readXlsx, XLSX_LIMITS } from '../connector/xlsx/read.ts';
import { PlanbridgeError } from '../errors.ts';
import { notFound } from '../http/api.ts';
import { errorFields } from '../log.ts';
import { drawMapping } from '../mapping/diagram.ts';
import { cellText } from '../mapping/sheet-cells.ts';
import { addressOf, type SheetError } from '../mapping/sheet-errors.ts';
import type { Surroundings } from '../parts.ts';
import { addSheet, endSheets, listSheets, sheetContent, sheetInForce } from '../store/mapping-sheets.ts';

const tag = 'Mapping';

const CellError = z.object({
  address: z.string().describe('Mapping!D14'),
  sheet: z.string(),
  heading: z.string(),
  found: z.string(),
  message: z.string(),
  allowed: z.array(z.string()),
  suggestion: z.string().optional(),
});

const Uploaded = z.object({ id: z.number(), name: z.string(), who: z.string(), at: z.date(), inForce: z.boolean() });

const Answer = z.object({
  source: z.enum(['uploaded', 'file', 'shipped']),
  sheets: z.array(z.object({ name: z.string(), rows: z.array(z.array(z.string())) })),
  uploads: z.array(Uploaded),
});

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function addMappingRoutes(surroundings: Surroundings): void {
  const { api, store, mapping, rules, access, account, log, now } = surroundings;
  const { current } = mapping;

  async function inForce(): Promise<{ source: 'uploaded' | 'file' | 'shipped'; content: Buffer }> {
    const id = current.overruled ? await sheetInForce(store) : null;
    const uploaded = id === null ? null : await sheetContent(store, id);
    if (uploaded) return { source: 'uploaded', content: uploaded };
    if (current.path === null) return { source: 'shipped', content: await defaultMappingBytes() };
    return { source: 'file', content: await readFile(current.path) };
  }

  /** What the sheet asks of Odoo and Odoo has not; nothing when Odoo cannot be asked now. */
  async function unknownToOdoo(content: Buffer): Promise<SheetError[]> {
    const read = await readMapping(content);
    if (!read.ok) return [];
    try {
      const { database, login, password } = await account();
      const reader = await access.open(database, { login, password });
      try {
        return await checkAgainstOdoo(read.mapping.rules, reader, read.mapping.places);
      } finally {
        await reader.close();
      }
    } catch (error) {
      log.warn(errorFields(error), 'the mapping sheet was not held against Odoo');
      return [];
    }
  }

  api.route(
    {
      method: 'get',
      path: '/api/mapping',
      tag,
      summary: 'The sheet in force, as tables',
      role: 'viewer',
      answer: Answer,
    },
    async () => {
      const { source, content } = await inForce();
      const { sheets } = await readXlsx(content);
      const uploads = await listSheets(store);
      return {
        source,
        uploads,
        sheets: sheets.map(({ name, rows }) => ({ name, rows: rows.map((row) => row.map(cellText)) })),
      };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/mapping/file',
      tag,
      summary: 'The sheet in force, as shipped, or as it was uploaded once, as mapping.xlsx',
      role: 'viewer',
      query: z.object({ shipped: z.string().optional(), upload: z.coerce.number().int().optional() }),
      contentType: XLSX,
    },
    async ({ query, response }) => {
      const { shipped, upload } = query;
      const once = upload === undefined ? null : await sheetContent(store, upload);
      if (upload !== undefined && once === null) throw notFound('sheet');
      const content = once ?? (shipped === undefined ? (await inForce()).content : await defaultMappingBytes());
      response.setHeader('Content-Disposition', 'attachment; filename="mapping.xlsx"');
      response.type(XLSX).send(content);
      return undefined;
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/mapping/diagram.svg',
      tag,
      summary: 'Models of Odoo, planning entities, and what connects them, as a drawing',
      role: 'viewer',
      contentType: 'image/svg+xml',
    },
    ({ response }) => {
      response.type('image/svg+xml').send(drawMapping(rules()));
      return undefined;
    },
  );

  api.route(
    {
      method: 'post',
      path: '/api/mapping/file',
      tag,
      summary:
        'An edited sheet (the body is the .xlsx) in place of the one in force; 422 with errors by cell when it is not good',
      role: 'administrator',
      query: z.object({ name: z.string().max(200).default('mapping.xlsx') }),
      takes: [XLSX],
      answer: z.object({ errors: z.array(CellError), warnings: z.array(CellError) }),
    },
    async ({ request, response, user, query }) => {
      const content = await bodyOf(request);
      const read = await readMapping(content);
      if (!read.ok) {
        response.status(422);
        return { errors: read.errors.map(shown), warnings: [] };
      }
      const warnings = await unknownToOdoo(content);
      await addSheet(store, { content, name: query.name, who: user.login, at: new Date(now()) });
      await mapping.follow();
      return { errors: [], warnings: warnings.map(shown) };
    },
  );

  api.route(
    {
      method: 'delete',
      path: '/api/mapping/file',
      tag,
      summary: 'Back from the uploaded sheet to the file',
      role: 'administrator',
      answer: z.object({ ended: z.boolean() }),
    },
    async ({ user }) => {
      const ended = await endSheets(store);
      await mapping.follow();
      log.info({ by: user.login }, 'back to the mapping file');
      return { ended };
    },
  );
}

function shown(error: SheetError): z.infer<typeof CellError> {
  const { sheet, heading, found, message, allowed, suggestion } = error;
  return { address: addressOf(error), sheet, heading, found, message, allowed: [...allowed], suggestion };
}

async function bodyOf(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > XLSX_LIMITS.bytes) {
      throw new PlanbridgeError('PB_REQUEST_TOO_LARGE', 413, 'The sheet is larger than 5 MB.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
