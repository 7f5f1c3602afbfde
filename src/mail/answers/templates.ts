// The templates of answers: one file for each answer and language, as shipped or from the folder that the operator names. A file
// that cannot be used is told at the start, not when a customer waits.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Mustache from 'mustache';
import { PlanbridgeError } from '../../errors.ts';
import { escapeHtml } from '../../http/html.ts';
import { LANGUAGES, type Language } from './language.ts';
import { guard, markupToHtml, markupToText } from './markup.ts';

const SHIPPED = join(import.meta.dirname, 'templates');

export const TEMPLATE_NAMES = [
  'confirmation',
  'shortage',
  'errors',
  'waiting',
  'cancelled',
  'choices-again',
  'repeated',
  'reminder',
  'expired',
  'which',
  'replenishment',
  'by-hand',
] as const;

export type TemplateName = (typeof TEMPLATE_NAMES)[number];

export interface Rendered {
  subject: string;
  text: string;
  html: string;
}

export interface Templates {
  render(name: TemplateName, language: Language, view: object): Rendered;
}

function broken(path: string, reason: string, cause?: unknown): PlanbridgeError {
  return new PlanbridgeError('PB_MAIL_TEMPLATE', 422, `The template ${path} cannot be used: ${reason}.`, {
    remedy: 'Correct the file, or remove it: then the shipped one is used.',
    cause,
  });
}

function readFolder(folder: string, texts: Map<string, string>): void {
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (entry === 'layout.html') texts.set(entry, readFileSync(path, 'utf8'));
    if (!LANGUAGES.some((language) => language === entry) || !statSync(path).isDirectory()) continue;
    for (const file of readdirSync(path)) {
      if (file.endsWith('.md')) texts.set(`${entry}/${file}`, readFileSync(join(path, file), 'utf8'));
    }
  }
}

/**
 * @param folder the operator's own templates; what is not in it is as shipped
 * @throws PlanbridgeError PB_MAIL_TEMPLATE, naming the file
 */
export function openTemplates(folder: string | null): Templates {
  const texts = new Map<string, string>();
  readFolder(SHIPPED, texts);
  if (folder !== null) {
    try {
      readFolder(folder, texts);
    } catch (cause) {
      throw broken(folder, `the folder cannot be read (${(cause as Error).message})`, cause);
    }
  }
  for (const [path, text] of texts) {
    try {
      Mustache.parse(text);
    } catch (cause) {
      throw broken(path, (cause as Error).message, cause);
    }
    const partial = /\/_/.test(path) || path === 'layout.html';
    if (!partial && !/^Subject:.*\S/.test(text)) throw broken(path, 'its first line does not begin with "Subject:"');
    if (path === 'layout.html' && !text.includes('{{{body}}}')) throw broken(path, 'it has no place for {{{body}}}');
  }
  const layout = texts.get('layout.html')!;

  return {
    render(name, language, view) {
      const source = texts.get(`${language}/${name}.md`) ?? texts.get(`en/${name}.md`)!;
      const [head = '', ...rest] = source.split(/\r?\n/);
      const partial = (other: string) => texts.get(`${language}/_${other}.md`) ?? texts.get(`en/_${other}.md`) ?? '';
      const fill = (template: string) => Mustache.render(template, view, partial, { escape: guard });
      const body = fill(rest.join('\n'));
      const subject = markupToText(fill(head.replace(/^Subject:\s*/, '')))
        .replace(/\s+/g, ' ')
        .trim();
      const page = Mustache.render(layout, { body: markupToHtml(body), subject }, {}, { escape: escapeHtml });
      // The layout is a page of its own that any editor can show.
      const html = page.replace('<html lang="en">', `<html lang="${language}">`);
      return { subject, text: markupToText(body), html };
    },
  };
}
