import { lastingPolicy, stubbornPolicy } from '../../src/engine/retry';
import { chain } from './scenario';
import { type Attempt, count, simulate, type UndoAttempt } from './simulation';

const DAY_MS = 86_400_000;
const times = <A extends Attempt | UndoAttempt>(n: number, attempt: A): readonly A[] =>
  Array.from({ length: n }, () => attempt);

describe('an undo that AWS is too busy for', () => {
  test.each(['throttled', 'silent'] as const)('(%s) goes on until it is done, and nothing is left', async (busy) => {
    const simulated = await simulate(chain({ undo: times(40, busy) }, { attempts: ['denied'] }));
    expect(simulated.outcome).toMatchObject({ state: 'rolled-back', undone: ['B', 'A'], error: { kind: 'denied' } });
    expect([...simulated.world]).toEqual([]);
    expect(count(simulated, 'undo', 'B')).toBe(41);
  });

  test('says so when its first attempts are used up: what is undone, what is not', async () => {
    const simulated = await simulate({
      A: {},
      B: { needs: ['A'], undo: times(9, 'throttled') },
      S: { needs: ['A'] },
      C: { needs: ['B', 'S'], attempts: ['denied'] },
    });
    expect(simulated.told[0]).toEqual({
      state: 'running',
      error: expect.objectContaining({ kind: 'denied' }) as unknown,
      failedStep: 'C',
      undone: ['S'],
      undoing: ['A', 'B'],
      finishing: [],
      left: [],
    });
    expect(simulated.told).toHaveLength(1);
  });

  test('pauses longer and longer, up to five minutes, and gives up after a day, naming what is left', async () => {
    const simulated = await simulate(chain({ undoFinally: 'silent' }, { attempts: ['denied'] }));
    expect(simulated.outcome).toMatchObject({
      state: 'rollback-failed',
      undone: ['A'],
      left: [{ step: 'B', error: { kind: 'unavailable' } }],
    });
    const pauses = simulated.events.flatMap((event) =>
      event.type === 'undo-retried' && event.title === 'B' ? [event.waitMs] : [],
    );
    const [first, lasting] = [pauses.slice(0, stubbornPolicy.attempts - 1), pauses.slice(stubbornPolicy.attempts - 1)];
    expect(Math.max(...first)).toBeLessThanOrEqual(stubbornPolicy.capMs);
    // The clock's jitter is a half.
    expect(lasting.slice(0, 8)).toEqual([2_500, 5_000, 10_000, 20_000, 40_000, 80_000, 150_000, 150_000]);
    expect(Math.max(...lasting) * 2).toBe(lastingPolicy.capMs);
    expect(simulated.clock.monotonic()).toBeGreaterThan(DAY_MS * 0.99);
    expect(simulated.clock.monotonic()).toBeLessThan(DAY_MS * 1.01);
  });

  test('and then refused is left at once', async () => {
    const simulated = await simulate(
      chain({ undo: times(9, 'throttled'), undoFinally: 'denied' }, { attempts: ['denied'] }),
    );
    expect(simulated.outcome).toMatchObject({
      state: 'rollback-failed',
      undone: ['A'],
      left: [{ step: 'B', error: { kind: 'denied' } }],
    });
    expect(count(simulated, 'undo', 'B')).toBe(10);
  });

  test('gets over what follows a removal that is not visible everywhere yet', async () => {
    const simulated = await simulate(
      chain({ undo: [...times(9, 'throttled'), 'conflict', 'conflict', 'ok'] }, { attempts: ['denied'] }),
    );
    expect(simulated.outcome.state).toBe('rolled-back');
  });

  test.each(['denied', 'conflict'] as const)(
    'that is %s keeps nobody waiting: it is left as it ever was',
    async (undoFinally) => {
      const simulated = await simulate(chain({ undoFinally }, { attempts: ['denied'] }));
      expect(simulated.outcome).toMatchObject({ state: 'rollback-failed', left: [{ step: 'B' }] });
      expect(simulated.told).toEqual([]);
    },
  );
});

