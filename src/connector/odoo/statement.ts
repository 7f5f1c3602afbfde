// Pieces of one SQL statement: parameters, aliases, joins. Values are always parameters; names are always quoted and come
// from the catalogue.

export interface Statement {
  readonly values: unknown[];
  /** Placeholder of a value, for example `$3`. */
  param(value: unknown): string;
  alias(): string;
}

export function newStatement(): Statement {
  const values: unknown[] = [];
  let aliases = 0;
  return {
    values,
    param(value) {
      values.push(value);
      return `$${values.length}`;
    },
    alias: () => `t${aliases++}`,
  };
}

/** One table of a FROM clause and what is joined to it. */
export interface Scope {
  statement: Statement;
  /** Alias of the model's own table. */
  alias: string;
  joins: string[];
  /** Alias by `alias.field`, so that two fields over the same path share a join. */
  joined: Map<string, string>;
}

export function newScope(statement: Statement, alias = statement.alias()): Scope {
  return { statement, alias, joins: [], joined: new Map() };
}

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `alias.column`, quoted. */
export function columnOf(alias: string, column: string): string {
  return `${alias}.${quote(column)}`;
}

export function fromClause(table: string, scope: Scope): string {
  return [`${quote(table)} ${scope.alias}`, ...scope.joins].join(' ');
}
