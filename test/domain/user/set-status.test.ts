import { answer, definePlan } from '../../../src/engine/plan';
import { setUserStatus, type StatusSeen } from '../../../src/domain/user/set-status';
import { mockedAws } from '../../support/mocks/mocked-aws';
import { titles, waitsFor } from '../../support/mocks/mocked-run';

const [OFF1, OFF2, ON1, ON2] = ['off access key A1', 'off access key A2', 'on access key A1', 'on access key A2'].map(
  (what) => `Turn ${what} of user ada`,
);
const [INACTIVE, ACTIVE] = ['Mark user ada as Inactive', 'Mark user ada as Active'];

async function turned(status: 'Active' | 'Inactive', keys: readonly [boolean, boolean], noted?: readonly string[]) {
  const { context } = await mockedAws();
  const seen: StatusSeen = {
    before: { inactive: noted !== undefined, turnedOff: noted ?? [] },
    keys: keys.map((active, n) => ({ id: `A${String(n + 1)}`, active })),
  };
  let changed: ReadonlyMap<string, string> = new Map();
  const plan = definePlan('test', 'Test', (step) => {
    changed = setUserStatus(context, 'ada', seen, status, step);
    return answer({}, () => undefined);
  });
  return { plan, changed: Object.fromEntries(changed) };
}

test.each([
  ['off: both keys', 'Inactive', [true, true], undefined, [INACTIVE, OFF1, OFF2], { A1: 'Inactive', A2: 'Inactive' }],
  [
    'off: a key that is off by itself is not noted',
    'Inactive',
    [true, false],
    undefined,
    [INACTIVE, OFF1],
    { A1: 'Inactive' },
  ],
  ['off, without a key that is on: the note alone', 'Inactive', [false, false], undefined, [INACTIVE], {}],
  ['off, where a run ended halfway: what is left', 'Inactive', [false, true], ['A1', 'A2'], [OFF2], { A2: 'Inactive' }],
  [
    'off again, with a key turned on meanwhile: it is noted, too',
    'Inactive',
    [true, false],
    ['A2'],
    [INACTIVE, OFF1],
    { A1: 'Inactive' },
  ],
  ['off again: nothing', 'Inactive', [false, false], ['A1'], [], {}],
  ['on: the keys of the note alone', 'Active', [false, false], ['A2'], [ON2, ACTIVE], { A2: 'Active' }],
  ['on, where a run ended halfway', 'Active', [true, false], ['A1', 'A2'], [ON2, ACTIVE], { A2: 'Active' }],
  ['on, with a noted key that is gone', 'Active', [false, false], ['A9'], [ACTIVE], {}],
  ['on again: nothing', 'Active', [true, false], undefined, [], {}],
] as const)('%s', async (_, status, keys, noted, steps, changes) => {
  const { plan, changed } = await turned(status, keys, noted);
  expect(titles(plan)).toEqual(steps);
  expect(changed).toEqual(changes);
});

test('the note comes before the keys when they go off, and goes after they are on', async () => {
  const off = (await turned('Inactive', [true, true])).plan;
  expect([OFF1, OFF2].map((title) => waitsFor(off, title ?? ''))).toEqual([[INACTIVE], [INACTIVE]]);
  const on = (await turned('Active', [false, false], ['A1', 'A2'])).plan;
  expect(waitsFor(on, ACTIVE)).toEqual([ON1, ON2]);
});
