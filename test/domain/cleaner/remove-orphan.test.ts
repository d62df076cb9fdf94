import {
  DeleteGroupCommand,
  DeletePolicyCommand,
  GetGroupCommand,
  GetGroupPolicyCommand,
  GetLoginProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  ListAttachedGroupPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListGroupsForUserCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import { removeGroup, removeOrphanedUser, removePolicy, removeRecord } from '../../../src/domain/cleaner/remove-orphan';
import { CLOUDFRONT_ZONE } from '../../../src/domain/website/dns/aws/records';
import { iamGroup as group, iamUser as user } from '../../support/user-resources';
import { SITE } from '../../support/distributions';
import type { StepHandle, StepSpec } from '../../../src/engine/plan';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { walkForward } from '../../support/mocks/mocked-walk';
import { changes } from '../../support/steps';

const gone = awsError('NoSuchEntity', 404);
const POLICY = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const ours = {
  DefaultVersionId: 'v2',
  Tags: [
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:operation', Value: 'op' },
  ],
};

/** How the removal of an orphan ends. */
async function removing<T>(
  aws: MockedAws,
  removal: (after: readonly StepHandle<unknown>[]) => StepSpec<Record<never, never>, T>,
): Promise<string> {
  const { outcome } = await walkForward(aws, (step, begun) => step(removal([begun])));
  return outcome.state;
}

describe('an orphaned group', () => {
  test('is deleted once members and policies are off it, those that have left meanwhile included', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetGroupCommand).resolves({ Group: group('g'), Users: [user('a'), user('b')] });
    aws.iam
      .on(ListAttachedGroupPoliciesCommand)
      .resolves({ AttachedPolicies: [{ PolicyArn: POLICY, PolicyName: 'b-BktRWPlc' }] });
    aws.iam
      .on(GetPolicyVersionCommand)
      .resolves({ PolicyVersion: { Document: '{"Statement":{"Resource":"arn:aws:s3:::b/*"}}' } });
    aws.iam.on(ListGroupPoliciesCommand).resolves({ PolicyNames: ['inline'] });
    aws.iam.on(GetPolicyCommand).resolves({ Policy: ours });
    aws.iam.on(GetGroupPolicyCommand).resolves({ PolicyDocument: '{"Statement":{"Resource":"arn:aws:s3:::b"}}' });
    expect(await removing(aws, (after) => removeGroup(aws.context, 'g', 'b', after))).toBe('succeeded');
    expect(changes(aws.iam)).toEqual({
      RemoveUserFromGroup: [
        { GroupName: 'g', UserName: 'a' },
        { GroupName: 'g', UserName: 'b' },
      ],
      DetachGroupPolicy: [{ GroupName: 'g', PolicyArn: POLICY }],
      DeleteGroupPolicy: [{ GroupName: 'g', PolicyName: 'inline' }],
      DeleteGroup: [{ GroupName: 'g' }],
    });
  });

  test('that is gone already is as good as removed', async () => {
    const aws = await mockedAws();
    for (const command of [
      GetGroupCommand,
      ListAttachedGroupPoliciesCommand,
      ListGroupPoliciesCommand,
      DeleteGroupCommand,
    ])
      aws.iam.on(command as never).rejects(gone);
    expect(await removing(aws, (after) => removeGroup(aws.context, 'g', 'b', after))).toBe('succeeded');
    expect(changes(aws.iam)).toEqual({ DeleteGroup: [{ GroupName: 'g' }] });
  });

  test('is deleted once IAM sees what was taken off it', async () => {
    const aws = await mockedAws();
    aws.iam
      .on(GetGroupCommand)
      .resolvesOnce({ Group: group('g'), Users: [user('a')] })
      .resolves({ Group: group('g'), Users: [] });
    aws.iam.on(DeleteGroupCommand).rejectsOnce(awsError('DeleteConflict', 409)).resolves({});
    expect(await removing(aws, (after) => removeGroup(aws.context, 'g', 'b', after))).toBe('succeeded');
    expect(changes(aws.iam)).toMatchObject({ RemoveUserFromGroup: [{ UserName: 'a' }], DeleteGroup: [{}, {}] });
  });
});

