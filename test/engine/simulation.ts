import { definePlan, type Plan, type StepFactory, type StepHandle, type StepScope } from '../../src/engine/plan';
import type { EngineEventPayload } from '../../src/engine/events';
import type { Outcome, Running } from '../../src/engine/recipe';
import type { RetryPolicy } from '../../src/engine/retry';
import { walk } from '../../src/engine/walk';
import { createTestClock, type TestClock } from '../support/clock';
import { errors, failure } from '../support/errors';

/** What one attempt does; when a list is used up, the attempts after it are `ok`. */
export type Attempt =
  | 'ok'
  /** Refused for good, nothing done. */
  | 'denied'
  | 'throttled'
  | 'contended'
  | 'not-found'
  /** Done, but the reply is lost. */
  | 'lost'
  /** Not done, and there is no reply either. */
  | 'silent'
  /** Not done, and a programming error. */
  | 'bug';

export type UndoAttempt = 'ok' | 'denied' | 'throttled' | 'silent' | 'conflict' | 'not-found' | 'bug';

/** What `alreadyDone` answers; `none`: the step has no such check. `silent-long`: the truth, after longer than anybody waits. */
export type Check = 'none' | 'truth' | 'nothing' | 'exists' | 'denied' | 'silent-once' | 'silent-long' | 'silent';

export interface SimStep {
  readonly needs?: readonly string[];
  readonly after?: readonly string[];
  readonly attempts?: readonly Attempt[];
  /** What every attempt after `attempts` does. Default `ok`. */
  readonly finally?: Attempt;
  readonly check?: Check;
  /** `none`: the step has no undo. */
  readonly undo?: 'none' | readonly UndoAttempt[];
  readonly undoFinally?: UndoAttempt;
  readonly pivot?: boolean;
  readonly retry?: RetryPolicy;
  /** Virtual milliseconds of each attempt. */
  readonly takes?: number;
  /** Steps it adds once it is done. `bug`: it throws instead. */
  readonly more?: SimPlan | 'bug';
  /** Steps that are added when something below it has failed for good. */
  readonly keep?: SimPlan;
}

export type SimPlan = Readonly<Record<string, SimStep>>;

export interface LogEntry {
  /** `lost`: an attempt ended without a reply that says whether it had its effect. */
  readonly what: 'run' | 'ran' | 'lost' | 'check' | 'undo' | 'undone';
  readonly step: string;
}

export interface Simulated {
  readonly outcome: Outcome<string>;
  /** What whoever waits was told whenever something went on in the background. */
  readonly told: readonly Running[];
  /** Things that are there afterwards, by the step that made them. */
  readonly world: ReadonlySet<string>;
  readonly log: readonly LogEntry[];
  readonly events: readonly EngineEventPayload[];
  readonly clock: TestClock;
  /** Rules broken by what the walker handed to steps. */
  readonly violations: readonly string[];
  /** Most attempts and undos under way at one moment. */
  readonly mostAtOnce: number;
  readonly started: readonly string[];
  readonly succeeded: readonly string[];
  readonly undone: readonly string[];
  readonly plan: Plan<string>;
  /** Which step had added another, as its events say. */
  readonly parents: ReadonlyMap<string, string>;
}

