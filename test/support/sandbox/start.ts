import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/index';

/** An account of a test's sandbox. */
export const ACCOUNT = {
  id: '123456789012',
  name: 'demo',
  accessKeyId: 'AKIAROOTAAAAAAAAAAAA',
  secretAccessKey: 'root-secret-of-demo',
} as const;
export const OTHER_ACCOUNT = {
  id: '210987654321',
  name: 'other',
  accessKeyId: 'AKIAROOTBBBBBBBBBBBB',
  secretAccessKey: 'root-secret-of-other',
} as const;

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface TestSandbox {
  readonly sandbox: Sandbox;
  /** Clients on the sandbox; the demo account's root key unless told. One attempt each. */
  readonly iam: (keys?: Keys) => IAMClient;
  readonly sts: (keys?: Keys) => STSClient;
  readonly s3: (keys?: Keys) => S3Client;
  readonly stop: () => Promise<void>;
}

/** A sandbox of two accounts on a free port, and clients that end with it. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const sandbox = await startSandbox({ accounts: [ACCOUNT, OTHER_ACCOUNT], recordedCalls: 100_000, ...options });
  const clients: { destroy: () => void }[] = [];
  const settings = (
    credentials: Keys,
  ): { endpoint: string; region: string; maxAttempts: number; credentials: Keys } => ({
    endpoint: sandbox.endpoint,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials,
  });
  const keep = <T extends { destroy: () => void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  return {
    sandbox,
    iam: (keys = ACCOUNT) => keep(new IAMClient(settings(keys))),
    sts: (keys = ACCOUNT) => keep(new STSClient(settings(keys))),
    s3: (keys = ACCOUNT) => keep(new S3Client({ ...settings(keys), forcePathStyle: true })),
    stop: async () => {
      for (const client of clients) client.destroy();
      await sandbox.stop();
    },
  };
}

export interface Refusal {
  /** AWS's wire code. */
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** How AWS refused a call. Fails when the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const thrown: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Error)) throw new Error('the call was expected to be refused, and succeeded');
  const facts = thrown as { Code?: string; $metadata?: { httpStatusCode?: number } };
  return { code: facts.Code ?? thrown.name, status: facts.$metadata?.httpStatusCode ?? 0, message: thrown.message };
}
