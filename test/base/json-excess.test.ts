import fc from 'fast-check';
import { jsonExcess, MOST_DEPTH } from '../../src/base/json-excess';

describe('jsonExcess', () => {
  const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);
  const listOf = (count: number) => `[${Array.from({ length: count - 1 }, () => '1').join(',')}]`;
  const objectOf = (count: number) => `{${Array.from({ length: count }, (_, n) => `"a${n}":1`).join(',')}}`;

  test.each([
    ['100 arrays in one another', nested(MOST_DEPTH), undefined],
    ['101 arrays', nested(MOST_DEPTH + 1), 'is nested more than 100 deep'],
    ['101 objects', nested(MOST_DEPTH + 1, '{"a":', '}'), 'is nested more than 100 deep'],
    ['arrays that are never closed', '['.repeat(60_000), 'is nested more than 100 deep'],
    ['101 arrays beside one another', `[${Array.from({ length: 101 }, () => '[]').join(',')}]`, undefined],
    ['10,000 values', listOf(10_000), undefined],
    ['10,001 values', listOf(10_002), 'holds more than 10,000 values'],
    ['2,000 members', objectOf(2_000), undefined],
    ['2,001 members', objectOf(2_001), 'names more than 2,000 members'],
    ['signs in strings', `{"a":"${'[{:,'.repeat(20_000)}","b":"\\"${'['.repeat(200)}"}`, undefined],
    ['a string that does not end', `"${'['.repeat(200)}`, undefined],
    ['a backslash at the end', '"\\', undefined],
    ['nothing', '', undefined],
  ])('%s: %#', (_title, text, expected) => {
    expect(jsonExcess(text)).toBe(expected);
  });

  test('says nothing of any small value, however it is written', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 5 }),
        fc.constantFrom(0, 2),
        (value, indent) => jsonExcess(JSON.stringify(value, null, indent)) === undefined,
      ),
    );
  });
});
