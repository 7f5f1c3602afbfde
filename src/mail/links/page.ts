// The page behind a link: says which choice is about to be made, and asks. Plain HTML without scripts or anything from elsewhere.
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { escapeHtml } from '../../http/html.ts';
import type { Language } from '../answers/language.ts';
import { pageWords } from '../answers/words.ts';

const STYLE = `body{margin:0;padding:8vh 24px;font:17px/1.5 system-ui,sans-serif;color:#1c2430;background:#f5f6f8}
main{max-width:560px;margin:auto;padding:28px;background:#fff;border-radius:10px}
h1{font-size:22px;margin:0 0 12px}
ul{padding-left:20px}
button{font:inherit;padding:10px 26px;border:0;border-radius:6px;background:#0b5cad;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #ffb400;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#14181d;color:#e6e9ee}main{background:#1e242b}}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export interface ChoicePage {
  language: Language;
  status: number;
  /** Shown above everything. */
  heading: string;
  text: string;
  lines?: readonly string[];
  /** The form that makes the choice. */
  confirm?: { label: string };
  company: string;
}

export function sendChoicePage(response: Response, page: ChoicePage): void {
  const { language, heading, text, lines = [], confirm, company } = page;
  const list = lines.length > 0 ? `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>` : '';
  // The form is sent to where the page came from: the address is not repeated in it.
  const form = confirm ? `<form method="post"><button type="submit">${escapeHtml(confirm.label)}</button></form>` : '';
  response
    .status(page.status)
    .setHeader(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
    )
    .setHeader('Referrer-Policy', 'no-referrer')
    .setHeader('X-Content-Type-Options', 'nosniff')
    .setHeader('X-Robots-Tag', 'noindex, nofollow')
    .setHeader('Cache-Control', 'no-store')
    .type('html')
    .send(
      `<!DOCTYPE html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(pageWords(language).title!)}</title><style>${STYLE}</style></head>
<body><main><h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p>${list}${form}<p><small>${escapeHtml(company)}</small></p></main></body></html>
`,
    );
}
