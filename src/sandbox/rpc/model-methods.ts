// The methods that every model has, by name: what execute_kw and /json/2 can call. Methods of single models are in ../behaviour.

import { checkModel } from '../access/rules.ts';
import { privateMethod, unknownMethod } from '../faults.ts';
import { type Env, modelOf } from '../orm/env.ts';
import { readGroup } from '../orm/group.ts';
import { nameSearch } from '../orm/names.ts';
import { describeFields, existing, readRows } from '../orm/read.ts';
import { count, search } from '../orm/search.ts';
import { displayName } from '../orm/value.ts';
import { copyRecord, createRecord, defaultValues, removeRecords, writeRecords } from '../orm/write.ts';
import type { Answer, Model } from '../values.ts';
import {
  argument,
  type Call,
  countArgument,
  domainArgument,
  idsArgument,
  namesArgument,
  textArgument,
  valuesArgument,
} from './arguments.ts';
import { loadRows, Undone } from './load-rows.ts';
import { webRead } from './web-read.ts';

type ModelMethod = (env: Env, model: Model, call: Call) => Answer;

const METHODS: Readonly<Record<string, ModelMethod>> = {
  search: (env, model, call) => {
    checkModel(env, model, 'read');
    return search(env, model, domainArgument(argument(call, 0, 'domain')), {
      offset: countArgument(argument(call, 1, 'offset'), 'offset') ?? 0,
      limit: countArgument(argument(call, 2, 'limit'), 'limit'),
      order: textArgument(argument(call, 3, 'order'), 'order') ?? '',
    });
  },
  search_count: (env, model, call) => {
    checkModel(env, model, 'read');
    return count(
      env,
      model,
      domainArgument(argument(call, 0, 'domain')),
      countArgument(argument(call, 1, 'limit'), 'limit'),
    );
  },
  search_read: (env, model, call) => {
    checkModel(env, model, 'read');
    const ids = search(env, model, domainArgument(argument(call, 0, 'domain')), {
      offset: countArgument(argument(call, 2, 'offset'), 'offset') ?? 0,
      limit: countArgument(argument(call, 3, 'limit'), 'limit'),
      order: textArgument(argument(call, 4, 'order'), 'order') ?? '',
    });
    return readRows(env, model, ids, namesArgument(argument(call, 1, 'fields')), loadArgument(call, 5));
  },
  read: (env, model, call) => {
    const ids = idsArgument(argument(call, 0, 'ids'));
    return readRows(env, model, ids, namesArgument(argument(call, 1, 'fields')), loadArgument(call, 2));
  },
  web_read: (env, model, call) => {
    const ids = idsArgument(argument(call, 0, 'ids'));
    return webRead(env, model, ids, valuesArgument(argument(call, 1, 'specification'), 'specification'));
  },
  exists: (env, model, call) => existing(env, model, idsArgument(argument(call, 0, 'ids'))),
  fields_get: (env, model, call) =>
    describeFields(
      env,
      model,
      namesArgument(argument(call, 0, 'allfields')),
      namesArgument(argument(call, 1, 'attributes'), 'attributes'),
    ),
  name_search: (env, model, call) => {
    checkModel(env, model, 'read');
    return nameSearch(
      env,
      model.name,
      textArgument(argument(call, 0, 'name'), 'name') ?? '',
      textArgument(argument(call, 2, 'operator'), 'operator') ?? 'ilike',
      domainArgument(argument(call, 1, 'args') ?? call.named.domain),
      countArgument(argument(call, 3, 'limit') ?? 100, 'limit'),
    );
  },
  name_get: (env, model, call) => {
    checkModel(env, model, 'read');
    return idsArgument(argument(call, 0, 'ids')).map((id) => [id, displayName(env, model.name, id)] as const);
  },
  name_create: (env, model, call) => {
    const name = textArgument(argument(call, 0, 'name'), 'name') ?? '';
    const id = createRecord(env, model, { [model.recName]: name });
    return [id, displayName(env, model.name, id)];
  },
  read_group: (env, model, call) => {
    checkModel(env, model, 'read');
    const groupBy = argument(call, 2, 'groupby');
    return readGroup(env, model, {
      domain: domainArgument(argument(call, 0, 'domain')),
      fields: namesArgument(argument(call, 1, 'fields')) ?? [],
      groupBy: typeof groupBy === 'string' ? [groupBy] : (namesArgument(groupBy, 'groupby') ?? []),
      offset: countArgument(argument(call, 3, 'offset'), 'offset') ?? 0,
      limit: countArgument(argument(call, 4, 'limit'), 'limit'),
      order: textArgument(argument(call, 5, 'orderby'), 'orderby'),
      lazy: (argument(call, 6, 'lazy') ?? true) === true,
    });
  },
  default_get: (env, model, call) => defaultValues(env, model, namesArgument(argument(call, 0, 'fields')) ?? []),
  create: (env, model, call) => {
    const values = argument(call, 0, call.named.values === undefined ? 'vals_list' : 'values');
    if (Array.isArray(values)) return values.map((one) => createRecord(env, model, valuesArgument(one)));
    return createRecord(env, model, valuesArgument(values));
  },
  write: (env, model, call) => {
    const values = argument(call, 1, call.named.values === undefined ? 'vals' : 'values');
    writeRecords(env, model, idsArgument(argument(call, 0, 'ids')), valuesArgument(values));
    return true;
  },
  load: loadRows,
  unlink: (env, model, call) => {
    removeRecords(env, model, idsArgument(argument(call, 0, 'ids')));
    return true;
  },
  copy: (env, model, call) => {
    const [id] = idsArgument(argument(call, 0, 'ids'));
    return copyRecord(env, model, id ?? 0, valuesArgument(argument(call, 1, 'default') ?? {}));
  },
  has_access: (env, model, call) => {
    const operation = textArgument(argument(call, 1, 'operation'), 'operation') ?? 'read';
    try {
      checkModel(env, model, operation as 'read');
      return true;
    } catch {
      return false;
    }
  },
  check_access_rights: (env, model, call) => {
    const operation = textArgument(argument(call, 0, 'operation'), 'operation') ?? 'read';
    try {
      checkModel(env, model, operation as 'read');
      return true;
    } catch (error) {
      if ((argument(call, 1, 'raise_exception') ?? true) === true) throw error;
      return false;
    }
  },
};

