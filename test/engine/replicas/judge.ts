import type { JsonValue } from '../../../src/base/json';
import { isJournal } from '../../../src/engine/journal';
import { isFreed } from '../../../src/engine/records';
import type { Outcome, Performed, Running } from '../../../src/engine/recipe';
import type { Aws, Caller, Change } from './aws';
import type { Machine } from './machine';
import { doneKey, type Witness } from './replica';
import { claimOf, partsOf, type Task } from './workload';

/** Watches a simulated world and says which of its laws were broken. */
export interface Judge extends Witness {
  readonly onSent: (caller: Caller, path: string) => void;
  readonly onChange: (change: Change) => void;
  readonly onWrite: (key: string, value: JsonValue | undefined) => void;
  readonly onAsked: (
    machine: Machine,
    task: Task,
    again?: { readonly operationId: string; readonly attempt: number },
  ) => (performed: Performed<string>) => void;
  /** To be asked when nothing is under way any more. */
  readonly settle: (isIdle: boolean) => void;
  readonly violations: readonly string[];
}

export interface Judged {
  readonly aws: () => Aws;
  /** Whether nothing has ever gone wrong there. */
  readonly isCalm: (machine: Machine) => boolean;
  readonly peek: (key: string) => JsonValue | undefined;
  readonly keys: () => readonly string[];
}

/** One attempt of an operation, as it was seen from outside. */
interface Attempt {
  readonly id: string;
  readonly attempt: number;
  task?: Task;
  told?: (Outcome<string> | Running)['state'];
  left?: number;
  recorded?: string;
  hasChanged?: true;
  delivered?: { readonly machine: Machine; readonly troubles: number };
}

