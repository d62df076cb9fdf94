import fc from 'fast-check';
import { excerptOf } from '../../../src/http/body/excerpt';

function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, member) => sum + sizeOf(member), 1);
}

test('a small value is taken as it is', () => {
  const value = { Tags: [{ Key: 'a', Value: 'b' }], other: null };
  expect(excerptOf(value)).toEqual({ value, isWhole: true });
  expect(excerptOf(value)?.value).toBe(value);
});

test('of a long list the beginning is kept, and every member that a schema names', () => {
  const unnamed = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`x${n}`, n]));
  const excerpt = excerptOf({
    ...unnamed,
    Tags: Array.from({ length: 5_000 }, (_, n) => n),
    BucketInput: { Bucket: 'b' },
  });
  expect(excerpt?.isWhole).toBe(false);
  expect(excerpt?.value).toMatchObject({ x0: 0, x99: 99, BucketInput: { Bucket: 'b' } });
  expect(excerpt?.value).not.toHaveProperty('x100');
  expect(excerpt?.value).toHaveProperty(
    'Tags',
    Array.from({ length: 100 }, (_, n) => n),
  );
});

test('there is none of what is large in every part', () => {
  const tree = (depth: number): unknown => (depth === 0 ? 1 : { Tags: tree(depth - 1), CORS: tree(depth - 1) });
  expect(excerptOf(tree(12))).toBeUndefined();
});

test('it is never large, and always part of the value', () => {
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      fc.array(tie('value'), { maxLength: 30 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'Tags', 'CORS'), tie('value')),
    ),
  })).value;
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 200 }), (value) => {
      const excerpt = excerptOf(value);
      if (excerpt === undefined) return;
      expect(sizeOf(excerpt.value)).toBeLessThanOrEqual(1_000);
      expect(value).toMatchObject(Array.isArray(excerpt.value) ? value.slice(0, excerpt.value.length) : []);
    }),
    { numRuns: 50 },
  );
});
