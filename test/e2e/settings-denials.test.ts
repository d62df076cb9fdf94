import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { BLOCKED, settingsOf } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts, hasIam } from '../support/e2e/target';
import { type Reply, type Service, startWorld, type World } from '../support/e2e/world';

/** Policies that deny something, put by a service that they hold back: a role by its path, and a user of the account itself. */

const ROLE = `arn:aws:iam::${accounts.demo.id}:role/team/denials`;
const onSandbox = { more: { ...SANDBOX_ONLY.policies, plain: 'has no IAM: no users, groups, policies and websites' } };
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

let world: World;
let user: Service;
let userArn: string;
beforeAll(async () => {
  world = await startWorld({
    demo: { akid: accounts.other.accessKeyId, secret: accounts.other.secretAccessKey, role: ROLE },
  });
  if (world.target.sandbox === undefined || !hasIam) return;
  const { iam } = world.auditor;
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: accounts.other.id }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    ],
  };
  await iam.send(
    new CreateRoleCommand({ RoleName: 'denials', Path: '/team/', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName: 'denials', PolicyName: 'all', PolicyDocument: everything }));
  userArn = (await iam.send(new CreateUserCommand({ UserName: 'denials', Path: '/ops/' }))).User?.Arn ?? '';
  await iam.send(new PutUserPolicyCommand({ UserName: 'denials', PolicyName: 'all', PolicyDocument: everything }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'denials' }));
  // Without its id, so that the account is known from STS alone.
  user = await world.another({
    demo: { id: undefined, role: undefined, akid: AccessKey?.AccessKeyId, secret: AccessKey?.SecretAccessKey },
  });
});
afterAll(() => world.stop());

const denial = (bucket: string, more: object) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      ...more,
    },
  ],
});
const exempt = (...arns: readonly string[]) => ({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns } } });

async function made(): Promise<string> {
  const bucket = world.name('denial');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}
const put = (by: Service, bucket: string, policy: unknown): Promise<Reply> =>
  by.api('PUT', `/demo/buckets/${bucket}`, { BucketPolicy: policy });
const remove = (by: Service, bucket: string): Promise<Reply> =>
  by.api('PUT', `/demo/buckets/${bucket}`, { Remove: ['BucketPolicy'] });

skippable(
  'a denial that exempts the service by its own name is put, shown, sent back with the block and removed again',
  async () => {
    const both = exempt(ROLE, userArn);
    for (const by of [world, user]) {
      const bucket = await made();
      expect(await put(by, bucket, denial(bucket, both))).toMatchObject({ status: 200 });
      const shown = await by.api('GET', `/demo/buckets/${bucket}?include=policy,publicAccess`);
      expect(shown.body).toMatchObject({ BucketPolicy: denial(bucket, both), PublicAccessBlock: BLOCKED });
      const { BucketPolicy, PublicAccessBlock } = shown.body;
      expect(await by.api('PUT', `/demo/buckets/${bucket}`, { BucketPolicy, PublicAccessBlock })).toMatchObject({
        status: 200,
      });
      expect(await remove(by, bucket)).toMatchObject({ status: 200 });
      expect((await settingsOf(world.auditor, bucket)).policy).toBeNull();
    }
  },
  onSandbox,
);

skippable(
  'a denial of all but the calls that repair it is put and removed again',
  async () => {
    const bucket = await made();
    for (const by of [world, user]) {
      const policy = denial(bucket, {
        Action: undefined,
        NotAction: ['s3:GetBucketPolicy', 's3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
      });
      expect(await put(by, bucket, policy)).toMatchObject({ status: 200 });
      expect(await remove(by, bucket)).toMatchObject({ status: 200 });
    }
  },
  onSandbox,
);

skippable(
  'a denial that would hit the service is 400, with its own name to exempt, and nothing has changed',
  async () => {
    const bucket = await made();
    for (const [by, own, refused] of [
      [world, ROLE, denial(bucket, {})],
      [world, ROLE, denial(bucket, exempt(userArn))],
      [world, ROLE, denial(bucket, { Principal: { AWS: ROLE } })],
      [world, ROLE, denial(bucket, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      [user, userArn, denial(bucket, exempt(ROLE))],
      [user, userArn, denial(bucket, { Principal: { AWS: userArn } })],
      [user, userArn, denial(bucket, { Principal: undefined, NotPrincipal: { AWS: [userArn] }, Condition: undefined })],
      [user, userArn, denial(bucket, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    ] as const) {
      const { status, body } = await put(by, bucket, refused);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { pointer: '/BucketPolicy', detail: expect.stringContaining('to this service itself') },
      });
      if (by === world) expect(body['detail']).toContain(own);
      expect((await settingsOf(world.auditor, bucket)).policy).toBeNull();
    }
  },
  onSandbox,
);

skippable(
  'an account of which nothing but its keys is configured still knows itself from strangers',
  async () => {
    const bucket = await made();
    const reading = (AWS: string) => ({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS }, Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      ],
    });
    expect(await put(user, bucket, reading(accounts.other.id))).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('trustedAccounts') },
    });
    expect(await put(user, bucket, reading(accounts.demo.id))).toMatchObject({ status: 200 });
  },
  onSandbox,
);

skippable(
  'who the service is, is asked of AWS only where a denial leaves it open',
  async () => {
    const bucket = await made();
    const calls = world.target.sandbox?.calls;
    const asked = async (policy: unknown): Promise<number> => {
      calls?.clear();
      await put(world, bucket, policy);
      return (calls?.all() ?? []).filter(({ operation }) => operation === 'GetCallerIdentity').length;
    };
    expect(await asked(denial(bucket, exempt(ROLE)))).toBe(0);
    expect(await asked(denial(bucket, { Action: 's3:PutObject' }))).toBe(0);
    expect(await asked(denial(bucket, { Condition: { StringNotLike: { 'aws:userid': 'AROANOBODY:*' } } }))).toBe(1);
  },
  onSandbox,
);
