// Reading ahead: the next page is fetched while the current one is worked on.

/** The same items, up to `depth` of them asked for before they are needed. */
export async function* ahead<T>(source: AsyncIterable<T>, depth = 1): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  const waiting: Array<Promise<IteratorResult<T>>> = [];
  const ask = () => {
    const next = iterator.next();
    // A failure is reported when its turn comes, not as an unhandled rejection before.
    next.catch(() => {});
    waiting.push(next);
  };
  try {
    for (let i = 0; i < depth; i++) ask();
    while (true) {
      ask();
      const { done, value } = await waiting.shift()!;
      if (done) return;
      yield value;
    }
  } finally {
    await Promise.allSettled(waiting);
    await iterator.return?.();
  }
}