describe('behind a pivot', () => {
  test.each(['throttled', 'silent'] as const)(
    'what AWS is too busy for (%s) goes on until all is done',
    async (busy) => {
      const simulated = await simulate({
        P: { pivot: true },
        B: { needs: ['P'], attempts: times(40, busy) },
        C: { needs: ['B'], attempts: times(12, busy) },
        D: { needs: ['P'] },
      });
      expect(simulated.outcome).toEqual({ state: 'succeeded', value: 'made P, made B, made C, made D' });
      expect(simulated.told[0]).toMatchObject({
        state: 'running',
        failedStep: 'B',
        error: { kind: busy === 'silent' ? 'unavailable' : 'throttled' },
        finishing: ['B', 'C'],
      });
      expect([count(simulated, 'run', 'B'), count(simulated, 'run', 'C')]).toEqual([41, 13]);
    },
  );

  test('what failed before the pivot succeeded is taken up, too', async () => {
    const simulated = await simulate({ P: { pivot: true, takes: 60_000 }, B: { attempts: times(7, 'throttled') } });
    expect(simulated.outcome.state).toBe('succeeded');
  });

  test('a step whose reply was lost is not sent again before it is known whether it is done', async () => {
    const simulated = await simulate({
      P: { pivot: true },
      B: { needs: ['P'], attempts: [...times(4, 'silent'), 'lost'], check: 'truth' },
    });
    expect(simulated.outcome.state).toBe('succeeded');
    expect(count(simulated, 'run', 'B')).toBe(5);
    const unknown = await simulate({ P: { pivot: true }, B: { needs: ['P'], attempts: ['lost'], check: 'silent' } });
    expect(unknown.outcome).toMatchObject({ state: 'failed', left: [{ step: 'B' }] });
    expect(count(unknown, 'run', 'B')).toBe(1);
  });

  test('what is refused is left, and what depends on it is not begun; the rest is done', async () => {
    const simulated = await simulate({
      P: { pivot: true },
      B: { needs: ['P'], attempts: times(8, 'throttled') },
      C: { needs: ['P'], attempts: ['denied'] },
      D: { needs: ['C'] },
      E: { needs: ['B'] },
    });
    expect(simulated.outcome).toMatchObject({ state: 'failed', left: [{ step: 'C' }, { step: 'D' }] });
    expect([...simulated.world]).toEqual(['P', 'B', 'E']);
    expect(count(simulated, 'run', 'C')).toBe(1);
  });

  test('what is throttled for more than a day is left', async () => {
    const simulated = await simulate({ P: { pivot: true }, B: { needs: ['P'], finally: 'throttled' } });
    expect(simulated.outcome).toMatchObject({ state: 'failed', left: [{ step: 'B', error: { kind: 'throttled' } }] });
    expect(simulated.clock.monotonic()).toBeGreaterThan(DAY_MS * 0.99);
  });
});

describe('a pivot whose reply was lost while AWS was too busy to tell', () => {
  test('and that turns out to have happened: forward', async () => {
    const simulated = await simulate({
      A: {},
      P: { needs: ['A'], pivot: true, attempts: ['lost'], check: 'silent-long' },
      C: { needs: ['P'] },
    });
    expect(simulated.outcome.state).toBe('succeeded');
    expect(simulated.told[0]).toMatchObject({ finishing: ['P', 'C'], undoing: [] });
    expect([...simulated.world]).toEqual(['A', 'P', 'C']);
    expect(count(simulated, 'run', 'P')).toBe(1);
  });

  test('and that turns out not to have happened: back', async () => {
    const simulated = await simulate({
      A: {},
      P: { needs: ['A'], pivot: true, attempts: ['silent'], check: 'silent-long' },
      C: { needs: ['P'] },
    });
    expect(simulated.outcome).toMatchObject({ state: 'rolled-back', failedStep: 'P' });
    expect([...simulated.world]).toEqual([]);
  });
});
