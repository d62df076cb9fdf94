import { AddUserToGroupCommand, CreateAccessKeyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { bucketRoles, createUser, websiteRoles } from '../../../src/domain/user/create';
import { groupName } from '../../../src/domain/shared/role';
import type { CreateUserInput } from '../../../src/domain/shared/shapes';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { emptyIam, holdsRole, holdsUser } from '../../support/mocks/mocked-iam';
import { errorOf, valueOf, writes, recipeFor, refusalOf } from '../../support/mocks/mocked-run';
import { holdsSite, SITE, siteDistribution, siteDomains } from '../../support/mocks/mocked-site';
import type { AccountConfig } from '../../../src/config/types';
import { refusalOf as rolesRefusal } from '../client/rules/settings';

const input = (more: Partial<CreateUserInput> = {}, Path?: string): CreateUserInput => ({
  User: { UserName: 'ada', ...(Path !== undefined && { Path }) },
  ...more,
});

describe('what cannot become a user is refused without a call', () => {
  test.each([
    ['in no group', input({ Groups: [] }), { kind: 'invalid', pointer: '/Groups' }],
    ['with an impossible name', { User: { UserName: 'a b' } }, { kind: 'invalid' }],
    [
      'with a tag of ours',
      { User: { UserName: 'ada', Tags: [{ Key: 'mallard:bucket', Value: 'other' }] } },
      { kind: 'invalid' },
    ],
    [
      'that exists, with tags that it would not get',
      { Existing: true, User: { UserName: 'ada', Tags: [{ Key: 'team', Value: 'a' }] } },
      { kind: 'invalid', pointer: '/User/Tags' },
    ],
    ['that exists, without tags', input({ Existing: true }), undefined],
    ['in one group', input({ Groups: ['BktROGrp'] }), undefined],
    ['in those that are usual', input(), undefined],
  ] as const)('%s', (_, asked, expected) => {
    const refusal = refusalOf(createUser, { user: asked.User.UserName }, asked);
    if (expected === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject(expected);
  });

  test.each([
    ['/docs/', { kind: 'invalid', pointer: '/User/Path' }],
    ['/', undefined],
    [undefined, undefined],
  ] as const)('a bucket user with the Path %s', (Path, expected) => {
    const refusal = refusalOf(createUser, { user: 'ada' }, input({}, Path));
    if (expected === undefined) expect(refusal).toBeUndefined();
    else expect(refusal).toMatchObject(expected);
  });

  test('of one folder and in the group of admins', () => {
    expect(
      rolesRefusal(() => websiteRoles('docs.example.org', input({ Groups: ['BktRWGrp', 'BktAdmGrp'] }, '/api/'))),
    ).toMatchObject({
      kind: 'invalid',
      pointer: '/Groups',
      detail: expect.stringContaining('not in BktAdmGrp'),
    });
  });
});

test('groups are named once, and have their usual names', () => {
  expect(bucketRoles('photos', input()).map(groupName)).toEqual(['photos-BktAdmGrp']);
  expect(bucketRoles('photos', input({ Groups: ['BktROGrp', 'BktRWGrp', 'BktROGrp'] })).map(groupName)).toEqual([
    'photos-BktROGrp',
    'photos-BktRWGrp',
  ]);
  expect(websiteRoles('docs.example.org', input()).map(groupName)).toEqual([
    'docs.example.org-BktAdmGrp',
    'docs.example.org-WebAdmGrp',
  ]);
  expect(websiteRoles('docs.example.org', input({}, '/api/v1/')).map(groupName)).toEqual([
    'docs.example.org-api_v1-BktRWGrp',
  ]);
});

const create = ({ context }: MockedAws, asked = input({ Groups: ['BktRWGrp'] })) =>
  recipeFor(context, createUser, { user: 'ada' }, asked);

async function withRole(account: Partial<AccountConfig> = {}): Promise<MockedAws> {
  const aws = await mockedAws(account);
  emptyIam(aws);
  holdsRole(aws, 'photos-BktRW');
  aws.iam
    .on(CreateAccessKeyCommand)
    .resolves({ AccessKey: { UserName: 'ada', AccessKeyId: 'AKIA1', SecretAccessKey: 's3cr3t', Status: 'Active' } });
  return aws;
}

test('a user carries its bucket, joins its group and gets a key', async () => {
  const aws = await withRole();
  const { User, AccessKey } = await valueOf(
    aws,
    create(aws, { User: { UserName: 'ada', Tags: [{ Key: 'team', Value: 'a&b' }] }, Groups: ['BktRWGrp'] }),
  );
  expect(User).toMatchObject({ UserName: 'ada' });
  expect(AccessKey?.SecretAccessKey.reveal()).toBe('s3cr3t');
  expect(aws.iam.commandCalls(CreateUserCommand)[0]?.args[0].input.Tags).toEqual([
    { Key: 'team', Value: 'a_b' },
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:bucket', Value: 'photos' },
    { Key: 'mallard:operation', Value: 'op-1' },
    { Key: 'mallard:tags', Value: expect.stringMatching(/^[\w-]{43}$/) },
  ]);
  expect(aws.iam.commandCalls(AddUserToGroupCommand)[0]?.args[0].input).toEqual({
    UserName: 'ada',
    GroupName: 'photos-BktRWGrp',
  });
  expect(writes(aws)).toHaveLength(3);
});

test('the user of a folder is greeted there', async () => {
  const aws = await withRole({ domains: siteDomains() });
  holdsSite(aws, siteDistribution());
  const asked = input({}, '/api/');
  await valueOf(aws, recipeFor(aws.context, createUser, { kind: 'website', bucket: SITE, user: 'ada' }, asked));
  expect(aws.s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toMatchObject({
    Bucket: SITE,
    Key: 'api/index.html',
    IfNoneMatch: '*',
  });
});

test.each([
  [
    'without the bucket',
    (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404)),
    { kind: 'not-found' },
  ],
  [
    'in somebody else’s bucket',
    (aws: MockedAws) => aws.s3.on(HeadBucketCommand).rejects(awsError('Forbidden', 403)),
    { kind: 'denied' },
  ],
  [
    'of a name that is taken',
    (aws: MockedAws) => holdsUser(aws, 'ada'),
    { kind: 'exists', detail: expect.stringMatching(/^a user ada exists already; .*reset/) as string },
  ],
] as const)('%s nothing is made, and no role is claimed', async (_, prepare, expected) => {
  const aws = await withRole();
  prepare(aws);
  const asked = input({ Groups: ['BktROGrp'] });
  expect(await errorOf(aws, create(aws, asked))).toMatchObject(expected);
  expect(create(aws, asked).claimsAfterLook?.(await create(aws, asked).look())).toEqual([]);
  expect(writes(aws)).toEqual([]);
});

test('a role that is not whole yet is claimed, so that neighbours make it once', async () => {
  const aws = await withRole();
  const recipe = create(aws, input({ Groups: ['BktROGrp', 'BktRWGrp'] }));
  expect(recipe.claimsAfterLook?.(await recipe.look())).toEqual(['demo/group/photos-bktrogrp']);
});
