import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { AwsSession, Sessions } from '../../src/aws/types';
import { secret } from '../../src/base/secret';
import type { Sandbox } from '../../src/sandbox/start';
import { accountConfig } from '../support/config';
import { ACCOUNT, startTestSandbox, type TestSandbox } from '../support/sandbox/start';
import { answerInMemory } from '../support/sandbox/in-memory';
import { createTestClock, type TestClock } from '../support/clock';

export const BUCKET = 'operations-of-demo';

/** A bucket of the sandbox, and the way to it. */
export interface TestBucket {
  readonly sandbox: Sandbox;
  readonly session: () => Promise<AwsSession>;
  readonly clock: TestClock;
  readonly stop: () => Promise<void>;
}

/** Makes it. Calls go without a socket unless `overSockets`: answers have a date there alone. */
export async function startTestBucket({ overSockets = false } = {}): Promise<TestBucket> {
  const started: TestSandbox = await startTestSandbox();
  const end = overSockets ? (): void => undefined : answerInMemory(started.sandbox);
  const clock = createTestClock();
  const sessions: Sessions = createSessions({ clock, org: 'acme' });
  const account = accountConfig({
    id: ACCOUNT.id,
    endpoint: started.sandbox.endpoint,
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
      end();
      await started.stop();
    },
  };
}
