import fc from 'fast-check';
import { createEnds } from '../../src/engine/ends';
import type { EngineEventPayload } from '../../src/engine/events';
import {
  type Attempt,
  count,
  type SimPlan,
  type SimStep,
  simulate,
  type Simulated,
  type UndoAttempt,
} from './simulation';

const RUNS = 400;
/** Plans that grow are several times as large. */
const GROWING_RUNS = 150;

const attempt = fc.constantFrom<Attempt>(
  'ok',
  'denied',
  'throttled',
  'contended',
  'not-found',
  'lost',
  'silent',
  'bug',
);
const undoAttempt = fc.constantFrom<UndoAttempt>('ok', 'denied', 'silent', 'conflict', 'not-found', 'bug');

interface Wishes {
  readonly pivots: boolean;
  readonly failingUndos: boolean;
  /** Steps may add others, and those others. */
  readonly growing?: boolean;
}

interface Drawn extends Pick<SimStep, 'attempts' | 'check' | 'undo' | 'pivot' | 'takes'> {
  readonly edges: readonly number[];
  readonly asAfter: boolean;
  /** Something below it that failed for good makes it put something back. */
  readonly keeps: boolean;
  readonly more: readonly Drawn[];
}

/** A random graph: each step needs some of those before it, fails in its own ways, takes its own time, and may grow. */
function plans({ pivots, failingUndos, growing = false }: Wishes): fc.Arbitrary<SimPlan> {
  const own = {
    edges: fc.array(fc.nat(), { maxLength: 3 }),
    asAfter: fc.boolean(),
    // Most steps succeed, or few plans would get far.
    attempts: fc.oneof(
      { weight: growing ? 6 : 3, arbitrary: fc.constant([]) },
      { weight: 2, arbitrary: fc.array(attempt, { maxLength: 6 }) },
    ),
    check: fc.constantFrom<NonNullable<SimStep['check']>>(
      'none',
      'truth',
      'truth',
      'nothing',
      'exists',
      'denied',
      'silent-once',
      'silent',
    ),
    undo: failingUndos
      ? fc.oneof(fc.constant([]), fc.array(undoAttempt, { maxLength: 7 }), fc.constant('none' as const))
      : fc.array(fc.constantFrom<UndoAttempt>('silent', 'conflict', 'bug'), { maxLength: 5 }),
    pivot: pivots ? fc.integer({ min: 0, max: 3 }).map((n) => n === 0) : fc.constant(false),
    takes: fc.integer({ min: 0, max: 400 }),
    keeps: growing ? fc.boolean() : fc.constant(false),
  };
  const deep = (depth: number): fc.Arbitrary<Drawn> =>
    fc.record({
      ...own,
      more: growing && depth > 0 ? fc.array(deep(depth - 1), { maxLength: 2 }) : fc.constant([]),
    });
  return fc
    .array(deep(2), { minLength: 1, maxLength: growing ? 4 : 9 })
    .map((drawn) => named(drawn, (index) => `S${index}`, []));
}

/** Steps may wait for those before them and, when they are added, for those before the step that adds them. */
function named(drawn: readonly Drawn[], nameOf: (index: number) => string, before: readonly string[]): SimPlan {
  return Object.fromEntries(
    drawn.map(({ edges, asAfter, keeps, more, ...rest }, index): [string, SimStep] => {
      const title = nameOf(index);
      const choice = [...before, ...drawn.slice(0, index).map((_, n) => nameOf(n))];
      const others = choice.length === 0 ? [] : [...new Set(edges.map((edge) => String(choice[edge % choice.length])))];
      const step = { ...rest, ...(asAfter ? { after: others } : { needs: others }) };
      if (more.length === 0) return [title, step];
      const added = named(more, (n) => `${title}.${n}`, choice);
      return [title, { ...step, more: added, ...(keeps && { keep: { [`${title}.kept`]: {} } }) }];
    }),
  );
}

/** A step with everything it waits for, and the one that has added it. */
interface FlatStep extends SimStep {
  readonly parent?: string;
}
type FlatPlan = Readonly<Record<string, FlatStep>>;

/** All steps that were known in the end, in their order; whoever waits for a step waits for all that it has added. */
function known(plan: SimPlan, simulated: Simulated): FlatPlan {
  const all = new Map<string, FlatStep>();
  const collect = (some: SimPlan, parent?: string): void => {
    for (const [title, step] of Object.entries(some)) {
      all.set(title, { ...step, ...(parent !== undefined && { parent }) });
      if (typeof step.more === 'object') collect(step.more, title);
      if (step.keep) collect(step.keep, title);
    }
  };
  collect(plan);
  const order = [
    ...Object.keys(plan),
    ...simulated.events.flatMap((event) => (event.type === 'steps-added' ? event.steps.map(({ title }) => title) : [])),
  ];
  const isBelow = (title: string, other: string): boolean => title.startsWith(`${other}.`);
  return Object.fromEntries(
    order.map((title) => {
      const step = all.get(title) ?? {};
      const edges = edgesOf(step);
      const added = order.filter(
        (other) =>
          !other.endsWith('.kept') &&
          edges.some((edge) => isBelow(other, edge) && !isBelow(title, edge)) &&
          !isBelow(title, other),
      );
      const above = step.parent === undefined ? [] : [step.parent];
      return [title, { ...step, after: [...(step.after ?? []), ...added, ...above] }];
    }),
  );
}

