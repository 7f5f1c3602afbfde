// Holds the mapping sheet against an Odoo: does it have these fields, do the paths lead there, do the values fit. Reads only.

import { BASE_MODELS } from '../mapping/entities.ts';
import type { AttributeRule, FilterDomain, MappingOptions, MappingRules, Transform } from '../mapping/rules.ts';
import { defaultMapping, type SheetPlaces } from '../mapping/sheet.ts';
import { nearest, type SheetError } from '../mapping/sheet-errors.ts';
import type { Place } from '../mapping/sheet-mapping.ts';
import { type FieldInfo, type OdooReader, readAll } from './odoo/reader.ts';

const NUMBERS = ['integer', 'float', 'monetary'];
const WORDS = ['char', 'text', 'selection', 'html', 'reference'];
const MOMENTS = ['date', 'datetime'];
const LINKS = ['many2one', 'one2many', 'many2many'];

/** Types of Odoo's fields that a transform can read. */
const READABLE: Partial<Record<Transform, readonly string[]>> = {
  number: [...NUMBERS, ...WORDS, 'boolean', 'many2one_reference'],
  'positive number': NUMBERS,
  'days to duration': NUMBERS,
  'hours to duration': NUMBERS,
  'minutes to duration': NUMBERS,
  date: MOMENTS,
  'date and time': MOMENTS,
};

type Finding = Pick<SheetError, 'message' | 'allowed' | 'suggestion'>;

/**
 * Errors by cell; none when this Odoo has everything that the sheet asks for.
 * @param places where the rules were read; without them the rows of the sheet as shipped are assumed
 */
export async function checkAgainstOdoo(
  rules: MappingRules,
  reader: OdooReader,
  places: SheetPlaces = defaultMapping().places,
): Promise<SheetError[]> {
  const errors: SheetError[] = [];
  const add = (place: Place, found: string, finding: Finding | undefined) => {
    if (finding) errors.push({ ...placeOf(place), found, ...finding });
  };
  for (const [index, rule] of rules.attributes.entries()) {
    if (rule.modes.size === 0 || rule.transform === 'rule' || rule.transform === 'constant') continue;
    const place = places.attributes.get(rule) ?? {
      sheet: 'Mapping',
      row: index + 2,
      column: 'D',
      heading: 'Odoo field',
    };
    add(place, rule.field, await checkAttribute(rule, reader));
  }
  let row = 1;
  for (const [entity, domain] of rules.filters) {
    row++;
    const parts = places.filters.get(entity) ?? [
      { sheet: 'Filters', row, column: 'B', heading: 'Odoo domain', domain },
    ];
    for (const part of parts) {
      for (const { field, finding } of await checkDomain(BASE_MODELS[entity], part.domain, reader))
        add(part, field, finding);
    }
  }
  for (const { option, found, finding } of await checkOptions(rules.options, reader)) {
    add(places.options.get(option) ?? { sheet: 'Options', row: 1, column: 'B', heading: option }, found, finding);
  }
  return errors;
}

function placeOf({ sheet, row, column, heading }: Place): Place {
  return { sheet, row, column, heading };
}

async function checkAttribute(rule: AttributeRule, reader: OdooReader): Promise<Finding | undefined> {
  // An Odoo without the app has no such records, and nothing to send.
  if ((await reader.fields(rule.model)) === null) return undefined;
  const end = await follow(rule.model, rule.field, reader, ['many2one']);
  if ('message' in end) return end;
  const { info, name } = end;
  if (LINKS.includes(info.type)) {
    const further = info.type === 'many2one' ? [`${rule.field}.display_name`, `${rule.field}.name`] : [];
    return { message: `${name} is a link to ${info.relation}; go on to one of its fields`, allowed: further };
  }
  if (info.type === 'binary') return { message: `${name} is a file`, allowed: ['a field with a value'] };
  const readable = READABLE[rule.transform];
  if (readable && !readable.includes(info.type)) {
    return {
      message: `${name} is a ${info.type}, which "${rule.transform}" cannot read`,
      allowed: [`a field of type ${readable.join(', ')}`],
    };
  }
  return undefined;
}

/** The field at the end of a path. */
async function follow(
  model: string,
  path: string,
  reader: OdooReader,
  links: readonly string[],
): Promise<Finding | { info: FieldInfo; name: string }> {
  const steps = path.split('.');
  let at = model;
  for (const [index, step] of steps.entries()) {
    const fields = await reader.fields(at);
    if (!fields) return { message: `this Odoo has no ${at}, or its records may not be read`, allowed: [] };
    const info = fields.get(step) ?? (step === 'id' ? { type: 'integer', stored: true } : undefined);
    if (!info) {
      const begin = steps.slice(0, index);
      const close = nearest(step, fields.keys());
      const why =
        reader.kind === 'sql' ? 'has no field of this name that its database holds' : 'has no such field in this Odoo';
      return {
        message: `${at} ${why}: "${step}"`,
        allowed: [`a field of ${at}`],
        ...(close ? { suggestion: [...begin, close, ...steps.slice(index + 1)].join('.') } : {}),
      };
    }
    if (index === steps.length - 1) return { info, name: `${at}.${step}` };
    if (!links.includes(info.type) || !info.relation) {
      return {
        message: `${at}.${step} is a ${info.type} and leads to no other record`,
        allowed: [`a path over ${links.join(', ')}`],
      };
    }
    at = info.relation;
  }
  return { message: 'the path is empty', allowed: [] };
}

async function checkDomain(
  model: string,
  domain: FilterDomain,
  reader: OdooReader,
): Promise<Array<{ field: string; finding: Finding }>> {
  if ((await reader.fields(model)) === null) return [];
  const findings: Array<{ field: string; finding: Finding }> = [];
  for (const part of domain) {
    if (typeof part === 'string') continue;
    const [field, operator, value] = part;
    const end = await follow(model, field, reader, LINKS);
    if ('message' in end) findings.push({ field, finding: end });
    else if ((operator === 'any' || operator === 'not any') && end.info.relation) {
      findings.push(...(await checkDomain(end.info.relation, value as FilterDomain, reader)));
    }
  }
  return findings;
}

interface OptionFinding {
  option: keyof MappingOptions;
  found: string;
  finding: Finding;
}

/** Names on the sheet Options that must exist. */
async function checkOptions(options: MappingOptions, reader: OdooReader): Promise<OptionFinding[]> {
  const findings: OptionFinding[] = [];
  const wanted = [
    { option: 'calendar', model: 'resource.calendar', field: 'name', what: 'working calendar' },
    { option: 'manufacturingWarehouse', model: 'stock.warehouse', field: 'code', what: 'warehouse with the code' },
    { option: 'language', model: 'res.lang', field: 'code', what: 'active language' },
  ] as const;
  for (const { option, model, field, what } of wanted) {
    const found = options[option];
    if (found === null || !(await reader.fields(model))?.has(field)) continue;
    const rows = await readAll(reader, { model, fields: [field], domain: [['active', '=', true]] });
    const names = rows.map((row) => String(row[field] ?? ''));
    if (names.includes(found)) continue;
    const close = nearest(found, names);
    findings.push({
      option,
      found,
      finding: {
        message: `this Odoo has no ${what} "${found}"`,
        allowed: ['as in Odoo', ...names.slice(0, 20)],
        ...(close ? { suggestion: close } : {}),
      },
    });
  }
  return findings;
}
