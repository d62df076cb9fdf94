import { type DomainError, DomainFailure } from '../../../src/base/errors';
import { errors } from '../../support/errors';
import type { Machine } from './machine';
import type { Random } from './random';
import type { Scheduler } from './scheduler';

/** Calls are given up after so long; until then they may have their effect. */
export const CALL_TIMEOUT_MS = 12_000;

/** Whoever calls: one run of an operation, in one process. */
export interface Caller {
  readonly machine: Machine;
  /** Of the operation; undefined before it has one. */
  readonly operationId: () => string;
  readonly mayCall: (timeoutMs: number) => Promise<void> | undefined;
}

/** Something at AWS. `mark`: the operation that made it; null where others did. */
export type Thing = {
  readonly mark: string | null;
  readonly content: string;
};

/** A change that AWS makes, for whoever judges. */
export interface Change {
  readonly caller: Caller;
  readonly what: 'make' | 'set' | 'remove';
  readonly path: string;
  readonly before: Thing | undefined;
  /** Later than the call could have it by itself: its process had died, or stood still. */
  readonly isLate: boolean;
}

/** An AWS of things with marks. What is below `<name>/key/` has an id that only the reply tells. */
export interface Aws {
  readonly read: (caller: Caller, path: string) => Promise<Thing | undefined>;
  /** Paths of what begins so. */
  readonly list: (caller: Caller, prefix: string) => Promise<readonly (readonly [string, Thing])[]>;
  readonly make: (caller: Caller, path: string, thing: Thing) => Promise<void>;
  readonly mint: (caller: Caller, prefix: string) => Promise<string>;
  readonly set: (caller: Caller, path: string, content: string) => Promise<void>;
  readonly remove: (caller: Caller, path: string) => Promise<void>;
  readonly things: ReadonlyMap<string, Thing>;
  /** Others put something there. */
  readonly intrude: (path: string) => void;
}

export interface AwsOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Share of calls that go wrong, at this moment. */
  readonly trouble: (machine: Machine) => number;
  /** At least so many milliseconds later than by itself a removal comes of a process that has died meanwhile. */
  readonly lateness: () => number;
  /** Told when a call that changes something leaves its process. */
  readonly onSent: (caller: Caller, path: string) => void;
  readonly onChange: (change: Change) => void;
  /** Planted: calls leave whatever the lease says. */
  readonly isUnfenced: boolean;
}

export function createAws({ scheduler, random, trouble, lateness, onSent, onChange, isUnfenced }: AwsOptions): Aws {
  const things = new Map<string, Thing>();
  /** Paths of removals that were ever sent: what others put there just then could go by one that is on its way. */
  const leaving = new Set<string>();
  let keys = 0;
  const throws = (error: DomainError): { readonly error: DomainError } => ({ error });

  interface Call<R> {
    readonly path: string;
    readonly isChange: boolean;
    /** A removal of a process that dies may come later than any other call. */
    readonly isRemoval?: boolean;
    readonly effect: (isLate: boolean) => { readonly value: R } | { readonly error: DomainError };
  }
  const call = async <R>(caller: Caller, { path, isChange, isRemoval = false, effect }: Call<R>): Promise<R> => {
    const { machine } = caller;
    const wait = isUnfenced ? undefined : caller.mayCall(CALL_TIMEOUT_MS);
    if (wait) await wait;
    return new Promise((resolve, reject) => {
      if (!machine.isAlive()) return;
      const troubles = machine.troubles();
      if (isChange) onSent(caller, path);
      if (isRemoval) leaving.add(path);
      // Who dies here dies with the call on its way.
      if (!machine.pass(isRemoval) && !isRemoval) return;
      const reply = (ms: number, work: () => void): void => machine.after(ms, () => machine.pass() && work());
      const isTroubled = random.chance(trouble(machine));
      const fate = isTroubled ? random.pick(['throttled', 'unsent', 'lost', 'slow', 'slow']) : 'ok';
      if (fate === 'throttled') return reply(30, () => reject(new DomainFailure(errors.throttled)));
      if (fate === 'unsent' || fate === 'lost') reply(CALL_TIMEOUT_MS, () => reject(new DomainFailure(errors.silent)));
      if (fate === 'unsent') return;
      const there = fate === 'ok' ? random.between(20, 150) : random.between(1_000, CALL_TIMEOUT_MS - 20);
      const land = (isLate: boolean): void => {
        const result = effect(isLate);
        if (fate === 'lost') return;
        reply(10, () => ('value' in result ? resolve(result.value) : reject(new DomainFailure(result.error))));
      };
      scheduler.after(there, () => {
        if (isRemoval && machine.troubles() > troubles && random.chance(0.6))
          scheduler.after(random.between(lateness(), CALL_TIMEOUT_MS), () => land(true));
        else land(false);
      });
    });
  };

  const change = (
    caller: Caller,
    what: Change['what'],
    path: string,
    thing: Thing | undefined,
    isLate = false,
  ): void => {
    const before = things.get(path);
    if (thing) things.set(path, thing);
    else things.delete(path);
    onChange({ caller, what, path, before, isLate });
  };
  return {
    things,
    read: (caller, path) => call(caller, { path, isChange: false, effect: () => ({ value: things.get(path) }) }),
    list: (caller, prefix) =>
      call(caller, {
        path: prefix,
        isChange: false,
        effect: () => ({ value: [...things].filter(([path]) => path.startsWith(prefix)) }),
      }),
    make: (caller, path, thing) =>
      call(caller, {
        path,
        isChange: true,
        effect: () => {
          if (things.has(path)) return throws(errors.exists);
          change(caller, 'make', path, thing);
          return { value: undefined };
        },
      }),
    mint: (caller, prefix) =>
      call(caller, {
        path: prefix,
        isChange: true,
        effect: () => {
          const path = `${prefix}${String((keys += 1))}`;
          change(caller, 'make', path, { mark: caller.operationId(), content: '' });
          return { value: path };
        },
      }),
    set: (caller, path, content) =>
      call(caller, {
        path,
        isChange: true,
        effect: () => {
          const before = things.get(path);
          if (!before) return throws(errors.notFound);
          change(caller, 'set', path, { ...before, content });
          return { value: undefined };
        },
      }),
    remove: (caller, path) =>
      call(caller, {
        path,
        isChange: true,
        isRemoval: true,
        effect: (isLate) => {
          if (!things.has(path)) return throws(errors.notFound);
          change(caller, 'remove', path, undefined, isLate);
          return { value: undefined };
        },
      }),
    intrude: (path) => {
      if (!things.has(path) && !leaving.has(path)) things.set(path, { mark: null, content: 'of others' });
    },
  };
}
