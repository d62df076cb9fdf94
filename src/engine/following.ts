/**
 * Runs whose caller has its answer already and that have only what follows it to do: they end in a moment. Whoever got the
 * answer and asks for the next thing at once must not be told that its own last request is in the way.
 */
export interface Following {
  /** Gives how to tell that the run has ended, or goes on for longer. */
  readonly begin: (operationId: string) => () => void;
  /** Waits for such a run; false at once when it is none. */
  readonly over: (operationId: string | undefined) => Promise<boolean>;
}

/** Makes the list of such runs of an engine, which is empty at first. */
export function createFollowing(): Following {
  const runs = new Map<string, Promise<void>>();
  return {
    begin: (operationId) => {
      let end: () => void = () => undefined;
      runs.set(operationId, new Promise((resolve) => (end = resolve)));
      return () => {
        runs.delete(operationId);
        end();
      };
    },
    over: async (operationId) => {
      const run = operationId === undefined ? undefined : runs.get(operationId);
      await run;
      return run !== undefined;
    },
  };
}