const titlesOf = (plan: FlatPlan): readonly string[] => Object.keys(plan);
const edgesOf = (step: SimStep | undefined): readonly string[] => [...(step?.needs ?? []), ...(step?.after ?? [])];

function ancestors(plan: FlatPlan, title: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (one: string): void => {
    for (const other of edgesOf(plan[one])) {
      found.add(other);
      visit(other);
    }
  };
  visit(title);
  return found;
}

function position(simulated: Simulated, type: string, title: string): number {
  return simulated.events.findIndex((event) => event.type === type && 'title' in event && event.title === title);
}

function occurrences(simulated: Simulated, types: readonly string[], title: string): number {
  return simulated.events.filter((event) => types.includes(event.type) && 'title' in event && event.title === title)
    .length;
}

/** By what really happened to its attempts: whether the step may have left something. */
function mayHaveEffect(simulated: Simulated, title: string): boolean {
  return simulated.succeeded.includes(title) || count(simulated, 'lost', title) > 0;
}

function isPastPivot(plan: FlatPlan, simulated: Simulated): boolean {
  return simulated.succeeded.some((title) => plan[title]?.pivot === true);
}

/** What holds of every walk, whatever fails. */
function expectLawful(plan: FlatPlan, simulated: Simulated, concurrency: number): void {
  expect(simulated.violations).toEqual([]);
  expect(simulated.mostAtOnce).toBeLessThanOrEqual(concurrency);
  for (const title of titlesOf(plan)) {
    const started = occurrences(simulated, ['step-started'], title);
    const resumed = occurrences(simulated, ['step-resumed'], title);
    const ended = occurrences(simulated, ['step-succeeded', 'step-failed'], title);
    const undoStarted = occurrences(simulated, ['undo-started'], title);
    const undoEnded = occurrences(simulated, ['undo-succeeded', 'undo-failed'], title);
    expect(started).toBeLessThanOrEqual(1);
    expect(ended).toBe(started + resumed);
    expect(resumed).toBeLessThanOrEqual(started);
    expect(undoStarted).toBeLessThanOrEqual(started);
    expect(undoEnded).toBe(undoStarted);
    if (started === 0) continue;
    expect(simulated.parents.get(title)).toBe(plan[title]?.parent);
    for (const other of edgesOf(plan[title])) {
      const otherEnded = position(simulated, 'step-succeeded', other);
      expect(otherEnded).toBeGreaterThanOrEqual(0);
      expect(otherEnded).toBeLessThan(position(simulated, 'step-started', title));
    }
  }
  const firstFailure = simulated.events.find((event) => event.type === 'step-failed');
  const { outcome } = simulated;
  // What failed because AWS was busy may have succeeded later; nobody starts what comes after any other failure.
  expect(outcome.state === 'succeeded').toBe(titlesOf(plan).every((title) => simulated.succeeded.includes(title)));
  if (firstFailure === undefined) expect(outcome.state).toBe('succeeded');
  if (outcome.state === 'succeeded' || firstFailure?.type !== 'step-failed') return;
  expect(outcome.error.kind).toBe(firstFailure.error.kind);
  expect(outcome.error.detail.startsWith(firstFailure.error.detail)).toBe(true);
  if (!Object.values(plan).some(({ keep }) => keep)) expect(outcome.error).toBe(firstFailure.error);
  expect(outcome.failedStep).toBe(firstFailure.title);
}

/** What holds of a walk that went back: every step that may have left something is taken back, once, after its dependents. */
function expectTakenBack(plan: FlatPlan, simulated: Simulated): void {
  const { outcome } = simulated;
  if (outcome.state === 'succeeded') throw new Error('a walk that went back has not succeeded');
  const firstFailure = simulated.events.findIndex((event) => event.type === 'step-failed');
  expect(simulated.events.slice(firstFailure).some((event) => event.type === 'step-started')).toBe(false);

  const undoStarted = titlesOf(plan).filter((title) => position(simulated, 'undo-started', title) >= 0);
  const owed = simulated.started.filter((title) => mayHaveEffect(simulated, title) && plan[title]?.undo !== 'none');
  expect([...undoStarted].sort()).toEqual([...owed].sort());

  const undone = 'undone' in outcome ? outcome.undone : [];
  const left = 'left' in outcome ? outcome.left.map((one) => one.step) : [];
  expect([...undone, ...left].sort()).toEqual([...owed].sort());

  for (const title of undoStarted) {
    for (const other of ancestors(plan, title)) {
      if (!undoStarted.includes(other)) continue;
      const ended = Math.max(position(simulated, 'undo-succeeded', title), position(simulated, 'undo-failed', title));
      expect(ended).toBeLessThan(position(simulated, 'undo-started', other));
    }
  }
}

