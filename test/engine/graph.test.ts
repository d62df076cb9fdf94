import { reversed, traverse } from '../../src/engine/graph';

const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a diamond is visited from top to bottom, each vertex once', async () => {
  const order: string[] = [];
  await traverse({
    vertices: ['top', 'left', 'right', 'bottom'],
    before: [[], [0], [0], [1, 2]],
    concurrency: 4,
    visit: async (vertex) => {
      await later();
      order.push(vertex);
    },
  });
  expect(order).toEqual(['top', 'left', 'right', 'bottom']);
});

test('a vertex that never may start is left out, and so is what comes after it', async () => {
  const order: number[] = [];
  await traverse({
    vertices: [0, 1, 2, 3],
    before: [[], [], [1], [0]],
    concurrency: 4,
    mayStart: (vertex) => vertex !== 1,
    visit: async (vertex) => void order.push(vertex),
  });
  expect(order).toEqual([0, 3]);
});

test('a rejected visit starts nothing new, lets the others settle, and is passed on', async () => {
  const settled: number[] = [];
  const traversal = traverse({
    vertices: [0, 1, 2],
    before: [[], [], [1]],
    concurrency: 2,
    visit: async (vertex) => {
      if (vertex === 0) throw new Error('first');
      await later();
      settled.push(vertex);
      throw new Error('second');
    },
  });
  await expect(traversal).rejects.toThrow('first');
  expect(settled).toEqual([1]);
});

test('edges can be turned round', () => {
  expect(reversed([[], [0], [0], [1, 2]])).toEqual([[1, 2], [3], [3], []]);
});
