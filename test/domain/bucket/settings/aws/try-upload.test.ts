import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { toDomainError } from '../../../../../src/base/errors';
import { breakOffUploads } from '../../../../../src/domain/bucket/settings/aws/try-upload';
import { awsError, mockedAws } from '../../../../support/mocks/mocked-aws';
import { stepAlone } from '../../../../support/steps';

const Key = 'mallard-probe-op-1';

test.each([
  ['an empty list', {}],
  ['uploads of others', { Uploads: [{ Key: `${Key}-of-another`, UploadId: 'u' }] }],
])('breaking off finds nothing to do in %s', async (_, listed) => {
  const aws = await mockedAws({ iam: false });
  aws.s3.on(ListMultipartUploadsCommand).resolves(listed);
  await stepAlone(aws, breakOffUploads(aws.context, 'b')).run();
  expect(aws.s3.commandCalls(AbortMultipartUploadCommand)).toHaveLength(0);
});

test('a store that says NoSuchUpload where there is none has nothing to break off', async () => {
  const aws = await mockedAws({ iam: false });
  aws.s3.on(ListMultipartUploadsCommand).rejects(awsError('NoSuchUpload', 404));
  await stepAlone(aws, breakOffUploads(aws.context, 'b')).run();
  expect(aws.s3.commandCalls(AbortMultipartUploadCommand)).toHaveLength(0);
});

test('of several uploads one is broken off an attempt', async () => {
  const aws = await mockedAws({ iam: false });
  aws.s3.on(ListMultipartUploadsCommand).resolves({
    Uploads: [
      { Key, UploadId: '1' },
      { Key, UploadId: '2' },
    ],
  });
  const error = await stepAlone(aws, breakOffUploads(aws.context, 'b'))
    .run()
    .then(() => undefined, toDomainError);
  expect(error).toMatchObject({ kind: 'contended' });
  expect(aws.s3.commandCalls(AbortMultipartUploadCommand)).toHaveLength(1);
});
