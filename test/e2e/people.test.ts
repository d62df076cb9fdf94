import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DetachRolePolicyCommand,
  PutGroupPolicyCommand,
  TagUserCommand,
  UpdateUserCommand,
} from '@aws-sdk/client-iam';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { BELONGINGS, give } from '../support/e2e/belongings';
import { adminPolicy, makeLegacyBucket, makeUser } from '../support/e2e/legacy';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';

/** What is somebody else's is not deleted, whoever put it under the names of a bucket or into its groups. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface Spared {
  readonly kept?: readonly { readonly UserName: string; readonly because: string }[];
  readonly left?: readonly { readonly Resource: string; readonly because: string }[];
}

const on = (bucket: string): string => `/demo/buckets/${bucket}`;
const remove = (path: string) => world.api<Spared>('DELETE', path);
const NOTHING = { buckets: {}, users: {}, groups: {}, policies: {} };
const EC2 = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }] });

async function newBucket(): Promise<string> {
  const bucket = world.name('team');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return bucket;
}

async function newUser(holder: string, user: string, more: object = {}): Promise<void> {
  const { status, text } = await world.api('POST', `${holder}/users`, { User: { UserName: user, ...more } });
  expect({ status, text: status === 200 ? '' : text }).toEqual({ status: 200, text: '' });
}

const join = (UserName: string, GroupName: string) =>
  world.auditor.iam.send(new AddUserToGroupCommand({ UserName, GroupName }));
const userOf = async (name: string) => (await world.snapshot(name)).users[name];

/** What an administrator makes for a person, and puts into a group. */
async function newPerson(group: string): Promise<string> {
  const UserName = world.name('ops-person');
  await world.auditor.iam.send(
    new CreateUserCommand({ UserName, Path: '/people/', Tags: [{ Key: 'employee', Value: 'e1' }] }),
  );
  await world.auditor.iam.send(new CreateAccessKeyCommand({ UserName }));
  for (const what of ['login profile', 'inline policy'] as const) await give(world.auditor, UserName, what);
  await join(UserName, group);
  return UserName;
}

const PERSON =
  'It carries no mark of this service, and has what the service does not give: inline policies (of-its-own), the path /people/, tags of its own (employee) and a console password.';

