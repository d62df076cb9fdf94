import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { type Sandbox, startSandbox } from '../../../src/sandbox/index';

/** A sandbox with two accounts, and the SDK's own clients on it. */

export const OWNER = { id: '111111111111', accessKeyId: 'AKIAOWNEROWNEROWNER1', secretAccessKey: 'owner-secret' };
export const STRANGER = { id: '222222222222', accessKeyId: 'AKIASTRANGERSTRANGE1', secretAccessKey: 'stranger-secret' };

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface Harness {
  readonly sandbox: Sandbox;
  /** The owner's root key in us-east-1. */
  readonly s3: S3Client;
  /** The other account's root key. */
  readonly stranger: S3Client;
  readonly client: (keys: Keys, region?: string) => S3Client;
  /** A fresh bucket of the owner's. */
  readonly bucket: () => Promise<string>;
  /** A client of a new user of the owner's account with one policy. */
  readonly userWith: (...statements: readonly object[]) => Promise<S3Client>;
  readonly stop: () => Promise<void>;
}

const SEND_ONCE = { maxAttempts: 1 };

export async function startHarness(): Promise<Harness> {
  const sandbox = await startSandbox({ accounts: [OWNER, STRANGER] });
  const clients: { destroy: () => void }[] = [];
  const keep = <C extends { destroy: () => void }>(client: C): C => {
    clients.push(client);
    return client;
  };
  const client = (credentials: Keys, region = 'us-east-1'): S3Client =>
    keep(new S3Client({ ...SEND_ONCE, endpoint: sandbox.endpoint, region, credentials, forcePathStyle: true }));
  const iam = keep(
    new IAMClient({ ...SEND_ONCE, endpoint: sandbox.endpoint, region: 'us-east-1', credentials: OWNER }),
  );
  const s3 = client(OWNER);
  let count = 0;
  const userWith = async (...statements: readonly object[]): Promise<S3Client> => {
    const name = `user-${(count += 1)}`;
    await iam.send(new CreateUserCommand({ UserName: name }));
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
    const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: document }));
    await iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: Policy?.Arn }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
    return client({ accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' });
  };
  return {
    sandbox,
    s3,
    stranger: client(STRANGER),
    client,
    bucket: async () => {
      const Bucket = `bucket-${(count += 1)}`;
      await s3.send(new CreateBucketCommand({ Bucket }));
      return Bucket;
    },
    userWith,
    stop: async () => {
      for (const each of clients) each.destroy();
      await sandbox.stop();
    },
  };
}

export interface Refusal {
  /** The wire code; answers without a body (HEAD) have none. */
  readonly code: string;
  readonly status: number | undefined;
}

/** How a call was refused. Throws when it was not. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof S3ServiceException) {
      return { code: thrown.name, status: thrown.$metadata.httpStatusCode };
    }
    throw thrown;
  }
  throw new Error('the call was not refused');
}

export const allow = (
  actions: string | readonly string[],
  resource: string | readonly string[],
  condition?: object,
): object => ({
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
});

export const publicRead = (bucket: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` }],
  });
