import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsCommandOutput,
  type GroupDetail,
  ListAttachedUserPoliciesCommand,
  type UserDetail,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ourUsers } from '../../../../../src/domain/user/keys/aws/our-users';
import { awsError, mockedAws, type MockedAws } from '../../../../support/mocks/mocked-aws';
import {
  REFUSALS,
  arnOf,
  documentOn,
  domains,
  errorOf,
  haveGroup,
  havePolicy,
  group,
} from '../../../../support/mocks/mocked-reads';

const SITE = 'docs.example.org';
const BUCKETS = ['photos', 'videos', SITE, `${SITE}-api`, 'mallard-store'];

async function world(...pages: readonly Partial<GetAccountAuthorizationDetailsCommandOutput>[]): Promise<MockedAws> {
  const aws = await mockedAws({ domains });
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: BUCKETS.map((Name) => ({ Name })) });
  pages.forEach((page, n) => {
    const more = n + 1 < pages.length ? { IsTruncated: true, Marker: `m${String(n + 1)}` } : {};
    aws.iam
      .on(GetAccountAuthorizationDetailsCommand, n === 0 ? {} : { Marker: `m${String(n)}` })
      .resolves({ ...page, ...more });
  });
  return aws;
}

const found = ({ context }: MockedAws) => ourUsers(context, (bucket) => bucket === 'mallard-store');
const groupDetail = (GroupName: string, Path = '/'): GroupDetail => ({ GroupName, Path });
const bob = (members: UserDetail): UserDetail => ({ UserName: 'bob', ...members });
const tags = (all: Readonly<Record<string, string>>): Pick<UserDetail, 'Tags'> => ({
  Tags: Object.entries(all).map(([Key, Value]) => ({ Key, Value })),
});
const ORG = { 'spinup:org': 'acme' };

test('users and groups are put together from all pages, and come by name', async () => {
  const aws = await world(
    { UserDetailList: [{ UserName: 'zoe', GroupList: ['photos-BktROGrp'] }] },
    {},
    {
      UserDetailList: [
        { UserName: 'ann', GroupList: ['photos-BktROGrp'] },
        { UserName: 'stranger' },
        {},
        { UserName: 'mia', GroupList: ['photos-BktROGrp'] },
      ],
      GroupDetailList: [groupDetail('photos-BktROGrp')],
    },
  );
  expect(await found(aws)).toEqual([
    { name: 'ann', bucket: 'photos' },
    { name: 'mia', bucket: 'photos' },
    { name: 'zoe', bucket: 'photos' },
  ]);
  expect(aws.iam.commandCalls(GetAccountAuthorizationDetailsCommand)).toHaveLength(3);
});

