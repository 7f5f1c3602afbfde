// Single attributes of an element of a plan document that we have written ourselves: read, replaced, and its dates moved. Pure.

import { escapeXml } from '../../connector/document/xml.ts';
import { parsePostedTime } from '../../mapping/posted.ts';
import { formatStamp } from '../../mapping/time.ts';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Of the outermost tag; empty when it has none of this name. */
export function attributeOf(element: string, name: string): string {
  const tag = element.slice(0, element.indexOf('>'));
  const match = new RegExp(` ${name}="([^"]*)"`).exec(tag);
  return (match?.[1] ?? '').replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (text, hex, decimal, entity) => {
    if (entity !== undefined) return ENTITIES[entity] ?? text;
    return String.fromCodePoint(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

export function withAttribute(element: string, name: string, value: string): string {
  const end = element.indexOf('>');
  const tag = element.slice(0, end).replace(new RegExp(` ${name}="[^"]*"`), () => ` ${name}="${escapeXml(value)}"`);
  return tag + element.slice(end);
}

/** All its dates, those of its steps too, later by so many seconds. */
export function movedBy(element: string, seconds: number): string {
  return element.replace(/ (start|end)="(\d{4}-[^"]*)"/g, (text, name: string, stamp: string) => {
    const time = parsePostedTime(stamp);
    return time === undefined ? text : ` ${name}="${formatStamp(time + seconds).replace('T', ' ')}"`;
  });
}