describe('an orphaned policy', () => {
  test('is detached from everything and deleted with its versions, however long IAM takes to see it', async () => {
    const aws = await mockedAws();
    aws.iam
      .on(ListPolicyVersionsCommand)
      .resolves({ Versions: [{ VersionId: 'v2', IsDefaultVersion: true }, { VersionId: 'v1' }] });
    aws.iam
      .on(ListEntitiesForPolicyCommand)
      .resolvesOnce({
        PolicyGroups: [{ GroupName: 'g' }],
        PolicyUsers: [{ UserName: 'u' }],
        PolicyRoles: [{ RoleName: 'r' }],
      })
      .resolves({});
    aws.iam.on(GetPolicyCommand).resolves({ Policy: ours });
    aws.iam
      .on(GetPolicyVersionCommand)
      .resolves({ PolicyVersion: { Document: '{"Statement":{"Resource":"arn:aws:s3:::b/*"}}' } });
    aws.iam.on(DeletePolicyCommand).rejectsOnce(awsError('DeleteConflict', 409)).resolves({});
    expect(await removing(aws, (after) => removePolicy(aws.context, 'b-BktRWPlc', POLICY, 'b', after))).toBe(
      'succeeded',
    );
    expect(changes(aws.iam)).toMatchObject({
      DetachGroupPolicy: [{ GroupName: 'g', PolicyArn: POLICY }],
      DetachUserPolicy: [{ UserName: 'u', PolicyArn: POLICY }],
      DetachRolePolicy: [{ RoleName: 'r', PolicyArn: POLICY }],
      DeletePolicy: [{ PolicyArn: POLICY }, { PolicyArn: POLICY }],
    });
    expect(changes(aws.iam)['DeletePolicyVersion']).toContainEqual({ PolicyArn: POLICY, VersionId: 'v1' });
  });

  test('that is gone already needs nothing', async () => {
    const aws = await mockedAws();
    aws.iam.on(ListPolicyVersionsCommand).rejects(gone);
    expect(await removing(aws, (after) => removePolicy(aws.context, 'b-BktRWPlc', POLICY, 'b', after))).toBe(
      'succeeded',
    );
    expect(changes(aws.iam)).toEqual({});
  });
});

describe('an orphaned user', () => {
  test('leaves its groups and is deleted', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetUserCommand).resolves({ User: user('u') });
    aws.iam.on(ListGroupsForUserCommand).resolves({ Groups: [group('b-BktROGrp')] });
    aws.iam.on(GetLoginProfileCommand).rejects(gone);
    expect(await removing(aws, (after) => removeOrphanedUser(aws.context, 'u', 'b', after))).toBe('succeeded');
    expect(changes(aws.iam)).toMatchObject({
      RemoveUserFromGroup: [{ GroupName: 'b-BktROGrp', UserName: 'u' }],
      DeleteUser: [{ UserName: 'u' }],
    });
  });

  test('that is gone already needs nothing', async () => {
    const aws = await mockedAws();
    aws.iam.on(GetUserCommand).rejects(gone);
    expect(await removing(aws, (after) => removeOrphanedUser(aws.context, 'u', 'b', after))).toBe('succeeded');
    expect(changes(aws.iam)).toEqual({});
  });
});

describe('orphaned records', () => {
  const record = (Type: 'A' | 'AAAA' | 'TXT', zone?: string): ResourceRecordSet => ({
    Name: `${SITE}.`,
    Type,
    ...(zone !== undefined && {
      AliasTarget: { DNSName: 'd1.cloudfront.net.', HostedZoneId: zone, EvaluateTargetHealth: false },
    }),
  });

  test('of CloudFront are taken away; what else has the name stays', async () => {
    const aws = await mockedAws();
    const half = record('A', CLOUDFRONT_ZONE);
    aws.route53
      .on(ListResourceRecordSetsCommand)
      .resolves({ ResourceRecordSets: [half, record('AAAA', 'Z35SXDOTRQ7X7K'), record('TXT')] });
    expect(await removing(aws, (after) => removeRecord(aws.context, 'Z1', SITE, after))).toBe('succeeded');
    expect(changes(aws.route53)).toMatchObject({
      ChangeResourceRecordSets: [
        { HostedZoneId: 'Z1', ChangeBatch: { Changes: [{ Action: 'DELETE', ResourceRecordSet: half }] } },
      ],
    });
  });

  test.each([
    ['the records', () => ({ ResourceRecordSets: [] })],
    [
      'the zone',
      () => {
        throw awsError('NoSuchHostedZone', 404);
      },
    ],
  ])('need nothing when %s are gone already', async (_, answer) => {
    const aws = await mockedAws();
    aws.route53.on(ListResourceRecordSetsCommand).callsFake(answer);
    expect(await removing(aws, (after) => removeRecord(aws.context, 'Z1', SITE, after))).toBe('succeeded');
    expect(changes(aws.route53)).toEqual({});
  });
});
