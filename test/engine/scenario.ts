import { count, type SimPlan, simulate } from './simulation';

/** A plan, how its steps fail, and what must come of it; the title tells the same as a sentence. */
export interface Scenario {
  readonly title: string;
  readonly plan: SimPlan;
  readonly state: 'succeeded' | 'failed' | 'rolled-back' | 'rollback-failed';
  readonly started: readonly string[];
  /** In this order. */
  readonly undone?: readonly string[];
  readonly left?: readonly string[];
  readonly world: readonly string[];
  readonly failedStep?: string;
  readonly error?: string;
  /** Attempts sent, by step. */
  readonly sent?: Readonly<Record<string, number>>;
}

export const chain = (b: SimPlan[string], c: SimPlan[string] = {}): SimPlan => ({
  A: {},
  B: { needs: ['A'], ...b },
  C: { needs: ['B'], ...c },
});

/** One test for each scenario. */
export function testScenarios(scenarios: readonly Scenario[]): void {
  test.each(scenarios)('$title', async (scenario) => {
    const simulated = await simulate(scenario.plan);
    const { outcome } = simulated;

    expect(outcome.state).toBe(scenario.state);
    expect([...simulated.started].sort()).toEqual([...scenario.started].sort());
    expect(simulated.undone).toEqual(scenario.undone ?? []);
    expect([...simulated.world].sort()).toEqual([...scenario.world].sort());
    expect(simulated.violations).toEqual([]);
    if (outcome.state !== 'succeeded') {
      if (scenario.failedStep !== undefined) expect(outcome.failedStep).toBe(scenario.failedStep);
      if (scenario.error !== undefined) expect(outcome.error.kind).toBe(scenario.error);
    }
    if ('undone' in outcome) expect(outcome.undone).toEqual(scenario.undone);
    const left = 'left' in outcome ? outcome.left.map((one) => one.step) : [];
    expect(left).toEqual(scenario.left ?? []);
    for (const [step, sent] of Object.entries(scenario.sent ?? {})) expect(count(simulated, 'run', step)).toBe(sent);
  });
}
