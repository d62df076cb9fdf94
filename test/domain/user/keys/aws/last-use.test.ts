import { GetAccessKeyLastUsedCommand, ListAccessKeysCommand, ListGroupsForUserCommand } from '@aws-sdk/client-iam';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import { asBucket } from '../../../../../src/domain/shared/subject';
import { lastUse, listKeys } from '../../../../../src/domain/user/keys/aws/last-use';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { errorOf, group } from '../../../../support/mocks/mocked-reads';

const LastUsedDate = new Date(5);

test.each([
  [
    'what AWS knows',
    { LastUsedDate, ServiceName: 's3', Region: 'eu-west-1' },
    { LastUsedDate, ServiceName: 's3', Region: 'eu-west-1' },
  ],
  [
    'not what it calls N/A',
    { LastUsedDate, ServiceName: 'N/A', Region: 'N/A' },
    { LastUsedDate, ServiceName: undefined, Region: undefined },
  ],
  ['nothing of a key that was never used', { ServiceName: 'N/A', Region: 'N/A' }, undefined],
  ['nothing where nothing is told', undefined, undefined],
])('the last use of a key: %s', async (_title, told, use) => {
  const { context, iam } = await mockedAws();
  iam
    .on(GetAccessKeyLastUsedCommand, { AccessKeyId: 'AKIA1' })
    .resolves({ AccessKeyLastUsed: told as { ServiceName: string; Region: string } | undefined });
  expect(await lastUse(context, 'AKIA1')).toEqual(use);
});

test.each([
  ['NoSuchEntity', 404, undefined],
  ['AccessDenied', 403, 'denied'],
])('a key of which IAM says %s', async (code, status, kind) => {
  const { context, iam } = await mockedAws();
  iam.on(GetAccessKeyLastUsedCommand).rejects(awsError(code, status));
  expect((await errorOf(lastUse(context, 'AKIA1')))?.kind).toBe(kind);
});

describe('the keys of a user', () => {
  async function withBob() {
    const aws = await mockedAws();
    aws.iam.on(ListAccessKeysCommand, { UserName: 'bob' }).resolves({
      AccessKeyMetadata: [{ AccessKeyId: 'AKIA2', CreateDate: new Date(2) }, { CreateDate: new Date(1) }],
    });
    aws.iam.on(ListGroupsForUserCommand, { UserName: 'bob' }).resolves({ Groups: [group('photos-BktROGrp')] });
    aws.iam
      .on(GetAccessKeyLastUsedCommand, { AccessKeyId: 'AKIA2' })
      .resolves({ UserName: 'bob', AccessKeyLastUsed: { LastUsedDate, ServiceName: 's3', Region: 'us-east-1' } });
    return aws;
  }

  test('come with their last use, the oldest first, even one without an id', async () => {
    const { context } = await withBob();
    expect(await listKeys(context, asBucket('photos'), 'bob')).toMatchObject([
      { AccessKeyId: '', UserName: 'bob', LastUsed: undefined },
      { AccessKeyId: 'AKIA2', LastUsed: { LastUsedDate, ServiceName: 's3' } },
    ]);
  });

  test('are not told of another’s user, nor of a bucket that is not there', async () => {
    const { context, iam, s3 } = await withBob();
    expect(await errorOf(listKeys(context, asBucket('videos'), 'bob'))).toEqual({
      kind: 'not-found',
      detail: 'there is no user bob of bucket videos',
    });
    s3.on(HeadBucketCommand).rejects(awsError('NotFound', 404));
    expect(await errorOf(listKeys(context, asBucket('photos'), 'bob'))).toMatchObject({
      kind: 'not-found',
      detail: expect.stringContaining('there is no bucket'),
    });
    expect(iam.commandCalls(GetAccessKeyLastUsedCommand)).toHaveLength(0);
  });
});