export function createJudge({ aws, isCalm, peek, keys }: Judged): Judge {
  const violations: string[] = [];
  const attempts = new Map<string, Attempt>();
  /** Order of recording: claims keep the operations of one resource apart. */
  const ended: Attempt[] = [];
  const attemptOf = new Map<Caller, number>();
  /** Of each operation and machine the run that began there last. */
  const acting = new Map<string, Caller>();
  /** Of each operation whom its journal names. */
  const owners = new Map<string, string>();
  /** By resource, the attempts that changed it, in order. */
  const changers = new Map<string, string[]>();
  /** What went away by a late call after its own operation had looked for it the last time: of that nobody can know. */
  const spoilt = new Set<string>();
  const accuse = (what: string): void => void violations.push(what);
  const entry = (id: string, attempt: number): Attempt => {
    const key = doneKey(id, attempt);
    const known = attempts.get(key) ?? { id, attempt };
    attempts.set(key, known);
    return known;
  };

  const expected = (): ReadonlyMap<string, string> => {
    const things = new Map<string, string>();
    for (const { id, task, recorded } of ended) {
      if (recorded !== 'succeeded' || !task) continue;
      const { kind, name } = task;
      if (kind === 'create') for (const path of [name, ...partsOf(task)]) things.set(path, id);
      if (kind === 'update') things.set(`${name} content`, id);
      if (kind === 'create') things.set(`${name} content`, id);
      if (kind === 'delete' || kind === 'reset-keys')
        for (const path of [...things.keys()]) {
          const isKey = path.startsWith(`${name}/key/`);
          const isOf =
            path === name || path.startsWith(`${name}/`) || path === `group/${name}` || path === `${name} content`;
          if (kind === 'delete' ? isOf : isKey) things.delete(path);
        }
      if (kind === 'add-key' || kind === 'reset-keys') things.set(`${name}/key/of ${id}`, id);
    }
    return things;
  };
  const actual = (): ReadonlyMap<string, string> => {
    const things = new Map<string, string>();
    for (const [path, { mark, content }] of aws().things) {
      if (mark === null) continue;
      if (!path.includes('/')) things.set(`${path} content`, content.replace('of ', ''));
      const [name, isKey] = path.split('/key/');
      const shown = isKey === undefined ? path : `${name ?? ''}/key/of ${mark}`;
      if (things.has(shown)) accuse(`${shown} is there twice`);
      things.set(shown, mark);
    }
    return things;
  };

  return {
    violations,
    onEvent: () => undefined,
    onRun: (caller, attempt) => {
      attemptOf.set(caller, attempt);
      acting.set(`${caller.operationId()} ${caller.machine.name}`, caller);
    },
    onOtherEnd: (id, how) => accuse(`${id} ended twice: ${how}`),
    onDelivered: (id, attempt, machine, troubles) => {
      // One that is paused in this very moment has not sent anything else yet.
      const isTroubled = machine.isPaused() || machine.isCutOff();
      entry(id, attempt).delivered = { machine, troubles: isTroubled ? -1 : troubles };
    },
    onAsked: (machine, task, again) => {
      const note = ({ operationId, outcome }: Performed<string>): void => {
        const found = entry(operationId, again?.attempt ?? 1);
        found.task = task;
        // Whether the journal was written is not known then, and whoever finds it goes on with it.
        const isUnsure = outcome.state === 'failed' && outcome.error.kind === 'unavailable';
        if (!isUnsure) found.told = outcome.state;
        if (outcome.state === 'running' && outcome.error.kind === 'superseded' && isCalm(machine))
          accuse(`${operationId} was superseded, and nothing had happened`);
        if ('left' in outcome) found.left = outcome.left.length;
        if (outcome.state === 'succeeded' && found.recorded !== 'succeeded')
          accuse(`${operationId} was told to have succeeded, recorded is ${found.recorded ?? 'nothing'}`);
      };
      return note;
    },
    onSent: (caller, path) => {
      const id = caller.operationId();
      const { name } = caller.machine;
      if (acting.get(`${id} ${name}`) !== caller || !owners.get(id)?.startsWith(`${name}-`))
        accuse(`${id} changes ${path} from ${caller.machine.name}, which has lost it`);
    },
    onChange: ({ caller, what, path, before, isLate }) => {
      const id = caller.operationId();
      const attempt = attemptOf.get(caller) ?? 0;
      entry(id, attempt).hasChanged = true;
      const resource = claimOf(path.startsWith('group/') ? 'group' : path);
      const order = changers.get(resource) ?? [];
      changers.set(resource, order);
      const key = doneKey(id, attempt);
      if (!order.includes(key)) order.push(key);
      else if (order.at(-1) !== key && !path.startsWith('group/'))
        accuse(`${id} (${what} ${path}) came after ${order.at(-1) ?? ''} had begun`);
      if (isLate && order.at(-1) === key) spoilt.add(path);
      if (what === 'remove' && before?.mark === null && !isLate) accuse(`${id} removed ${path} of others`);
    },
    onWrite: (key, value) => {
      if (value !== undefined && key.startsWith('claims/') && isJournal(value)) {
        const found = entry(value.operationId, value.attempt ?? 1);
        found.task = value.input as Task;
        owners.set(found.id, value.owner ?? 'nobody');
      }
      const [, id, attempt] = /^done\/(.*)\/(\d+)$/.exec(key) ?? [];
      if (id === undefined || value === undefined) return;
      const found = entry(id, Number(attempt));
      found.recorded = (value as { state: string }).state;
      found.left = (value as { left: number }).left;
      ended.push(found);
      if (
        found.recorded === 'succeeded' &&
        (found.task?.kind.endsWith('key') || found.task?.kind.endsWith('keys')) &&
        !found.delivered
      )
        accuse(`${id} is recorded as succeeded before its secret went out`);
    },
    settle: (isIdle) => {
      if (!isIdle) accuse('something is under way for ever');
      for (const key of keys()) {
        const value = key.startsWith('claims/') && !key.startsWith('claims/~') ? peek(key) : undefined;
        if (value !== undefined && !isFreed(value)) accuse(`${key} is still held`);
      }
      for (const { id, attempt, told, recorded, hasChanged, delivered, left } of attempts.values()) {
        const name = `${id}/${String(attempt)}`;
        if (hasChanged && recorded === undefined) accuse(`${name} has changed something and no record`);
        if (told !== undefined && told !== 'running' && recorded !== undefined && told !== recorded)
          accuse(`${name} was told ${told}, recorded is ${recorded}`);
        if ((left ?? 0) > 0) accuse(`${name} has left something`);
        if (delivered && recorded !== 'succeeded' && delivered.machine.troubles() === delivered.troubles)
          accuse(`${name} took back a secret that it had delivered`);
      }
      const [wanted, there] = [expected(), actual()];
      for (const path of new Set([...wanted.keys(), ...there.keys()])) {
        if ([...spoilt].some((late) => late.charAt(0) === path.charAt(0))) continue;
        // Where others put something while it was away, it cannot be put back.
        if (wanted.get(path) !== there.get(path) && aws().things.get(path)?.mark !== null)
          accuse(`${path} is ${there.get(path) ?? 'not there'}, ${wanted.get(path) ?? 'nothing'} was recorded`);
      }
    },
  };
}
