import fc from 'fast-check';
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
}

/** A random graph: each step needs some of those before it, fails in its own ways, and takes its own time. */
function plans({ pivots, failingUndos }: Wishes): fc.Arbitrary<SimPlan> {
  const one = fc.record({
    edges: fc.array(fc.nat(), { maxLength: 3 }),
    asAfter: fc.boolean(),
    // Most steps succeed, or few plans would get far.
    attempts: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
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
  });
  return fc.array(one, { minLength: 1, maxLength: 9 }).map((steps) =>
    Object.fromEntries(
      steps.map(({ edges, asAfter, ...rest }, index): [string, SimStep] => {
        const others = index === 0 ? [] : [...new Set(edges.map((edge) => `S${edge % index}`))];
        return [`S${index}`, { ...rest, ...(asAfter ? { after: others } : { needs: others }) }];
      }),
    ),
  );
}

const titlesOf = (plan: SimPlan): readonly string[] => Object.keys(plan);
const edgesOf = (step: SimStep | undefined): readonly string[] => [...(step?.needs ?? []), ...(step?.after ?? [])];

function ancestors(plan: SimPlan, title: string): ReadonlySet<string> {
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

function isPastPivot(plan: SimPlan, simulated: Simulated): boolean {
  return simulated.succeeded.some((title) => plan[title]?.pivot === true);
}

/** What holds of every walk, whatever fails. */
function expectLawful(plan: SimPlan, simulated: Simulated, concurrency: number): void {
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
  expect(outcome.error).toBe(firstFailure.error);
  expect(outcome.failedStep).toBe(firstFailure.title);
}

/** What holds of a walk that went back: every step that may have left something is taken back, once, after its dependents. */
function expectTakenBack(plan: SimPlan, simulated: Simulated): void {
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

test('without failing undos a walk that fails leaves the world as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      plans({ pivots: false, failingUndos: false }),
      concurrency,
      foreign,
      async (plan, limit, initially) => {
        const simulated = await simulate(plan, { concurrency: limit, initially });
        expectLawful(plan, simulated, limit);
        const made = simulated.outcome.state === 'succeeded' ? titlesOf(plan) : [];
        expect([...simulated.world].sort()).toEqual([...new Set([...initially, ...made])].sort());
        if (simulated.outcome.state !== 'succeeded') expectTakenBack(plan, simulated);
      },
    ),
    { numRuns: RUNS },
  );
});

test('with failing undos every other undo is done, and what is left is told', async () => {
  await fc.assert(
    fc.asyncProperty(
      plans({ pivots: false, failingUndos: true }),
      concurrency,
      foreign,
      async (plan, limit, initially) => {
        const simulated = await simulate(plan, { concurrency: limit, initially });
        expectLawful(plan, simulated, limit);
        const { outcome } = simulated;
        if (outcome.state === 'succeeded') return;
        expectTakenBack(plan, simulated);
        const told = new Set([...initially, ...('left' in outcome ? outcome.left.map((one) => one.step) : [])]);
        const untold = [...simulated.world].filter((thing) => !told.has(thing) && plan[thing]?.undo !== 'none');
        expect(untold).toEqual([]);
      },
    ),
    { numRuns: RUNS },
  );
});

test('with pivots a walk goes back, or forward, or stays where it is: never two of these', async () => {
  await fc.assert(
    fc.asyncProperty(plans({ pivots: true, failingUndos: true }), concurrency, async (plan, limit) => {
      const simulated = await simulate(plan, { concurrency: limit });
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
      if (pastPivot) {
        // Nothing waits that could go on.
        const held = titlesOf(plan).filter((title) => !started.includes(title));
        for (const title of held) expect(edgesOf(plan[title]).every((other) => succeeded.includes(other))).toBe(false);
      }
    }),
    { numRuns: RUNS },
  );
});
