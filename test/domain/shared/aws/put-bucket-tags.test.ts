import { GetBucketTaggingCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { operationOf } from '../../../../src/aws/call';
import { putBucketTags } from '../../../../src/domain/shared/aws/put-bucket-tags';
import { awsError, mockedAws, type MockedAws } from '../../../support/mocks/mocked-aws';
import { errorOf } from '../../../support/mocks/mocked-reads';

/** What is sent by `s3control` goes through a client of S3, too, and is seen by its mock. */
const changes = ({ s3 }: MockedAws): readonly unknown[] =>
  s3
    .calls()
    .map(({ args: [command] }) => ({ operation: operationOf(command), ...command.input }))
    .filter(({ operation }) => operation !== 'GetBucketTagging');

const BEFORE = [
  { Key: 'stays', Value: '1' },
  { Key: 'changes', Value: '1' },
  { Key: 'goes', Value: '1' },
];
const OF_BUCKET = { AccountId: '123456789012', Bucket: 'photos', ResourceArn: 'arn:aws:s3:::photos' };

async function withAbac(before = BEFORE): Promise<MockedAws> {
  const aws = await mockedAws();
  aws.s3.on(PutBucketTaggingCommand).rejects(awsError('BadRequest', 400));
  aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: before });
  return aws;
}

const put = ({ context }: MockedAws, tags: Readonly<Record<string, string>>): Promise<void> =>
  putBucketTags(
    context,
    'photos',
    Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  );

test('replaces all tags by one call where S3 takes it', async () => {
  const aws = await mockedAws();
  await put(aws, { a: '1' });
  expect(changes(aws)).toMatchObject([{ operation: 'PutBucketTagging', ExpectedBucketOwner: '123456789012' }]);
});

test.each([
  ['what comes before what goes', { stays: '1', changes: '2' }, ['TagResource', 'UntagResource']],
  ['only what goes', { stays: '1', changes: '1' }, ['UntagResource']],
  ['only what comes', { stays: '1', changes: '1', goes: '1', comes: '1' }, ['TagResource']],
  ['nothing that is so already', { stays: '1', changes: '1', goes: '1' }, []],
  [
    'what goes before what comes when both are too many',
    Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`new-${String(n)}`, ''])),
    ['UntagResource', 'TagResource'],
  ],
])('changes %s where ABAC is on', async (_, tags, expected) => {
  const aws = await withAbac();
  await put(aws, tags);
  const [, ...sent] = changes(aws);
  expect(sent).toMatchObject(expected.map((operation) => ({ operation, ...OF_BUCKET })));
});

test('sends the tags that differ and the keys that go', async () => {
  const aws = await withAbac();
  await put(aws, { stays: '1', changes: '2' });
  expect(changes(aws)).toMatchObject([{}, { Tags: [{ Key: 'changes', Value: '2' }] }, { TagKeys: ['goes'] }]);
});

test.each([
  ['another refusal', {}, awsError('AccessDenied', 403), 'denied'],
  ['that of a store without IAM', { iam: false }, awsError('BadRequest', 400), 'unforeseen'],
])('%s stays what it is', async (_, account, error, kind) => {
  const aws = await mockedAws(account);
  aws.s3.on(PutBucketTaggingCommand).rejects(error);
  expect(await errorOf(put(aws, { a: '1' }))).toMatchObject({ kind });
  expect(changes(aws)).toHaveLength(1);
});

test.each([
  ['TagResource', 'none'],
  ['UntagResource', 'unknown'],
])('a refusal of %s has the effect: %s', async (refused, effect) => {
  const aws = await withAbac();
  aws.s3.onAnyCommand().callsFake((input: object) => {
    if ((refused === 'TagResource' ? 'Tags' : 'TagKeys') in input) throw awsError('AccessDenied', 403);
    return {};
  });
  aws.s3.on(PutBucketTaggingCommand).rejects(awsError('BadRequest', 400));
  aws.s3.on(GetBucketTaggingCommand).resolves({ TagSet: BEFORE });
  expect(await errorOf(put(aws, { comes: '1' }))).toMatchObject({ kind: 'denied', origin: { call: refused, effect } });
});
