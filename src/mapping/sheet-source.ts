// A row's source: which transform its attribute can have, and whether field, path or constant fit it.
import { AS_IS, kindOf, TRANSFORMS_OF_KIND } from './attribute-kinds.ts';
import type { DefaultAttribute } from './defaults.ts';
import { BASE_MODELS, isKey } from './entities.ts';
import { type EntityName, TRANSFORMS, type Transform } from './rules.ts';
import type { TableRow } from './sheet-cells.ts';
import { nearest, quoted, type SheetError } from './sheet-errors.ts';
import type { MappingTitle } from './sheet-mapping.ts';
import { parseConstant, pick } from './sheet-values.ts';

/** What a rule takes its value from. */
export interface Source {
  field: string;
  transform: Transform;
  constant?: string | number | boolean;
}

const FIELD = /^[a-z_]\w*$/i;
const PATH_LENGTH = 6;

/** The transform of a row; undefined, with an error added, when it is none that the attribute can have. */
export function transformOf(
  row: TableRow<MappingTitle>,
  entity: EntityName,
  attribute: string,
  shipped: DefaultAttribute | undefined,
  errors: SheetError[],
): Transform | undefined {
  const text = row.cell('Transform');
  const kind = kindOf(entity, attribute);
  const rule: readonly Transform[] = shipped?.transform === 'rule' ? ['rule'] : [];
  const fitting = kind ? TRANSFORMS_OF_KIND[kind] : TRANSFORMS.filter((transform) => transform !== 'rule');
  const allowed = [...rule, ...fitting];
  const transform = text ? pick(text, TRANSFORMS) : (shipped?.transform ?? (kind ? fitting[0] : 'as is'));
  if (transform && allowed.includes(transform)) return transform;

  let message = `${quoted(text)} is not a transform`;
  let suggestion = nearest(text, allowed);
  if (transform === 'rule') {
    message = `the program has no rule for ${entity} "${attribute}"; give a field and its transform`;
    suggestion = undefined;
  } else if (transform && kind === 'fixed') {
    message = isKey(entity, attribute)
      ? `"${attribute}" names or links objects, so the program computes it (its form can be chosen on the sheet Options)`
      : `"${attribute}" is computed by the program`;
  } else if (transform) message = `"${attribute}" is a ${kind}, which "${transform}" does not give`;
  if (kind === 'fixed' && rule.length === 0) {
    errors.push(
      row.error('Attribute', `${entity} "${attribute}" names or links objects and cannot be set from here`, [
        'no row for it',
      ]),
    );
    return undefined;
  }
  errors.push(row.error('Transform', message, allowed, suggestion));
  return undefined;
}

/** Where a row's value comes from; undefined, with an error added, when that cannot be. */
export function sourceOf(
  row: TableRow<MappingTitle>,
  entity: EntityName,
  attribute: string,
  transform: Transform,
  shipped: DefaultAttribute | undefined,
  errors: SheetError[],
): Source | undefined {
  const text = row.cell('Odoo field');
  const kind = kindOf(entity, attribute);
  if (transform === 'rule') {
    const field = shipped!.field;
    if (!text || plain(text) === plain(field)) return { field, transform };
    const others = kind ? TRANSFORMS_OF_KIND[kind] : [];
    const remedy = others.length > 0 ? '; to read another field, change the transform too' : '';
    errors.push(
      row.error('Odoo field', `"rule" computes "${attribute}" as the note says and reads no other field${remedy}`, [
        field,
        ...(others.length > 0 ? [`another field with ${others.join(', ')}`] : []),
      ]),
    );
    return undefined;
  }
  if (transform === 'constant') {
    const constant = parseConstant(text, entity, attribute, kind);
    if (constant.ok) return { field: text, transform, constant: constant.value };
    errors.push(row.error('Odoo field', constant.message, constant.allowed));
    return undefined;
  }
  const steps = text.split('.');
  if (!text)
    errors.push(
      row.error('Odoo field', 'the field is missing', [
        `a field of ${BASE_MODELS[entity]}, or a path such as many2one.field`,
      ]),
    );
  else if (!steps.every((step) => FIELD.test(step)) || steps.length > PATH_LENGTH) {
    errors.push(
      row.error(
        'Odoo field',
        `${quoted(text)} is not a field or path (for a fixed value use the transform "constant")`,
        [`a field of ${BASE_MODELS[entity]}, or a path such as many2one.field`],
      ),
    );
  } else return { field: text, transform: transform === 'as is' && kind ? AS_IS[kind] : transform };
  return undefined;
}

const plain = (text: string) => text.toLowerCase().replaceAll(/\s+/g, '');
