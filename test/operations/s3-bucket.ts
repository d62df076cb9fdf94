import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { AwsSession, Sessions } from '../../src/aws/types';
import { secret } from '../../src/base/secret';
import type { Sandbox } from '../../src/sandbox/start';
import { accountConfig } from '../support/config';
import { ACCOUNT, startTestSandbox, type TestSandbox } from '../support/sandbox/start';
import { createTestClock, type TestClock } from '../support/clock';

export const BUCKET = 'operations-of-demo';

/** A bucket of the sandbox, over sockets, and the way to it. */
export interface TestBucket {
  readonly sandbox: Sandbox;
  readonly session: () => Promise<AwsSession>;
  readonly clock: TestClock;
  readonly stop: () => Promise<void>;
}

/** Makes it; `endpoint` leads elsewhere than to the sandbox itself. */
export async function startTestBucket(endpointOf = (sandbox: Sandbox) => sandbox.endpoint): Promise<TestBucket> {
  const started: TestSandbox = await startTestSandbox();
  const clock = createTestClock();
  const sessions: Sessions = createSessions({ clock, org: 'acme' });
  const account = accountConfig({
    id: ACCOUNT.id,
    endpoint: endpointOf(started.sandbox),
    credentials: {
      kind: 'static',
      akid: ACCOUNT.accessKeyId,
      secret: secret(ACCOUNT.secretAccessKey),
      sessionToken: undefined,
    },
  });
  await started.s3().send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    sandbox: started.sandbox,
    clock,
    session: () => sessions.open(account),
    stop: async () => {
      sessions.destroy();
      await started.stop();
    },
  };
}
