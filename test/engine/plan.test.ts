import { answer, definePlan, type StepFactory, type StepHandle } from '../../src/engine/plan';
import { oncePolicy } from '../../src/engine/retry';

const nothing = async (): Promise<void> => undefined;

test('edges are the needs and the afters, each once, in order', () => {
  const plan = definePlan('p', 'P', (step) => {
    const a = step({ title: 'a', run: async () => 1 });
    const b = step({ title: 'b', run: async () => 'two' });
    const c = step({
      title: 'c',
      needs: { b, a, again: a },
      after: [b, a],
      run: async (needs) => needs.a + needs.b.length,
    });
    return answer({ c }, ({ c: sum }) => sum * 2);
  });
  expect(plan.steps.map((step) => step.dependsOn)).toEqual([[], [], [0, 1]]);
  expect(plan.steps[2]?.needs).toEqual({ b: 1, a: 0, again: 0 });
  expect(plan.answer([1, 'two', 4])).toBe(8);
});

test('a plan is frozen', () => {
  const plan = definePlan('p', 'P', (step) => {
    const a = step({ title: 'a', run: nothing });
    step({ title: 'b', needs: { a }, run: nothing });
    return answer({}, () => undefined);
  });
  for (const part of [plan, plan.steps, plan.steps[1], plan.steps[1]?.needs, plan.steps[1]?.dependsOn]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
});

test('what a step leaves out is left out, and no step is a pivot by itself', () => {
  const plan = definePlan('p', 'P', (step) => {
    step({ title: 'bare', run: nothing });
    step({
      title: 'full',
      run: nothing,
      undo: nothing,
      alreadyDone: async () => undefined,
      retry: oncePolicy,
      pivot: true,
    });
    return answer({}, () => undefined);
  });
  expect(Object.keys(plan.steps[0] ?? {}).sort()).toEqual(['dependsOn', 'index', 'needs', 'pivot', 'run', 'title']);
  expect(plan.steps[0]?.pivot).toBe(false);
  expect(plan.steps[1]).toMatchObject({ pivot: true, retry: oncePolicy });
  expect(plan.steps[1]?.undo).toBe(nothing);
});

test('a step of another plan is refused', () => {
  let stranger: StepHandle<void> | undefined;
  definePlan('p', 'P', (step) => {
    stranger = step({ title: 'a', run: nothing });
    return answer({}, () => undefined);
  });
  const other = stranger as StepHandle<void>;
  const using = (use: (step: StepFactory) => unknown) => () =>
    definePlan('q', 'Q', (step) => {
      use(step);
      return answer({}, () => undefined);
    });
  expect(using((step) => step({ title: 'b', needs: { other }, run: nothing }))).toThrow('"a" belongs to another plan');
  expect(using((step) => step({ title: 'b', after: [other], run: nothing }))).toThrow('"a" belongs to another plan');
  expect(() => definePlan('q', 'Q', () => answer({ other }, () => undefined))).toThrow('"a" belongs to another plan');
});

test('a finished plan takes no more steps', () => {
  let late: StepFactory | undefined;
  definePlan('p', 'P', (step) => {
    late = step;
    return answer({}, () => undefined);
  });
  expect(() => late?.({ title: 'late', run: nothing })).toThrow('plan p is finished; step "late" came too late');
});
