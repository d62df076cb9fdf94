import {
  AttachRolePolicyCommand,
  CreateLoginProfileCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  PutGroupPolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { PutBucketAbacCommand } from '@aws-sdk/client-s3';
import { MAY_ASSUME, PERMISSIONS, type RunbookWorld, startRunbookWorld, TRUST } from './support/runbook-world';
import { ACCOUNT, OTHER_ACCOUNT } from './support/sandbox/start';

/** The policies of docs/permissions.md are given to a role of the sandbox, and the service has nothing else to work with. */

const BUCKET = 'runbook';
const ROLES = ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'];

let world: RunbookWorld;
beforeAll(async () => {
  world = await startRunbookWorld([PERMISSIONS]);
});
afterAll(() => world.stop());

const api = (method: string, path: string, body?: unknown) => world.api(method, `/buckets${path}`, body);

describe('with the permissions of docs/permissions.md and no others', () => {
  test('a bucket with object lock, tags and a lifecycle is created', async () => {
    const input = {
      BucketInput: { Bucket: BUCKET, ObjectLockEnabledForBucket: true },
      Tags: [{ Key: 'a', Value: 'b' }],
      Lifecycle: 'expire-30',
    };
    expect(await api('POST', '', input)).toMatchObject({ status: 202 });
  });

  test.each(['first', 'second'])('a %s user in every role is created', async (name) => {
    expect(
      await api('POST', `/${BUCKET}/users`, { User: { UserName: `${BUCKET}-${name}` }, Groups: ROLES }),
    ).toMatchObject({ status: 200 });
  });

  test.each([
    ['GET', ''],
    ['GET', `/${BUCKET}`],
    ['HEAD', `/${BUCKET}`],
    ['GET', `/${BUCKET}/duck?user=${BUCKET}-first`],
    ['GET', `/${BUCKET}/users`],
    ['GET', `/${BUCKET}/users/${BUCKET}-first`],
    ['PUT', `/${BUCKET}/users/${BUCKET}-first`],
  ])('%s %s answers 200', async (method, path) => {
    expect(await api(method, path)).toMatchObject({ status: 200 });
  });

  test('keys are added, shown, turned off and on and deleted, a user is turned off and changes its groups', async () => {
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

  test('tags of a bucket are replaced', async () => {
    expect(await api('PUT', `/${BUCKET}`, { Tags: [{ Key: 'c', Value: 'd' }] })).toMatchObject({ status: 200 });
  });

  test('tags of a bucket whose tags decide access are replaced', async () => {
    const s3 = world.aws.s3();
    await s3.send(new PutBucketAbacCommand({ Bucket: BUCKET, AbacStatus: { Status: 'Enabled' } }));
    expect(await api('PUT', `/${BUCKET}`, { Tags: [{ Key: 'e', Value: 'f' }] })).toMatchObject({ status: 200 });
    await s3.send(new PutBucketAbacCommand({ Bucket: BUCKET, AbacStatus: { Status: 'Disabled' } }));
  });

  test('every setting is set, shown, undone when another fails, and removed', async () => {
    const Statement = [
      {
        Effect: 'Allow',
        Principal: { AWS: OTHER_ACCOUNT.id },
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${BUCKET}/*`,
      },
    ];
    const settings = {
      CORS: { CORSRules: [{ AllowedOrigins: ['https://a.example'], AllowedMethods: ['GET'] }] },
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'glacier',
      PublicAccessBlock: {
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      },
      BucketPolicy: { Version: '2012-10-17', Statement },
    };
    const rule = world.aws.sandbox.faults.add({ kind: 'refuse', operation: 'PutBucketPolicy', count: 1 });
    expect(await api('PUT', `/${BUCKET}`, settings)).toMatchObject({ status: 403 });
    rule.remove();
    expect(await api('PUT', `/${BUCKET}`, settings)).toMatchObject({ status: 200 });
    expect(
      await api('GET', `/${BUCKET}?include=cors,versioning,lifecycle,policy,publicAccess,encryption`),
    ).toMatchObject({ status: 200 });
    expect(await api('PUT', `/${BUCKET}`, { Remove: ['CORS', 'Lifecycle', 'BucketPolicy'] })).toMatchObject({
      status: 200,
    });
  });

  test('a user with a password, a device and a policy of its own is deleted', async () => {
    const iam = world.aws.iam();
    const UserName = `${BUCKET}-first`;
    await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'Correct-horse-7-battery' }));
    const { VirtualMFADevice } = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }));
    const SerialNumber = VirtualMFADevice?.SerialNumber ?? '';
    await iam.send(
      new EnableMFADeviceCommand({
        UserName,
        SerialNumber,
        AuthenticationCode1: '123456',
        AuthenticationCode2: '654321',
      }),
    );
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument: MAY_ASSUME }));

    expect(await api('DELETE', `/${BUCKET}/users/${UserName}`)).toMatchObject({ status: 200 });
  });

  test('a bucket whose policies others have attached and extended is deleted', async () => {
    const iam = world.aws.iam();
    const ofBucket = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: `arn:aws:s3:::${BUCKET}/*` }],
    });
    const PolicyArn = `arn:aws:iam::${ACCOUNT.id}:policy/${BUCKET}-BktAdmPlc`;
    await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: ofBucket, SetAsDefault: true }));
    await iam.send(
      new PutGroupPolicyCommand({ GroupName: `${BUCKET}-BktAdmGrp`, PolicyName: 'own', PolicyDocument: ofBucket }),
    );
    await iam.send(
      new PutUserPolicyCommand({ UserName: `${BUCKET}-second`, PolicyName: 'own', PolicyDocument: ofBucket }),
    );
    await iam.send(new CreateRoleCommand({ RoleName: 'reporting', AssumeRolePolicyDocument: TRUST }));
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'reporting', PolicyArn }));

    expect(await api('DELETE', `/${BUCKET}`)).toMatchObject({ status: 200, text: '{}' });
    expect(await api('HEAD', `/${BUCKET}`)).toMatchObject({ status: 404 });
  });

  test('a creation whose encryption fails is rolled back', async () => {
    const rule = world.aws.sandbox.faults.add({ kind: 'refuse', operation: 'PutBucketEncryption' });
    const { status, text } = await api('POST', '', { BucketInput: { Bucket: `${BUCKET}-failing` } });
    rule.remove();
    expect(status).toBe(403);
    expect(JSON.parse(text)).toMatchObject({ state: 'rolled-back', failedStep: expect.stringContaining('Encrypt') });
  });
});
