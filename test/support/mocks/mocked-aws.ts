import { ACMClient } from '@aws-sdk/client-acm';
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import { IAMClient } from '@aws-sdk/client-iam';
import { Route53Client } from '@aws-sdk/client-route-53';
import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { createSessions } from '../../../src/aws/session';
import type { AccountConfig } from '../../../src/config/types';
import type { Context } from '../../../src/domain/shared/context';
import { createDeletedBuckets } from '../../../src/domain/shared/deleted-buckets';
import { createMemory } from '../../../src/domain/dispatch/memory';
import { createTestClock, type TestClock } from '../clock';
import { accountConfig } from '../config';

/**
 * The service's own session on SDK clients whose `send` is mocked: errors are mapped, calls are retried and pages are
 * turned as ever, and answers can be what no sandbox gives. Calls that no test has told the answer of give nothing.
 * Clients stay mocked to the end of the test file; the account is 123456789012.
 */
export type MockedAws = Awaited<ReturnType<typeof mockedAws>>;

export async function mockedAws(account: Partial<AccountConfig> = {}) {
  const clock: TestClock = createTestClock();
  const s3 = mockClient(S3Client);
  const iam = mockClient(IAMClient);
  const cloudfront = mockClient(CloudFrontClient);
  const route53 = mockClient(Route53Client);
  const acm = mockClient(ACMClient);
  s3.onAnyCommand().resolves({});
  iam.onAnyCommand().resolves({});
  cloudfront.onAnyCommand().resolves({});
  route53.onAnyCommand().resolves({});
  acm.onAnyCommand().resolves({});
  const session = await createSessions({ clock, org: 'acme' }).open(accountConfig({ id: '123456789012', ...account }));
  const context: Context = {
    session,
    org: 'acme',
    clock,
    deletedBuckets: createDeletedBuckets(),
    memory: createMemory(clock),
    isOwnStore: () => false,
    nextCleaning: () => undefined,
    presign: () => Promise.reject(new Error('no URL is signed here')),
  };
  return { context, clock, s3, iam, cloudfront, route53, acm };
}

/** An error as the SDK throws it when AWS answers with that code. */
export const awsError = (name: string, httpStatusCode: number, message = name): S3ServiceException =>
  new S3ServiceException({
    name,
    message,
    $fault: httpStatusCode < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode },
  });
