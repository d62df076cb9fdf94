import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateLoginProfileCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createApp } from '../src/app';
import type { App } from '../src/app';
import { loadConfig } from '../src/config/load';
import { createLogger } from '../src/observability/log';
import { createMetrics } from '../src/observability/metrics';
import { eagerClock } from './support/e2e-clock';
import { fencedBlocks } from './support/readme';
import { ACCOUNT, OTHER_ACCOUNT, startTestSandbox } from './support/sandbox';
import type { TestSandbox } from './support/sandbox';

/** The policies of docs/operations.md are given to a role of the sandbox, and the service has nothing else to work with. */

const policies = fencedBlocks(readFileSync(join(__dirname, '../docs/operations.md'), 'utf8')).filter(({ language }) => language === 'json');
const policyWith = (part: string): string => policies.find(({ text }) => text.includes(part))?.text ?? '';

const PERMISSIONS = policyWith('"Sid": "Look"');
const MAY_ASSUME = policyWith('role/BucketProvisioner');
const TRUST = policyWith('"Principal"');

const LOGS = 'access-logs-of-the-runbook';
const BUCKET = 'runbook';
const ROLES = ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'];
const TOKEN = 'token-of-the-runbook-tests';

let aws: TestSandbox;
let app: App | undefined;
let url: string;

