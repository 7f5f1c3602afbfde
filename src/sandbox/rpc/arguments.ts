// Arguments of a call, positional or named, checked where they come in.

import { z } from 'zod';
import { typeError } from '../faults.ts';
import type { RawDomain } from '../values.ts';

export interface Call {
  method: string;
  args: readonly unknown[];
  named: Readonly<Record<string, unknown>>;
}

/** The argument at a position, or by its name. */
export function argument(call: Call, position: number, name: string): unknown {
  return position < call.args.length ? call.args[position] : call.named[name];
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw typeError(`${what}: ${result.error.issues[0]?.message ?? 'not understood'}`);
  return result.data;
}

const id = z.number().int();
const optional = <T>(schema: z.ZodType<T>): z.ZodType<T | null> =>
  z
    .union([schema, z.null(), z.undefined(), z.literal(false)])
    .transform((value) => value || null) as z.ZodType<T | null>;

export function idsArgument(value: unknown): number[] {
  return parse(z.union([z.array(id), id.transform((one) => [one])]), value ?? [], 'ids');
}

export function domainArgument(value: unknown): RawDomain {
  return parse(z.array(z.unknown()), value ?? [], 'domain');
}

export function namesArgument(value: unknown, what = 'fields'): string[] | null {
  return parse(optional(z.array(z.string())), value, what);
}

export function textArgument(value: unknown, what: string): string | null {
  return parse(optional(z.string()), value, what);
}

export function countArgument(value: unknown, what: string): number | null {
  return parse(optional(z.number().int().nonnegative()), value, what);
}

export function valuesArgument(value: unknown, what = 'values'): Record<string, unknown> {
  return parse(z.record(z.string(), z.unknown()), value, what);
}
