import type { EngineEventPayload } from '../../../src/engine/events';
import { answer, definePlan, type StepFactory, type StepHandle } from '../../../src/engine/plan';
import type { Outcome } from '../../../src/engine/recipe';
import { walk } from '../../../src/engine/walk';
import type { MockedAws } from './mocked-aws';

export interface Walked {
  readonly outcome: Outcome<unknown>;
  /** Titles of the steps that succeeded, in that order. */
  readonly done: readonly string[];
  /** Titles of those that were not done in the end. */
  readonly left: readonly string[];
}

/** Walks the steps that `ask` asks for behind a pivot, on mocked clients. */
export async function walkForward(
  { clock }: Pick<MockedAws, 'clock'>,
  ask: (step: StepFactory, pivot: StepHandle<void>) => void,
): Promise<Walked> {
  const plan = definePlan('test', 'Test', (step) => {
    ask(step, step({ title: 'Pivot', pivot: true, run: () => Promise.resolve() }));
    return answer({}, () => undefined);
  });
  const events: EngineEventPayload[] = [];
  const outcome = await walk(plan, { scope: { operationId: 'op-1', clock }, emit: (event) => events.push(event) });
  return {
    outcome,
    done: events.flatMap((event) => (event.type === 'step-succeeded' ? [event.title] : [])),
    left: 'left' in outcome ? outcome.left.map(({ step }) => step) : [],
  };
}
