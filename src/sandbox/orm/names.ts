// Finding records by name: name_search, and the same search behind a text in a domain.

import type { RawDomain } from '../values.ts';
import { type Env, modelOf } from './env.ts';
import { search } from './search.ts';
import { displayName } from './value.ts';

export function nameSearchIds(
  env: Env,
  model: string,
  text: string,
  operator = 'ilike',
  domain: RawDomain = [],
  limit?: number | null,
): number[] {
  const behaviour = env.behaviours.get(model);
  const { recName, fields } = modelOf(env, model);
  const names = (behaviour?.searchNames ?? [recName]).filter(
    (name) => fields.has(name.split('.')[0]!) && name !== 'id',
  );
  if (text === '' && operator.endsWith('ilike'))
    return search(env, modelOf(env, model), domain, { limit: limit ?? null });
  if (names.length === 0) return [];
  const leaves = names.map((name) => [name, operator, text]);
  const match: unknown[] = [...leaves.slice(1).map(() => '|'), ...leaves];
  return search(env, modelOf(env, model), [...domain, ...match], { limit: limit ?? null });
}

/** `[id, name]` pairs, as name_search answers. */
export function nameSearch(
  env: Env,
  model: string,
  text: string,
  operator: string,
  domain: RawDomain,
  limit: number | null,
): [number, string][] {
  return nameSearchIds(env, model, text, operator, domain, limit).map((id) => [id, displayName(env, model, id)]);
}
