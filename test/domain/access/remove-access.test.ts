import { answer, definePlan } from '../../../src/engine/plan';
import { asBucket, asWebsite } from '../../../src/domain/shared/holder';
import { isNothing } from '../../../src/domain/bucket/delete';
import { readFolders, removeAccess } from '../../../src/domain/access/remove-access';
import type { AccessSeen } from '../../../src/domain/access/aws/access';
import { mockedAws } from '../../support/mocks/mocked-aws';
import { arnOfPolicy } from '../../support/mocks/mocked-iam';
import { titles, waitsFor } from '../../support/mocks/mocked-run';

const NOTHING: AccessSeen = {
  groups: [],
  policies: [],
  folders: { groups: [], policies: [] },
  users: [],
  legacy: false,
  proven: { own: [], foreign: [] },
};
const group = (name: string, ...members: readonly string[]) => ({
  name,
  members,
  attached: [],
  inline: [],
  stays: null,
});
const policy = (name: string) => ({
  name,
  arn: arnOfPolicy(name),
  use: { versions: [], users: [], groups: [], roles: [] },
  own: true,
  stays: null,
});

async function planFor(seen: AccessSeen, holder = asBucket('photos')) {
  const { context } = await mockedAws();
  return definePlan('test', 'Test', (step) => {
    const pivot = step({ title: 'Pivot', pivot: true, run: async () => undefined });
    const folders = readFolders(context, holder, seen, step);
    removeAccess(context, holder, seen, step, pivot, folders);
    return answer({}, () => undefined);
  });
}

test('nothing there is nothing to do', async () => {
  expect(isNothing(NOTHING)).toBe(true);
  expect(titles(await planFor(NOTHING))).toEqual(['Pivot']);
});

test.each([
  ['groups', { groups: [group('g')] }],
  ['policies', { policies: [policy('p')] }],
  ['folders’ groups', { folders: { groups: ['g'], policies: [] } }],
  ['folders’ policies', { folders: { groups: [], policies: [{ name: 'p', arn: 'arn' }] } }],
  ['users', { users: ['ada'] }],
])('%s alone are something', (_, there) => {
  expect(isNothing({ ...NOTHING, ...there })).toBe(false);
});

test('a group goes when its members have left; one that nobody releases holds it up no longer than AWS does', async () => {
  const seen = { ...NOTHING, groups: [group('photos-BktROGrp', 'ada', 'stray')], users: ['ada'] };
  const plan = await planFor(seen);
  const deletion = titles(plan).find((title) => title.includes('photos-BktROGrp') && title.startsWith('Delete')) ?? '';
  expect(waitsFor(plan, deletion)).toEqual([
    'Release user ada from bucket photos',
    expect.stringContaining('photos-BktROGrp'),
  ]);
  expect(titles(plan).filter((title) => title.includes('stray'))).toEqual([]);
});

test('the predecessor’s user, in no group, is released and deleted as any other', async () => {
  const { steps } = await planFor({ ...NOTHING, users: ['photos'], legacy: true });
  expect(steps.map(({ title }) => title)).toEqual([
    'Pivot',
    'See what hangs on user photos',
    'Release user photos from bucket photos',
    'Delete user photos unless it is used elsewhere',
  ]);
});

test('of a role that only its policy tells, the policy goes last', async () => {
  const names = { group: 'docs.example.org-a-BktRWGrp', policy: 'docs.example.org-a-BktRWPlc' };
  const seen = { ...NOTHING, groups: [group(names.group)], policies: [policy(names.policy)] };
  const freedAfter = async (own: readonly string[]) => {
    const plan = await planFor({ ...seen, proven: { own, foreign: [] } }, asWebsite('docs.example.org'));
    const [freed = ''] = titles(plan).filter((title) => title.includes(names.policy) && !title.startsWith('Delete'));
    return waitsFor(plan, freed);
  };
  expect(await freedAfter([])).toEqual(['Pivot']);
  expect(await freedAfter([names.group])).toEqual(['Pivot', `Delete group ${names.group}`]);
});

test('what comes after the pivot waits for it, or for what does', async () => {
  const seen: AccessSeen = {
    ...NOTHING,
    groups: [group('docs.example.org-BktROGrp', 'ada')],
    policies: [policy('docs.example.org-BktROPlc')],
    folders: {
      groups: ['docs.example.org-a-BktRWGrp'],
      policies: [{ name: 'docs.example.org-a-BktRWPlc', arn: 'arn' }],
    },
    users: ['ada'],
  };
  const { steps } = await planFor(seen, asWebsite('docs.example.org'));
  const early = steps.filter(({ title, pivot }) => pivot || title.startsWith('See ')).map(({ index }) => index);
  const isLate = (index: number): boolean => {
    const dependsOn = steps[index]?.dependsOn ?? [];
    return dependsOn.some((before) => steps[before]?.pivot === true || isLate(before));
  };
  expect(steps.filter(({ index }) => !early.includes(index) && !isLate(index))).toEqual([]);
  expect(early.length).toBe(3);
});
