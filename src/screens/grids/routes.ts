// Grids over the API: what they are, a page of rows, the whole as a file, and the layouts that users keep.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type Api, type ApiUser, notFound } from '../../http/api.ts';
import type { Store } from '../../store/database.ts';
import { csvOf, type GridRow, xlsxOf } from './files.ts';
import { COLUMN_TYPES, type GridColumn, type GridDefinition, GridQuery, type GridScope } from './grid.ts';
import { countSql, type GridSql, pageSql } from './query.ts';
import { withRecords } from './records.ts';

const tag = 'Grids';
const FILE_PAGE = 2_000;

const Described = z.object({
  name: z.string(),
  title: z.string(),
  key: z.string(),
  sort: z.string(),
  columns: z.array(z.object({ name: z.string(), title: z.string(), type: z.enum(COLUMN_TYPES) }).loose()),
});

const FileQuery = GridQuery.omit({ offset: true, limit: true }).extend({
  format: z.enum(['csv', 'xlsx']).default('csv'),
  columns: z.string().max(2_000).describe('names separated by commas; empty = all').default(''),
});

const Layout = z.object({
  columns: z.array(z.object({ name: z.string().max(100), width: z.number().min(20).max(2_000).optional() })).max(200),
  filter: z.string().max(20_000).default('[]'),
  sort: z.string().max(200).default(''),
});

export interface GridRoutesOptions {
  api: Api;
  store: Store;
  grids: readonly GridDefinition[];
  /** Whose rows a user sees; `company` empty = the service's own. */
  scope(user: ApiUser, company: string): Promise<GridScope>;
}

export function addGridRoutes({ api, store, grids, scope }: GridRoutesOptions): void {
  const find = (name: string): GridDefinition => {
    const grid = grids.find((each) => each.name === name);
    if (!grid) throw notFound('grid');
    return grid;
  };
  const inner = async (grid: GridDefinition, user: ApiUser, company: string): Promise<GridSql> => {
    const { sql, values } = await grid.rows(await scope(user, company));
    return { sql, values: [...values] };
  };

  api.route(
    {
      method: 'get',
      path: '/api/grids',
      tag,
      summary: 'The grids with their columns',
      role: 'viewer',
      answer: z.object({ grids: z.array(Described) }),
    },
    () => ({
      grids: grids.map(({ rows, ...described }) => ({ ...described, columns: described.columns.map(withoutSql) })),
    }),
  );

  api.route(
    {
      method: 'get',
      path: '/api/grids/:grid',
      tag,
      summary: 'A page of rows, and how many there are in all',
      role: 'viewer',
      query: GridQuery,
      answer: z.object({ rows: z.array(z.record(z.string(), z.unknown())), total: z.number() }),
    },
    async ({ params, query, user }) => {
      const grid = find(params.grid!);
      const whose = await scope(user, query.company);
      const { sql, values } = await grid.rows(whose);
      const from: GridSql = { sql, values: [...values] };
      const page = pageSql(grid, from, query);
      const count = countSql(grid, from, query);
      const found = await store.query<GridRow>(page.sql, page.values);
      const rows = await withRecords(store.query, whose, grid.columns, found);
      const full = rows.length < query.limit && (rows.length > 0 || query.offset === 0);
      if (full) return { rows, total: query.offset + rows.length };
      const [counted] = await store.query<{ total: number }>(count.sql, count.values);
      return { rows, total: counted?.total ?? 0 };
    },
  );

  api.route(
    {
      method: 'get',
      path: '/api/grids/:grid/file',
      tag,
      summary: 'All rows as CSV or XLSX',
      role: 'viewer',
      query: FileQuery,
      contentType: 'text/csv',
    },
    async ({ params, query, user, response, signal }) => {
      const grid = find(params.grid!);
      const names = query.columns ? query.columns.split(',') : grid.columns.map(({ name }) => name);
      const columns = names.flatMap((name) => grid.columns.filter((column) => column.name === name));
      const from = await inner(grid, user, query.company);
      const pages = pagesOf(store, grid, from, query, signal);
      response.setHeader('Content-Disposition', `attachment; filename="${grid.name}.${query.format}"`);
      if (query.format === 'xlsx') {
        const file = await xlsxOf(grid.title, columns, pages);
        response.type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(file);
        return undefined;
      }
      response.type('text/csv');
      await pipeline(Readable.from(csvOf(columns, pages)), response);
      return undefined;
    },
  );

  addLayoutRoutes(api, store, find);
}

/** Without the SQL and what it is made of, which is nobody's business. */
function withoutSql({ sql, record, said, ...column }: GridColumn): Omit<GridColumn, 'sql' | 'record' | 'said'> {
  return column;
}

async function* pagesOf(
  store: Store,
  grid: GridDefinition,
  from: GridSql,
  query: Omit<z.infer<typeof FileQuery>, 'format' | 'columns'>,
  signal: AbortSignal,
): AsyncGenerator<readonly GridRow[]> {
  for (let offset = 0; ; offset += FILE_PAGE) {
    signal.throwIfAborted();
    const { sql, values } = pageSql(grid, from, { ...query, offset, limit: FILE_PAGE });
    const rows = await store.query<GridRow>(sql, values);
    yield rows;
    if (rows.length < FILE_PAGE) return;
  }
}

function addLayoutRoutes(api: Api, store: Store, find: (name: string) => GridDefinition): void {
  const path = '/api/grids/:grid/layouts/:name';
  api.route(
    {
      method: 'get',
      path: '/api/grids/:grid/layouts',
      tag,
      summary: 'My layouts of a grid',
      role: 'viewer',
      answer: z.object({ layouts: z.array(z.object({ name: z.string(), layout: Layout })) }),
    },
    async ({ params, user }) => {
      const sql = 'select name, layout from planbridge.grid_layout where login = $1 and grid = $2 order by name';
      return { layouts: await store.query(sql, [user.login, find(params.grid!).name]) };
    },
  );
  api.route(
    { method: 'put', path, tag, summary: 'Keeps a layout', role: 'viewer', body: Layout, answer: Layout },
    async ({ params, user, body }) => {
      await store.query(
        `insert into planbridge.grid_layout (login, grid, name, layout) values ($1, $2, $3, $4)
         on conflict (login, grid, name) do update set layout = excluded.layout`,
        [user.login, find(params.grid!).name, params.name!.slice(0, 100), JSON.stringify(body)],
      );
      return body;
    },
  );
  api.route(
    { method: 'delete', path, tag, summary: 'Removes a layout', role: 'viewer', answer: z.object({}) },
    async ({ params, user }) => {
      const sql = 'delete from planbridge.grid_layout where login = $1 and grid = $2 and name = $3';
      await store.query(sql, [user.login, find(params.grid!).name, params.name!]);
      return {};
    },
  );
}
