import { runStep, type StepEnd } from '../../src/engine/attempt';
import { createMemory } from '../../src/engine/memory';
import type { Needs, PlannedStep, Results, StepHandle, StepScope, StepSpec } from '../../src/engine/plan';
import { oncePolicy, retry, standardPolicy } from '../../src/engine/retry';
import type { Clock } from '../../src/base/clock';
import type { DomainError } from '../../src/base/errors';
import { type Context, orUndefined } from '../../src/domain/shared/context';

/** Id of the operation that steps under test belong to. */
export const OPERATION = 'op-1';

/** Stands for an earlier step of the same plan; its result is what the test says. */
export const handle = <T>(): StepHandle<T> => ({ index: 0, title: 'An earlier step' });

/** What a step is told of its run; new attempts of one step are given the same. */
export const scopeOn = (clock: Clock, operationId = OPERATION): StepScope => ({
  operationId,
  clock,
  memory: createMemory(),
  shared: createMemory(),
});

/** A step by itself: its functions as the engine calls them, one by one or all of a run. */
export function stepAlone<N extends Needs, T>(
  { clock }: Pick<Context, 'clock'>,
  spec: StepSpec<N, T>,
  needs = {} as Results<N>,
  scope = scopeOn(clock),
) {
  return {
    /** One attempt. */
    run: (): Promise<T> => spec.run(needs, scope),
    /** All attempts its policy wants; after a lost reply it is asked whether it is done. */
    perform: (): Promise<StepEnd> => runStep(spec as unknown as PlannedStep, needs, scope),
    /** As often as its policy wants, once without one. Without a result: the reply was never seen. */
    undo: async (result?: T): Promise<void> => {
      const { undoRetry } = spec;
      const undoing = retry(undoRetry ?? oncePolicy, clock, async () => spec.undo?.({ needs, result }, scope));
      // With a policy as in a plan, where "not there" means that there is nothing to take back.
      await (undoRetry ? orUndefined(undoing) : undoing);
    },
    alreadyDone: async () => spec.alreadyDone?.(needs, scope),
    retries: (error: DomainError): boolean => (spec.retry ?? standardPolicy).retries(error),
  };
}

interface Calls {
  readonly calls: () => readonly {
    readonly args: readonly [{ readonly constructor: { readonly name: string }; readonly input: object }, ...unknown[]];
  }[];
}

/** What a mocked client was sent beside reads: the inputs of each operation. */
export function changes(client: Calls): Readonly<Record<string, readonly object[]>> {
  const sent: Record<string, object[]> = {};
  for (const {
    args: [command],
  } of client.calls()) {
    const operation = command.constructor.name.replace(/Command$/, '');
    if (!/^(Get|List|Head|Describe)/.test(operation)) (sent[operation] ??= []).push(command.input);
  }
  return sent;
}
