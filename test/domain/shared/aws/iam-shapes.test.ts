import type { Policy } from '@aws-sdk/client-iam';
import { groupShape, keyShape, policyShape, sdkTags, userShape } from '../../../../src/domain/shared/aws/iam-shapes';
import { group, user } from '../../../support/mocks/mocked-reads';

/** SDK shapes with nothing in them: what is known otherwise stands in, the rest is undefined, and every member is there. */

test('a policy is what AWS says, or the name and ARN it was asked for by', () => {
  expect(policyShape(undefined, 'arn', 'plc')).toEqual(policyShape({}, 'arn', 'plc'));
  const told: Policy = {
    Arn: 'arn:2',
    AttachmentCount: 0,
    CreateDate: new Date(1),
    DefaultVersionId: 'v2',
    Description: '',
    IsAttachable: false,
    Path: '/x/',
    PermissionsBoundaryUsageCount: 0,
    PolicyId: 'ANPA',
    PolicyName: 'plc-2',
    UpdateDate: new Date(2),
  };
  expect(policyShape({ ...told, Tags: [] }, 'arn', 'plc')).toEqual(told);
  const nothing = Object.fromEntries(Object.keys(told).map((member) => [member, undefined]));
  expect(policyShape(undefined, 'arn', 'plc')).toStrictEqual({ ...nothing, Arn: 'arn', PolicyName: 'plc' });
});

test('a group is what AWS says, or the name it was asked for by', () => {
  expect(groupShape(undefined, 'grp')).toStrictEqual({
    Arn: undefined,
    CreateDate: undefined,
    GroupId: undefined,
    GroupName: 'grp',
    Path: undefined,
  });
  expect(groupShape(group('other', { Arn: 'arn', GroupId: 'AGPA' }), 'grp')).toEqual({
    Arn: 'arn',
    CreateDate: new Date(0),
    GroupId: 'AGPA',
    GroupName: 'other',
    Path: '/',
  });
});

test('a user shows the caller’s tags and its own org tag, and the boundary’s two members', () => {
  const Tags = [
    ['team', 'x'],
    ['spinup:org', 'acme'],
    ['mallard:bucket', 'photos'],
  ].map(([Key, Value]) => ({ Key, Value }));
  const boundary = { PermissionsBoundaryArn: 'arn:b', PermissionsBoundaryType: 'Policy' as never };
  expect(userShape(user('bob', { Tags, PermissionsBoundary: boundary }), 'asked')).toMatchObject({
    UserName: 'bob',
    Tags: [
      { Key: 'team', Value: 'x' },
      { Key: 'spinup:org', Value: 'acme' },
    ],
    PermissionsBoundary: boundary,
  });
});

test.each([
  ['nothing', undefined],
  ['system tags alone', user('asked', { CreateDate: undefined, Tags: [{ Key: 'mallard:bucket', Value: 'photos' }] })],
])('a user of whom AWS tells %s', (_title, told) => {
  expect(userShape(told, 'asked')).toStrictEqual({
    Arn: undefined,
    CreateDate: undefined,
    PasswordLastUsed: undefined,
    Path: undefined,
    PermissionsBoundary: undefined,
    Tags: undefined,
    UserId: undefined,
    UserName: 'asked',
  });
});

test('a key is what AWS says; what AWS leaves out is empty, Active, and of the user it was asked for by', () => {
  expect(keyShape({}, 'bob')).toStrictEqual({
    AccessKeyId: '',
    CreateDate: undefined,
    Status: 'Active',
    UserName: 'bob',
  });
  const told = { AccessKeyId: 'AKIA', CreateDate: new Date(1), Status: 'Inactive' as const, UserName: 'ann' };
  expect(keyShape(told, 'bob')).toEqual(told);
});

test('tags that AWS leaves without key or value have empty ones', () => {
  expect(sdkTags(undefined)).toEqual([]);
  expect(sdkTags([{ Key: 'a' }, { Value: 'b' }])).toEqual([
    { Key: 'a', Value: '' },
    { Key: '', Value: 'b' },
  ]);
});
