import { createFairQueue, type Rank, type Waiting } from '../../../src/http/connections/fair-queue';

interface Job extends Waiting {
  readonly name: string;
}
const BOUNDS = {
  known: { most: 4, mostOfOneKey: 3 },
  stranger: { most: 4, mostOfOneKey: 3 },
  suspect: { most: 2, mostOfOneKey: 1 },
};

function filled(...jobs: readonly (readonly [Rank, string, string])[]) {
  const queue = createFairQueue<Job>(BOUNDS);
  const dropped: string[] = [];
  const added = jobs.map(([rank, key, name]) => queue.add({ rank, key, name, drop: () => void dropped.push(name) }));
  return { queue, dropped, added };
}
function order(queue: ReturnType<typeof createFairQueue<Job>>): string[] {
  const names: string[] = [];
  for (let job = queue.next(); job !== undefined; job = queue.next()) names.push(job.name);
  return names;
}

test('keys take turns, whoever brought more', () => {
  const { queue } = filled(
    ['stranger', 'a', 'a1'],
    ['stranger', 'a', 'a2'],
    ['stranger', 'a', 'a3'],
    ['stranger', 'b', 'b1'],
  );
  expect(queue.size()).toBe(4);
  expect(order(queue)).toEqual(['a1', 'b1', 'a2', 'a3']);
  expect(queue.size()).toBe(0);
});

test('the known go before strangers, and suspects come last', () => {
  const { queue } = filled(['suspect', 's', 's1'], ['stranger', 'a', 'a1'], ['known', 'k', 'k1'], ['known', 'k', 'k2']);
  expect(order(queue)).toEqual(['k1', 'k2', 'a1', 's1']);
});

test('strangers have their turn, however much the known bring', () => {
  const { queue } = filled(['stranger', 'a', 'a1']);
  const served: string[] = [];
  for (let i = 0; i < 8; i++) {
    queue.add({ rank: 'known', key: 'k', name: `k${i}`, drop: () => undefined });
    served.push(queue.next()?.name ?? '');
  }
  expect(served.slice(0, 4)).toContain('a1');
});

test('a key may have so many and no more', () => {
  const { queue, added } = filled(
    ['stranger', 'a', '1'],
    ['stranger', 'a', '2'],
    ['stranger', 'a', '3'],
    ['stranger', 'a', '4'],
    ['suspect', 's', '5'],
    ['suspect', 's', '6'],
  );
  expect(added).toEqual([true, true, true, false, true, false]);
  expect(order(queue)).toEqual(['1', '2', '3', '5']);
});

test('where a rank is full, the key with the most gives its last one up for one with less, and is told', () => {
  const { queue, dropped, added } = filled(
    ['stranger', 'a', 'a1'],
    ['stranger', 'a', 'a2'],
    ['stranger', 'a', 'a3'],
    ['stranger', 'b', 'b1'],
    ['stranger', 'c', 'c1'],
  );
  expect(added).toEqual([true, true, true, true, true]);
  expect(dropped).toEqual(['a3']);
  expect(queue.size()).toBe(4);
  expect(order(queue)).toEqual(['a1', 'b1', 'c1', 'a2']);
});

test('where all have as little as the newcomer would, the newcomer is refused', () => {
  const { added, dropped } = filled(...['a', 'b', 'c', 'd', 'e'].map((key) => ['stranger', key, key] as const));
  expect(added).toEqual([true, true, true, true, false]);
  expect(dropped).toEqual([]);
});

test('strangers without end leave the known their room', () => {
  const { added } = filled(...['a', 'b', 'c', 'd'].map((key) => ['stranger', key, key] as const), ['known', 'k', 'k1']);
  expect(added.at(-1)).toBe(true);
});
