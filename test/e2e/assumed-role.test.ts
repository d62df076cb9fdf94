import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, DeleteBucketCommand, PutBucketTaggingCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { bucketPolicies } from '../../src/domain/shared/session-policies';
import { give } from '../support/e2e/belongings';
import { addVersions, makeOldest, makeUser, readerPolicy } from '../support/e2e/legacy';
import { BLOCKED, UPLOADS, readPolicy } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts, awsClients, type AwsClients } from '../support/e2e/target';
import { LOG_BUCKET, ORG, startWorld, type World } from '../support/e2e/world';
import { HOME } from '../support/config';

/**
 * An account that is reached through a role: the service's own key is of the account `other`, the buckets are made in
 * `demo`. The role may do everything; what a session of it may do is for its session policy to say.
 */

const ROLE = 'e2e-provisioner';
const EXTERNAL_ID = 'e2e-external-id';
const onSandbox = { more: SANDBOX_ONLY.policies };

/** The account `demo` of the configuration, reached with the key of `other` through `role`. */
const throughRole = (role: string, externalId: string) => ({
  demo: { akid: accounts.other.accessKeyId, secret: accounts.other.secretAccessKey, role, externalId },
});

let world: World;
beforeAll(async () => {
  world = await startWorld(throughRole(ROLE, EXTERNAL_ID));
  if (world.target.sandbox !== undefined) await makeRole(world.auditor);
});
afterAll(() => world.stop());

