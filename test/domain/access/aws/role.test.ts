import {
  GetGroupCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListAttachedGroupPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { defaultDocument, documentOf } from '../../../../src/domain/shared/aws/policy-document';
import {
  attachedGroupPolicies,
  findGroup,
  findPolicy,
  groupPolicies,
  policyUse,
} from '../../../../src/domain/access/aws/role';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { REFUSALS, arnOf, errorOf, group, user } from '../../../support/mocks/mocked-reads';

const GONE = awsError('NoSuchEntity', 404);
const NAME = 'photos-BktRWGrp';
const ARN = arnOf('photos-BktRWPlc');

describe('a group', () => {
  test('has the members of all pages', async () => {
    const { context, iam } = await mockedAws();
    iam
      .on(GetGroupCommand, { GroupName: NAME })
      .resolves({ Group: group(NAME), Users: [user('ann')], IsTruncated: true, Marker: 'm1' });
    iam
      .on(GetGroupCommand, { Marker: 'm1' })
      .resolves({ Group: group('later'), Users: undefined, IsTruncated: true, Marker: 'm2' });
    iam.on(GetGroupCommand, { Marker: 'm2' }).resolves({ Group: undefined, Users: [user('bob')] });
    expect(await findGroup(context, NAME)).toEqual({
      name: NAME,
      group: group(NAME),
      members: [user('ann'), user('bob')],
    });
  });

  test('of which nothing is told has the name it was asked for by, and is under /', async () => {
    const { context } = await mockedAws();
    expect(await findGroup(context, NAME)).toMatchObject({
      name: NAME,
      group: { GroupName: NAME, Path: '/' },
      members: [],
    });
  });

  // Buckets of before 2018 may differ in case alone; IAM's names may not.
  test('of a name in other case is another bucket’s', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetGroupCommand).resolves({ Group: group(NAME), Users: [user('ann')] });
    iam.on(GetPolicyCommand).resolves({ Policy: { Arn: ARN } });
    expect(await findGroup(context, 'Photos-BktRWGrp')).toBeUndefined();
    expect(await findPolicy(context, arnOf('Photos-BktRWPlc'))).toBeUndefined();
  });

  test('of a name that IAM cannot have is none, and is not asked for', async () => {
    const { context, iam } = await mockedAws();
    const long = 'x'.repeat(129);
    expect(await findGroup(context, long)).toBeUndefined();
    expect(await groupPolicies(context, long)).toEqual({ attached: [], inline: [] });
    expect(await policyUse(context, arnOf(long))).toBeUndefined();
    expect(iam.calls()).toHaveLength(0);
  });

  test('that goes before its last page is none', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetGroupCommand).resolves({ Group: group(NAME), Users: [user('ann')], IsTruncated: true, Marker: 'm1' });
    iam.on(GetGroupCommand, { Marker: 'm1' }).rejects(GONE);
    expect(await findGroup(context, NAME)).toBeUndefined();
  });

  test.each(REFUSALS)('%s is not "there is none"', async (code, status, kind, times) => {
    const { context, iam } = await mockedAws();
    iam.on(GetGroupCommand).rejects(awsError(code, status));
    expect(await errorOf(findGroup(context, NAME))).toMatchObject({ kind });
    expect(iam.commandCalls(GetGroupCommand)).toHaveLength(times);
  });
});

describe('the policies of a group', () => {
  test('are the attached and inline ones of all pages, names that AWS leaves out being empty', async () => {
    const { context, iam } = await mockedAws();
    iam
      .on(ListAttachedGroupPoliciesCommand)
      .resolves({ AttachedPolicies: [{ PolicyArn: ARN, PolicyName: 'plc' }, {}], IsTruncated: true, Marker: 'm1' });
    iam.on(ListAttachedGroupPoliciesCommand, { Marker: 'm1' }).resolves({ AttachedPolicies: undefined });
    iam.on(ListGroupPoliciesCommand).resolves({ PolicyNames: ['a'], IsTruncated: true, Marker: 'm1' });
    iam.on(ListGroupPoliciesCommand, { Marker: 'm1' }).resolves({ PolicyNames: ['b'] });
    expect(await groupPolicies(context, NAME)).toEqual({
      attached: [
        { Arn: ARN, PolicyName: 'plc' },
        { Arn: '', PolicyName: '' },
      ],
      inline: ['a', 'b'],
    });
  });

  test('are none without the group', async () => {
    const { context, iam } = await mockedAws();
    iam.on(ListAttachedGroupPoliciesCommand).rejects(GONE);
    iam.on(ListGroupPoliciesCommand).rejects(GONE);
    expect(await groupPolicies(context, NAME)).toEqual({ attached: [], inline: [] });
    expect(await attachedGroupPolicies(context, NAME)).toEqual([]);
  });
});

