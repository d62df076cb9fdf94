import {
  DeletePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  type Tag,
} from '@aws-sdk/client-iam';
import {
  deletePersonalPolicy,
  personalPolicy,
  seePersonalPolicy,
} from '../../../../src/domain/access/aws/personal-policy';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { arnOfPolicy } from '../../../support/mocks/mocked-iam';
import { errorOf } from '../../../support/mocks/mocked-reads';

const Arn = arnOfPolicy('photos');
const POLICY = { name: 'photos', arn: Arn, stays: null };
const documentOn = (...buckets: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`) }],
  });

interface Policy {
  readonly document?: string;
  readonly tags?: readonly Tag[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  readonly roles?: readonly string[];
}

async function withPolicy(policy: Policy = {}): Promise<MockedAws> {
  const { document = documentOn('photos'), tags = [], users = ['photos'], groups = [], roles = [] } = policy;
  const aws = await mockedAws();
  aws.iam.on(GetPolicyCommand).resolves({ Policy: { Arn, DefaultVersionId: 'v2', Tags: [...tags] } });
  aws.iam.on(GetPolicyVersionCommand).resolves({ PolicyVersion: { Document: encodeURIComponent(document) } });
  aws.iam.on(ListPolicyVersionsCommand).resolves({
    Versions: [{ VersionId: 'v1' }, { VersionId: 'v2', IsDefaultVersion: true }],
  });
  aws.iam.on(ListEntitiesForPolicyCommand).resolves({
    PolicyUsers: users.map((UserName) => ({ UserName })),
    PolicyGroups: groups.map((GroupName) => ({ GroupName })),
    PolicyRoles: roles.map((RoleName) => ({ RoleName })),
  });
  return aws;
}

const found = async (policy?: Policy) => personalPolicy((await withPolicy(policy)).context, 'photos', [{ Arn }]);

describe('the policy named like its user and its bucket', () => {
  test('that is the user’s alone goes with it', async () => {
    expect(await found()).toEqual(POLICY);
  });

  test.each([
    [
      'another user has',
      { users: ['photos', 'anna'] },
      'It carries no mark of this service, and is attached to the user anna.',
    ],
    [
      'a group and a role have',
      { groups: ['g'], roles: ['r'] },
      'It carries no mark of this service, and is attached to the group g and the role r.',
    ],
    ['somebody has tagged', { tags: [{ Key: 'team', Value: '' }] }, 'It has tags (team): somebody keeps it.'],
  ])('that %s stays', async (_, policy, stays) => {
    expect(await found(policy)).toEqual({ ...POLICY, stays });
  });

  test.each([
    ['another bucket', documentOn('films')],
    ['another bucket, too', documentOn('photos', 'films')],
  ])('that speaks of %s is somebody else’s', async (_, document) => {
    expect(await found({ document })).toBeUndefined();
  });

  test('is not asked for where the user has none of that name', async () => {
    const aws = await withPolicy();
    const attached = [{ Arn: arnOfPolicy('photos-BktAdmPlc') }, { Arn: arnOfPolicy('photos', '/team/') }];
    expect(await personalPolicy(aws.context, 'photos', attached)).toBeUndefined();
    expect(aws.iam.calls()).toHaveLength(0);
  });

  test('that is gone meanwhile is none', async () => {
    const aws = await withPolicy();
    aws.iam.on(ListPolicyVersionsCommand).rejects(awsError('NoSuchEntity', 404));
    expect(await personalPolicy(aws.context, 'photos', [{ Arn }])).toBeUndefined();
  });
});

describe('once its user is gone', () => {
  const see = async (aws: MockedAws) => seePersonalPolicy(aws.context, POLICY);

  test('it is nobody’s, and shows its other versions', async () => {
    expect(await see(await withPolicy({ users: [] }))).toEqual({ versions: ['v1'], stays: null });
    // IAM may show for some seconds what is no more.
    expect(await see(await withPolicy())).toEqual({ versions: ['v1'], stays: null });
  });

  test('it may have got another user meanwhile', async () => {
    expect(await see(await withPolicy({ users: ['anna'] }))).toEqual({
      versions: [],
      stays: expect.stringContaining('the user anna') as unknown,
    });
  });

  test('it may be gone, too', async () => {
    const aws = await withPolicy();
    aws.iam.on(ListEntitiesForPolicyCommand).rejects(awsError('NoSuchEntity', 404));
    expect(await see(aws)).toEqual({ versions: [], stays: null });
  });

  test('what may not be looked at stays, and what cannot be looked at is an error', async () => {
    const aws = await withPolicy();
    aws.iam.on(ListEntitiesForPolicyCommand).rejects(awsError('AccessDenied', 403));
    expect((await see(aws)).stays).toContain('may not do iam:ListEntitiesForPolicy');
    aws.iam.on(ListEntitiesForPolicyCommand).rejects(awsError('ServiceFailure', 500));
    expect(await errorOf(see(aws))).toMatchObject({ kind: 'unavailable' });
  });

  test.each([
    ['is deleted', undefined, null],
    ['is as good as deleted when it is gone', awsError('NoSuchEntity', 404), null],
    ['stays where it may not be deleted', awsError('AccessDenied', 403), expect.stringContaining('iam:DeletePolicy')],
  ])('it %s', async (_, error, stays) => {
    const aws = await withPolicy();
    if (error !== undefined) aws.iam.on(DeletePolicyCommand).rejects(error);
    expect(await deletePersonalPolicy(aws.context, POLICY)).toEqual(stays);
  });
});
