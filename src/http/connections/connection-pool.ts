/** What a pool asks of a connection. */
export interface Pooled {
  /** A request on it had a valid token. */
  readonly isKnown: () => boolean;
  /** A request is under way. */
  readonly isBusy: () => boolean;
}

export interface Pool<C extends Pooled> {
  readonly add: (connection: C) => void;
  readonly remove: (connection: C) => void;
  /** To be told when a request on it begins or ends. */
  readonly stirred: (connection: C) => void;
  /** The one whose end harms least, `newcomer` excepted; undefined when all others serve callers with a token. */
  readonly leastMissed: (newcomer: C) => C | undefined;
  readonly size: () => number;
}

/**
 * Connections in the order in which they may be closed when there are too many: first those without a valid token so far,
 * then those with one that are idle; of each kind the one first on which nothing has happened for the longest time.
 */
export function createPool<C extends Pooled>(): Pool<C> {
  // A Set keeps the order of insertion. Who is known and busy is in neither.
  const strangers = new Set<C>();
  const idle = new Set<C>();
  let size = 0;

  const takeOut = (connection: C): void => {
    strangers.delete(connection);
    idle.delete(connection);
  };
  const stirred = (connection: C): void => {
    takeOut(connection);
    if (!connection.isKnown()) strangers.add(connection);
    else if (!connection.isBusy()) idle.add(connection);
  };

  return {
    add: (connection) => {
      size++;
      stirred(connection);
    },
    remove: (connection) => {
      size--;
      takeOut(connection);
    },
    stirred,
    leastMissed: (newcomer) => {
      for (const stranger of strangers) {
        // Its token was found after its request began.
        if (stranger.isKnown()) strangers.delete(stranger);
        else if (stranger !== newcomer) return stranger;
      }
      return idle.values().next().value;
    },
    size: () => size,
  };
}
