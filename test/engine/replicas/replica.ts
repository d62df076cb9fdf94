import type { Register } from '../../../src/engine/register';
import type { EngineEvent } from '../../../src/engine/events';
import type { JournalRecord } from '../../../src/engine/journal';
import { createLease } from '../../../src/engine/lease';
import type { Notary } from '../../../src/engine/notary';
import { createEngine } from '../../../src/engine/perform';
import type { Deliver, Performed } from '../../../src/engine/recipe';
import { createRecoverer } from '../../../src/operations/recover';
import { type Aws, type Caller, CALL_TIMEOUT_MS } from './aws';
import {
  type Bug,
  clockOfLease,
  clockOfRecovery,
  clockOfRuns,
  notaryOf,
  registerOfRecovery,
  registerOfRuns,
} from './bugs';
import type { Machine } from './machine';
import { recipeOf, type Task, type TaskRecipe } from './workload';

/** A process of the service: engine, lease and recovery on the store that all share. */
export interface Replica {
  readonly machine: Machine;
  readonly start: () => void;
  readonly perform: (
    task: Task,
    again?: { readonly operationId: string; readonly attempt: number },
  ) => Promise<Performed<string>>;
  readonly cancel: (operationId: string) => void;
  readonly running: () => number;
  /** Hands over what is under way and ends. */
  readonly terminate: () => Promise<void>;
}

/** What whoever judges is told. */
export interface Witness {
  /** A run begins to act: from now on no other may. */
  readonly onRun: (caller: Caller, attempt: number) => void;
  /** A secret was handed to its caller. */
  readonly onDelivered: (operationId: string, attempt: number, machine: Machine, troubles: number) => void;
  /** A run ended in another way than was recorded already. */
  readonly onOtherEnd: (operationId: string, how: string) => void;
  readonly onEvent: (machine: Machine, event: EngineEvent) => void;
}

export interface ReplicaOptions {
  readonly machine: Machine;
  readonly register: Register;
  readonly aws: Aws;
  readonly newId: () => string;
  /** Whether an answer with a secret arrives. */
  readonly arrives: () => boolean;
  readonly witness: Witness;
  readonly bug: Bug | undefined;
}

const LEASE_MS = 30_000;
const HEARTBEAT_MS = 8_000;
const SCAN_MS = 3_000;

export const doneKey = (operationId: string, attempt: number): string => `done/${operationId}/${String(attempt)}`;

export function createReplica({ machine, register, aws, newId, arrives, witness, bug }: ReplicaOptions): Replica {
  const { clock } = machine;
  let owners = 0;
  const lease = createLease({
    register,
    clock: clockOfLease(bug, clock),
    leaseMs: LEASE_MS,
    heartbeatMs: HEARTBEAT_MS,
    newOwner: () => `${machine.name}-${String((owners += 1))}`,
  });
  const writeEnd: Notary['end'] = async ({ record, outcome, endedAt }) => {
    const key = doneKey(record.operationId, record.attempt ?? 1);
    const value = { state: outcome.state, left: 'left' in outcome ? outcome.left.length : 0, endedAt };
    const written = await register.put(key, value, { ifAbsent: true });
    const before = written.ok ? undefined : await register.get(key);
    if (before && (before.value as typeof value).state !== outcome.state)
      witness.onOtherEnd(record.operationId, `${(before.value as typeof value).state}, then ${outcome.state}`);
  };
  const notary = notaryOf(bug, { asked: () => null, display: () => null, end: writeEnd }, register);
  /** Of the run that begins now: what it may do is told while it begins. */
  let beginning: { operationId: string; mayCall: Caller['mayCall'] } | undefined;
  const engine = createEngine({
    register: registerOfRuns(bug, register, clock),
    clock: clockOfRuns(bug, clock),
    newId,
    listeners: [(event) => witness.onEvent(machine, event)],
    isDurable: true,
    lease,
    callTimeoutMs: CALL_TIMEOUT_MS,
    notary,
    within: ({ operationId, mayCall }, work) => {
      if (beginning) Object.assign(beginning, { operationId, mayCall });
      return work();
    },
  });

  const begin = <R>(attempt: number, start: (caller: Caller) => R): R => {
    const facts: NonNullable<typeof beginning> = { operationId: '', mayCall: () => undefined };
    const caller: Caller = {
      machine,
      operationId: () => facts.operationId,
      mayCall: (timeoutMs) => facts.mayCall(timeoutMs),
    };
    beginning = facts;
    const started = start(caller);
    beginning = undefined;
    witness.onRun(caller, attempt);
    return started;
  };
  const recipe = (task: Task, caller: Caller): TaskRecipe => recipeOf(task, aws, caller, bug === 'undo without mark');
  const attemptOf = ({ attempt = 1 }: Pick<JournalRecord, 'attempt'>): number => attempt;

  const recoverer = createRecoverer({
    register: registerOfRecovery(bug, register),
    clock: clockOfRecovery(bug, clock),
    lease: { lease, leaseMs: LEASE_MS },
    isRunning: engine.isRunning,
    accepts: () => Promise.resolve(),
    hasEnded: async (record) => (await register.get(doneKey(record.operationId, attemptOf(record)))) !== undefined,
    resume: (run) =>
      begin(attemptOf(run.record), (caller) => engine.resume(recipe(run.record.input as Task, caller) as never, run)),
    scanMs: SCAN_MS,
    onLeftAlone: ({ operationId }, error) => {
      throw new Error(`${operationId} was left alone: ${JSON.stringify(error)}`);
    },
  });
  const start = async (): Promise<void> => {
    // A service whose store does not answer is started again.
    while (
      !(await recoverer.start().then(
        () => true,
        () => false,
      ))
    )
      await clock.sleep(1_000);
  };

  return {
    machine,
    start: () => void start(),
    perform: (task, again) => {
      const attempt = again?.attempt ?? 1;
      const deliver: Deliver<string> = async (_, operationId) => {
        if (bug === 'terminal write before the flush of a secret')
          await register.put(doneKey(operationId, attempt), { state: 'succeeded', left: 0 }, { ifAbsent: true });
        const troubles = machine.troubles();
        const hasArrived = machine.pass() && arrives();
        if (hasArrived) witness.onDelivered(operationId, attempt, machine, troubles);
        await clock.sleep(20);
        return hasArrived;
      };
      return begin(attempt, (caller) => engine.perform(recipe(task, caller), deliver, again));
    },
    cancel: (operationId) => void engine.cancel(operationId),
    running: engine.running,
    terminate: async () => {
      recoverer.stop();
      await engine.handOver();
      await lease.resign().catch(() => undefined);
      machine.kill();
    },
  };
}
