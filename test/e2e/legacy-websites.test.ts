import { GetDistributionCommand, ListInvalidationsCommand } from '@aws-sdk/client-cloudfront';
import { DetachGroupPolicyCommand, GetGroupCommand } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  folderPolicy,
  makeLegacyBucket,
  makeLegacySite,
  makeNamesake,
  makeRole,
  makeUser,
  putGreeting,
  writerPolicy,
} from '../support/e2e/legacy';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { clientsOf, type IssuedKey, onSite, SEED_TAGS, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { ORG } from '../support/e2e/world';

/** Websites of the predecessor, through the whole API. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface Legacy {
  readonly site: string;
  readonly distribution: string;
}

async function legacy(stem = 'old'): Promise<Legacy> {
  const site = world.site(stem);
  return { site, distribution: await makeLegacySite(world, site) };
}

/** A site with a user of all of it, and one of its folder /docs/ in a group under the IAM path `/`. */
async function withUsers(): Promise<Legacy & { readonly admin: string; readonly writer: string }> {
  const made = await legacy();
  const { site } = made;
  const [admin, writer] = [`admin-${site}`, `docs-${site}`];
  await makeUser(world.auditor, admin, [`${site}-BktAdm`, `${site}-WebAdm`], 2);
  await makeRole(world.auditor, `${site}-docs-BktRW`, folderPolicy(site, 'docs'));
  await makeUser(world.auditor, writer, [`${site}-docs-BktRW`]);
  await putGreeting(world, site, 'docs/index.html');
  return { ...made, admin, writer };
}

const names = (shapes: unknown, key: string): readonly unknown[] =>
  (shapes as readonly Readonly<Record<string, unknown>>[]).map((shape) => shape[key]);

describe('a site without our tags, with an A record alone', () => {
  skippable('is listed, found and shown as the contract shows it', async () => {
    const { site, distribution } = await legacy();
    expect((await world.api<readonly string[]>('GET', '/demo/websites')).body).toContain(site);
    expect((await world.api('HEAD', onSite(site))).status).toBe(200);
    const { status, body } = await world.api('GET', onSite(site));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        Tags: SEED_TAGS,
        Logging: { TargetPrefix: `s3/${site}/` },
        Empty: true,
        DNSRecord: { Name: `${site}.`, Type: 'A', TTL: null },
        Distribution: { Id: distribution, DistributionConfig: { Comment: site, Aliases: { Items: [site] } } },
      },
    });
  });

  skippable('takes new tags, on its bucket and its distribution', async () => {
    const { site } = await legacy();
    expect((await world.api('PUT', onSite(site), { Tags: [{ Key: 'COA', Value: 'another' }] })).status).toBe(200);
    expect((await world.api('GET', onSite(site))).body).toMatchObject({
      Tags: [
        { Key: 'COA', Value: 'another' },
        { Key: 'spinup:org', Value: ORG },
      ],
    });
    const [made] = await world.distributionsOf(site);
    expect(await world.tagsOf(made?.ARN)).toMatchObject({ COA: 'another', 'spinup:org': ORG });
  });

  skippable('has its cache invalidated', async () => {
    const { site, distribution } = await legacy();
    const { status, body } = await world.api('PATCH', onSite(site), { CacheInvalidation: ['/*'] });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { Invalidation: { InvalidationBatch: { Paths: { Items: ['/*'] } } } },
    });
    const { InvalidationList } = await world.cloudfront.send(
      new ListInvalidationsCommand({ DistributionId: distribution }),
    );
    expect(InvalidationList?.Quantity).toBe(1);
  });

  skippable('is found among others by a new process, and has a bookmark', async () => {
    const { site } = await legacy();
    const other = await world.another();
    expect((await other.api('GET', onSite(site))).status).toBe(200);
    expect((await other.api('GET', `${onSite(site)}/duck`)).status).toBe(200);
  });

  skippable('cannot be created again', async () => {
    const { site } = await legacy();
    const before = await world.siteSnapshot(site);
    expect((await world.create(site)).status).toBe(409);
    expect(await world.siteSnapshot(site)).toEqual(before);
  });
});

