// Every error that the sandbox answers with, in the words and shape a client of Odoo sees. Made here and nowhere else.

/** An error of Odoo's: exception name, arguments, and the status that /json/2 answers with. */
export class OdooFault extends Error {
  readonly exception: string;
  readonly status: number;
  readonly args: readonly unknown[];

  constructor(exception: string, message: string, status = 500, args: readonly unknown[] = [message]) {
    super(message);
    this.name = 'OdooFault';
    this.exception = exception;
    this.status = status;
    this.args = args;
  }
}

export function accessDenied(): OdooFault {
  return new OdooFault('odoo.exceptions.AccessDenied', 'Access Denied', 401);
}

export function accessError(message: string): OdooFault {
  return new OdooFault('odoo.exceptions.AccessError', message, 403);
}

export function modelForbidden(
  operation: string,
  model: string,
  description: string,
  uid: number,
  user: string,
): OdooFault {
  const verb = { read: 'access', write: 'modify', create: 'create', unlink: 'delete' }[operation] ?? operation;
  return accessError(
    `You are not allowed to ${verb} '${description}' (${model}) records.\n\n` +
      `No group currently allows this operation.\n\nContact your administrator to request access if necessary.` +
      `\n\nUser: ${user} (id=${uid})`,
  );
}

export function recordForbidden(
  operation: string,
  model: string,
  description: string,
  ids: readonly number[],
): OdooFault {
  return accessError(
    `Due to security restrictions, you are not allowed to ${operation} '${description}' (${model}) records.\n\n` +
      `Records: ${ids.slice(0, 5).join(', ')}\n\nThis restriction is due to record rules on companies.`,
  );
}

export function unauthorizedCompanies(): OdooFault {
  return accessError('Access to unauthorized or invalid companies.');
}

export function privateMethod(name: string): OdooFault {
  return accessError(`Private methods (such as ${name}) cannot be called remotely.`);
}

export function unknownModel(model: string): OdooFault {
  return new OdooFault('odoo.exceptions.UserError', `Object ${model} doesn't exist`, 404);
}

export function unknownMethod(model: string, method: string): OdooFault {
  return new OdooFault('builtins.AttributeError', `The method '${method}' does not exist on the model '${model}'`, 404);
}

export function unknownField(model: string, field: string): OdooFault {
  return valueError(`Invalid field '${field}' on model '${model}'`);
}

export function unknownFieldInDomain(model: string, field: string, leaf: unknown): OdooFault {
  return valueError(`Invalid field ${model}.${field} in leaf ${python(leaf, true)}`);
}

export function invalidLeaf(leaf: unknown): OdooFault {
  return valueError(`Invalid leaf ${python(leaf, true)}`);
}

export function invalidDomain(domain: unknown): OdooFault {
  return valueError(`Domain ${python(domain)} is syntactically not correct.`);
}

export function valueError(message: string): OdooFault {
  return new OdooFault('builtins.ValueError', message, 500);
}

export function typeError(message: string): OdooFault {
  return new OdooFault('builtins.TypeError', message, 422);
}

export function keyError(key: string): OdooFault {
  return new OdooFault('builtins.KeyError', `'${key}'`, 500, [key]);
}

export function missingRecord(model: string, ids: readonly number[], uid: number): OdooFault {
  return new OdooFault(
    'odoo.exceptions.MissingError',
    `Record does not exist or has been deleted.\n(Record: ${model}(${ids.join(', ')}${ids.length === 1 ? ',' : ''}), User: ${uid})`,
    404,
  );
}

export function mandatoryField(description: string, model: string, label: string, field: string): OdooFault {
  return validationError(
    'The operation cannot be completed:\n- Create/update: a mandatory field is not set.\n' +
      '- Delete: another model requires the record being deleted. If possible, archive it instead.\n\n' +
      `Model: ${description} (${model})\nField: ${label} (${field})\n`,
  );
}

export function stillReferenced(description: string, model: string, constraint: string): OdooFault {
  return validationError(
    'The operation cannot be completed: another model requires the record being deleted. ' +
      `If possible, archive it instead.\n\nModel: ${description} (${model})\nConstraint: ${constraint}\n`,
  );
}

export function validationError(message: string): OdooFault {
  return new OdooFault('odoo.exceptions.ValidationError', message, 422);
}

export function userError(message: string): OdooFault {
  return new OdooFault('odoo.exceptions.UserError', message, 422);
}

export function unknownDatabase(name: string): OdooFault {
  return new OdooFault(
    'psycopg2.OperationalError',
    `connection to server failed: FATAL:  database "${name}" does not exist\n`,
  );
}

/** A value the way Python prints it, as it stands in Odoo's messages. `tuple` prints the outermost list as one. */
export function python(value: unknown, tuple = false): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value}'`;
  if (Array.isArray(value)) {
    const items = value.map((item) => python(item));
    if (tuple) return `(${items.join(', ')}${items.length === 1 ? ',' : ''})`;
    return `[${items.join(', ')}]`;
  }
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `'${key}': ${python(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

export function invalidOrder(term: string, model: string): OdooFault {
  return valueError(
    `Invalid "order" specified (${term}) on model ${model}. A valid "order" specification is a comma-separated list of valid field names (optionally followed by asc/desc for the direction)`,
  );
}
