// The description of the API (OpenAPI 3.1), made from the table of routes: it cannot say other than what is served.
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ApiRoute } from './api.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const ERRORS = { '400': 'What is wrong with it is said', '401': STATUS_CODES[401]!, '403': STATUS_CODES[403]! };

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
    summary: 'A plan (multipart or application/xml) into Odoo; answers record by record',
    role: 'planner',
    contentType: 'application/json',
  },
  {
    method: 'post',
    path: '/frepple/recommendations',
    tag: 'Connector',
    summary: 'Recommendations of the planning side, in place of the open ones of the company',
    role: 'planner',
  },
];

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, Json>;
  return rest;
}

function parametersOf({ path, query }: ApiRoute): Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name: name!,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  if (!query) return inPath;
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
  return [...inPath, ...inQuery];
}

function operationOf(route: ApiRoute): JsonObject {
  const { tag, summary, role, body, answer, contentType } = route;
  const content = answer
    ? { 'application/json': { schema: schemaOf(answer, 'output') } }
    : { [contentType ?? 'application/json']: {} };
  return {
    tags: [tag],
    summary,
    ...(role === 'anyone' ? { security: [] } : { description: `Needs the role ${role}.` }),
    ...(parametersOf(route).length > 0 ? { parameters: parametersOf(route) } : {}),
    ...(body
      ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } } }
      : {}),
    responses: {
      '200': { description: 'Done', content },
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
