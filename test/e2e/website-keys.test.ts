import { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateUserCommand,
} from '@aws-sdk/client-iam';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import type { ShownKey, UsedKey } from '../support/e2e/keys';
import { clientsOf, type IssuedKey, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface Made {
  readonly site: string;
  readonly user: string;
  readonly path: string;
  readonly key: IssuedKey;
}

async function newUser(
  site: string,
  more: { readonly Path?: string; readonly Groups?: readonly string[] } = {},
): Promise<Made> {
  const user = world.name('siteuser');
  const { Path, Groups } = more;
  const { status, body } = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `/demo/websites/${site}/users`, {
    User: { UserName: user, ...(Path !== undefined && { Path }) },
    ...(Groups !== undefined && { Groups }),
  });
  expect(status).toBe(200);
  return { site, user, path: `/demo/websites/${site}/users/${user}`, key: body.AccessKey };
}

const groupsOf = async (user: string) => (await world.snapshot(user)).users[user]?.groups.toSorted();

async function verdict(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

skippable('keys of a website’s user live as those of a bucket’s', async () => {
  const { user, path, key } = await newUser(await world.newSite('keys'), { Path: '/docs/' });
  const added = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `${path}/keys`);
  expect(added.status).toBe(200);
  const second = added.body.AccessKey.AccessKeyId;
  expect((await world.api('POST', `${path}/keys`)).status).toBe(409);
  const turned = await world.api<ShownKey>('PATCH', `${path}/keys/${key.AccessKeyId}`, { Status: 'Inactive' });
  expect(turned).toMatchObject({ status: 200, body: { Status: 'Inactive', UserName: user } });
  const { body: listed } = await world.api<readonly UsedKey[]>('GET', `${path}/keys`);
  expect(Object.fromEntries(listed.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]))).toEqual({
    [key.AccessKeyId]: 'Inactive',
    [second]: 'Active',
  });
  expect(await world.api('DELETE', `${path}/keys/${key.AccessKeyId}`)).toMatchObject({ status: 200, body: {} });
  expect(await world.api('PATCH', path, { Status: 'Inactive' })).toMatchObject({
    status: 200,
    body: { AccessKeys: [{ AccessKeyId: second, Status: 'Inactive' }] },
  });
  expect((await world.api('POST', `${path}/keys`)).status).toBe(409);
  expect(await world.api('DELETE', `${path}/keys`)).toMatchObject({ status: 200, body: { DeletedKeyIds: [second] } });
});

skippable('a user of another website is none of this one’s', async () => {
  const [site, theirs] = [await world.newSite('keys'), await newUser(await world.newSite('keys'), { Path: '/docs/' })];
  const before = await world.snapshot(theirs.user);
  const on = `/demo/websites/${site}/users/${theirs.user}`;
  for (const [method, path, body] of [
    ['GET', `${on}/keys`, undefined],
    ['POST', `${on}/keys`, undefined],
    ['DELETE', `${on}/keys`, undefined],
    ['PATCH', `${on}/keys/${theirs.key.AccessKeyId}`, { Status: 'Inactive' }],
    ['DELETE', `${on}/keys/${theirs.key.AccessKeyId}`, undefined],
    ['PATCH', on, { Status: 'Inactive' }],
    ['PATCH', on, { Groups: ['BktROGrp'] }],
  ] as const) {
    expect({ method, path, status: (await world.api(method, path, body)).status }).toEqual({
      method,
      path,
      status: 404,
    });
  }
  expect(await world.snapshot(theirs.user)).toEqual(before);
});

describe('groups of a website’s user', () => {
  skippable('change among the four, the admin role of the distribution included', async () => {
    const { site, user, path } = await newUser(await world.newSite('keys'), { Groups: ['BktROGrp'] });
    for (const wanted of [['WebAdmGrp'], ['BktRWGrp', 'WebAdmGrp'], ['BktAdmGrp']]) {
      expect((await world.api('PATCH', path, { Groups: wanted })).status).toBe(200);
      expect(await groupsOf(user)).toEqual(wanted.map((group) => `${site}-${group}`).sort());
    }
  });

  skippable(
    'decide what it may do',
    async () => {
      const { site, path, key } = await newUser(await world.newSite('keys'), { Groups: ['BktROGrp'] });
      const { s3, cloudfront } = clientsOf(world, key);
      const [distribution] = await world.distributionsOf(site);
      const put = () => verdict(s3.send(new PutObjectCommand({ Bucket: site, Key: 'a.html', Body: 'x' })));
      const invalidate = () =>
        verdict(
          cloudfront.send(
            new CreateInvalidationCommand({
              DistributionId: distribution?.Id,
              InvalidationBatch: { CallerReference: world.name('r'), Paths: { Quantity: 1, Items: ['/*'] } },
            }),
          ),
        );
      expect([await put(), await invalidate()]).toEqual(['AccessDenied', 'AccessDenied']);
      await world.api('PATCH', path, { Groups: ['BktRWGrp', 'WebAdmGrp'] });
      expect([await put(), await invalidate()]).toEqual(['ok', 'ok']);
    },
    { more: SANDBOX_ONLY.policies },
  );
});

