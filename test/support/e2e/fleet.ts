import type { Mortal } from './killed';
import type { Answer, Running } from './program-process';
import type { Request } from './kill-sweep';

/** Replicas behind one another's back: whoever dies is replaced, and requests go to whoever lives. */
export interface Fleet {
  readonly replicas: () => readonly Running[];
  /** Sends it to the nth replica that is there now. */
  readonly send: (nth: number, request: Request) => Promise<Answer | undefined>;
  /** Ends the nth replica in the way of `end`, and starts another one. */
  readonly replace: (nth: number, end: (replica: Running) => Promise<unknown>) => Promise<void>;
}

/** Starts so many replicas. */
export async function startFleet(mortal: Mortal, size: number): Promise<Fleet> {
  const replicas = await Promise.all(Array.from({ length: size }, () => mortal.start()));
  const nthOf = (nth: number): Running => {
    const replica = replicas[nth % replicas.length];
    if (!replica) throw new Error('a fleet has replicas');
    return replica;
  };
  return {
    replicas: () => replicas,
    send: (nth, { method, path, body }) => nthOf(nth).send(method, path, body),
    replace: async (nth, end) => {
      const old = nthOf(nth);
      // As in a rolling upgrade, the next one serves first.
      const next = await mortal.start();
      replicas[replicas.indexOf(old)] = next;
      await end(old);
    },
  };
}

export const killed = async (replica: Running): Promise<void> => {
  replica.kill();
  await replica.ended;
};

/** An operation as the history tells of it. */
export interface Told {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly endedAt: string | null;
}

/** The whole history as one replica tells it. */
export async function historyOf(replica: Running): Promise<readonly Told[]> {
  const told: Told[] = [];
  let marker = '';
  for (;;) {
    const answer = await replica.send('GET', `/demo/operations?limit=1000${marker && `&marker=${marker}`}`);
    // openapi.yaml says what a page is.
    const page = JSON.parse(answer?.text ?? '{}') as {
      readonly operations: readonly Told[];
      readonly marker: string | null;
    };
    told.push(...page.operations);
    if (page.marker === null) return told;
    marker = encodeURIComponent(page.marker);
  }
}