async function makeRole({ iam }: AwsClients): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accounts.other.id}:root` },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
      },
    ],
  };
  const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'e2e-everything', PolicyDocument: JSON.stringify(all) }),
  );
  await iam.send(new AttachRolePolicyCommand({ RoleName: ROLE, PolicyArn: Policy?.Arn }));
}

skippable(
  'a bucket of the predecessor goes with its user and the policy named like both',
  async () => {
    const bucket = world.name('assumed-oldest');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await addVersions(world.auditor, await makeOldest(world, bucket), 2, readerPolicy(bucket));
    const { status, text } = await world.api('DELETE', `/demo/buckets/${bucket}`);
    expect({ status, text }).toEqual({ status: 200, text: '{}' });
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  },
  onSandbox,
);

skippable(
  'the whole story works under the session policies',
  async () => {
    const bucket = world.name('assumed');
    const path = `/demo/buckets/${bucket}`;
    const user = `${bucket}-user`;
    const created = await world.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: bucket, ObjectLockEnabledForBucket: true },
      Tags: [{ Key: 'a', Value: 'b' }],
      Lifecycle: 'expire-30',
    });
    expect({ status: created.status, text: created.text }).toMatchObject({ status: 202 });
    expect((await world.snapshot(bucket)).buckets[bucket]).toMatchObject({
      encryption: 'AES256',
      logging: `${LOG_BUCKET}/s3/${bucket}/`,
      tags: { a: 'b' },
    });
    expect((await world.api('HEAD', path)).status).toBe(200);
    expect((await world.api('PUT', path, { Tags: [{ Key: 'a', Value: 'c' }] })).status).toBe(200);
    const settings = {
      CORS: UPLOADS,
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'glacier',
      PublicAccessBlock: BLOCKED,
      BucketPolicy: readPolicy(bucket),
    };
    expect((await world.api('PUT', path, settings)).status).toBe(200);
    expect(
      await world.api('GET', `${path}?include=cors,versioning,lifecycle,policy,publicAccess,encryption`),
    ).toMatchObject({ status: 200, body: { CORS: UPLOADS } });
    expect((await world.api('PUT', path, { Remove: ['CORS', 'Lifecycle', 'BucketPolicy'] })).status).toBe(200);
    expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).toContain(bucket);
    for (const Groups of [['BktAdmGrp'], ['BktRWGrp', 'BktROGrp']]) {
      const reply = await world.api('POST', `${path}/users`, {
        User: { UserName: `${user}-${Groups.length}` },
        Groups,
      });
      expect({ status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({ status: 200, text: '' });
    }
    expect((await world.api('PUT', `${path}/users/${user}-1`)).status).toBe(200);
    expect((await world.api('GET', `${path}/users/${user}-1`)).status).toBe(200);
    const added = await world.api<{ readonly AccessKey: { readonly AccessKeyId: string } }>(
      'POST',
      `${path}/users/${user}-1/keys`,
    );
    const onKey = `${path}/users/${user}-1/keys/${added.body.AccessKey.AccessKeyId}`;
    for (const [method, at, body] of [
      ['GET', `${path}/users/${user}-1/keys`, undefined],
      ['GET', '/demo/keys', undefined],
      ['PATCH', onKey, { Status: 'Inactive' }],
      ['DELETE', onKey, undefined],
      ['PATCH', `${path}/users/${user}-1`, { Status: 'Inactive', Groups: ['BktROGrp'] }],
      ['PATCH', `${path}/users/${user}-1`, { Status: 'Active' }],
      ['DELETE', `${path}/users/${user}-1/keys`, undefined],
    ] as const) {
      const reply = await world.api(method, at, body);
      expect({ method, at, status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({
        method,
        at,
        status: 200,
        text: '',
      });
    }
    expect((await world.api('DELETE', `${path}/users/${user}-1`)).status).toBe(200);
    const removed = await world.api('DELETE', path);
    expect({ status: removed.status, text: removed.text }).toEqual({ status: 200, text: '{}' });
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  },
  onSandbox,
);

skippable(
  'a dry run needs no more than a session that reads',
  async () => {
    const bucket = world.name('assumed');
    const path = `/demo/buckets/${bucket}`;
    const made = { BucketInput: { Bucket: bucket } };
    expect((await world.api('POST', '/demo/buckets?dryRun=true', made)).status).toBe(200);
    expect((await world.api('POST', '/demo/buckets', made)).status).toBe(202);
    for (const [method, at, body] of [
      ['POST', `${path}/users`, { User: { UserName: `${bucket}-user` }, Groups: ['BktRWGrp'] }],
      ['PUT', path, { Tags: [], CORS: UPLOADS, PublicAccessBlock: BLOCKED, BucketPolicy: readPolicy(bucket) }],
      ['DELETE', path, undefined],
    ] as const) {
      const reply = await world.api(method, `${at}?dryRun=true`, body);
      expect({ method, at, status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({
        method,
        at,
        status: 200,
        text: '',
      });
    }
  },
  onSandbox,
);

skippable(
  'a rollback works under them, too',
  async () => {
    const bucket = world.name('assumed');
    world.faults.add({ kind: 'refuse', operation: 'PutBucketEncryption' });
    const reply = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    world.faults.clear();
    expect(reply).toMatchObject({ status: 403, body: { state: 'rolled-back' } });
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  },
  onSandbox,
);

for (const kind of ['throttle', 'error', 'reset', 'lost-reply'] as const) {
  skippable(
    `${kind} of the calls that open sessions heals like that of any other call`,
    async () => {
      const bucket = world.name('healing');
      // A service that has no session yet, and must ask for the account's id.
      const fresh = await world.another({
        demo: { role: `arn:aws:iam::${accounts.demo.id}:role/${ROLE}`, id: undefined },
      });
      const heals = () => world.faults.add({ kind, service: 'sts', count: 2 });
      for (const [method, path, status, body] of [
        ['GET', '/demo/buckets', 200],
        ['POST', '/demo/buckets', 202, { BucketInput: { Bucket: bucket } }],
        ['POST', `/demo/buckets/${bucket}/objects`, 200, { filename: 'a.txt' }],
        ['DELETE', `/demo/buckets/${bucket}`, 200],
      ] as const) {
        const rule = heals();
        const reply = await fresh.api(method, path, body);
        rule.remove();
        expect({ method, path, status: reply.status, text: reply.text }).toMatchObject({ method, path, status });
      }
      const rule = world.faults.add({ kind, service: 'sts' });
      const other = await world.another();
      expect([429, 503]).toContain((await other.api('GET', '/demo/buckets')).status);
      rule.remove();
    },
    onSandbox,
  );
}

skippable(
  'the session for one bucket cannot touch another, although the role may',
  async () => {
    const [mine, theirs] = [world.name('mine'), world.name('theirs')];
    for (const Bucket of [mine, theirs]) await world.auditor.s3.send(new CreateBucketCommand({ Bucket }));
    const session = await sessionOf(mine);
    try {
      const tag = (Bucket: string) =>
        session.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } }));
      await tag(mine);
      await expect(tag(theirs)).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(session.s3.send(new DeleteBucketCommand({ Bucket: theirs }))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
      const policy = (PolicyName: string) =>
        session.iam.send(
          new CreatePolicyCommand({
            PolicyName,
            PolicyDocument: JSON.stringify({
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }],
            }),
          }),
        );
      await policy(`${mine}-BktROPlc`);
      await expect(policy(`${theirs}-BktROPlc`)).rejects.toMatchObject({ name: 'AccessDenied' });
      await expect(
        session.iam.send(new CreateRoleCommand({ RoleName: world.name('r'), AssumeRolePolicyDocument: '{}' })),
      ).rejects.toMatchObject({ name: 'AccessDenied' });
    } finally {
      session.destroy();
    }
  },
  onSandbox,
);

skippable(
  'under a role, too, a person’s user only leaves, and IAM itself would refuse more; users of ours and of the predecessor’s go',
  async () => {
    const bucket = world.name('assumed');
    const [person, ours, former] = [`${bucket}-person`, `${bucket}-ours`, `${bucket}-former`];
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
    expect((await world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: ours } })).status).toBe(200);
    await give(world.auditor, ours, 'login profile');
    await makeUser(world.auditor, former, [`${bucket}-BktAdm`]);
    await world.auditor.iam.send(new CreateUserCommand({ UserName: person, Path: '/people/' }));
    await give(world.auditor, person, 'login profile');
    await world.auditor.iam.send(new AddUserToGroupCommand({ UserName: person, GroupName: `${bucket}-BktAdmGrp` }));
    const session = await sessionOf(bucket);
    try {
      for (const call of [
        new DeleteUserCommand({ UserName: person }),
        new DeleteLoginProfileCommand({ UserName: person }),
        new CreateAccessKeyCommand({ UserName: person }),
      ]) {
        await expect(session.iam.send(call as DeleteUserCommand)).rejects.toMatchObject({ name: 'AccessDenied' });
      }
    } finally {
      session.destroy();
    }
    expect(await world.api('DELETE', `/demo/buckets/${bucket}/users/${ours}`)).toMatchObject({ status: 200, body: {} });
    expect(await world.api('DELETE', `/demo/buckets/${bucket}`)).toMatchObject({
      status: 200,
      body: { kept: [{ UserName: person }] },
    });
    expect(Object.keys((await world.snapshot(bucket)).users)).toEqual([person]);
  },
  onSandbox,
);

/** What the service's own session for a bucket may do. */
async function sessionOf(bucket: string): Promise<AwsClients> {
  const { Credentials } = await world.rival.sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accounts.demo.id}:role/${ROLE}`,
      RoleSessionName: 'e2e',
      ExternalId: EXTERNAL_ID,
      Policy: bucketPolicies(bucket, HOME, ORG).policy,
      Tags: [{ Key: 'spinup:org', Value: ORG }],
    }),
  );
  return awsClients(world.target.endpoint, {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  });
}

for (const [why, role, externalId] of [
  ['an external id that the role does not want', ROLE, 'guessed'],
  ['a role that is not there', 'e2e-nobody', EXTERNAL_ID],
] as const) {
  skippable(
    `${why} is the operator’s mistake: 500 naming the setting, and nothing of it leaks`,
    async () => {
      const mistaken = await startWorld(throughRole(role, externalId));
      try {
        await makeRole(mistaken.auditor);
        const reply = await mistaken.api('GET', '/demo/buckets');
        expect(reply.status).toBe(500);
        expect(reply.body).toMatchObject({ type: 'urn:mallard:problem:misconfigured', setting: 'accounts.demo.role' });
        expect(reply.text).not.toMatch(/guessed|e2e-external-id|AKIA/);
        expect(
          (await mistaken.api('POST', '/demo/buckets', { BucketInput: { Bucket: mistaken.name('none') } })).status,
        ).toBe(500);
      } finally {
        await mistaken.stop();
      }
    },
    onSandbox,
  );
}