describe('a user of one folder', () => {
  skippable(
    'stays in its folder: a writer becomes its reader, and again its writer',
    async () => {
      const { site, user, path, key } = await newUser(await world.newSite('keys'), { Path: '/docs/api/' });
      const { s3 } = clientsOf(world, key);
      const put = (Key: string) => verdict(s3.send(new PutObjectCommand({ Bucket: site, Key, Body: 'x' })));
      const list = (Prefix: string) => verdict(s3.send(new ListObjectsV2Command({ Bucket: site, Prefix })));
      const verdicts = async () => [await list('docs/api/'), await put('docs/api/a'), await put('a')];
      expect(await verdicts()).toEqual(['ok', 'ok', 'AccessDenied']);
      const { status, body } = await world.api('PATCH', path, { Groups: ['BktROGrp'] });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        Groups: [{ GroupName: `${site}-docs_api-BktROGrp`, Path: `/${site}/docs/api/` }],
        Policies: [{ PolicyName: `${site}-docs_api-BktROPlc` }],
      });
      expect(await groupsOf(user)).toEqual([`${site}-docs_api-BktROGrp`]);
      expect(await verdicts()).toEqual(['ok', 'AccessDenied', 'AccessDenied']);
      await world.api('PATCH', path, { Groups: ['BktRWGrp'] });
      expect(await verdicts()).toEqual(['ok', 'ok', 'AccessDenied']);
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('gets no more than the folder: other groups are 400, and nothing is changed', async () => {
    const { site, user, path } = await newUser(await world.newSite('keys'), { Path: '/docs/' });
    const before = await world.snapshot(site);
    for (const Groups of [['BktAdmGrp'], ['WebAdmGrp'], ['BktRWGrp', 'WebAdmGrp']]) {
      expect(await world.api('PATCH', path, { Groups })).toMatchObject({ status: 400, body: { pointer: '/Groups' } });
    }
    expect(await world.snapshot(site)).toEqual(before);
    expect(await groupsOf(user)).toEqual([`${site}-docs-BktRWGrp`]);
  });

  skippable('of several folders cannot be changed as one: 409', async () => {
    const site = await world.newSite('keys');
    const first = await newUser(site, { Path: '/docs/' });
    await newUser(site, { Path: '/blog/' });
    await world.auditor.iam.send(
      new AddUserToGroupCommand({ UserName: first.user, GroupName: `${site}-blog-BktRWGrp` }),
    );
    expect(await world.api('PATCH', first.path, { Groups: ['BktROGrp'] })).toMatchObject({
      status: 409,
      body: { retryable: false },
    });
    expect(await groupsOf(first.user)).toEqual([`${site}-blog-BktRWGrp`, `${site}-docs-BktRWGrp`]);
  });

  skippable('of the old service, whose group does not tell the folder, is 409 and stays', async () => {
    const site = await world.newSite('keys');
    const { iam } = world.auditor;
    const UserName = world.name('olduser');
    const GroupName = `${site}-press-BktRWGrp`;
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${site}/press/*` }],
    });
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(new CreateGroupCommand({ GroupName }));
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: `${site}-press-BktRWPlc`, PolicyDocument }),
    );
    await iam.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: Policy?.Arn }));
    await iam.send(new AddUserToGroupCommand({ UserName, GroupName }));
    const reply = await world.api('PATCH', `/demo/websites/${site}/users/${UserName}`, { Groups: ['BktRWGrp'] });
    expect(reply).toMatchObject({ status: 409, body: { retryable: false } });
    expect(await groupsOf(UserName)).toEqual([GroupName]);
    expect(await world.api('PATCH', `/demo/websites/${site}/users/${UserName}`, { Status: 'Inactive' })).toMatchObject({
      status: 200,
    });
  });
});

skippable('the report names users of websites and of their folders', async () => {
  const site = await world.newSite('keys');
  const [whole, scoped] = [await newUser(site, { Groups: ['WebAdmGrp'] }), await newUser(site, { Path: '/docs/' })];
  const { body } = await world.api<{ readonly Keys: readonly (ShownKey & { readonly Bucket: string })[] }>(
    'GET',
    '/demo/keys?limit=1000',
  );
  const found = body.Keys.filter(({ Bucket }) => Bucket === site).map(({ UserName }) => UserName);
  expect(found.sort()).toEqual([whole.user, scoped.user].sort());
});

describe('a reset of a website’s user', () => {
  /** Holds CreateAccessKey for a moment, and calls `arrived` when it comes. */
  const held = (arrived: () => void): void => {
    world.faults.add({
      kind: 'latency',
      ms: 100,
      count: 1,
      operation: 'CreateAccessKey',
      matching: () => {
        arrived();
        return true;
      },
    });
  };

  skippable(
    'whose caller hangs up leaves the key that somebody holds, and no other',
    async () => {
      const { site, user, path, key } = await newUser(await world.newSite('keys'), { Groups: ['BktROGrp'] });
      await world.hangUp('PUT', path, undefined, held);
      await world.logged('answer not delivered');
      // The next request for the user waits for what follows that.
      expect((await world.api('PATCH', path, { Groups: ['BktROGrp'] })).status).toBe(200);
      expect((await world.snapshot(user)).users[user]?.keys).toEqual({ [key.AccessKeyId]: 'Active' });
      const { s3 } = clientsOf(world, key);
      expect(await verdict(s3.send(new ListObjectsV2Command({ Bucket: site })))).toBe('ok');
    },
    { more: SANDBOX_ONLY.faults },
  );
});