describe('a person’s user that an administrator has put into a bucket’s group', () => {
  skippable('only leaves the group when the bucket is deleted, and the answer says why', async () => {
    const bucket = await newBucket();
    const person = await newPerson(`${bucket}-BktAdmGrp`);
    await newUser(on(bucket), `${bucket}-own`);
    const before = await userOf(person);
    const { status, body } = await remove(on(bucket));
    expect({ status, body }).toEqual({ status: 200, body: { kept: [{ UserName: person, because: PERSON }] } });
    expect(await userOf(person)).toEqual({ ...before, groups: [] });
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('only leaves the group when it is deleted by its name', async () => {
    const bucket = await newBucket();
    const person = await newPerson(`${bucket}-BktAdmGrp`);
    const before = await userOf(person);
    const { status, body } = await remove(`${on(bucket)}/users/${person}`);
    expect({ status, body }).toEqual({ status: 200, body: { kept: [{ UserName: person, because: PERSON }] } });
    expect(await userOf(person)).toEqual({ ...before, groups: [] });
    expect((await world.api('GET', `${on(bucket)}/users/${person}`)).status).toBe(404);
  });

  skippable('only leaves the groups of a website and of its folders', async () => {
    const site = await world.newSite();
    await newUser(onSite(site), `${site}-docs`, { Path: '/docs/' });
    const [whole, scoped] = [await newPerson(`${site}-WebAdmGrp`), await newPerson(`${site}-docs-BktRWGrp`)];
    const before = [await userOf(whole), await userOf(scoped)];
    const { status, body } = await remove(onSite(site));
    expect({ status, body }).toMatchObject({ status: 200, body: { Users: [`${site}-docs`] } });
    expect(body.kept?.map(({ UserName }) => UserName).sort()).toEqual([whole, scoped].sort());
    expect(body.left).toBeUndefined();
    expect([await userOf(whole), await userOf(scoped)]).toEqual(before.map((state) => ({ ...state, groups: [] })));
    expect(await world.siteSnapshot(site)).toMatchObject(NOTHING);
  });

  skippable('keeps its keys and gets none: reads show it, and every write on them is 409', async () => {
    const bucket = await newBucket();
    const person = await newPerson(`${bucket}-BktAdmGrp`);
    const before = await userOf(person);
    const path = `${on(bucket)}/users/${person}`;
    const key = `${path}/keys/${String(Object.keys(before?.keys ?? {})[0])}`;
    for (const [method, at, body] of [
      ['PUT', path, undefined],
      ['POST', `${path}/keys`, undefined],
      ['PATCH', path, { Status: 'Inactive' }],
      ['PATCH', key, { Status: 'Inactive' }],
      ['DELETE', key, undefined],
      ['DELETE', `${path}/keys`, undefined],
    ] as const) {
      const reply = await world.api(method, at, body);
      expect({ method, at, reply: reply.body }).toMatchObject({
        method,
        at,
        reply: { status: 409, retryable: false, detail: expect.stringContaining(PERSON) },
      });
    }
    expect(await userOf(person)).toEqual(before);
    for (const at of [path, `${path}/keys`]) expect((await world.api('GET', at)).status).toBe(200);
    expect((await world.api('PATCH', path, { Groups: ['BktROGrp'] })).status).toBe(200);
    expect(await userOf(person)).toEqual({ ...before, groups: [`${bucket}-BktROGrp`] });
  });
});

describe('a user without our mark', () => {
  const give1 = (user: string, what: (typeof BELONGINGS)[number]) => give(world.auditor, user, what);
  const signs: readonly (readonly [string, (user: string) => Promise<unknown>])[] = [
    ...BELONGINGS.map((what) => [what, (user: string) => give1(user, what)] as const),
    [
      'tags',
      (UserName) => world.auditor.iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'employee', Value: 'e1' }] })),
    ],
    [
      'the org tag of another',
      (UserName) =>
        world.auditor.iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'spinup:org', Value: 'other' }] })),
    ],
    ['a path', (UserName) => world.auditor.iam.send(new UpdateUserCommand({ UserName, NewPath: '/people/' }))],
  ];
  for (const [what, add] of signs) {
    skippable(`is kept for one sign of somebody else alone: ${what}`, async () => {
      const bucket = await newBucket();
      const user = world.name('by-hand');
      await makeUser(world.auditor, user, [`${bucket}-BktAdm`]);
      await add(user);
      const before = await userOf(user);
      expect(await remove(`${on(bucket)}/users/${user}`)).toMatchObject({
        status: 200,
        body: { kept: [{ UserName: user }] },
      });
      await join(user, `${bucket}-BktAdmGrp`);
      expect(await remove(on(bucket))).toMatchObject({ status: 200, body: { kept: [{ UserName: user }] } });
      expect(await userOf(user)).toEqual({ ...before, groups: [] });
    });
  }
});

