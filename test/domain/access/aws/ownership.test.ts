import { GetPolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { bucketMaker, isOursToUndo, madeBy } from '../../../../src/domain/access/aws/ownership';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { OPERATION } from '../../../support/steps';

const LOOKED_AT = Date.UTC(2030, 0, 1);
const maker = ({ context }: MockedAws, answered = false) =>
  bucketMaker(context, 'b', OPERATION, { lookedAt: LOOKED_AT, answered });
const tagged = (aws: MockedAws, operation?: string) =>
  aws.s3
    .on(GetBucketTaggingCommand)
    .resolves({ TagSet: operation === undefined ? [] : [{ Key: 'mallard:operation', Value: operation }] });
const createdAt = (aws: MockedAws, ms: number) =>
  aws.s3.on(ListBucketsCommand).resolves({ Buckets: [{ Name: 'b', CreationDate: new Date(ms) }] });
const stores = [
  ['on AWS', true, 1_000],
  ['on a store of another clock', false, 15 * 60_000],
] as const;

test.each([
  [OPERATION, 'this-operation'],
  ['op-0', 'somebody-else'],
])('a bucket with the tag of %s is of %s', async (operation, whose) => {
  const aws = await mockedAws();
  tagged(aws, operation);
  expect(await maker(aws)).toBe(whose);
});

test('a bucket with tags of other kinds is somebody else’s', async () => {
  const aws = await mockedAws();
  aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: [{ Key: 'mine', Value: 'yes' }] });
  expect(await maker(aws)).toBe('somebody-else');
});

test('a bucket that is not there is nobody’s', async () => {
  const aws = await mockedAws();
  aws.s3.on(GetBucketTaggingCommand).rejects(awsError('NoSuchBucket', 404));
  expect(await maker(aws)).toBe('absent');
});

test.each(stores)(
  'a bucket without tags is this operation’s when it is younger than the look: %s',
  async (_, iam, ms) => {
    const aws = await mockedAws({ iam });
    tagged(aws);
    createdAt(aws, LOOKED_AT - ms);
    expect(await maker(aws)).toBe('this-operation');
    createdAt(aws, LOOKED_AT - ms - 1);
    expect(await maker(aws)).toBe('somebody-else');
  },
);

test.each(stores)('a bucket without tags that is not in the account’s list is somebody else’s: %s', async (_, iam) => {
  const aws = await mockedAws({ iam });
  tagged(aws);
  expect(await maker(aws)).toBe('somebody-else');
});

test.each([
  [false, 'this-operation'],
  [true, 'somebody-else'],
] as const)(
  'a store’s own word for its making counts where there are no tags at birth (AWS: %s)',
  async (iam, whose) => {
    const aws = await mockedAws({ iam });
    tagged(aws);
    expect(await maker(aws, true)).toBe(whose);
  },
);

test('tags of a bucket that this process has deleted tell nothing of the next of its name', async () => {
  const aws = await mockedAws();
  aws.context.deletedBuckets.add('op-0');
  tagged(aws, 'op-0');
  createdAt(aws, LOOKED_AT);
  expect(await maker(aws)).toBe('this-operation');
});

describe('an undo that cannot read the tags', () => {
  const toUndo = ({ context }: MockedAws, answered = true) =>
    isOursToUndo(context, 'b', OPERATION, { lookedAt: LOOKED_AT, answered });
  const refused = (aws: MockedAws) => aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403));
  const denied = { error: { kind: 'denied', origin: { call: 'GetBucketTagging' } } };

  test('takes a bucket that AWS has acknowledged and that is younger than the look', async () => {
    const aws = await mockedAws();
    refused(aws);
    createdAt(aws, LOOKED_AT);
    expect(await toUndo(aws)).toBe(true);
  });

  test('says so of one that is older, or not in the account’s list', async () => {
    const aws = await mockedAws();
    refused(aws);
    await expect(toUndo(aws)).rejects.toMatchObject(denied);
    createdAt(aws, LOOKED_AT - 1_001);
    await expect(toUndo(aws)).rejects.toMatchObject(denied);
  });

  test('says so of one whose creation was never answered', async () => {
    const aws = await mockedAws();
    refused(aws);
    createdAt(aws, LOOKED_AT);
    await expect(toUndo(aws, false)).rejects.toMatchObject(denied);
  });

  test.each([
    [OPERATION, true],
    ['op-0', false],
  ])('goes by the tag of %s where it can', async (operation, isOurs) => {
    const aws = await mockedAws();
    tagged(aws, operation);
    createdAt(aws, LOOKED_AT);
    expect(await toUndo(aws)).toBe(isOurs);
  });
});

describe('an undo of a bucket that its age alone tells to be this operation’s', () => {
  const toUndo = ({ context }: MockedAws) =>
    isOursToUndo(context, 'b', OPERATION, { lookedAt: LOOKED_AT, answered: true });
  const worlds = [
    ['without tags', (aws: MockedAws) => tagged(aws)],
    [
      'whose tags cannot be read',
      (aws: MockedAws) => aws.s3.on(GetBucketTaggingCommand).rejects(awsError('AccessDenied', 403)),
    ],
  ] as const;

  describe.each(worlds)('%s', (_, arrange) => {
    test.each([
      ['of another operation', [{ Key: 'mallard:operation', Value: 'op-0' }], false],
      ['of this operation', [{ Key: 'mallard:operation', Value: OPERATION }], true],
      ['of nobody', [], true],
    ])('beside a policy %s', async (__, Tags, isOurs) => {
      const aws = await mockedAws();
      arrange(aws);
      createdAt(aws, LOOKED_AT);
      aws.iam.on(GetPolicyCommand).resolves({ Policy: { Tags } });
      expect(await toUndo(aws)).toBe(isOurs);
      expect(aws.iam.commandCalls(GetPolicyCommand)[0]?.args[0].input).toEqual({
        PolicyArn: 'arn:aws:iam::123456789012:policy/b-BktAdmPlc',
      });
    });
  });

  test('on a store without IAM there is no policy to ask for', async () => {
    const aws = await mockedAws({ iam: false });
    tagged(aws);
    expect(await toUndo(aws)).toBe(true);
    expect(aws.iam.calls()).toEqual([]);
  });
});

test('anything else is whose its tag says', () => {
  expect([madeBy([{ Key: 'mallard:operation', Value: OPERATION }], OPERATION), madeBy([], OPERATION)]).toEqual([
    'this-operation',
    'somebody-else',
  ]);
});
