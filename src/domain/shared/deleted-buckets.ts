import { createCache } from '../../base/cache';

/** How many are remembered; the oldest are forgotten first. */
const MOST = 10_000;

/**
 * Operations whose bucket this process has deleted. Their tag on a live bucket names nobody: some stores hand the tags of
 * a deleted bucket to the next one of its name.
 */
export interface DeletedBuckets {
  readonly add: (operationId: string | undefined) => void;
  readonly has: (operationId: string) => boolean;
}

/** Makes the memory of one process. */
export function createDeletedBuckets(): DeletedBuckets {
  const ids = createCache<true>({ most: MOST });
  return {
    add: (operationId) => {
      if (operationId !== undefined) ids.set(operationId, true);
    },
    has: (operationId) => ids.has(operationId),
  };
}
