import {
  CreateGroupCommand,
  CreateUserCommand,
  AttachUserPolicyCommand,
  AddUserToGroupCommand,
} from '@aws-sdk/client-iam';
import { skippable } from '../support/e2e/skips';
import { ORG, startWorld, type World } from '../support/e2e/world';

interface Created {
  readonly User: { readonly UserName: string; readonly Tags: readonly unknown[] | null };
  readonly AccessKey: { readonly AccessKeyId: string; readonly SecretAccessKey: string };
}

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function newBucket(): Promise<string> {
  const bucket = world.name('team');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}

const add = (
  bucket: string,
  UserName: string,
  Groups?: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
) =>
  world.api<Created>('POST', `/demo/buckets/${bucket}/users`, {
    User: { UserName, ...more },
    ...(Groups && { Groups }),
  });

describe('the answer', () => {
  skippable('has the shape of the contract, nulls included', async () => {
    const bucket = await newBucket();
    const user = `${bucket}-user`;
    const { status, body, headers } = await add(bucket, user);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toContain('no-store');
    expect(body).toEqual({
      User: {
        Arn: `arn:aws:iam::${world.accountId}:user/${user}`,
        CreateDate: expect.stringMatching(/Z$/),
        PasswordLastUsed: null,
        Path: '/',
        PermissionsBoundary: null,
        Tags: [{ Key: 'spinup:org', Value: ORG }],
        UserId: expect.any(String),
        UserName: user,
      },
      AccessKey: {
        AccessKeyId: expect.any(String),
        CreateDate: expect.stringMatching(/Z$/),
        SecretAccessKey: expect.any(String),
        Status: 'Active',
        UserName: user,
      },
    });
  });
});

