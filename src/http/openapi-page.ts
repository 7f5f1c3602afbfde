// The description of the API as a page to read: plain HTML, no script.
import type { ApiRoute } from './api.ts';
import { escapeHtml } from './html.ts';
import { describeApi, type Json, type JsonObject } from './openapi.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2 { font-weight: 600; } h2 { margin-top: 2.5rem; }
details { border: 1px solid color-mix(in srgb, currentcolor 20%, transparent); border-radius: 6px; margin: .4rem 0; }
summary { padding: .5rem .8rem; cursor: pointer; } details > div { padding: 0 .8rem .6rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { overflow-x: auto; }
.method { display: inline-block; width: 4.2rem; font-weight: 700; text-transform: uppercase; }
table { border-collapse: collapse; } td, th { text-align: left; padding: .1rem 1rem .1rem 0; vertical-align: top; }
`;

function schemaText(schema: Json | undefined): string {
  return schema === undefined ? '' : `<pre>${escapeHtml(JSON.stringify(schema, null, 2))}</pre>`;
}

function operationHtml(method: string, path: string, operation: JsonObject): string {
  const { summary, description, parameters, requestBody, responses } = operation as unknown as {
    summary: string;
    description?: string;
    parameters?: { name: string; in: string; required: boolean; description?: string; schema: Json }[];
    requestBody?: { content: Record<string, { schema?: Json }> };
    responses: Record<string, { content?: Record<string, { schema?: Json }> }>;
  };
  const rows = (parameters ?? []).map(
    ({ name, in: where, required, description: says = '', schema }) =>
      `<tr><td><code>${escapeHtml(name)}</code><td>${where}${required ? ', required' : ''}<td><code>${escapeHtml(JSON.stringify(schema))}</code><td>${escapeHtml(says)}`,
  );
  const [takes, body] = Object.entries(requestBody?.content ?? {})[0] ?? ['', null];
  const good = Object.entries(responses).find(([status]) => status.startsWith('2'));
  const [type, answer] = Object.entries(good?.[1].content ?? {})[0] ?? ['', {}];
  return [
    `<details><summary><span class="method">${method}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(summary)}</summary><div>`,
    `<p>${escapeHtml(description ?? 'No sign-in needed.')}</p>`,
    rows.length > 0 ? `<table>${rows.join('')}</table>` : '',
    body ? `<h4>Body</h4><p><code>${escapeHtml(takes)}</code></p>${schemaText(body.schema)}` : '',
    `<h4>Answer</h4><p>${good?.[0] ?? ''} <code>${escapeHtml(type)}</code></p>${schemaText(answer.schema)}`,
    '</div></details>',
  ].join('\n');
}

/** The page is complete HTML; it needs `style-src 'unsafe-inline'` or a hash of its one style. */
export function apiPage(routes: readonly ApiRoute[], version: string): string {
  const { paths, tags } = describeApi(routes, version) as unknown as {
    paths: Record<string, Record<string, JsonObject>>;
    tags: { name: string }[];
  };
  const sections = tags.map(({ name }) => {
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => (operation.tags as string[]).includes(name))
        .map(([method, operation]) => operationHtml(method, path, operation)),
    );
    return `<h2>${escapeHtml(name)}</h2>\n${operations.join('\n')}`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Planbridge API</title>
<style>${STYLE}</style>
<h1>Planbridge API ${escapeHtml(version)}</h1>
<p>Sign in with an Odoo login (Basic), or with the token of <code>API_TOKEN</code> (Bearer).
Errors are <code>application/problem+json</code> with a code, what to do, and the id under which the log has more.
For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
</html>
`;
}

export const API_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
