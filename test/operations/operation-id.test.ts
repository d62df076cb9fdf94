import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beganAt, createOperationId, mayBeUnder } from '../../src/operations/operation-id';

const NOW = Date.UTC(2026, 10, 30, 12, 0, 0, 123);

describe('the id of an operation', () => {
  test('is a UUID of version 8 in lower case, another one each time', () => {
    const ids = Array.from({ length: 1_000 }, () => createOperationId(NOW, 'demo/bucket/photos'));
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(1_000);
  });

  test('tells when it began and which claim its journal lies under, whatever both are', () => {
    const times = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2400, 0, 1) });
    fc.assert(
      fc.property(times, fc.string(), (ms, claim) => {
        const id = createOperationId(ms, claim);
        expect(beganAt(id)).toBe(ms);
        expect(mayBeUnder(id, claim)).toBe(true);
        expect(mayBeUnder(id, `${claim}!`)).toBe(false);
      }),
    );
  });

  test('of another kind tells no time, and may lie under any claim', () => {
    for (const id of ['op-1', '', randomUUID(), '00000000-0000-8000-8000-000000000000']) {
      expect(beganAt(id)).toBeUndefined();
      expect(mayBeUnder(id, 'demo/bucket/photos')).toBe(true);
    }
  });
});
