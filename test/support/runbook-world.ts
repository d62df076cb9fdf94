import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createApp } from '../../src/app';
import { loadConfig } from '../../src/config/load';
import { createLogger } from '../../src/observability/log';
import { createMetrics } from '../../src/observability/metrics';
import { eagerClock } from './e2e/clock';
import { fencedBlocks } from './readme';
import { ACCOUNT, OTHER_ACCOUNT, startTestSandbox, type TestSandbox } from './sandbox/start';

/** A service that reaches a sandbox through the role of docs/permissions.md, with the policies documented there and no others. */

const policies = fencedBlocks(readFileSync(join(__dirname, '../../docs/permissions.md'), 'utf8')).filter(
  ({ language }) => language === 'json',
);
const policyWith = (part: string): string => policies.find(({ text }) => text.includes(part))?.text ?? '';

export const PERMISSIONS = policyWith('"Sid": "Look"');
export const WEBSITE_PERMISSIONS = policyWith('"Sid": "LookAtWebsites"');
export const MAY_ASSUME = policyWith('role/BucketProvisioner');
export const TRUST = policyWith('"Principal"');

const LOGS = 'access-logs-of-the-runbook';
const TOKEN = 'token-of-the-runbook-tests';

export interface RunbookWorld {
  readonly aws: TestSandbox;
  /** `path` is below the account's. */
  readonly api: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly status: number; readonly text: string }>;
  readonly stop: () => Promise<void>;
}

/** A user of the service's own account, the documented trust in it, and the role in the account that is served. */
async function prepare(
  aws: TestSandbox,
  permissions: readonly string[],
): Promise<{ readonly akid: string; readonly secret: string }> {
  const home = aws.iam(OTHER_ACCOUNT);
  const there = aws.iam();
  const { User } = await home.send(new CreateUserCommand({ UserName: 'mallard' }));
  await home.send(new PutUserPolicyCommand({ UserName: 'mallard', PolicyName: 'assume', PolicyDocument: MAY_ASSUME }));
  const { AccessKey } = await home.send(new CreateAccessKeyCommand({ UserName: 'mallard' }));
  const trust = TRUST.replace(/arn:aws:iam::\d+:role\/mallard/, User?.Arn ?? '');
  await there.send(new CreateRoleCommand({ RoleName: 'BucketProvisioner', AssumeRolePolicyDocument: trust }));
  for (const [index, PolicyDocument] of permissions.entries()) {
    await there.send(
      new PutRolePolicyCommand({
        RoleName: 'BucketProvisioner',
        PolicyName: `provision-${String(index)}`,
        PolicyDocument,
      }),
    );
  }
  await aws.s3().send(new CreateBucketCommand({ Bucket: LOGS }));
  return { akid: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
}

export async function startRunbookWorld(
  permissions: readonly string[],
  account: Readonly<Record<string, unknown>> = {},
  sandbox: Parameters<typeof startTestSandbox>[0] = {},
): Promise<RunbookWorld> {
  const aws = await startTestSandbox(sandbox);
  const keys = await prepare(aws, permissions);
  const config = loadConfig({
    text: JSON.stringify({
      listenAddress: '127.0.0.1:0',
      org: 'acme',
      token: TOKEN,
      accounts: {
        demo: {
          ...keys,
          id: ACCOUNT.id,
          trustedAccounts: [OTHER_ACCOUNT.id],
          region: 'us-east-1',
          role: 'BucketProvisioner',
          externalId: 'the-configured-externalId',
          endpoint: aws.sandbox.endpoint,
          accessLog: { bucket: LOGS, prefix: 's3' },
          ...account,
        },
      },
    }),
    env: {},
  });
  const version = { version: '0.0.0', githash: 'test', buildstamp: '2026-01-01T00:00:00Z' };
  const app = createApp({
    config,
    clock: eagerClock,
    log: createLogger({ level: 'silent' }),
    metrics: createMetrics(version),
    env: {},
    version,
  });
  const { address } = await app.start();
  return {
    aws,
    api: async (method, path, body) => {
      const response = await fetch(`http://${address}/v1/s3/demo${path}`, {
        method,
        headers: { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    },
    stop: async () => {
      await app.stop();
      await aws.stop();
    },
  };
}