/** `load` of read and search_read: '' or null asks for bare ids. */
function loadArgument(call: Call, position: number): string | null | undefined {
  const value = argument(call, position, 'load');
  return value === undefined || value === '_classic_read'
    ? undefined
    : value === null || value === false
      ? null
      : String(value);
}

/** Runs one call of one model, in one transaction. */
export function callMethod(env: Env, modelName: string, call: Call): Answer {
  const model = modelOf(env, modelName);
  if (call.method.startsWith('_') || call.method === 'init') throw privateMethod(call.method);
  try {
    return env.db.transaction(`${modelName}.${call.method}`, env.uid, () => run(env, model, call));
  } catch (error) {
    if (error instanceof Undone) return error.answer;
    throw error;
  }
}

function run(env: Env, model: Model, call: Call): Answer {
  const own = env.behaviours.get(model.name)?.methods?.[call.method];
  if (own) {
    const [first, ...rest] = call.args;
    const ids = first === undefined ? call.named.ids : first;
    const onRecords = Array.isArray(ids) ? ids.every((id) => typeof id === 'number') : typeof ids === 'number';
    checkModel(env, model, onRecords ? 'write' : 'read');
    return onRecords ? own(env, idsArgument(ids), rest, { ...call.named }) : own(env, [], call.args, { ...call.named });
  }
  const method = METHODS[call.method];
  if (!method) throw unknownMethod(model.name, call.method);
  return method(env, model, call);
}