/** A user of the service's own account, the documented trust in it, and the role in the account that is served. */
async function prepare(): Promise<{ readonly akid: string; readonly secret: string }> {
  const home = aws.iam(OTHER_ACCOUNT);
  const there = aws.iam();
  const { User } = await home.send(new CreateUserCommand({ UserName: 'mallard' }));
  await home.send(new PutUserPolicyCommand({ UserName: 'mallard', PolicyName: 'assume', PolicyDocument: MAY_ASSUME }));
  const { AccessKey } = await home.send(new CreateAccessKeyCommand({ UserName: 'mallard' }));
  const trust = TRUST.replace(/arn:aws:iam::\d+:role\/mallard/, User?.Arn ?? '');
  await there.send(new CreateRoleCommand({ RoleName: 'BucketProvisioner', AssumeRolePolicyDocument: trust }));
  await there.send(new PutRolePolicyCommand({ RoleName: 'BucketProvisioner', PolicyName: 'provision', PolicyDocument: PERMISSIONS }));
  await aws.s3().send(new CreateBucketCommand({ Bucket: LOGS }));
  return { akid: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
}

const api = async (method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }> => {
  const response = await fetch(`${url}/v1/s3/demo/buckets${path}`, {
    method,
    headers: { 'X-Auth-Token': TOKEN, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
};

beforeAll(async () => {
  aws = await startTestSandbox();
  const keys = await prepare();
  const config = loadConfig({
    text: JSON.stringify({
      listenAddress: '127.0.0.1:0',
      org: 'acme',
      token: TOKEN,
      accounts: {
        demo: {
          ...keys,
          id: ACCOUNT.id,
          region: 'us-east-1',
          role: 'BucketProvisioner',
          externalId: 'the-configured-externalId',
          endpoint: aws.sandbox.endpoint,
          accessLog: { bucket: LOGS, prefix: 's3' },
        },
      },
    }),
    env: {},
  });
  const version = { version: '0.0.0', githash: 'test', buildstamp: '2026-01-01T00:00:00Z' };
  app = createApp({ config, clock: eagerClock, log: createLogger({ level: 'silent' }), metrics: createMetrics(version), env: {}, version });
  const { address } = await app.start();
  url = `http://${address}`;
});

afterAll(async () => {
  await app?.stop();
  await aws.stop();
});

describe('with the permissions of the runbook and no others', () => {
  test('a bucket with everything is made', async () => {
    const input = { BucketInput: { Bucket: BUCKET, ObjectLockEnabledForBucket: true }, Tags: [{ Key: 'a', Value: 'b' }], Lifecycle: 'expire-30' };
    expect(await api('POST', '', input)).toMatchObject({ status: 202 });
  });

  test.each(['first', 'second'])('a %s user in every role', async (name) => {
    expect(await api('POST', `/${BUCKET}/users`, { User: { UserName: `${BUCKET}-${name}` }, Groups: ROLES })).toMatchObject({ status: 200 });
  });

  test.each([
    ['GET', ''],
    ['GET', `/${BUCKET}`],
    ['HEAD', `/${BUCKET}`],
    ['GET', `/${BUCKET}/duck?user=${BUCKET}-first`],
    ['GET', `/${BUCKET}/users`],
    ['GET', `/${BUCKET}/users/${BUCKET}-first`],
    ['PUT', `/${BUCKET}/users/${BUCKET}-first`],
  ])('%s %s', async (method, path) => {
    expect(await api(method, path)).toMatchObject({ status: 200 });
  });

  test('keys are added, shown, turned off and on, deleted; a user is turned off and moved', async () => {
    const user = `/${BUCKET}/users/${BUCKET}-second`;
    const added = await api('POST', `${user}/keys`);
    const { AccessKey } = JSON.parse(added.text) as { readonly AccessKey: { readonly AccessKeyId: string } };
    const key = `${user}/keys/${AccessKey.AccessKeyId}`;
    for (const [method, path, body] of [
      ['GET', `${user}/keys`, undefined],
      ['PATCH', key, { Status: 'Inactive' }],
      ['PATCH', user, { Status: 'Inactive', Groups: ['BktROGrp'] }],
      ['PATCH', user, { Status: 'Active', Groups: ROLES }],
      ['DELETE', key, undefined],
      ['DELETE', `${user}/keys`, undefined],
      // The report is the account's, beside its buckets.
      ['GET', '/../keys', undefined],
    ] as const) {
      expect({ method, path, ...(await api(method, path, body)) }).toMatchObject({ method, path, status: 200 });
    }
  });

  test('tags are replaced', async () => {
    expect(await api('PUT', `/${BUCKET}`, { Tags: [{ Key: 'c', Value: 'd' }] })).toMatchObject({ status: 200 });
  });

  test('every setting is set, shown, taken back when another fails, and removed', async () => {
    const Statement = [{ Effect: 'Allow', Principal: { AWS: OTHER_ACCOUNT.id }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` }];
    const settings = {
      CORS: { CORSRules: [{ AllowedOrigins: ['https://a.example'], AllowedMethods: ['GET'] }] },
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'glacier',
      PublicAccessBlock: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
      BucketPolicy: { Version: '2012-10-17', Statement },
    };
    const rule = aws.sandbox.faults.add({ kind: 'refuse', operation: 'PutBucketPolicy', count: 1 });
    expect(await api('PUT', `/${BUCKET}`, settings)).toMatchObject({ status: 403 });
    rule.remove();
    expect(await api('PUT', `/${BUCKET}`, settings)).toMatchObject({ status: 200 });
    expect(await api('GET', `/${BUCKET}?include=cors,versioning,lifecycle,policy,publicAccess,encryption`)).toMatchObject({ status: 200 });
    expect(await api('PUT', `/${BUCKET}`, { CORS: null, Lifecycle: null, BucketPolicy: null })).toMatchObject({ status: 200 });
  });

  test('a user with a password, a device and a policy of its own is deleted', async () => {
    const iam = aws.iam();
    const UserName = `${BUCKET}-first`;
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-horse-7-battery' }));
    const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
    const SerialNumber = VirtualMFADevice?.SerialNumber ?? '';
    await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1: '123456', AuthenticationCode2: '654321' }));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: MAY_ASSUME }));

    expect(await api('DELETE', `/${BUCKET}/users/${UserName}`)).toMatchObject({ status: 200 });
  });

  test('a bucket whose policies others have used is deleted', async () => {
    const iam = aws.iam();
    const PolicyArn = `arn:aws:iam::${ACCOUNT.id}:policy/${BUCKET}-BktAdmPlc`;
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: MAY_ASSUME, SetAsDefault: true }));
    await iam.send(new PutGroupPolicyCommand({ GroupName: `${BUCKET}-BktAdmGrp`, PolicyName: 'own', PolicyDocument: MAY_ASSUME }));
    await iam.send(new CreateRoleCommand({ RoleName: 'reporting', AssumeRolePolicyDocument: TRUST }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reporting', PolicyArn }));

    expect(await api('DELETE', `/${BUCKET}`)).toMatchObject({ status: 200, text: '{}' });
    expect(await api('HEAD', `/${BUCKET}`)).toMatchObject({ status: 404 });
  });

  test('a creation that fails is taken back', async () => {
    const rule = aws.sandbox.faults.add({ kind: 'refuse', operation: 'PutBucketEncryption' });
    const { status, text } = await api('POST', '', { BucketInput: { Bucket: `${BUCKET}-failing` } });
    rule.remove();
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ state: 'rolled-back', failedStep: expect.stringContaining('Encrypt') });
  });
});
