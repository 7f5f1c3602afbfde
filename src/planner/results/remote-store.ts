// A store in a thread whose parent has the only connection: queries go to the parent and come back. No transactions.
import type { Query, SqlValue, Store } from '../../store/database.ts';

export interface RemoteStore extends Store {
  /** What the parent has answered to a query. */
  answered(query: number, outcome: { rows: object[] } | { error: string }): void;
}

export function remoteStore(ask: (query: number, sql: string, values: readonly SqlValue[]) => void): RemoteStore {
  const waiting = new Map<number, { resolve(rows: object[]): void; reject(error: Error): void }>();
  let count = 0;
  const refuse = () => Promise.reject(new TypeError('a thread has no transactions here'));
  return {
    kind: 'embedded',
    query: ((sql: string, values: readonly SqlValue[] = []) =>
      new Promise<object[]>((resolve, reject) => {
        count += 1;
        waiting.set(count, { resolve, reject });
        ask(count, sql, values);
      })) as Query,
    answered(query, outcome) {
      const asked = waiting.get(query);
      waiting.delete(query);
      if ('error' in outcome) asked?.reject(new Error(outcome.error));
      else asked?.resolve(outcome.rows);
    },
    transaction: refuse,
    locked: refuse,
    async close() {},
  };
}
