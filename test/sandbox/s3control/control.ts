import type { S3Client } from '@aws-sdk/client-s3';
import { type S3ControlClient, s3ControlClient } from '../../../src/aws/s3-control';
import { ServiceException } from '@smithy/core/client';
import { createHttpHandler, type HttpHandler } from '../../../src/aws/wire/http-handler';
import type { Harness, Refusal } from '../s3/harness';

/**
 * S3 Control for whoever an S3 client acts for. The service's own client, whose requests are those of the SDK
 * (`test/aws/s3-control.test.ts`).
 */
export function controlOf(
  harness: Pick<Harness, 'sandbox'>,
  s3: S3Client,
  requestHandler: HttpHandler,
): S3ControlClient {
  return s3ControlClient({
    region: 'us-east-1',
    endpoint: harness.sandbox.endpoint,
    credentials: () => s3.config.credentials(),
    requestHandler,
    maxAttempts: 1,
    retryMode: 'standard',
    customUserAgent: 'test',
  });
}

/** Connections for all of a file's clients. */
export const connections = (): HttpHandler => createHttpHandler({ env: {} });

/** How a call was refused. Throws when it was not. */
export async function refused(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof ServiceException) return { code: thrown.name, status: thrown.$metadata.httpStatusCode };
    throw thrown;
  }
  throw new Error('the call was not refused');
}
