import { toDomainError, type DomainError } from '../../../src/base/errors';
import { type DryRun, requirePlan, tellPlan } from '../../../src/domain/dispatch/dry-run';
import type { AnyWrite, Target } from '../../../src/domain/shared/operation';
import { answer, definePlan, type Plan, type StepHandle } from '../../../src/engine/plan';

const definition = { kind: 'toy', version: 3 } as AnyWrite;
const target: Target = { kind: 'bucket', account: 'demo', bucket: 'photos', user: '', params: {} };

/** A plan of steps of these titles, each touching what its title says; `chained`: one after the other. */
function planOf(titles: readonly string[], chained = false): Plan<unknown> {
  return definePlan('toy', 'Make a toy', (step) => {
    let last: readonly StepHandle<unknown>[] = [];
    for (const title of titles) {
      const handle = step({
        title,
        after: chained ? last : [],
        touches: [{ action: 'create', resource: title }],
        run: () => Promise.resolve(),
      });
      last = [handle];
    }
    return answer({}, () => undefined);
  });
}

const told = (titles: readonly string[], chained = false, input: object = {}): DryRun =>
  tellPlan(definition, { target, input }, { plan: planOf(titles, chained), follows: undefined });

function refusal(now: DryRun, digest: string): DomainError | undefined {
  try {
    requirePlan(now, digest);
    return undefined;
  } catch (thrown) {
    return toDomainError(thrown);
  }
}

test('a dry run tells each step with what it touches, and that one that can add others may grow', () => {
  const plan = definePlan('toy', 'Make a toy', (step) => {
    const first = step({ title: 'First', run: () => Promise.resolve('x'), more: () => undefined });
    step({ title: 'Second', after: [first], pivot: true, run: () => Promise.resolve() });
    return answer({}, () => undefined);
  });
  const follows = planOf(['Afterwards']);
  expect(tellPlan(definition, { target, input: {} }, { plan, follows })).toMatchObject({
    kind: 'toy',
    version: 3,
    title: 'Make a toy',
    mayGrow: true,
    steps: [
      { title: 'First', touches: [], dependsOn: [], pointOfNoReturn: false, mayGrow: true },
      { title: 'Second', touches: [], dependsOn: [0], pointOfNoReturn: true, mayGrow: false },
    ],
    whenDelivered: [{ title: 'Afterwards', touches: [{ action: 'create', resource: 'Afterwards' }] }],
  });
});

test('the digest is that of the same request and plan, in whatever order members came', () => {
  const one = told(['A'], false, { x: 1, y: [{ b: 2, a: null }] });
  const other = told(['A'], false, { y: [{ a: null, b: 2 }], x: 1 });
  expect(one.planDigest).toBe(other.planDigest);
  expect(refusal(one, other.planDigest)).toBeUndefined();
});

test.each([
  ['a step that came to it', ['A', 'B'], ['A', 'C', 'B'], 'step 2 "C" was added'],
  ['a step at its end that came to it', ['A'], ['A', 'B'], 'step 2 "B" was added'],
  ['a step that went', ['A', 'C', 'B'], ['A', 'B'], 'step 2 of the dry run was removed'],
  ['a step at its end that went', ['A', 'B'], ['A'], 'step 2 of the dry run was removed'],
  ['a step that is another', ['A', 'B'], ['A', 'C'], 'step 2 was changed to "C"'],
  ['another order', ['A', 'B', 'C'], ['A', 'C', 'B'], 'the order was changed from step 2 "C" on'],
])('a plan with %s is refused with the first difference', (_, before, now, difference) => {
  const plan = told(now);
  expect(refusal(plan, told(before).planDigest)).toMatchObject({
    kind: 'precondition-failed',
    detail: expect.stringContaining(difference),
    planDigest: plan.planDigest,
  });
});

test.each([
  ['whose steps wait for others', told(['A', 'B'], true), told(['A', 'B'])],
  ['of a request for something else', told(['A'], false, { a: 1 }), told(['A'], false, { a: 2 })],
])('a plan %s is refused although its steps are the same', (_, now, before) => {
  expect(refusal(now, before.planDigest)?.detail).toContain('the same steps wait for others, or the request asks');
});

test('a text that is no digest is refused as such', () => {
  expect(refusal(told(['A']), 'W/"etag"')?.detail).toContain('is not the planDigest of a dry run');
});
