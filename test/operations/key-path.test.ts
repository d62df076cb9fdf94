import fc from 'fast-check';
import { compareKeys } from '../../src/operations/memory-register';
import { keyOf, pathOf, pathOfPlace, pathOfPrefix } from '../../src/operations/key-path';

const letters = fc.constantFrom(...Array.from('ab.Z@[\\]_-~!% +:'), '\u0000', '\u007f', 'ä', '\uffee', '\u{1f986}');
const part = fc.oneof(
  fc.string({ unit: letters, minLength: 1, maxLength: 8 }),
  fc.constantFrom('.', '..', 'x'.repeat(200), 'x'.repeat(400), 'ä'.repeat(150)),
);
const keys = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const options = fc.constantFrom({}, { caseless: true });
const bytes = (a: string, b: string): number => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));

test('any key comes back from its path, and no path can be misread as a folder, a dot or too long a name', () => {
  fc.assert(
    fc.property(keys, options, (key, how) => {
      const path = pathOf(key, how);
      expect(keyOf(path, how)).toBe(key);
      expect(path).toMatch(/^[ -~]*$/);
      for (const name of path.split('/')) {
        expect(name).not.toMatch(/^\.{0,2}$/);
        expect(name.length).toBeLessThan(255);
      }
      if (how.caseless) expect(path).not.toMatch(/[A-Z]/);
    }),
  );
});

test('paths have the order of the keys, none is a folder of another, and prefixes stay prefixes', () => {
  const near = fc
    .tuple(keys, keys, fc.nat(40))
    .map(([a, b, n]): [string, string] => [a, Array.from(a).slice(0, n).join('') + b]);
  fc.assert(
    fc.property(fc.oneof(fc.tuple(keys, keys), near), options, ([a, b], how) => {
      fc.pre(!b.split('/').includes(''));
      expect(bytes(pathOf(a, how), pathOf(b, how))).toBe(Math.sign(compareKeys(a, b)));
      expect(bytes(pathOf(a, how), pathOfPlace(b, how))).toBe(Math.sign(compareKeys(a, b)));
      expect(pathOf(b, how).startsWith(`${pathOf(a, how)}/`)).toBe(false);
      expect(pathOf(b, how).startsWith(pathOfPrefix(a, how))).toBe(
        Buffer.from(b).subarray(0, Buffer.from(a).length).equals(Buffer.from(a)),
      );
    }),
    { numRuns: 500 },
  );
});

test('an ordinary key is legible in its path', () => {
  expect(pathOf('claims/demo/bucket/my.photos-2030')).toBe('claims/demo/bucket/my.photos-2030!');
  expect(pathOf('a b/../Ä')).toBe('a!20b/.!./~c3~84!');
});

test.each(['', '!', 'a', 'a/!', 'probe-1', 'a!2', 'a!zz!', '../a!', 'A!41!', `${'x'.repeat(201)}!`, '~c3!'])(
  'the path %j is no key’s',
  (path) => {
    expect(keyOf(path)).toBeUndefined();
  },
);
test.each(['', 'a//b', '/a', 'a/'])('the key %j is refused', (key) => {
  expect(() => pathOf(key)).toThrow('empty part');
});