describe('a user of ours', () => {
  for (const what of ['login profile', 'MFA device', 'inline policy', 'SSH key'] as const) {
    skippable(`that got later: ${what} stays when its bucket is deleted, and is deleted by its name`, async () => {
      const [bucket, other] = [await newBucket(), await newBucket()];
      for (const holder of [bucket, other]) {
        await newUser(on(holder), `${holder}-user`);
        await give(world.auditor, `${holder}-user`, what);
      }
      const before = await userOf(`${bucket}-user`);
      const { status, body } = await remove(on(bucket));
      expect({ status, body }).toEqual({
        status: 200,
        body: {
          kept: [{ UserName: `${bucket}-user`, because: expect.stringContaining('It was made by this service') }],
        },
      });
      expect(await userOf(`${bucket}-user`)).toEqual({ ...before, groups: [] });
      expect(await remove(`${on(other)}/users/${other}-user`)).toMatchObject({ status: 200, body: {} });
      expect(await userOf(`${other}-user`)).toBeUndefined();
    });
  }

  skippable('goes with its bucket with the tags its caller gave it, and stays with others', async () => {
    const bucket = await newBucket();
    const Tags = [
      { Key: 'COA', Value: 'Take.My.Money.$$$$' },
      { Key: 'Application', Value: 'HowToGet' },
    ];
    const [given, taken] = [`${bucket}-given`, `${bucket}-taken`];
    await newUser(on(bucket), given, { Tags });
    await newUser(on(bucket), taken, { Tags });
    await newUser(on(bucket), `${bucket}-plain`);
    for (const UserName of [taken, `${bucket}-plain`])
      await world.auditor.iam.send(new TagUserCommand({ UserName, Tags: [{ Key: 'employee', Value: 'e1' }] }));
    const { body } = await remove(on(bucket));
    expect(body.kept?.map(({ UserName }) => UserName).sort()).toEqual([`${bucket}-plain`, taken]);
    expect(
      body.kept?.every(({ because }) => because.includes('other tags than it is known to have been made with')),
    ).toBe(true);
    expect(Object.keys((await world.snapshot(bucket)).users).sort()).toEqual([`${bucket}-plain`, taken]);
  });

  skippable('in a group of others only leaves, and the answer names the group', async () => {
    const bucket = await newBucket();
    const user = `${bucket}-user`;
    const elsewhere = world.name('elsewhere');
    await newUser(on(bucket), user);
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: elsewhere }));
    await join(user, elsewhere);
    const kept = [{ UserName: user, because: expect.stringContaining(`membership in other groups (${elsewhere})`) }];
    expect(await remove(`${on(bucket)}/users/${user}`)).toMatchObject({ status: 200, body: { kept } });
    expect((await userOf(user))?.groups).toEqual([elsewhere]);
  });
});

describe('a policy by our name', () => {
  const policyOf = async (PolicyName: string, PolicyDocument: string): Promise<string> =>
    (await world.auditor.iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }))).Policy?.Arn ?? '';

  skippable(
    'that others made for more than the bucket is left, and so is a group that it is attached to; our users in it go',
    async () => {
      const bucket = await newBucket();
      const group = `${bucket}-BktRWGrp`;
      const PolicyArn = await policyOf(`${bucket}-BktRWPlc`, EC2);
      await world.auditor.iam.send(new CreateGroupCommand({ GroupName: group }));
      await world.auditor.iam.send(new AttachGroupPolicyCommand({ GroupName: group, PolicyArn }));
      const person = await newPerson(group);
      await newUser(on(bucket), `${bucket}-own`);
      await join(`${bucket}-own`, group);
      const before = await world.snapshot(bucket);
      const { status, body } = await remove(on(bucket));
      expect({ status, left: body.left, kept: body.kept?.map(({ UserName }) => UserName) }).toEqual({
        status: 200,
        kept: [person],
        left: [
          {
            Resource: `group ${group}`,
            because: `It gives its members more than access to what is deleted: the policy ${bucket}-BktRWPlc.`,
          },
          {
            Resource: `policy ${bucket}-BktRWPlc`,
            because: 'It carries no mark of this service, and its text speaks of more than what is deleted.',
          },
        ],
      });
      const { groups, policies, ...rest } = await world.snapshot(bucket);
      expect(rest).toEqual({ buckets: {}, users: {} });
      expect(groups).toEqual({ [group]: { ...before.groups[group], members: [person] } });
      expect(policies).toEqual({ [`${bucket}-BktRWPlc`]: before.policies[`${bucket}-BktRWPlc`] });
      expect((await userOf(person))?.groups).toEqual([group]);
    },
  );

  skippable('that others made is not attached to a group of ours: 409 that names it', async () => {
    const bucket = await newBucket();
    await policyOf(`${bucket}-BktRWPlc`, EC2);
    const before = await world.snapshot(bucket);
    const { status, body } = await world.api('POST', `${on(bucket)}/users`, {
      User: { UserName: `${bucket}-u` },
      Groups: ['BktRWGrp'],
    });
    expect({ status, detail: body['detail'] }).toEqual({
      status: 409,
      detail: `the policy ${bucket}-BktRWPlc exists already and is not this bucket's`,
    });
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('that the predecessor made is left while a role of others has it, which keeps it', async () => {
    const bucket = world.name('legacy');
    const RoleName = `${bucket}-app`;
    await makeLegacyBucket(world, bucket);
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    };
    await world.auditor.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await world.auditor.iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    const left = [
      {
        Resource: `policy ${bucket}-BktAdmPlc`,
        because: `It carries no mark of this service, and is attached to the role ${RoleName}.`,
      },
    ];
    expect((await remove(on(bucket))).body).toEqual({ left });
    expect(await world.snapshot(bucket)).toMatchObject({
      ...NOTHING,
      policies: { [`${bucket}-BktAdmPlc`]: { attachments: 1 } },
    });
    await world.auditor.iam.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
  });

  skippable('that we made and others have changed to say more is left, with the group it is attached to', async () => {
    const bucket = await newBucket();
    const PolicyArn = `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`;
    await world.auditor.iam.send(
      new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: EC2, SetAsDefault: true }),
    );
    const { body } = await remove(on(bucket));
    expect(body.left).toEqual([
      expect.objectContaining({ Resource: `group ${bucket}-BktAdmGrp` }),
      {
        Resource: `policy ${bucket}-BktAdmPlc`,
        because: 'Its text was changed since this service made it, and speaks of more than what is deleted.',
      },
    ]);
  });
});

