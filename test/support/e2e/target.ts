import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/start';
import { answerInMemory } from '../sandbox/in-memory';

/**
 * What the end-to-end tests run against, chosen by MALLARD_TARGET; MALLARD_TARGET_URL says where an emulator is. `plain` is
 * the sandbox as an S3-compatible store that lacks nothing but IAM and all other services; the last five are real ones.
 */
export type TargetName =
  'sandbox' | 'plain' | 'moto' | 'ministack' | 'rclone' | 'gofakes3' | 's3mock' | 'versitygw' | 's3proxy';

const STORES: readonly string[] = ['plain', 'rclone', 'gofakes3', 's3mock', 'versitygw', 's3proxy'];
const KNOWN: readonly string[] = ['sandbox', 'moto', 'ministack', ...STORES];

/** Chosen once for the whole run. */
export const targetName: TargetName = (() => {
  const chosen = process.env['MALLARD_TARGET'] ?? 'sandbox';
  if (!KNOWN.includes(chosen)) throw new Error(`MALLARD_TARGET is ${chosen}; known are ${KNOWN.join(', ')}`);
  return chosen as TargetName;
})();

/** In this process: failures on demand, and every call known. */
const isSandbox = targetName === 'sandbox' || targetName === 'plain';

/** Whether there are users, groups and policies beside buckets. */
export const hasIam = !STORES.includes(targetName);

/** An account of the target and the key that may do everything in it. */
export interface TargetAccount {
  readonly id: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const DEMO = '123456789012';
const OTHER = '210987654321';

export const accounts: Readonly<Record<'demo' | 'other', TargetAccount>> = {
  demo: {
    id: process.env['MALLARD_TARGET_ACCOUNT'] ?? DEMO,
    accessKeyId: 'AKIAE2EDEMO000000001',
    secretAccessKey: 'the-demo-root-key-of-the-tests',
  },
  other: {
    id: OTHER,
    // ministack takes a key of twelve digits for the id of the account it belongs to.
    accessKeyId: targetName === 'ministack' ? OTHER : 'AKIAE2EOTHER00000001',
    secretAccessKey: 'the-other-root-key-of-the-tests',
  },
};

export interface Target {
  readonly name: TargetName;
  readonly endpoint: string;
  /** For faults and call counts; undefined on an emulator. */
  readonly sandbox: Sandbox | undefined;
  readonly stop: () => Promise<void>;
}

/** The sandbox in this process, or the emulator that runs already. */
export async function openTarget(options: Partial<SandboxOptions> = {}): Promise<Target> {
  if (isSandbox) {
    const sandbox = await startSandbox({
      recordedCalls: 100_000,
      accounts: [
        { ...accounts.demo, name: 'demo' },
        { ...accounts.other, name: 'other' },
      ],
      ...(targetName === 'plain' && { plain: {} }),
      ...options,
    });
    const end = answerInMemory(sandbox);
    const stop = async (): Promise<void> => {
      end();
      await sandbox.stop();
    };
    return { name: targetName, endpoint: sandbox.endpoint, sandbox, stop };
  }
  const endpoint = process.env['MALLARD_TARGET_URL'];
  if (endpoint === undefined)
    throw new Error(`MALLARD_TARGET=${targetName} needs MALLARD_TARGET_URL (see scripts/emulators.mjs)`);
  return { name: targetName, endpoint, sandbox: undefined, stop: async () => undefined };
}

/** Tells calls of the tests from calls of the service, so that faults meet only the latter. */
export const AUDITOR_AGENT = 'mallard-auditor';

export const isAuditor = (userAgent: string | undefined): boolean => (userAgent ?? '').includes(AUDITOR_AGENT);

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The SDK's own clients, with one identity. */
export interface AwsClients {
  readonly s3: S3Client;
  readonly iam: IAMClient;
  readonly sts: STSClient;
  readonly destroy: () => void;
}

export function awsClients(
  endpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
  region = 'us-east-1',
): AwsClients {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    customUserAgent: AUDITOR_AGENT,
    // An emulator that several tests speak to at once answers 500 now and then.
    maxAttempts: isSandbox ? 1 : 5,
  };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const iam = new IAMClient(options);
  const sts = new STSClient(options);
  return {
    s3,
    iam,
    sts,
    destroy: () => {
      for (const client of [s3, iam, sts]) client.destroy();
    },
  };
}
