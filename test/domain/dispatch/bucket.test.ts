import { CreateBucketCommand, GetBucketCorsCommand, HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../src/base/errors';
import { asBucket } from '../../../src/domain/shared/subject';
import { awsError } from '../../support/mocks/mocked-aws';
import { mockedDesk, type MockedDesk, OWN_STORES } from '../../support/mocks/mocked-desk';
import { emptyIam } from '../../support/mocks/mocked-iam';
import { sent, writes } from '../../support/mocks/mocked-run';

const named = (Bucket: string) => ({ BucketInput: { Bucket } });

describe.each(OWN_STORES)('the service’s own store %s', (store) => {
  const ada = { user: 'ada', id: 'AKIA1234567890123456' };
  const asked: Readonly<Record<string, (desk: MockedDesk) => Promise<unknown>>> = {
    'is looked for': ({ provisioning, account }) => provisioning.requireBucket(account, store),
    'is shown': ({ provisioning, account }) => provisioning.showBucket(account, store, []),
    'is changed': ({ provisioning, account }) => provisioning.updateBucket(account, store, { Tags: [] }),
    'is deleted': ({ provisioning, account }) => provisioning.deleteBucket(account, store),
    'is asked for its users': ({ provisioning, account }) => provisioning.listUsers(account, asBucket(store)),
    'gets a user': ({ provisioning, account }) =>
      provisioning.createUser(account, asBucket(store), { User: { UserName: 'ada' } }),
    'has a key turned off': ({ provisioning, account }) =>
      provisioning.setKeyStatus(account, asBucket(store), ada, 'Inactive'),
    'has a file put into it': ({ provisioning, account }) =>
      provisioning.uploadUrl(account, asBucket(store), { filename: 'a' }, 60),
    'is bookmarked': ({ provisioning, account }) => provisioning.bookmark(account, asBucket(store), {}),
    'has a client set up': ({ provisioning, account }) =>
      provisioning.clientFile(account, asBucket(store), 'rclone', {}),
  };

  test.each(Object.entries(asked))('%s: it is not there, and nobody asks AWS', async (_, ask) => {
    const desk = await mockedDesk();
    expect(await ask(desk).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'not-found',
      detail: `there is no bucket ${store} in this account`,
    });
    expect(sent(desk.aws)).toEqual([]);
  });

  test('cannot be made again: its name is taken, and nobody asks AWS', async () => {
    const { provisioning, account, aws } = await mockedDesk();
    expect(await provisioning.createBucket(account, named(store)).then(() => undefined, toDomainError)).toMatchObject({
      kind: 'exists',
      detail: `a bucket ${store} exists already`,
    });
    expect(sent(aws)).toEqual([]);
  });

  test('is in no list', async () => {
    const { provisioning, account, aws } = await mockedDesk();
    aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: store }, { Name: 'photos' }] });
    expect(await provisioning.listBuckets(account)).toEqual(['photos']);
  });
});

test.each([
  ['an impossible name', named('A_b'), 'cannot be a bucket name'],
  [
    'another region',
    { BucketInput: { Bucket: 'photos', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } },
    "is not the account's region",
  ],
  ['a tag of ours', { ...named('photos'), Tags: [{ Key: 'mallard:operation', Value: 'x' }] }, 'is reserved'],
  [
    'a policy that speaks to everyone',
    {
      ...named('photos'),
      BucketPolicy: {
        Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::photos/*' }],
      },
    },
    'does not take public policies',
  ],
])('a bucket with %s is refused without a call', async (_, input, detail) => {
  const { provisioning, account, aws } = await mockedDesk();
  expect(await provisioning.createBucket(account, input).then(() => undefined, toDomainError)).toMatchObject({
    kind: 'invalid',
    detail: expect.stringContaining(detail),
  });
  expect(sent(aws)).toEqual([]);
});

test.each([
  ['tags alone', { Tags: [{ Key: 'a', Value: 'b' }] }, ['PutBucketTagging']],
  ['a removal alone', { Remove: ['CORS'] }, []],
] as const)('an update of %s touches nothing else', async (_, input, expected) => {
  const { provisioning, account, aws } = await mockedDesk();
  aws.s3.on(GetBucketCorsCommand).rejects(awsError('NoSuchCORSConfiguration', 404));
  expect((await provisioning.updateBucket(account, 'photos', input)).outcome).toMatchObject({ state: 'succeeded' });
  expect(writes(aws)).toEqual(expected);
});

test('a bucket is tagged at birth with the operation that made it', async () => {
  const { provisioning, account, aws } = await mockedDesk();
  emptyIam(aws);
  aws.s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
  const { operationId, outcome } = await provisioning.createBucket(account, named('photos'));
  expect(outcome).toMatchObject({
    state: 'succeeded',
    value: { Bucket: '/photos', Group: { GroupName: 'photos-BktAdmGrp' } },
  });
  expect(aws.s3.commandCalls(CreateBucketCommand)[0]?.args[0].input.CreateBucketConfiguration?.Tags).toEqual([
    { Key: 'spinup:org', Value: 'acme' },
    { Key: 'mallard:operation', Value: operationId },
  ]);
});
