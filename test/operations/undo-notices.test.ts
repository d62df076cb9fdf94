import type { JournalRecord } from '../../src/engine/journal';
import type { Outcome } from '../../src/engine/recipe';
import { createUndoNotices, type UndoNotices } from '../../src/operations/undo-notices';
import { createTestClock, type TestClock } from '../support/clock';
import { errors } from '../support/errors';
import { createFaultyRegister, type FaultyRegister } from '../support/register';

const MINUTE = 60_000;
const DAY = 86_400_000;

let register: FaultyRegister;
let clock: TestClock;
beforeEach(() => {
  register = createFaultyRegister();
  clock = createTestClock();
});

const noticesOf = (again: (account: string, id: string) => Promise<boolean>): UndoNotices =>
  createUndoNotices({ register, clock, again });
const seen = async () => (await register.list('claims/~')).map((listed) => ({ ...listed, since: 0 }));
const look = async (notices: UndoNotices): Promise<void> => notices.look(await seen());

const LEFT: Outcome<unknown> = {
  state: 'rollback-failed',
  error: errors.denied,
  failedStep: 'Tag it',
  undone: [],
  left: [{ step: 'Make it', error: errors.denied }],
};
const endWith = (notices: UndoNotices, outcome: Outcome<unknown>): Promise<void> => {
  const record: Partial<JournalRecord> = { operationId: 'op-1', claims: ['demo/bucket/photos'] };
  return notices.noteEnd({ record: record as JournalRecord, outcome, endedAt: '2030-01-01T00:00:00.000Z' });
};

test('an operation whose undo failed is tried again after a minute, and not before', async () => {
  const again = jest.fn(() => Promise.resolve(true));
  const notices = noticesOf(again);
  await endWith(notices, LEFT);
  clock.advance(MINUTE - 1);
  await look(notices);
  expect(again).not.toHaveBeenCalled();
  expect(notices.pending()).toBe(1);
  clock.advance(1);
  await look(notices);
  expect(again.mock.calls).toEqual([['demo', 'op-1']]);
});

test('the pause between two tries doubles, up to an hour', async () => {
  const at: number[] = [];
  const startedAt = clock.now();
  const notices = noticesOf(async () => at.push(Math.round((clock.now() - startedAt) / MINUTE)) > 0);
  await endWith(notices, LEFT);
  for (let minute = 0; minute < 300; minute += 1) {
    clock.advance(MINUTE);
    await look(notices);
  }
  expect(at).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243]);
});

test('of two processes that see it at once, one tries', async () => {
  const tries: string[] = [];
  const [one, other] = ['one', 'other'].map((name) => noticesOf(async () => tries.push(name) > 0));
  if (!one || !other) throw new Error('there are two');
  await endWith(one, LEFT);
  clock.advance(MINUTE);
  const both = await seen();
  await Promise.all([one.look(both), other.look(both)]);
  expect(tries).toHaveLength(1);
});

test('when nothing is left it is forgotten', async () => {
  const notices = noticesOf(() => Promise.resolve(false));
  await endWith(notices, LEFT);
  clock.advance(MINUTE);
  await look(notices);
  await look(notices);
  expect(await seen()).toEqual([]);
  expect(notices.pending()).toBe(0);
});

test('after a day it is forgotten, and waits for a person', async () => {
  const again = jest.fn(() => Promise.resolve(true));
  const notices = noticesOf(again);
  await endWith(notices, LEFT);
  clock.advance(DAY + 1);
  await look(notices);
  expect(again).not.toHaveBeenCalled();
  expect(await seen()).toEqual([]);
});

test('a try that nobody can tell the end of is made again', async () => {
  const again = jest.fn(() => Promise.reject(new Error('the history cannot be read')));
  const notices = noticesOf(again);
  await endWith(notices, LEFT);
  clock.advance(MINUTE);
  await look(notices);
  clock.advance(2 * MINUTE);
  await look(notices);
  expect(again).toHaveBeenCalledTimes(2);
});

test('an operation that left nothing gives no notice', async () => {
  const notices = noticesOf(() => Promise.resolve(true));
  await endWith(notices, { state: 'rolled-back', error: errors.denied, failedStep: 'Tag it', undone: ['Make it'] });
  await endWith(notices, { state: 'succeeded', value: {} });
  expect(await seen()).toEqual([]);
});
