import { createExistence } from '../../../src/domain/shared/existence';
import { createTestClock } from '../../support/clock';

test('existence is believed for 30 s and no longer', async () => {
  const clock = createTestClock();
  const existence = createExistence(clock);
  expect(existence.factsOf('demo', 'photos')).toBeUndefined();
  existence.seen('demo', 'photos');
  await clock.sleep(29_999);
  expect(existence.factsOf('demo', 'photos')).toBeDefined();
  await clock.sleep(1);
  expect(existence.factsOf('demo', 'photos')).toBeUndefined();
});

test('existence is forgotten after own writes, and not known to other accounts', () => {
  const existence = createExistence(createTestClock());
  existence.seen('demo', 'photos');
  expect(existence.factsOf('other', 'photos')).toBeUndefined();
  existence.forget('demo', 'photos');
  expect(existence.factsOf('demo', 'photos')).toBeUndefined();
});

test('of more buckets than are remembered the oldest are forgotten', () => {
  const existence = createExistence(createTestClock());
  for (let n = 0; n <= 10_000; n += 1) existence.seen('demo', `bucket-${String(n)}`);
  expect(existence.factsOf('demo', 'bucket-0')).toBeUndefined();
  expect(existence.factsOf('demo', 'bucket-1')).toBeDefined();
});

test('facts join what is known, are believed no longer than it, and are forgotten with it', async () => {
  const clock = createTestClock();
  const existence = createExistence(clock);
  existence.seen('demo', 'photos');
  expect(existence.factsOf('demo', 'photos')).toEqual({});
  await clock.sleep(29_000);
  existence.seen('demo', 'photos', { region: 'eu-west-1' });
  existence.seen('demo', 'photos', { isSite: true });
  expect(existence.factsOf('demo', 'photos')).toEqual({ region: 'eu-west-1', isSite: true });
  await clock.sleep(1_000);
  expect(existence.factsOf('demo', 'photos')).toBeUndefined();
  existence.seen('demo', 'photos');
  expect(existence.factsOf('demo', 'photos')).toEqual({});
  existence.forget('demo', 'photos');
  expect(existence.factsOf('demo', 'photos')).toBeUndefined();
});
