/** Calls on single users or keys that are under way at once. */
export const AT_ONCE = 8;

/**
 * Gives the results of `work` on the first of `items`, in order, at most `AT_ONCE` under way at once. Nothing new is
 * begun once `enough` says so of what is there, or something has failed; what was begun is waited for.
 */
export async function inPool<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  enough: (sofar: readonly R[]) => boolean = () => false,
): Promise<readonly R[]> {
  const results: R[] = [];
  const arrived: R[] = [];
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (!stopped && next < items.length) {
      const index = next;
      next += 1;
      try {
        // The index was checked against the length above.
        const result = await work(items[index] as T);
        results[index] = result;
        arrived.push(result);
        stopped ||= enough(arrived);
      } catch (thrown) {
        stopped = true;
        throw thrown;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  for (const ended of workers) if (ended.status === 'rejected') throw ended.reason;
  return results;
}
