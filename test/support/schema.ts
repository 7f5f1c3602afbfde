// frePPLe's schema of plan documents, where the reference data is there.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const FILE = join(process.env.PLANBRIDGE_GOLDEN ?? resolve('../shared/golden'), 'xsd', 'frepple-9.18.xsd');

export const NO_SCHEMA = !existsSync(FILE);

// Attributes that frePPLe's shelf-life app reads and its schema does not know.
const SHELF_LIFE = /(<operationplan [^>]*?|<item [^>]*?) (?:expiry|shelflife)="[^"]*"/g;

let validator: XsdValidator | undefined;

/** Throws when the document is not valid; says nothing where the schema is not there. */
export function checkSchema(xml: string): void {
  if (NO_SCHEMA) return;
  if (!validator) {
    const schema = XmlDocument.fromString(readFileSync(FILE, 'utf8'));
    validator = XsdValidator.fromDoc(schema);
    schema.dispose();
  }
  const document = XmlDocument.fromString(xml.replace(SHELF_LIFE, '$1'));
  try {
    validator.validate(document);
  } finally {
    document.dispose();
  }
}
