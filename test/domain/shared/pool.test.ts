import { AT_ONCE, inPool } from '../../../src/domain/shared/pool';

const numbers = Array.from({ length: 50 }, (_, n) => n);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('the results are in the order of the items, whatever ends first', async () => {
  const work = async (n: number) => {
    for (let turns = 0; turns < (n % 5) * 3; turns += 1) await turn();
    return n * 2;
  };
  expect(await inPool(numbers, work)).toEqual(numbers.map((n) => n * 2));
  expect(await inPool([], work)).toEqual([]);
});

test('never more than so many are under way', async () => {
  let running = 0;
  let most = 0;
  await inPool(numbers, async () => {
    most = Math.max(most, (running += 1));
    await turn();
    running -= 1;
  });
  expect(most).toBe(AT_ONCE);
});

test('nothing is begun once there is enough; what was begun is there, without a gap', async () => {
  const results = await inPool(
    numbers,
    async (n) => (await turn(), n),
    (sofar) => sofar.length >= 10,
  );
  expect(results.length).toBeLessThan(10 + AT_ONCE);
  expect(results).toEqual(numbers.slice(0, results.length));
});

test('a failure is passed on when all that was begun has ended, and nothing more is begun', async () => {
  const begun: number[] = [];
  let running = 0;
  const failing = inPool(numbers, async (n) => {
    begun.push(n);
    running += 1;
    await turn();
    running -= 1;
    if (n === 3) throw new Error('three');
  });
  await expect(failing).rejects.toThrow('three');
  expect(running).toBe(0);
  expect(begun.length).toBeLessThanOrEqual(3 + AT_ONCE + 1);
});
