import type { DomainError } from '../../../../src/base/errors';
import { createNameHold } from '../../../../src/domain/website/aws/name-hold';
import { createTestClock } from '../../../support/clock';
import { errors, failure } from '../../../support/errors';
import { scopeOn, stepAlone } from '../../../support/steps';

/** A site whose records and distribution can be taken back; the undo of the records ends as it is told. */
function site() {
  const hold = createNameHold('www.example.org');
  const clock = createTestClock();
  const { shared } = scopeOn(clock);
  const ends: (DomainError | undefined)[] = [];
  const undone: string[] = [];
  const undo = (what: string) => async () => {
    const error = what === 'records' ? ends.shift() : undefined;
    if (error !== undefined) throw failure(error);
    undone.push(what);
  };
  const spec = (title: string) => ({ title, run: () => Promise.resolve(title), undo: undo(title) });
  return {
    ends,
    undone,
    hold,
    records: stepAlone({ clock }, hold.points(spec('records')), {}, { ...scopeOn(clock), shared }),
    distribution: stepAlone({ clock }, hold.keeps(spec('distribution')), {}, { ...scopeOn(clock), shared }),
  };
}

test('what DNS points at is taken back after the records', async () => {
  const { undone, records, distribution } = site();
  await records.undo('records');
  await distribution.undo('distribution');
  expect(undone).toEqual(['records', 'distribution']);
});

test('what DNS was never pointed at is taken back: nothing was held', async () => {
  const { undone, distribution } = site();
  await distribution.undo('distribution');
  expect(undone).toEqual(['distribution']);
});

test('what DNS may still point at is kept: nobody else can claim the name', async () => {
  const { undone, ends, records, distribution } = site();
  ends.push(errors.denied);
  await expect(records.undo('records')).rejects.toMatchObject({ error: errors.denied });
  await expect(distribution.undo('distribution')).rejects.toMatchObject({
    error: { kind: 'exists', detail: expect.stringContaining('DNS may still point www.example.org here') as unknown },
  });
  expect(undone).toEqual([]);
});

test.each([
  ['another attempt at the records succeeds', [errors.denied, undefined]],
  ['the records turn out not to be there', [errors.notFound]],
])('what was held is free again when %s', async (_, ends) => {
  const one = site();
  one.ends.push(...ends);
  for (const end of ends) {
    const undo = one.records.undo('records');
    await (end === undefined ? undo : expect(undo).rejects.toMatchObject({ error: end }));
  }
  await one.distribution.undo('distribution');
  expect(one.undone).toContain('distribution');
});

test('a step without an undo stays as it is', () => {
  const { hold } = site();
  const plain = { title: 'plain', run: () => Promise.resolve() };
  expect([hold.points(plain), hold.keeps(plain)]).toEqual([plain, plain]);
});
