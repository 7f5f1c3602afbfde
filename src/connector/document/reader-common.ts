// What all readers of entities share: names, references, lists, properties.
import type { DemandGroup, PlanEntity, Property } from '../../planner/model.ts';
import { field, parseDate, textField, type XmlNode } from './reader-values.ts';

/** What a document holds: the planning entities, and demand groups that are declared on their own. */
export type DocumentEntity = PlanEntity | { entity: 'demandgroup'; value: DemandGroup };

export interface ReadContext {
  emit(entity: DocumentEntity): void;
  /** The plan's flag at this point of the document; it can be switched in its midst. */
  suppressFlowplanCreation: boolean;
}

export type Reader = (node: XmlNode, context: ReadContext) => string | undefined;

/** A name in an attribute is taken as it is, spaces at its ends too; around an element's text they are layout. */
export function nameOf(node: XmlNode): string | undefined {
  return exact(node.attributes.name) ?? textField(node, 'name');
}

function exact(attribute: string | undefined): string | undefined {
  return attribute === undefined || attribute.trim() === '' ? undefined : attribute;
}

export function children(node: XmlNode, list: string, element: string): XmlNode[] {
  const found: XmlNode[] = [];
  for (const child of node.children) {
    if (child.name === list) for (const c of child.children) if (c.name === element) found.push(c);
  }
  return found;
}

/** Name in a reference such as `<item name="x"/>`; what else the element says about the object is read too. */
export function reference(node: XmlNode, name: string, reader: Reader, context: ReadContext): string | undefined {
  const attribute = node.attributes[name];
  if (attribute !== undefined) return exact(attribute);
  let found: string | undefined;
  for (const child of node.children) if (child.name === name) found = refer(child, reader, context);
  return found;
}

export function refer(child: XmlNode, reader: Reader, context: ReadContext): string | undefined {
  const own = nameOf(child);
  if (own === undefined) return child.text.trim() || undefined;
  const more = child.children.some((c) => c.name !== 'name');
  if (more || Object.keys(child.attributes).some((a) => a !== 'name' && a !== 'action')) return reader(child, context);
  return own;
}

export function common(node: XmlNode): {
  description?: string;
  category?: string;
  subcategory?: string;
  source?: string;
  properties?: Property[];
} {
  return {
    description: textField(node, 'description'),
    category: textField(node, 'category'),
    subcategory: textField(node, 'subcategory'),
    source: textField(node, 'source'),
    properties: properties(node),
  };
}

export function properties(node: XmlNode): Property[] | undefined {
  let found: Property[] | undefined;
  for (const child of node.children) {
    const kind = /^(string|double|boolean|date)property$/.exec(child.name)?.[1];
    const name = kind === undefined ? undefined : nameOf(child);
    if (kind === undefined || name === undefined) continue;
    const text = field(child, 'value') ?? '';
    found ??= [];
    if (kind === 'double') found.push({ kind, name, value: Number(text) });
    else if (kind === 'boolean') found.push({ kind, name, value: /^(1|true|t|yes)$/i.test(text.trim()) });
    else if (kind === 'date') found.push({ kind, name, value: parseDate(text) ?? 0 });
    else found.push({ kind: 'string', name, value: text });
  }
  return found;
}
