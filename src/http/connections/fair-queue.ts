/** Whose turn it is: those who are known before strangers, suspects when nobody else waits. */
export type Rank = 'known' | 'stranger' | 'suspect';

export interface Waiting {
  readonly rank: Rank;
  /** Whom it is for; all of one key share that key's turns. */
  readonly key: string;
  /** Called when it has to make room for somebody who waits with less. */
  readonly drop: () => void;
}

export interface FairQueue<T extends Waiting> {
  /** false: there is no room. */
  add(job: T): boolean;
  /** Takes the next one out. */
  next(): T | undefined;
  size(): number;
}

export interface RankBounds {
  /** Waiting at once. */
  readonly most: number;
  readonly mostOfOneKey: number;
}

export const BOUNDS: Readonly<Record<Rank, RankBounds>> = {
  known: { most: 64, mostOfOneKey: 32 },
  stranger: { most: 64, mostOfOneKey: 4 },
  suspect: { most: 8, mostOfOneKey: 1 },
};

/** So many of those who are known go before strangers who wait; then a stranger goes, as the known could have work without end. */
const KNOWN_IN_A_ROW = 3;

/**
 * Makes a bounded queue in which nobody's work keeps others waiting: keys of a rank take turns, and where a rank is
 * full the key with the most gives way to one with less.
 */
export function createFairQueue<T extends Waiting>(bounds: Readonly<Record<Rank, RankBounds>> = BOUNDS): FairQueue<T> {
  const lanes: Readonly<Record<Rank, Lane<T>>> = {
    known: createLane(bounds.known),
    stranger: createLane(bounds.stranger),
    suspect: createLane(bounds.suspect),
  };
  let knownInARow = 0;
  return {
    add: (job) => lanes[job.rank].add(job),
    next() {
      const mayGoFirst = lanes.stranger.size() === 0 || knownInARow < KNOWN_IN_A_ROW;
      const known = mayGoFirst ? lanes.known.next() : undefined;
      knownInARow = known !== undefined && lanes.stranger.size() > 0 ? knownInARow + 1 : 0;
      return known ?? lanes.stranger.next() ?? lanes.suspect.next();
    },
    size: () => lanes.known.size() + lanes.stranger.size() + lanes.suspect.size(),
  };
}

interface Lane<T> {
  readonly add: (job: T) => boolean;
  readonly next: () => T | undefined;
  readonly size: () => number;
}

function createLane<T extends Waiting>({ most, mostOfOneKey }: RankBounds): Lane<T> {
  // In the order of their turns: a key that had one moves to the end.
  const byKey = new Map<string, T[]>();
  let size = 0;

  /** Whether the key that has the most gave one up. */
  const makeRoom = (own: number): boolean => {
    const [greediest = []] = [...byKey.values()].sort((left, right) => right.length - left.length);
    if (greediest.length <= own + 1) return false;
    greediest.pop()?.drop();
    size--;
    return true;
  };

  return {
    add(job) {
      const own = byKey.get(job.key) ?? [];
      if (own.length >= mostOfOneKey || (size >= most && !makeRoom(own.length))) return false;
      own.push(job);
      byKey.set(job.key, own);
      size++;
      return true;
    },
    next() {
      const entry = byKey.entries().next();
      if (entry.done === true) return undefined;
      const [key, jobs] = entry.value;
      const job = jobs.shift();
      byKey.delete(key);
      if (jobs.length > 0) byKey.set(key, jobs);
      size--;
      return job;
    },
    size: () => size,
  };
}