describe('what an auditor sees', () => {
  for (const [title, Groups, expected] of [
    ['without Groups: the admin group', undefined, ['BktAdm']],
    ['BktRWGrp, made on demand', ['BktRWGrp'], ['BktRW']],
    ['BktROGrp, made on demand', ['BktROGrp'], ['BktRO']],
    ['several groups at once', ['BktROGrp', 'BktAdmGrp', 'BktRWGrp'], ['BktAdm', 'BktRO', 'BktRW']],
  ] as const) {
    skippable(title, async () => {
      const bucket = await newBucket();
      const user = `${bucket}-user`;
      const { status, body } = await add(bucket, user, Groups, { Tags: [{ Key: 'Team', Value: 'birds' }] });
      expect(status).toBe(200);
      const seen = await world.snapshot(bucket);
      expect(seen.users[user]).toMatchObject({
        tags: { Team: 'birds', 'spinup:org': ORG, 'mallard:bucket': bucket },
        keys: { [body.AccessKey.AccessKeyId]: 'Active' },
        groups: expected.map((role) => `${bucket}-${role}Grp`),
        attached: [],
        inline: [],
      });
      for (const role of expected) {
        expect(seen.groups[`${bucket}-${role}Grp`]).toMatchObject({
          path: '/',
          members: [user],
          attached: [`${bucket}-${role}Plc`],
        });
        expect(seen.policies[`${bucket}-${role}Plc`]).toMatchObject({ attachments: 1, tags: { 'spinup:org': ORG } });
      }
      expect(Object.keys(seen.groups).sort()).toEqual(
        [...new Set(['BktAdm', ...expected])].map((role) => `${bucket}-${role}Grp`).sort(),
      );
    });
  }

  skippable('the writer’s policy names no ACL and no policy, the reader’s nothing that writes', async () => {
    const bucket = await newBucket();
    await add(bucket, `${bucket}-user`, ['BktRWGrp', 'BktROGrp']);
    const { policies } = await world.snapshot(bucket);
    const statements = (role: string) =>
      (
        policies[`${bucket}-${role}Plc`]?.versions['v1'] as {
          readonly Statement: readonly { readonly Action: unknown; readonly Resource: unknown }[];
        }
      ).Statement;
    const actions = (role: string) => JSON.stringify(statements(role).map(({ Action }) => Action));
    expect(actions('BktRW')).not.toMatch(/Acl|Policy|\*"/);
    expect(actions('BktRW')).toContain('s3:PutObject');
    expect(actions('BktRO')).not.toMatch(/Put|Delete|Restore|Abort|Acl|Policy/);
    for (const role of ['BktRW', 'BktRO']) {
      expect(statements(role).map(({ Resource }) => Resource)).toEqual([
        [`arn:aws:s3:::${bucket}`],
        [`arn:aws:s3:::${bucket}/*`],
      ]);
    }
  });
});

describe('ten users at once', () => {
  skippable('of a role that nobody had asked for yet: ten 200, one group, one policy', async () => {
    const bucket = await newBucket();
    const users = Array.from({ length: 10 }, (_, index) => `${bucket}-user${index}`);
    const replies = await Promise.all(users.map((user) => add(bucket, user, ['BktROGrp'])));
    expect(replies.map(({ status }) => status)).toEqual(Array<number>(10).fill(200));
    const seen = await world.snapshot(bucket);
    expect(seen.groups[`${bucket}-BktROGrp`]).toMatchObject({ members: users, attached: [`${bucket}-BktROPlc`] });
    expect(Object.keys(seen.policies[`${bucket}-BktROPlc`]?.versions ?? {})).toEqual(['v1']);
    expect(new Set(replies.map(({ body }) => body.AccessKey.AccessKeyId)).size).toBe(10);
  });

  skippable('of one name: one 200, nine 409, one user with one key', async () => {
    const bucket = await newBucket();
    const user = `${bucket}-user`;
    const replies = await Promise.all(Array.from({ length: 10 }, () => add(bucket, user)));
    expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    const winner = replies.find(({ status }) => status === 200);
    expect((await world.snapshot(bucket)).users[user]?.keys).toEqual({
      [winner?.body.AccessKey.AccessKeyId ?? '']: 'Active',
    });
  });
});

describe('what is refused, and changes nothing', () => {
  const refused = async (
    bucket: string,
    run: () => Promise<{ readonly status: number }>,
    status: number,
  ): Promise<void> => {
    const before = await world.snapshot(bucket);
    expect((await run()).status).toBe(status);
    expect(await world.snapshot(bucket)).toEqual(before);
  };

  skippable('a user that exists', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateUserCommand({ UserName: `${bucket}-user` }));
    await refused(bucket, () => add(bucket, `${bucket}-user`, ['BktROGrp']), 409);
  });

  skippable('a group of the needed name under another path', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktROGrp`, Path: '/elsewhere/' }));
    await refused(bucket, () => add(bucket, `${bucket}-user`, ['BktROGrp']), 409);
  });

  skippable('a Path', async () => {
    const bucket = await newBucket();
    await refused(bucket, () => add(bucket, `${bucket}-user`, undefined, { Path: '/docs/' }), 400);
  });

  for (const [why, Tags] of [
    ['a reserved tag', [{ Key: 'spinup:flavor', Value: 'x' }]],
    ['the tag of another bucket', [{ Key: 'mallard:bucket', Value: 'another' }]],
  ] as const) {
    skippable(why, async () => {
      const bucket = await newBucket();
      await refused(bucket, () => add(bucket, `${bucket}-user`, undefined, { Tags }), 400);
    });
  }

  skippable('an unknown group', async () => {
    const bucket = await newBucket();
    await refused(bucket, () => add(bucket, `${bucket}-user`, ['WebAdmGrp']), 400);
  });

  skippable('a bucket that is not there', async () => {
    const bucket = world.name('none');
    await refused(bucket, () => add(bucket, `${bucket}-user`), 404);
  });
});

describe('the list', () => {
  const list = async (bucket: string) =>
    (await world.api<readonly { readonly UserName: string }[]>('GET', `/demo/buckets/${bucket}/users`)).body.map(
      ({ UserName }) => UserName,
    );

  skippable('names every user once, whatever groups it is in', async () => {
    const bucket = await newBucket();
    await add(bucket, `${bucket}-b`, ['BktAdmGrp', 'BktRWGrp', 'BktROGrp']);
    await add(bucket, `${bucket}-a`, ['BktROGrp']);
    expect(await list(bucket)).toEqual([`${bucket}-a`, `${bucket}-b`]);
  });

  skippable('holds the user named like the bucket when the bucket’s policy is attached to it', async () => {
    const bucket = await newBucket();
    await world.auditor.iam.send(new CreateUserCommand({ UserName: bucket }));
    expect(await list(bucket)).toEqual([]);
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    await world.auditor.iam.send(new AttachUserPolicyCommand({ UserName: bucket, PolicyArn }));
    expect(await list(bucket)).toEqual([bucket]);
    await world.auditor.iam.send(new AddUserToGroupCommand({ UserName: bucket, GroupName: `${bucket}-BktAdmGrp` }));
    expect(await list(bucket)).toEqual([bucket]);
  });

  skippable('is empty for a bucket without users, 404 without the bucket', async () => {
    expect(await list(await newBucket())).toEqual([]);
    expect((await world.api('GET', `/demo/buckets/${world.name('none')}/users`)).status).toBe(404);
  });
});

skippable('a user is shown with keys, groups and policies', async () => {
  const bucket = await newBucket();
  const user = `${bucket}-user`;
  const created = await add(bucket, user, ['BktAdmGrp', 'BktROGrp']);
  const { status, body, text } = await world.api('GET', `/demo/buckets/${bucket}/users/${user}`);
  expect(status).toBe(200);
  expect(text).not.toContain(created.body.AccessKey.SecretAccessKey);
  expect(body).toMatchObject({
    User: { UserName: user, Tags: [{ Key: 'spinup:org', Value: ORG }] },
    AccessKeys: [{ AccessKeyId: created.body.AccessKey.AccessKeyId, Status: 'Active', UserName: user }],
  });
  const names = (members: unknown, key: string) =>
    (members as readonly Record<string, string>[]).map((member) => member[key]).sort();
  expect(names(body['Groups'], 'GroupName')).toEqual([`${bucket}-BktAdmGrp`, `${bucket}-BktROGrp`]);
  expect(names(body['Policies'], 'PolicyName')).toEqual([`${bucket}-BktAdmPlc`, `${bucket}-BktROPlc`]);
});