skippable(
  'a group of ours with an inline policy of others is left with it; one that speaks of the bucket alone goes',
  async () => {
    const bucket = await newBucket();
    const put = (GroupName: string, PolicyDocument: string) =>
      world.auditor.iam.send(new PutGroupPolicyCommand({ GroupName, PolicyName: 'added', PolicyDocument }));
    await put(`${bucket}-BktAdmGrp`, adminPolicy(bucket));
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktROGrp` }));
    await put(`${bucket}-BktROGrp`, EC2);
    const left = [
      {
        Resource: `group ${bucket}-BktROGrp`,
        because: 'It gives its members more than access to what is deleted: the inline policy added.',
      },
    ];
    expect((await remove(on(bucket))).body).toEqual({ left });
    expect(await world.snapshot(bucket)).toMatchObject({
      ...NOTHING,
      groups: { [`${bucket}-BktROGrp`]: { inline: ['added'] } },
    });
    expect((await remove(on(bucket))).status).toBe(404);
  },
);

skippable('policies of others below a site’s IAM path stay', async () => {
  const site = await world.newSite();
  const PolicyName = `team-of-${site}`;
  await world.auditor.iam.send(new CreatePolicyCommand({ PolicyName, Path: `/${site}/team/`, PolicyDocument: EC2 }));
  expect((await remove(onSite(site))).status).toBe(200);
  expect((await world.snapshot(PolicyName)).policies).toHaveProperty([PolicyName]);
});

skippable(
  'the cleaner keeps an orphaned user of ours that a person uses, and says why',
  async () => {
    const bucket = await newBucket();
    const [lived, left] = [`${bucket}-lived`, `${bucket}-left`];
    for (const user of [lived, left]) await newUser(on(bucket), user);
    await give(world.auditor, lived, 'login profile');
    await world.auditor.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    const { status, body } = await world.api<Spared & { readonly orphans: readonly { readonly name: string }[] }>(
      'POST',
      '/demo/cleaner/run',
      { orphans: [`user/${lived}`, `user/${left}`] },
    );
    expect({ status, gone: body.orphans.map(({ name }) => name), kept: body.kept }).toEqual({
      status: 200,
      gone: [left],
      kept: [
        {
          UserName: lived,
          because: 'It was made by this service, and has got what the service does not give: a console password.',
        },
      ],
    });
    expect(await userOf(left)).toBeUndefined();
    expect(await userOf(lived)).toMatchObject({ groups: [], belongings: { loginProfile: 1 } });
  },
  { more: SANDBOX_ONLY.clock },
);
