// A stream of bytes of a stranger's -> one buffer, within a limit for each and a budget for all that are under way at once, so
// that many large mails at a time do not take the memory.

export interface Budget {
  /** @returns false when that is more than is left */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function createBudget(total: number): Budget {
  let left = total;
  return {
    take(bytes) {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    give(bytes) {
      left += bytes;
    },
  };
}

export type Collected<T> = { kind: 'whole'; value: T } | { kind: 'too-large' } | { kind: 'busy' };

/**
 * Collects the stream, then runs `use` while its bytes still count. What is too much is read to its end and forgotten, unless
 * `drain` is false.
 * @throws what the stream throws when it breaks off
 */
export async function collect<T>(
  stream: AsyncIterable<Buffer>,
  { maxBytes, budget, drain = true }: { maxBytes: number; budget: Budget; drain?: boolean },
  use: (bytes: Buffer) => Promise<T>,
): Promise<Collected<T>> {
  let chunks: Buffer[] = [];
  let size = 0;
  let taken = 0;
  let refused: 'too-large' | 'busy' | undefined;
  try {
    for await (const chunk of stream) {
      size += chunk.length;
      if (refused === undefined) {
        if (size > maxBytes) refused = 'too-large';
        else if (!budget.take(chunk.length)) refused = 'busy';
        else {
          taken += chunk.length;
          chunks.push(chunk);
        }
      }
      // What is too large in the end is told so, also when it was busy before.
      if (refused === 'busy' && size > maxBytes) refused = 'too-large';
      if (refused !== undefined) {
        chunks = [];
        if (!drain) break;
      }
    }
    if (refused !== undefined) return { kind: refused };
    const bytes = Buffer.concat(chunks, size);
    chunks = [];
    return { kind: 'whole', value: await use(bytes) };
  } finally {
    budget.give(taken);
  }
}