/** Walks a plan whose every step makes one thing in a small world, where others have made `initially` before. */
export async function simulate(
  spec: SimPlan,
  options: {
    readonly concurrency?: number;
    readonly initially?: readonly string[];
    readonly answer?: () => string;
  } = {},
): Promise<Simulated> {
  const clock = createTestClock();
  const world = new Map<string, 'ours' | 'foreign'>((options.initially ?? []).map((thing) => [thing, 'foreign']));
  const log: LogEntry[] = [];
  const events: EngineEventPayload[] = [];
  const told: Running[] = [];
  const violations: string[] = [];
  let underWay = 0;
  let mostAtOnce = 0;

  const during = async <T>(ms: number, work: () => T): Promise<T> => {
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    try {
      await clock.sleep(ms);
      return work();
    } finally {
      underWay -= 1;
    }
  };

  const handles = new Map<string, StepHandle<unknown>>();
  const addSteps = (step: StepFactory, some: SimPlan, sentence?: string): void => {
    const handleOf = (title: string): StepHandle<unknown> => {
      const handle = handles.get(title);
      if (!handle) throw new Error(`scenario names ${title} before it is there`);
      return handle;
    };
    const moreOf = (title: string, { more, keep }: SimStep) => {
      const heed = (result: unknown): void => {
        if (result !== `made ${title}`) violations.push(`${title} adds steps to a wrong result`);
      };
      return {
        ...(more && {
          more: (add: StepFactory, result: unknown) => {
            heed(result);
            if (more === 'bug') throw new TypeError(`bug in what ${title} adds`);
            addSteps(add, more);
          },
        }),
        ...(keep && {
          keep: (add: StepFactory, result: unknown) => {
            heed(result);
            addSteps(add, keep, `${title} is kept.`);
          },
        }),
      };
    };
    for (const [title, sim] of Object.entries(some)) {
      const takes = sim.takes ?? 1;
      let sent = 0;
      let checked = 0;
      let undoSent = 0;

      const checkGiven = (needs: Readonly<Record<string, unknown>>, scope: StepScope): void => {
        for (const name of sim.needs ?? [])
          if (needs[name] !== `made ${name}`) violations.push(`${title} was not given ${name}`);
        if (scope.operationId !== 'op-1') violations.push(`${title} was not told its operation`);
      };
      const run = async (needs: Readonly<Record<string, unknown>>, scope: StepScope): Promise<string> => {
        checkGiven(needs, scope);
        log.push({ what: 'run', step: title });
        const attempt = sim.attempts?.[sent] ?? sim.finally ?? 'ok';
        sent += 1;
        return during(takes, () => {
          if (attempt === 'bug' || attempt === 'silent') log.push({ what: 'lost', step: title });
          if (attempt === 'bug') throw new TypeError(`bug in ${title}`);
          if (attempt === 'silent') throw failure(errors.silent);
          if (attempt === 'denied') throw failure(errors.denied);
          if (attempt === 'throttled') throw failure(errors.throttled);
          if (attempt === 'contended') throw failure(errors.contended);
          if (attempt === 'not-found') throw failure(errors.notFound);
          if (world.has(title)) throw failure(errors.exists);
          world.set(title, 'ours');
          if (attempt === 'lost') {
            log.push({ what: 'lost', step: title });
            throw failure(errors.silent);
          }
          log.push({ what: 'ran', step: title });
          return `made ${title}`;
        });
      };
      const undo = async (
        input: { readonly needs: Readonly<Record<string, unknown>>; readonly result: unknown },
        scope: StepScope,
      ): Promise<void> => {
        checkGiven(input.needs, scope);
        if (input.result !== undefined && input.result !== `made ${title}`)
          violations.push(`undo of ${title} got a wrong result`);
        log.push({ what: 'undo', step: title });
        const attempt = (sim.undo === 'none' ? undefined : sim.undo?.[undoSent]) ?? sim.undoFinally ?? 'ok';
        undoSent += 1;
        await during(takes, () => {
          if (attempt === 'bug') throw new TypeError(`bug in the undo of ${title}`);
          if (attempt === 'denied') throw failure(errors.denied);
          if (attempt === 'throttled') throw failure(errors.throttled);
          if (attempt === 'silent') throw failure(errors.silent);
          if (attempt === 'conflict') throw failure(errors.conflict);
          const wasOurs = world.get(title) === 'ours';
          if (wasOurs) world.delete(title);
          if (attempt === 'not-found' || !wasOurs) throw failure(errors.notFound);
        }).finally(() => log.push({ what: 'undone', step: title }));
      };
      const alreadyDone = async (
        needs: Readonly<Record<string, unknown>>,
        scope: StepScope,
      ): Promise<{ readonly result: string } | undefined> => {
        checkGiven(needs, scope);
        log.push({ what: 'check', step: title });
        checked += 1;
        if (sim.check === 'denied') throw failure(errors.denied);
        if (sim.check === 'exists') throw failure(errors.exists);
        const silences = { silent: Number.POSITIVE_INFINITY, 'silent-long': 30, 'silent-once': 1 } as const;
        if (sim.check !== undefined && sim.check in silences && checked <= silences[sim.check as keyof typeof silences])
          throw failure(errors.silent);
        return sim.check !== 'nothing' && world.get(title) === 'ours' ? { result: `made ${title}` } : undefined;
      };

      const handle = step({
        title,
        needs: Object.fromEntries((sim.needs ?? []).map((name) => [name, handleOf(name)])),
        after: (sim.after ?? []).map(handleOf),
        run,
        ...(sim.undo !== 'none' && { undo }),
        ...((sim.check ?? 'none') !== 'none' && { alreadyDone }),
        ...(sim.retry && { retry: sim.retry }),
        ...moreOf(title, sim),
        ...(sentence !== undefined && { says: () => sentence }),
        pivot: sim.pivot ?? false,
      });
      handles.set(title, handle);
    }
  };
  const plan: Plan<string> = definePlan('simulated', 'Simulated', (step) => {
    addSteps(step, spec);
    return {
      needs: Object.fromEntries(handles),
      make: options.answer ?? ((results) => Object.values(results).join(', ')),
    };
  });

  const outcome = await walk(plan, {
    scope: { operationId: 'op-1', clock },
    emit: (event) => events.push(event),
    onGoesOn: (running) => told.push(running),
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
  });
  const titles = (type: EngineEventPayload['type']): readonly string[] =>
    events.flatMap((event) => (event.type === type && 'title' in event ? [event.title] : []));
  return {
    outcome,
    told,
    world: new Set(world.keys()),
    log,
    events,
    clock,
    violations,
    mostAtOnce,
    started: titles('step-started'),
    succeeded: titles('step-succeeded'),
    undone: titles('undo-succeeded'),
    plan,
    parents: new Map(
      events.flatMap((event) => ('parent' in event ? [[event.title, event.parent.title] as const] : [])),
    ),
  };
}

/** How often `what` happened to `step`. */
export function count(simulated: Simulated, what: LogEntry['what'], step: string): number {
  return simulated.log.filter((entry) => entry.what === what && entry.step === step).length;
}
