// What an export left out or noticed, by entity and reason, so that nothing disappears in silence (connector.md A1).

/** Every reason without a value in it. They are keys of the lists of words, so that screens say them in other languages. */
export const REASONS = [
  'a draft made from the plan: the next plan decides about it again',
  'everything has been produced',
  'has no working hours: nothing can be done in it',
  'it does not arrive in a warehouse',
  'it has no date',
  'it has no start date',
  'it is made in no exported warehouse',
  'its customer cannot be read',
  'its product belongs to another company',
  'its product cannot be read',
  'its product is archived',
  'its product is left out by the filter of the mapping sheet',
  'its product is not kept in stock',
  'its purchase unit cannot be converted to the product’s',
  'its secondary work center is archived or not exported',
  'its unit cannot be converted to the component’s',
  'its unit cannot be converted to the product’s',
  'its vendor cannot be read',
  'its vendor is archived',
  'its warehouse is archived or not exported',
  'its work center is archived or not exported',
  'order multiples differ by warehouse: purchases have none',
  'should have arrived already',
  'should have started already',
  'subcontracting without a price of the subcontractor',
  'the location belongs to no exported warehouse',
  'the vendor delivers straight to the customer',
  'the warehouse that it comes from is not known',
  "unknown language: the user's is used",
] as const;
export type Reason =
  | (typeof REASONS)[number]
  | `order state ${string} is not in the mapping sheet`
  | `needs more of its work center than there is: ${number} is used`
  | `unknown time zone: ${string} is used`;

/** `skipped`: the record is not in the plan document. `noticed`: it is, but a planner should look at it. */
export interface ReportEntry {
  kind: 'skipped' | 'noticed';
  entity: string;
  reason: string;
  count: number;
  /** Records by name or id; the first ones when there are many. */
  records: string[];
}

export interface Report<Why extends string = Reason> {
  skip(entity: string, record: string, reason: Why): void;
  notice(entity: string, record: string, reason: Why): void;
  entries(): ReportEntry[];
}

const RECORDS_KEPT = 100;

export function createReport<Why extends string = Reason>(): Report<Why> {
  const entries = new Map<string, ReportEntry>();

  function add(kind: ReportEntry['kind'], entity: string, record: string, reason: string): void {
    const key = `${kind}\n${entity}\n${reason}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = { kind, entity, reason, count: 0, records: [] };
      entries.set(key, entry);
    }
    entry.count += 1;
    if (entry.records.length < RECORDS_KEPT) entry.records.push(record);
  }

  return {
    skip: (entity, record, reason) => add('skipped', entity, record, reason),
    notice: (entity, record, reason) => add('noticed', entity, record, reason),
    entries: () => [...entries.values()],
  };
}
