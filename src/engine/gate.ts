/** Lets so many through at a time; the others wait in the order in which they came. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a gate that lets `limit` through at a time. */
export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let inside = 0;

  return async (work) => {
    if (inside < limit) inside += 1;
    // Whoever leaves hands the place on.
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
