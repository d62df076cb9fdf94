/** How many are remembered; the oldest are forgotten first. */
const MOST = 10_000;

/**
 * Operations whose bucket this process has deleted. Their tag on a live bucket names nobody: some stores hand the tags of
 * a deleted bucket to the next one of its name.
 */
export interface Departed {
  readonly add: (operationId: string | undefined) => void;
  readonly has: (operationId: string) => boolean;
}

export function createDeparted(): Departed {
  const ids = new Set<string>();
  return {
    add: (operationId) => {
      if (operationId === undefined) return;
      ids.add(operationId);
      const oldest = ids.size > MOST ? ids.values().next().value : undefined;
      if (oldest !== undefined) ids.delete(oldest);
    },
    has: (operationId) => ids.has(operationId),
  };
}
