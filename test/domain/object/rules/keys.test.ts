import * as fc from 'fast-check';
import { DomainFailure } from '../../../../src/base/errors';
import { checkKey, checkNewKey } from '../../../../src/domain/object/rules/keys';

function refusal(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DomainFailure && thrown.error.kind === 'invalid') return thrown.error.detail;
    throw thrown;
  }
}

test.each([
  'a',
  'a/b/c',
  "a b+c%#?&=;:@$,!*'()~.txt",
  'ü/日本/😀',
  'a//b',
  'a/',
  '/a',
  '...',
  'a/.../b',
  '..a',
  'a..',
  '.hidden',
  '%2e%2e/x',
  'a\\..\\b',
  '${filename}',
  'x'.repeat(1_024),
  'ü'.repeat(512),
])('%j can be a key', (key) => {
  expect(refusal(() => checkKey(key))).toBeUndefined();
});

test.each([
  ['', 'empty'],
  ['.', 'this folder'],
  ['..', 'the one above'],
  ['a/./b', 'in the middle'],
  ['a/../b', 'in the middle'],
  ['../other/key', 'in front'],
  ['a/..', 'at the end'],
  ['a\u0000b', 'NUL'],
  ['a\nb', 'a line break'],
  ['a\u007fb', 'DEL'],
  ['a\u0085b', 'a C1 control'],
  ['a\ud800b', 'half a character'],
  ['x'.repeat(1_025), 'one byte too long'],
  ['ü'.repeat(513), 'two bytes too long'],
])('%j cannot be a key: %s', (key) => {
  expect(refusal(() => checkKey(key))).toMatch(
    /1 to 1,024 bytes of UTF-8, no control characters, and no folder named \. or \.\./,
  );
});

test('a new key begins with no slash; an old one may', () => {
  expect(refusal(() => checkNewKey('/a', false))).toMatch(/begins with no slash/);
  expect(refusal(() => checkKey('/a'))).toBeUndefined();
});

test('a form takes no key in which S3 would put the uploader’s file name', () => {
  expect(refusal(() => checkNewKey('a/${filename}/b', true))).toMatch(/\$\{filename\}/);
  expect(refusal(() => checkNewKey('a/${filename}/b', false))).toBeUndefined();
});

test('what is refused is shown without its control characters and cut short', () => {
  const said = refusal(() => checkKey(`\u001b[31m${'x'.repeat(2_000)}`)) ?? '';
  expect(said).not.toContain('\u001b');
  expect(said.length).toBeLessThan(400);
});

test('a key that passes is the same after any URL parser has resolved it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), (key) => {
      fc.pre(refusal(() => checkKey(key)) === undefined);
      const path = key.split('/').map(encodeURIComponent).join('/');
      expect(decodeURIComponent(new URL(`http://host/bucket/${path}`).pathname)).toBe(`/bucket/${key}`);
    }),
    { numRuns: 2_000 },
  );
});
