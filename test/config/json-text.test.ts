import fc from 'fast-check';
import { parseJson } from '../../src/config/json-text';

describe('parseJson', () => {
  test('agrees with JSON.parse on everything JSON can say', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text), duplicates: [] });
      }),
    );
  });

  test('refuses exactly what JSON.parse refuses, one character damaged', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', '{', ']', ':', '0', '.', '-', 'x', '\\', '\n', ' '),
        (value, place, damage) => {
          const text = JSON.stringify(value);
          const at = place % (text.length + 1);
          const damaged = text.slice(0, at) + damage + text.slice(at + 1);
          let valid = true;
          try {
            JSON.parse(damaged);
          } catch {
            valid = false;
          }
          expect(parseJson(damaged).ok).toBe(valid);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['', 1, 1, 'a JSON value'],
    ['{', 1, 2, 'a key in double quotes'],
    ['{"a"', 1, 5, 'a colon after the key'],
    ['{"a" 1}', 1, 6, 'a colon after the key'],
    ['{"a":}', 1, 6, 'a JSON value'],
    ['{"a":1 "b":2}', 1, 8, 'a comma or a closing brace'],
    ['{"a":1,}', 1, 8, 'a key in double quotes'],
    ["{'a':1}", 1, 2, 'a key in double quotes'],
    ['[1 2]', 1, 4, 'a comma or a closing bracket'],
    ['[1,]', 1, 4, 'a JSON value'],
    ['[01]', 1, 2, 'a JSON value'],
    ['{\n  "a": [\n    tru\n  ]\n}', 3, 5, 'a JSON value'],
    ['"a\nb"', 1, 1, 'a string that ends on its line, with valid escapes'],
    ['"\\x"', 1, 1, 'a string that ends on its line, with valid escapes'],
    ['{} x', 1, 4, 'the end of the file'],
    ['// no', 1, 1, 'a JSON value'],
  ])('%j goes wrong at line %d, column %d: expected %s', (text, line, column, expected) => {
    expect(parseJson(text)).toEqual({ ok: false, error: { line, column, expected } });
  });

  test('names keys that stand twice, escaped ones too', () => {
    expect(parseJson('{"a":{"x/y":1,"x\\/y":2},"b":[{"c":1,"c":2}]}')).toMatchObject({
      ok: true,
      duplicates: ['/a/x~1y', '/b/0/c'],
    });
  });
});
