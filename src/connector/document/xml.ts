// XML form of a plan document. What XML forbids is taken out of names, line breaks and tabs in attributes are kept as references.
import { type Emitter, formatDate, formatDuration, formatNumber } from './emitter.ts';

const SPECIAL = /[&<>"\u0000-\u001f\ud800-\udfff\ufffe\uffff]/;
const EACH = /[&<>"\u0000-\u001f\ufffe\uffff]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text for an attribute or an element: escaped, without characters that XML 1.0 does not allow. */
export function escapeXml(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value.replace(EACH, (found) => (found.length === 2 ? found : (ENTITIES[found] ?? '')));
}

/** Text for a comment, which may hold no double hyphen. */
export function escapeComment(value: string): string {
  return escapeXml(value)
    .replace(/--+/g, (run) => '- '.repeat(run.length).trim())
    .replace(/-$/, '- ');
}

export function xmlEmitter(): Emitter & { raw(text: string): void } {
  let out = '';
  let open = false;
  const close = () => {
    if (open) {
      out += '>';
      open = false;
    }
  };
  const attribute = (name: string, value: string) => {
    out += ` ${name}="${value}"`;
  };
  return {
    start(tag) {
      close();
      out += `<${tag}`;
      open = true;
    },
    end(tag) {
      if (open) {
        out += '/>\n';
        open = false;
      } else out += `</${tag}>\n`;
    },
    type(name) {
      if (name !== undefined) attribute('xsi:type', name);
    },
    text(name, value) {
      if (value !== undefined) attribute(name, escapeXml(value));
    },
    number(name, value) {
      if (value !== undefined) attribute(name, formatNumber(value));
    },
    boolean(name, value) {
      if (value !== undefined) attribute(name, value ? 'true' : 'false');
    },
    date(name, value) {
      if (value !== undefined) attribute(name, formatDate(value));
    },
    duration(name, value) {
      if (value !== undefined) attribute(name, formatDuration(value));
    },
    reference(tag, name, key = 'name') {
      if (name === undefined) return;
      close();
      out += `<${tag} ${key}="${escapeXml(name)}"/>`;
    },
    list(name) {
      close();
      out += `<${name}>\n`;
    },
    endList(name) {
      out += `</${name}>\n`;
    },
    property(kind, name, value) {
      close();
      out += `<${kind} name="${escapeXml(name)}" value="${escapeXml(value)}"/>`;
    },
    raw(text) {
      close();
      out += text;
    },
    take() {
      const text = out;
      out = '';
      return text;
    },
    get length() {
      return out.length;
    },
  };
}