describe('its users', () => {
  skippable('are listed, those of a folder too', async () => {
    const { site, admin, writer } = await withUsers();
    await makeNamesake(world, site);
    const { status, body } = await world.api('GET', `${onSite(site)}/users`);
    expect({ status, users: names(body, 'UserName') }).toEqual({ status: 200, users: [admin, writer, site].sort() });
  });

  skippable('are shown with groups and policies', async () => {
    const { site, admin, writer } = await withUsers();
    const { body: all } = await world.api('GET', `${onSite(site)}/users/${admin}`);
    expect([...names(all['Groups'], 'GroupName')].sort()).toEqual([`${site}-BktAdmGrp`, `${site}-WebAdmGrp`]);
    const { status, body } = await world.api('GET', `${onSite(site)}/users/${writer}`);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        User: { UserName: writer },
        Groups: [{ GroupName: `${site}-docs-BktRWGrp`, Path: '/' }],
        Policies: [{ PolicyName: `${site}-docs-BktRWPlc` }],
      },
    });
  });

  skippable('are re-keyed', async () => {
    const { site, admin, writer } = await withUsers();
    for (const [user, keys] of [
      [admin, 2],
      [writer, 1],
    ] as const) {
      const { status, body } = await world.api('PUT', `${onSite(site)}/users/${user}`);
      expect({ status, deleted: (body['DeletedKeyIds'] as readonly string[]).length }).toEqual({
        status: 200,
        deleted: keys,
      });
      const { AccessKeyId } = body['AccessKey'] as IssuedKey;
      expect((await world.snapshot(user)).users[user]?.keys).toEqual({ [AccessKeyId]: 'Active' });
    }
  });

  skippable('are turned off and on again', async () => {
    const { site, admin, writer } = await withUsers();
    for (const user of [admin, writer]) {
      for (const Status of ['Inactive', 'Active']) {
        const { status } = await world.api('PATCH', `${onSite(site)}/users/${user}`, { Status });
        expect({ user, Status, status }).toEqual({ user, Status, status: 200 });
        const keys = Object.values((await world.snapshot(user)).users[user]?.keys ?? {});
        expect(keys).toEqual(keys.map(() => Status));
      }
      expect((await world.api('GET', `${onSite(site)}/users/${user}/keys`)).status).toBe(200);
    }
  });

  skippable('open their own folder with a bookmark', async () => {
    const { site, writer } = await withUsers();
    const { status, text } = await world.api('GET', `${onSite(site)}/duck?user=${writer}`);
    expect(status).toBe(200);
    expect(text).toContain(`<string>/${site}/docs</string>`);
  });

  skippable('are deleted, and nothing else is', async () => {
    const { site, admin, writer } = await withUsers();
    const before = await world.siteSnapshot(site);
    for (const user of [admin, writer])
      expect((await world.api('DELETE', `${onSite(site)}/users/${user}`)).status).toBe(200);
    const after = await world.siteSnapshot(site);
    expect(after.users).toEqual({});
    expect(Object.keys(after.groups)).toEqual(Object.keys(before.groups));
    expect(after.policies).toEqual(before.policies);
  });

  skippable(
    'get company: a new user of the folder joins its group, and can do what its policy says',
    async () => {
      const { site, writer } = await withUsers();
      const before = await world.snapshot(site);
      const user = `new-${site}`;
      const reply = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `${onSite(site)}/users`, {
        User: { UserName: user, Path: '/docs/' },
      });
      expect({ status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({ status: 200, text: '' });
      const after = await world.snapshot(site);
      expect(after.groups[`${site}-docs-BktRWGrp`]?.members.toSorted()).toEqual([writer, user].sort());
      expect(after.policies).toEqual(before.policies);
      const { s3 } = clientsOf(world, reply.body.AccessKey);
      await s3.send(new PutObjectCommand({ Bucket: site, Key: 'docs/a.html', Body: 'x' }));
      await expect(s3.send(new PutObjectCommand({ Bucket: site, Key: 'a.html', Body: 'x' }))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('of a folder whose group may do more than the folder get no company: 409', async () => {
    const { site } = await legacy();
    await makeRole(world.auditor, `${site}-docs-BktRW`, writerPolicy(site));
    const before = await world.siteSnapshot(site);
    expect(
      (await world.api('POST', `${onSite(site)}/users`, { User: { UserName: `new-${site}`, Path: '/docs/' } })).status,
    ).toBe(409);
    expect(await world.siteSnapshot(site)).toEqual(before);
  });
});

describe('DELETE', () => {
  skippable('takes a site of the predecessor away with users, groups and policies of its folders', async () => {
    const { site, distribution, admin, writer } = await withUsers();
    await makeNamesake(world, site);
    const { status, body } = await world.api('DELETE', onSite(site));
    expect({ status, body: status === 200 ? {} : body }).toEqual({ status: 200, body: {} });
    const lists = body as Readonly<Record<'Users' | 'Policies' | 'Groups', readonly string[]>>;
    expect([...lists.Users].sort()).toEqual([admin, writer, site].sort());
    const roles = (suffix: string) => ['BktAdm', 'WebAdm', 'docs-BktRW'].map((role) => `${site}-${role}${suffix}`);
    expect([...lists.Groups].sort()).toEqual(roles('Grp').sort());
    expect([...lists.Policies].sort()).toEqual(roles('Plc').sort());
    expect(body).toMatchObject({
      Website: site,
      DNSRecord: { Type: 'A', Name: `${site}.` },
      Distribution: { Id: distribution },
    });
    expect(await world.siteSnapshot(site)).toMatchObject({
      buckets: {},
      users: {},
      groups: {},
      policies: {},
      records: [],
    });
    const { Distribution } = await world.cloudfront.send(new GetDistributionCommand({ Id: distribution }));
    expect(Distribution?.DistributionConfig).toMatchObject({ Enabled: false, Aliases: { Quantity: 0 } });
    expect((await world.api('DELETE', onSite(site))).status).toBe(404);
  });

  skippable('leaves a distribution without tags of ours to the cleaner, which deletes it', async () => {
    const { site, distribution } = await legacy();
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    const report = await world.api('POST', '/demo/cleaner/run', {});
    expect({ status: report.status, names: report.text.includes(distribution) }).toEqual({ status: 200, names: true });
    expect(await world.distributionsOf(site)).toEqual([]);
  });

  skippable('of one that holds more than the predecessor’s pages is 409, and nothing is touched', async () => {
    const { site } = await withUsers();
    await world.upload(site, 'docs/a.html', 'x');
    const before = await world.siteSnapshot(site);
    expect((await world.api('GET', onSite(site))).body).toMatchObject({ Empty: false });
    expect((await world.api('DELETE', onSite(site))).status).toBe(409);
    expect(await world.siteSnapshot(site)).toEqual(before);
  });

  skippable('finds a folder’s group again that an earlier deletion has emptied', async () => {
    const { site, writer } = await withUsers();
    const GroupName = `${site}-docs-BktRWGrp`;
    await world.auditor.iam.send(
      new DetachGroupPolicyCommand({
        GroupName,
        PolicyArn: `arn:aws:iam::${world.accountId}:policy/${site}-docs-BktRWPlc`,
      }),
    );
    expect((await world.api('GET', `${onSite(site)}/users/${writer}`)).status).toBe(200);
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
    expect(await world.siteSnapshot(site)).toMatchObject({ users: {}, groups: {}, policies: {} });
  });

  for (const operation of ['RemoveUserFromGroup', 'DeleteUser', 'DetachGroupPolicy', 'DeleteGroup', 'DeletePolicy']) {
    skippable(
      `finishes when it is repeated after a refusal of ${operation} in a folder`,
      async () => {
        const { site } = await withUsers();
        const handle = world.faults.add({
          kind: 'refuse',
          operation,
          matching: ({ request }) => request.body.toString().includes('docs-'),
        });
        const failed = await world.api('DELETE', onSite(site));
        expect({ status: failed.status, hit: handle.hits > 0 }).toEqual({ status: 403, hit: true });
        handle.remove();
        expect((await world.api('DELETE', onSite(site))).status).toBe(200);
        expect(await world.siteSnapshot(site)).toMatchObject({ buckets: {}, users: {}, groups: {}, policies: {} });
        expect((await world.api('DELETE', onSite(site))).status).toBe(404);
      },
      { more: SANDBOX_ONLY.faults },
    );
  }

  skippable('leaves buckets of similar names alone, one named like the folder too', async () => {
    const { site, writer } = await withUsers();
    const others = [`${site}-extra`, `${site}.uk`];
    for (const bucket of others) {
      await makeLegacyBucket(world, bucket);
      await makeRole(world.auditor, `${bucket}-BktRW`, writerPolicy(bucket));
      await makeUser(world.auditor, `user-${bucket}`, [`${bucket}-BktRW`, `${bucket}-BktAdm`]);
    }
    // In the site's folder group and in the bucket's: shared, so it stays.
    const shared = `shared-${site}`;
    await makeUser(world.auditor, shared, [`${site}-docs-BktRW`, `${site}-extra-BktRW`]);
    expect((await world.api('GET', `${onSite(site)}/users/user-${site}-extra`)).status).toBe(404);
    expect((await world.api('DELETE', `${onSite(site)}/users/user-${site}-extra`)).status).toBe(404);
    const states = () => Promise.all(others.map((bucket) => world.snapshot(bucket)));
    const before = await states();
    const { status, body } = await world.api('DELETE', onSite(site));
    expect(status).toBe(200);
    expect(body['Users']).not.toContain(shared);
    expect(await states()).toEqual(before);
    expect((await world.snapshot(writer)).users).toEqual({});
    expect((await world.snapshot(shared)).users[shared]?.groups).toEqual([`${site}-extra-BktRWGrp`]);
    const { Users } = await world.auditor.iam.send(new GetGroupCommand({ GroupName: `${site}-extra-BktRWGrp` }));
    expect(Users?.map(({ UserName }) => UserName).sort()).toEqual([shared, `user-${site}-extra`].sort());
  });
});

describe('the cleaner’s list of orphans', () => {
  skippable('does not name the folder groups of a site that is there', async () => {
    const { site } = await withUsers();
    const { status, text } = await world.api('GET', '/demo/cleaner');
    expect(status).toBe(200);
    expect(text).not.toContain(site);
  });
});