const concurrency = fc.integer({ min: 1, max: 5 });
/** Names that others took before us; a step that meets one is refused and must leave it alone. */
const foreign = fc.uniqueArray(
  fc.integer({ min: 0, max: 40 }).map((n) => `S${n}`),
  { maxLength: 2 },
);

describe.each([
  ['of a plan that is known from the beginning', false],
  ['of a plan that grows', true],
])('a walk %s', (_, growing) => {
  test('without failing undos leaves the world as it was when it fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans({ pivots: false, failingUndos: false, growing }),
        concurrency,
        foreign,
        async (spec, limit, initially) => {
          const simulated = await simulate(spec, { concurrency: limit, initially });
          const plan = known(spec, simulated);
          expectLawful(plan, simulated, limit);
          const made = simulated.outcome.state === 'succeeded' ? titlesOf(plan) : [];
          expect([...simulated.world].sort()).toEqual([...new Set([...initially, ...made])].sort());
          if (simulated.outcome.state !== 'succeeded') expectTakenBack(plan, simulated);
        },
      ),
      { numRuns: growing ? GROWING_RUNS : RUNS },
    );
  });

  test('with failing undos does every other undo, and tells what is left', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans({ pivots: false, failingUndos: true, growing }),
        concurrency,
        foreign,
        async (spec, limit, initially) => {
          const simulated = await simulate(spec, { concurrency: limit, initially });
          const plan = known(spec, simulated);
          expectLawful(plan, simulated, limit);
          const { outcome } = simulated;
          if (outcome.state === 'succeeded') return;
          expectTakenBack(plan, simulated);
          const told = new Set([...initially, ...('left' in outcome ? outcome.left.map((one) => one.step) : [])]);
          const untold = [...simulated.world].filter((thing) => !told.has(thing) && plan[thing]?.undo !== 'none');
          expect(untold).toEqual([]);
        },
      ),
      { numRuns: growing ? GROWING_RUNS : RUNS },
    );
  });

  test('with pivots goes back, or forward, or stays where it is: never two of these', async () => {
    await fc.assert(
      fc.asyncProperty(plans({ pivots: true, failingUndos: true, growing }), concurrency, async (spec, limit) => {
        const simulated = await simulate(spec, { concurrency: limit });
        const plan = known(spec, simulated);
        expectLawful(plan, simulated, limit);
        const { outcome, started, succeeded } = simulated;
        if (outcome.state === 'succeeded') return;

        const canTell = (title: string): boolean =>
          ['truth', 'nothing', 'exists', 'silent-once'].includes(plan[title]?.check ?? 'none');
        const inDoubt = started.some(
          (title) =>
            plan[title]?.pivot === true &&
            !succeeded.includes(title) &&
            mayHaveEffect(simulated, title) &&
            !canTell(title),
        );
        const pastPivot = isPastPivot(plan, simulated);
        if (!pastPivot && !inDoubt) {
          expectTakenBack(plan, simulated);
          return;
        }

        expect(outcome.state).toBe('failed');
        expect(simulated.events.some((event) => event.type === 'undo-started')).toBe(false);
        const left = 'left' in outcome ? outcome.left.map((one) => one.step) : [];
        expect(left).toEqual(titlesOf(plan).filter((title) => !succeeded.includes(title)));
        if (!pastPivot) return;
        // Nothing waits that could go on.
        const held = titlesOf(plan).filter((title) => !started.includes(title));
        for (const title of held) expect(edgesOf(plan[title]).every((other) => succeeded.includes(other))).toBe(false);
        expectPutBack(plan, simulated);
      }),
      { numRuns: growing ? GROWING_RUNS : RUNS },
    );
  });
});

/** What holds of a walk that went forward: who wants it puts something back where something below has failed, and only there. */
function expectPutBack(plan: FlatPlan, simulated: Simulated): void {
  const { succeeded } = simulated;
  for (const [title, step] of Object.entries(plan)) {
    if (step.keep === undefined) continue;
    const isWhole = titlesOf(plan)
      .filter((other) => other.startsWith(`${title}.`) && !other.endsWith('.kept'))
      .every((other) => succeeded.includes(other));
    expect(succeeded.includes(`${title}.kept`)).toBe(succeeded.includes(title) && !isWhole);
  }
}

test('a plan that has grown can be told again from the results of its steps', async () => {
  await fc.assert(
    fc.asyncProperty(plans({ pivots: true, failingUndos: true, growing: true }), async (spec) => {
      const simulated = await simulate(spec);
      const added: EngineEventPayload[] = [];
      const again = createEnds(simulated.plan, (event) => added.push(event));
      for (const event of simulated.events) {
        const step = event.type === 'step-succeeded' ? again.steps[event.step] : undefined;
        if (step && !step.title.endsWith('.kept')) again.set(step, { state: 'done', result: `made ${step.title}` });
      }
      const grown = simulated.events.filter((event) => event.type === 'steps-added');
      expect(added).toEqual(grown.filter(({ steps }) => steps.every(({ title }) => !title.endsWith('.kept'))));
    }),
    { numRuns: GROWING_RUNS },
  );
});