test.each<[string, UserDetail, string | undefined]>([
  ['a member of a bucket’s group', bob({ GroupList: ['videos-BktRWGrp'] }), 'videos'],
  ['of several buckets: the first', bob({ GroupList: ['videos-BktRWGrp', 'photos-BktROGrp'] }), 'photos'],
  [
    'of several buckets: the one it was made for',
    bob({ GroupList: ['videos-BktRWGrp', 'photos-BktROGrp'], ...tags({ ...ORG, 'mallard:bucket': 'videos' }) }),
    'videos',
  ],
  [
    'made for one bucket, a member of another',
    bob({ GroupList: ['videos-BktRWGrp'], ...tags({ ...ORG, 'mallard:bucket': 'photos' }) }),
    'videos',
  ],
  ['made for a bucket that is gone', bob(tags({ ...ORG, 'mallard:bucket': 'gone' })), 'gone'],
  ['with a bucket’s tag but without the org’s', bob(tags({ 'mallard:bucket': 'photos' })), undefined],
  [
    'of another org, though a member',
    bob({ GroupList: ['videos-BktRWGrp'], ...tags({ 'spinup:org': 'other' }) }),
    undefined,
  ],
  ['of the service’s own store', bob(tags({ ...ORG, 'mallard:bucket': 'mallard-store' })), undefined],
  ['a member of a stranger’s group', bob({ GroupList: ['Developers'] }), undefined],
  ['a member of the group of a bucket that is gone', bob({ GroupList: ['gone-BktRWGrp'] }), undefined],
  ['a member of a site’s folder', bob({ GroupList: [`${SITE}-v2-BktROGrp`] }), SITE],
  ['a member of a group under somebody’s path', bob({ GroupList: ['photos-BktAdmGrp'] }), undefined],
  ['a member of a group whose path has no folder', bob({ GroupList: ['videos-BktAdmGrp'] }), undefined],
])('%s', async (_title, detail, bucket) => {
  const GroupDetailList = ['videos-BktRWGrp', 'photos-BktROGrp', 'Developers', 'gone-BktRWGrp']
    .map((name) => groupDetail(name))
    .concat(
      groupDetail(`${SITE}-v2-BktROGrp`, `/${SITE}/v2/`),
      groupDetail('photos-BktAdmGrp', '/photos/'),
      groupDetail('videos-BktAdmGrp', ''),
      {},
    );
  expect(await found(await world({ UserDetailList: [detail], GroupDetailList }))).toEqual(
    bucket === undefined ? [] : [{ name: 'bob', bucket }],
  );
});

test.each([
  ['the site, as its policy says', documentOn(SITE), SITE],
  ['the bucket of that name, as its policy says', documentOn(`${SITE}-api`), `${SITE}-api`],
  ['the bucket of that name when no policy tells', '{}', `${SITE}-api`],
])('a group that may be a bucket’s or that of a site’s folder: %s', async (_title, document, bucket) => {
  const name = `${SITE}-api-BktRWGrp`;
  const aws = await world({ UserDetailList: [bob({ GroupList: [name] })], GroupDetailList: [{ GroupName: name }] });
  haveGroup(aws, group(name), [], [arnOf('odd')]);
  havePolicy(aws, arnOf('odd'), document);
  expect(await found(aws)).toEqual([{ name: 'bob', bucket }]);
});

describe('a user named like a bucket', () => {
  const attached = [{ PolicyArn: arnOf('photos-BktAdmPlc'), PolicyName: 'photos-BktAdmPlc' }];
  test.each<[string, UserDetail, boolean, number]>([
    [
      'with the bucket’s policy is the predecessor’s',
      { UserName: 'photos', AttachedManagedPolicies: attached },
      true,
      1,
    ],
    ['with a stranger’s policy is a stranger', { UserName: 'videos', AttachedManagedPolicies: attached }, false, 1],
    ['without policies is a stranger, unasked', { UserName: 'photos' }, false, 0],
    ['that is gone is a stranger, unasked', { UserName: 'gone', AttachedManagedPolicies: attached }, false, 0],
    [
      'that is the service’s own store is a stranger, unasked',
      { UserName: 'mallard-store', AttachedManagedPolicies: attached },
      false,
      0,
    ],
  ])('%s', async (_title, detail, ours, calls) => {
    const aws = await world({ UserDetailList: [detail] });
    aws.iam.on(ListAttachedUserPoliciesCommand).resolves({ AttachedPolicies: attached });
    expect(await found(aws)).toEqual(ours ? [{ name: detail.UserName, bucket: detail.UserName }] : []);
    expect(aws.iam.commandCalls(ListAttachedUserPoliciesCommand)).toHaveLength(calls);
  });
});

test.each(REFUSALS)('%s', async (code, status, kind, times) => {
  const aws = await world();
  aws.iam.on(GetAccountAuthorizationDetailsCommand).rejects(awsError(code, status));
  expect(await errorOf(found(aws))).toMatchObject({ kind });
  expect(aws.iam.commandCalls(GetAccountAuthorizationDetailsCommand)).toHaveLength(times);
});
