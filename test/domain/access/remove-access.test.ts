import {
  AddUserToGroupCommand,
  DeleteUserCommand,
  GetGroupCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam';
import { answer, definePlan } from '../../../src/engine/plan';
import { walk } from '../../../src/engine/walk';
import { asBucket, asWebsite } from '../../../src/domain/shared/subject';
import { isNothing } from '../../../src/domain/bucket/delete';
import { type AccessEnd, accessEnd, readFolders, removeAccess } from '../../../src/domain/access/remove-access';
import type { AccessSeen } from '../../../src/domain/access/aws/access';
import { iamGroup, iamUser } from '../../support/user-resources';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { arnOfPolicy } from '../../support/mocks/mocked-iam';
import { titles, waitsFor } from '../../support/mocks/mocked-run';
import { changes } from '../../support/steps';

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

async function planFor(seen: AccessSeen, subject = asBucket('photos')) {
  const { context } = await mockedAws();
  return definePlan('test', 'Test', (step) => {
    const pivot = step({ title: 'Pivot', pivot: true, run: async () => undefined });
    const folders = readFolders(context, subject, seen, step);
    removeAccess(context, subject, seen, step, pivot, folders);
    return answer({}, () => undefined);
  });
}

test('the removal of nothing adds no steps', async () => {
  expect(isNothing(NOTHING)).toBe(true);
  expect(titles(await planFor(NOTHING))).toEqual(['Pivot']);
});

test.each([
  ['groups', { groups: [group('g')] }],
  ['policies', { policies: [policy('p')] }],
  ['folders’ groups', { folders: { groups: ['g'], policies: [] } }],
  ['folders’ policies', { folders: { groups: [], policies: [{ name: 'p', arn: 'arn' }] } }],
  ['users', { users: ['ada'] }],
])('%s alone are something to remove', (_, there) => {
  expect(isNothing({ ...NOTHING, ...there })).toBe(false);
});

test('a group goes when its members have left, and who is looked at leaves after that', async () => {
  const seen = { ...NOTHING, groups: [group('photos-BktROGrp', 'ada', 'stray')], users: ['ada'] };
  const plan = await planFor(seen);
  const deletion = titles(plan).find((title) => title.includes('photos-BktROGrp') && title.startsWith('Delete')) ?? '';
  expect(waitsFor(plan, deletion)).toEqual([
    'Pivot',
    'Take user ada out of group photos-BktROGrp',
    'Take user stray out of group photos-BktROGrp',
  ]);
  expect(waitsFor(plan, 'Take user ada out of group photos-BktROGrp')).toEqual(['Pivot', 'See what hangs on user ada']);
  expect(waitsFor(plan, 'Take user stray out of group photos-BktROGrp')).toEqual(['Pivot']);
});

test('the predecessor’s user, in no group, is removed as any other', async () => {
  const { steps } = await planFor({ ...NOTHING, users: ['photos'], legacy: true });
  expect(steps.map(({ title }) => title)).toEqual([
    'Pivot',
    'See what hangs on user photos',
    'Remove user photos from bucket photos',
  ]);
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

describe('the removal of a site with folders', () => {
  const GROUP = 'docs.example.org-a-BktRWGrp';
  const seen: AccessSeen = {
    ...NOTHING,
    groups: [group('docs.example.org-BktROGrp', 'both')],
    folders: { groups: [GROUP], policies: [] },
    users: ['both'],
  };

  async function removing(refuse: (aws: MockedAws) => void = () => undefined) {
    const aws = await mockedAws();
    const whole = { Group: iamGroup('docs.example.org-BktROGrp') };
    const scoped = { Group: iamGroup(GROUP, '/docs.example.org/a/') };
    aws.iam.on(GetGroupCommand).resolves({ ...scoped, Users: [iamUser('both'), iamUser('only')] });
    aws.iam.on(GetLoginProfileCommand).rejects(awsError('NoSuchEntity', 404));
    aws.iam.on(GetUserCommand).callsFake(({ UserName }: { UserName: string }) => ({ User: iamUser(UserName) }));
    aws.iam.on(ListGroupsForUserCommand).callsFake(({ UserName }: { UserName: string }) => ({
      Groups: UserName === 'both' ? [whole.Group, scoped.Group] : [scoped.Group],
    }));
    refuse(aws);
    const subject = asWebsite('docs.example.org');
    let value: AccessEnd | undefined;
    const plan = definePlan('test', 'Test', (step) => {
      const folders = readFolders(aws.context, subject, seen, step);
      const pivot = step({
        title: 'Pivot',
        pivot: true,
        ...(folders && { after: [folders] }),
        run: async () => undefined,
      });
      return answer(removeAccess(aws.context, subject, seen, step, pivot, folders), (ends) => {
        value = accessEnd(seen, ends);
      });
    });
    const outcome = await walk(plan, { scope: { operationId: 'op-1', clock: aws.clock }, emit: () => undefined });
    return { aws, outcome, value };
  }

  test('takes each user away once, out of all its groups, and tells of everything', async () => {
    const { aws, outcome, value } = await removing();
    expect(outcome.state).toBe('succeeded');
    expect(value).toEqual({
      users: ['both', 'only'],
      kept: [],
      groups: ['docs.example.org-BktROGrp', GROUP],
      policies: [],
      left: [],
    });
    const sent = changes(aws.iam);
    expect(sent['DeleteUser']).toHaveLength(2);
    expect(sent['RemoveUserFromGroup']).toHaveLength(3);
    expect(sent['DeleteGroup']).toHaveLength(2);
  });

  test('is not held up by a user that cannot be deleted: it is put back, the others go', async () => {
    const { aws, outcome } = await removing(({ iam }) =>
      iam
        .on(DeleteUserCommand, { UserName: 'only' })
        .rejects(awsError('AccessDenied', 403))
        .on(AddUserToGroupCommand)
        .rejectsOnce(awsError('NoSuchEntity', 404))
        .resolves({}),
    );
    expect(outcome).toMatchObject({ state: 'failed', left: [{ step: 'Delete user only' }] });
    expect(changes(aws.iam)).toMatchObject({
      CreateGroup: [{ GroupName: GROUP, Path: '/docs.example.org/a/' }],
      AddUserToGroup: [
        { GroupName: GROUP, UserName: 'only' },
        { GroupName: GROUP, UserName: 'only' },
      ],
    });
  });
});
