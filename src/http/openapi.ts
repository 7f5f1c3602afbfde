// The description of the API (OpenAPI 3.1), made from the table of routes: it cannot say other than what is served.
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ApiRoute } from './api.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const ERRORS = {
  '400': 'What is wrong with it is said',
  '401': STATUS_CODES[401]!,
  '403': STATUS_CODES[403]!,
  default: 'Anything else',
};

const DATABASE = z.object({ database: z.string().optional() });

/** Of the connector: they stream, and have rules of their own (Content-Type, sign-in, phrases) that frePPLe's clients know. */
const CONNECTOR: readonly ApiRoute[] = [
  {
    method: 'get',
    path: '/frepple/xml',
    tag: 'Connector',
    summary: 'The planning data of Odoo as a plan document',
    role: 'viewer',
    query: z.object({
      mode: z.enum(['0', '1', '2']).describe('0 = connection test, 1 = everything, 2 = what changes slowly').optional(),
      database: z.string().optional(),
      company: z.string().describe('exact name').optional(),
      singlecompany: z.string().optional(),
      language: z.string().describe('of Odoo, for example fr_FR').optional(),
      timezone: z.string().describe('IANA name').optional(),
      delta: z.string().describe('days; sales orders changed since').optional(),
      apps: z.string().optional(),
      format: z.enum(['xml', 'json']).optional(),
    }),
    contentType: 'application/xml',
  },
  {
    method: 'post',
    path: '/frepple/xml',
    tag: 'Connector',
    summary: 'A plan into Odoo; answers record by record',
    role: 'planner',
    takes: ['multipart/form-data', 'application/xml'],
    contentType: 'application/json',
  },
  {
    method: 'post',
    path: '/frepple/recommendations',
    tag: 'Connector',
    summary: 'Recommendations of the planning side, in place of the open ones of the company',
    role: 'planner',
    takes: ['application/json'],
  },
  {
    method: 'get',
    path: '/api/imports',
    tag: 'Connector',
    summary: 'Plans that were posted, newest first',
    role: 'viewer',
    query: z.object({
      database: z.string().optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
      before: z.coerce.number().int().optional().describe('imports older than this one'),
    }),
  },
  {
    method: 'get',
    path: '/api/imports/:id',
    tag: 'Connector',
    summary: 'What became of each record of a posted plan',
    role: 'viewer',
    query: DATABASE,
  },
  {
    method: 'get',
    path: '/api/imports/:id/document',
    tag: 'Connector',
    summary: 'The document that was posted',
    role: 'viewer',
    query: DATABASE,
    contentType: 'application/xml',
  },
  {
    method: 'post',
    path: '/api/imports/:id/repeat',
    tag: 'Connector',
    summary: 'Posts that plan again; what is there is not made twice',
    role: 'planner',
    query: DATABASE,
  },
  {
    method: 'get',
    path: '/api/recommendations',
    tag: 'Connector',
    summary: 'Recommendations that the planning side has sent',
    role: 'viewer',
    query: DATABASE.extend({ company: z.string().optional() }),
  },
  {
    method: 'post',
    path: '/api/recommendations/:id/accept',
    tag: 'Connector',
    summary: 'Makes a recommendation in Odoo, once',
    role: 'planner',
    query: DATABASE,
  },
];

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // JSON carries them as text.
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'date') Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    },
  }) as Record<string, Json>;
  return rest;
}

function parametersOf({ path, query, headers = {} }: ApiRoute): Json[] {
  const schema = { type: 'string' };
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name: name!, in: 'path', required: true, schema }));
  const inHead = Object.entries(headers).map(([name, description]) => ({
    ...{ name, in: 'header', required: false, description, schema },
  }));
  if (!query) return [...inPath, ...inHead];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: string[];
  };
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  return [...inPath, ...inQuery, ...inHead];
}

/** `POST /api/runs/:id/cancel` → `postRunsIdCancel` */
function operationId({ method, path }: ApiRoute): string {
  const words = path.replace(/^\/api(?=\/)/, '').match(/\w+/g) ?? [];
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

function operationOf(route: ApiRoute): JsonObject {
  const { tag, summary, role, body, takes = [], answer, contentType, status = 200, edits } = route;
  const taken = body
    ? { 'application/json': { schema: schemaOf(body, 'input') } }
    : Object.fromEntries(takes.map((type) => [type, {}]));
  const content = answer
    ? { 'application/json': { schema: schemaOf(answer, 'output') } }
    : { [contentType ?? 'application/json']: {} };
  return {
    tags: [tag],
    operationId: operationId(route),
    summary,
    ...(role === 'anyone'
      ? { security: [] }
      : { description: `Needs the role ${role}.${edits ? ' Refused where PLANNER_EDITS is no.' : ''}` }),
    ...(parametersOf(route).length > 0 ? { parameters: parametersOf(route) } : {}),
    ...(Object.keys(taken).length > 0 ? { requestBody: { required: true, content: taken } } : {}),
    responses: {
      [String(status)]: { description: 'Done', content },
      ...Object.fromEntries(
        Object.entries(ERRORS).map(([status, description]) => [
          status,
          {
            description,
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
    },
  };
}

const PROBLEM: JsonObject = {
  type: 'object',
  required: ['title', 'status', 'detail', 'code', 'correlationId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    remedy: { type: 'string', description: 'what to do about it' },
    code: { type: 'string', description: 'one of docs/errors.md' },
    correlationId: { type: 'string', description: 'as in the log and in X-Correlation-Id' },
  },
};

/** @param version of Planbridge */
export function describeApi(routes: readonly ApiRoute[], version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of [...CONNECTOR, ...routes]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  const tags = [...new Set([...CONNECTOR, ...routes].map(({ tag }) => tag))];
  return {
    openapi: '3.1.0',
    info: { title: 'Planbridge', version },
    security: [{ odoo: [] }, { token: [] }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        odoo: { type: 'http', scheme: 'basic', description: 'an Odoo login with its password or API key' },
        token: { type: 'http', scheme: 'bearer', description: 'API_TOKEN of the configuration' },
      },
      schemas: { Problem: PROBLEM },
    },
  };
}