describe('a policy', () => {
  test('is read with what keeps it from being deleted, of all pages', async () => {
    const { context, iam } = await mockedAws();
    iam.on(ListPolicyVersionsCommand, { PolicyArn: ARN }).resolves({
      Versions: [
        { VersionId: 'v3', IsDefaultVersion: true },
        { VersionId: 'v2', IsDefaultVersion: false },
        { VersionId: 'v1' },
        {},
      ],
    });
    iam.on(ListEntitiesForPolicyCommand, { PolicyArn: ARN }).resolves({
      PolicyUsers: [{ UserName: 'ann' }, {}],
      PolicyGroups: [{ GroupName: NAME }],
      IsTruncated: true,
      Marker: 'm1',
    });
    iam.on(ListEntitiesForPolicyCommand, { Marker: 'm1' }).resolves({ IsTruncated: true, Marker: 'm2' });
    iam
      .on(ListEntitiesForPolicyCommand, { Marker: 'm2' })
      .resolves({ PolicyUsers: [{ UserName: 'bob' }], PolicyRoles: [{ RoleName: 'ops' }, {}] });
    expect(await policyUse(context, ARN)).toEqual({
      versions: ['v2', 'v1'],
      users: ['ann', 'bob'],
      groups: [NAME],
      roles: ['ops'],
    });
  });

  test.each([ListPolicyVersionsCommand, ListEntitiesForPolicyCommand])(
    'that is gone for %p has no use',
    async (command) => {
      const { context, iam } = await mockedAws();
      iam.on(command).rejects(GONE);
      expect(await policyUse(context, ARN)).toBeUndefined();
    },
  );

  test('is what AWS tells, none when it is gone', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetPolicyCommand).rejects(GONE);
    iam.on(GetPolicyCommand, { PolicyArn: ARN }).resolves({ Policy: { Arn: ARN } });
    expect(await findPolicy(context, ARN)).toEqual({ Arn: ARN });
    expect(await findPolicy(context, 'arn:other')).toBeUndefined();
  });
});

describe('a policy’s text', () => {
  test.each([
    ['v7', 'v7'],
    // Every policy begins with it.
    [undefined, 'v1'],
  ])('is that of its default version: %s → %s', async (DefaultVersionId, VersionId) => {
    const { context, iam } = await mockedAws();
    iam.on(GetPolicyCommand, { PolicyArn: ARN }).resolves({ Policy: { DefaultVersionId } });
    iam
      .on(GetPolicyVersionCommand, { PolicyArn: ARN, VersionId })
      .resolves({ PolicyVersion: { Document: '%7B%22a%22%3A%20%22%2B%22%7D' } });
    expect(await defaultDocument(context, ARN)).toBe('{"a": "+"}');
    expect(await documentOf(context, ARN, VersionId)).toBe('{"a": "+"}');
  });

  test('is empty where AWS tells nothing', async () => {
    const { context } = await mockedAws();
    expect(await defaultDocument(context, ARN)).toBe('');
  });

  test('is none when the policy or its version is gone', async () => {
    const { context, iam } = await mockedAws();
    iam.on(GetPolicyVersionCommand).rejects(GONE);
    expect([await defaultDocument(context, ARN), await documentOf(context, ARN, 'v2')]).toEqual([undefined, undefined]);
    iam.on(GetPolicyCommand).rejects(GONE);
    expect(await defaultDocument(context, ARN)).toBeUndefined();
  });
});
