// One process looks into a mailbox or folder at a time. A lease ends by itself when its holder no longer renews it, so a process
// that was killed holds nothing for long. Time is the database's, which all processes share.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../store/database.ts';

export interface LeaseOptions {
  /** Of this process. */
  holder: string;
  leaseMs: number;
}

export async function takeLease(store: Store, name: string, { holder, leaseMs }: LeaseOptions): Promise<boolean> {
  const taken = await store.query(
    `insert into planbridge.mail_lease as held (name, holder, held_until)
     values ($1, $2, now() + $3 * interval '1 millisecond')
     on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
       where held.holder = excluded.holder or held.held_until < now()
     returning name`,
    [name, holder, leaseMs],
  );
  return taken.length > 0;
}

export async function giveLease(store: Store, name: string, { holder }: LeaseOptions): Promise<void> {
  await store.query('delete from planbridge.mail_lease where name = $1 and holder = $2', [name, holder]);
}

/** Waits for the lease, then runs with it; the signal given to `run` is raised when the lease is lost. */
export async function withLease<T>(
  store: Store,
  name: string,
  options: LeaseOptions,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
  waiting: () => void = () => {},
): Promise<T> {
  const step = options.leaseMs / 3;
  while (!(await takeLease(store, name, options))) {
    waiting();
    await sleep(step, undefined, { signal });
  }
  const lost = new AbortController();
  let until = performance.now() + options.leaseMs;
  let renewal: Promise<void> = Promise.resolve();
  const renewing = setInterval(() => {
    const began = performance.now();
    renewal = takeLease(store, name, options).then(
      (held) => {
        if (held) until = began + options.leaseMs;
        else lost.abort(new Error('another process has taken over'));
      },
      () => {
        if (performance.now() > until) lost.abort(new Error('the database is not reached'));
      },
    );
  }, step);
  try {
    return await run(AbortSignal.any([signal, lost.signal]));
  } finally {
    clearInterval(renewing);
    // Else it would be taken once more after it was given back.
    await renewal;
    await giveLease(store, name, options).catch(() => {});
  }
}
