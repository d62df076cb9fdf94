import { scanJson } from '../../src/base/json-scan';

describe('scanJson', () => {
  test.each([
    ['of plain characters', `"${'x'.repeat(3_000_000)}"`],
    ['of escapes', `"${'\\u0041\\n'.repeat(300_000)}"`],
  ])('reads a string of millions of characters %s', (_title, text) => {
    expect(scanJson(text)).toBeUndefined();
    expect(scanJson(text.slice(0, -1))).toMatchObject({ line: 1, column: 1, expected: 'value' });
  });

  test('counts a million lines', () => {
    expect(scanJson(`{${'\n'.repeat(1_000_000)}  x`)).toMatchObject({ line: 1_000_001, column: 3 });
  });
});
