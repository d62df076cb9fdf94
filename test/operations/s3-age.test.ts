import { leastAge } from '../../src/operations/s3/age';
import { openS3Register } from '../../src/operations/s3/open';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startTestBucket({ overSockets: true });
});
afterAll(() => bucket.stop());

const at = (seconds: number): number => Date.UTC(2030, 0, 1) + seconds * 1_000;

test.each([
  ['in the same second', at(5), at(5), 0],
  ['a second later', at(6), at(5), 0],
  ['half a minute later', at(35), at(5), 29_000],
  ['before it was written, by clocks that differ', at(1), at(5), 0],
  ['without a date', undefined, at(5), 0],
])('an object that is looked at %s', (_title, date, modified, age) => {
  expect(leastAge(date, new Date(modified))).toBe(age);
});

test('an object of unknown time has no age', () => {
  expect(leastAge(at(5), undefined)).toBe(0);
  expect(leastAge(at(5), new Date(Number.NaN))).toBe(0);
});

test('ages come from the clock of the answers, in reads as in lists, and not from ours', async () => {
  const register = await openS3Register({ ...bucket, bucket: BUCKET, prefix: 'age/' });
  await register.put('a', 1, { ifAbsent: true });
  const ages = [(await register.get('a'))?.ageMs, (await register.list(''))[0]?.ageMs];
  // Our clock is years away; the store's is the system's, and the test takes less than a minute.
  for (const age of ages) expect(age).toBeLessThan(60_000);
});
