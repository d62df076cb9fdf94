import {
  CreateInvalidationCommand,
  GetDistributionConfigCommand,
  ListInvalidationsCommand,
} from '@aws-sdk/client-cloudfront';
import { AttachUserPolicyCommand, CreateUserCommand } from '@aws-sdk/client-iam';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { clientsOf, type IssuedKey, onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

interface Made {
  readonly user: string;
  readonly key: IssuedKey;
}

async function newUser(
  site: string,
  stem: string,
  more: { readonly Path?: string; readonly Groups?: readonly string[] } = {},
): Promise<Made> {
  const user = world.name(stem);
  const { Path, Groups } = more;
  const body = {
    User: { UserName: user, ...(Path !== undefined && { Path }) },
    ...(Groups !== undefined && { Groups }),
  };
  const reply = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `${onSite(site)}/users`, body);
  expect({ status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({ status: 200, text: '' });
  return { user, key: reply.body.AccessKey };
}

/** What a call ends with: `ok`, or the code of the refusal. */
async function verdict(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

const batch = (reference: string) => ({ CallerReference: reference, Paths: { Quantity: 1, Items: ['/*'] } });

describe('a user of the whole site', () => {
  skippable('is in BktAdmGrp and WebAdmGrp when nothing else is asked for', async () => {
    const site = await world.newSite();
    const { user } = await newUser(site, 'admin');
    expect((await world.snapshot(user)).users[user]?.groups.toSorted()).toEqual([
      `${site}-BktAdmGrp`,
      `${site}-WebAdmGrp`,
    ]);
    const { status, body } = await world.api('GET', `${onSite(site)}/users/${user}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      User: { UserName: user, Path: '/' },
      AccessKeys: [{ UserName: user, Status: 'Active' }],
    });
    const { Groups, Policies } = body as Readonly<
      Record<'Groups' | 'Policies', readonly Readonly<Record<string, string>>[]>
    >;
    expect(Groups.map((group) => group['GroupName']).sort()).toEqual([`${site}-BktAdmGrp`, `${site}-WebAdmGrp`]);
    expect(Policies.map((policy) => policy['PolicyName']).sort()).toEqual([`${site}-BktAdmPlc`, `${site}-WebAdmPlc`]);
  });

  skippable(
    'invalidates its own distribution, no other one, and changes none',
    async () => {
      const [site, other] = [await world.newSite(), await world.newSite('other')];
      const { key } = await newUser(site, 'web', { Groups: ['WebAdmGrp'] });
      const { cloudfront, s3 } = clientsOf(world, key);
      const [own] = await world.distributionsOf(site);
      const [theirs] = await world.distributionsOf(other);
      const invalidate = (DistributionId: string | undefined) =>
        verdict(cloudfront.send(new CreateInvalidationCommand({ DistributionId, InvalidationBatch: batch('mine') })));
      expect(await invalidate(own?.Id)).toBe('ok');
      expect(await verdict(cloudfront.send(new ListInvalidationsCommand({ DistributionId: own?.Id })))).toBe('ok');
      expect(await invalidate(theirs?.Id)).toBe('AccessDenied');
      expect(await verdict(cloudfront.send(new GetDistributionConfigCommand({ Id: own?.Id })))).toBe('AccessDenied');
      expect(await verdict(s3.send(new PutObjectCommand({ Bucket: site, Key: 'a.html', Body: 'x' })))).toBe(
        'AccessDenied',
      );
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable('of BktRWGrp gets a role that is made on the way', async () => {
    const site = await world.newSite();
    const { user } = await newUser(site, 'writer', { Groups: ['BktRWGrp'] });
    expect((await world.snapshot(site)).groups[`${site}-BktRWGrp`]).toMatchObject({
      path: '/',
      members: [user],
      attached: [`${site}-BktRWPlc`],
    });
  });
});

describe('a user of /docs/', () => {
  skippable('gets groups and policies of its own, and a greeting page in its folder', async () => {
    const site = await world.newSite();
    const { user } = await newUser(site, 'docs', { Path: '/docs/' });
    const { groups, policies, buckets } = await world.snapshot(site);
    expect(groups[`${site}-docs-BktRWGrp`]).toMatchObject({
      path: `/${site}/docs/`,
      members: [user],
      attached: [`${site}-docs-BktRWPlc`],
    });
    expect(Object.values(policies[`${site}-docs-BktRWPlc`]?.versions ?? {})).toHaveLength(1);
    expect(buckets[site]?.objects).toEqual(['docs/index.html', 'index.html']);
    // Two pages of ours are still an empty site.
    expect((await world.api('GET', onSite(site))).body).toMatchObject({ Empty: true });
  });

  skippable('slashes of a deeper folder become _ in the names', async () => {
    const site = await world.newSite();
    const { user } = await newUser(site, 'api', { Path: '/docs/api/', Groups: ['BktROGrp'] });
    expect((await world.snapshot(site)).groups[`${site}-docs_api-BktROGrp`]).toMatchObject({
      path: `/${site}/docs/api/`,
      members: [user],
    });
    const { status, body } = await world.api<readonly Readonly<Record<string, unknown>>[]>(
      'GET',
      `${onSite(site)}/users`,
    );
    expect(status).toBe(200);
    expect(body.map(({ UserName }) => UserName)).toEqual([user]);
  });

  skippable('a page of the caller’s in the folder is left alone', async () => {
    const site = await world.newSite();
    await world.upload(site, 'docs/index.html', 'theirs');
    await newUser(site, 'docs', { Path: '/docs/' });
    const { Body } = await world.auditor.s3.send(new GetObjectCommand({ Bucket: site, Key: 'docs/index.html' }));
    expect(await Body?.transformToString()).toBe('theirs');
  });

  skippable('can be in BktRWGrp or BktROGrp only, and its Path must be a folder', async () => {
    const site = await world.newSite();
    const before = await world.siteSnapshot(site);
    for (const Groups of [['BktAdmGrp'], ['WebAdmGrp'], ['BktRWGrp', 'WebAdmGrp'], []]) {
      expect(
        (await world.api('POST', `${onSite(site)}/users`, { User: { UserName: 'never', Path: '/docs/' }, Groups }))
          .status,
      ).toBe(400);
    }
    for (const Path of [
      'docs',
      '/docs',
      'docs/',
      '//',
      '/../',
      '/docs/../',
      '/./',
      '/do*cs/',
      '/do?cs/',
      '/a b/',
      '/${aws:username}/',
      '/docs_x/',
      `/${'x'.repeat(120)}/`,
    ]) {
      const { status } = await world.api('POST', `${onSite(site)}/users`, { User: { UserName: 'never', Path } });
      expect({ Path, status }).toEqual({ Path, status: 400 });
    }
    expect(await world.siteSnapshot(site)).toEqual(before);
  });

  skippable(
    'reads, lists and writes its folder and nothing else',
    async () => {
      const site = await world.newSite();
      const { key } = await newUser(site, 'docs', { Path: '/docs/' });
      const { s3 } = clientsOf(world, key);
      const put = (Key: string) => verdict(s3.send(new PutObjectCommand({ Bucket: site, Key, Body: 'x' })));
      const list = (Prefix?: string) =>
        verdict(s3.send(new ListObjectsV2Command({ Bucket: site, ...(Prefix !== undefined && { Prefix }) })));
      await world.upload(site, 'docs2/secret.html', 'x');
      expect(await put('docs/a.html')).toBe('ok');
      expect(await put('docs/deep/er/a.html')).toBe('ok');
      for (const Key of ['docs2/a.html', 'docs', 'a.html', 'Docs/a.html', 'x/docs/a.html', 'index.html']) {
        expect({ Key, put: await put(Key) }).toEqual({ Key, put: 'AccessDenied' });
      }
      for (const Prefix of ['docs/', 'docs/a', 'docs/deep/'])
        expect({ Prefix, list: await list(Prefix) }).toEqual({ Prefix, list: 'ok' });
      for (const Prefix of [undefined, '', '/', 'd', 'docs', 'docs2', 'docs2/', 'Docs/', '/docs/']) {
        expect({ Prefix, list: await list(Prefix) }).toEqual({ Prefix, list: 'AccessDenied' });
      }
      expect(await verdict(s3.send(new ListObjectVersionsCommand({ Bucket: site })))).toBe('AccessDenied');
      expect(await verdict(s3.send(new ListObjectVersionsCommand({ Bucket: site, Prefix: 'docs/' })))).toBe('ok');
      expect(
        await verdict(s3.send(new PutObjectAclCommand({ Bucket: site, Key: 'docs/a.html', ACL: 'public-read' }))),
      ).toBe('AccessDenied');
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
      expect(await verdict(s3.send(new PutBucketPolicyCommand({ Bucket: site, Policy })))).toBe('AccessDenied');
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable(
    'whatever the key or prefix is: allowed exactly when it begins with docs/',
    async () => {
      const site = await world.newSite();
      const { key } = await newUser(site, 'docs', { Path: '/docs/' });
      const { s3 } = clientsOf(world, key);
      const part = fc.constantFrom(
        'docs',
        'docs/',
        'docs2/',
        '/',
        'a',
        '.',
        '..',
        '*',
        '?',
        '$',
        ' ',
        'é',
        '%2F',
        'DOCS/',
      );
      const text = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
      await fc.assert(
        fc.asyncProperty(text, async (name) => {
          const expected = name.startsWith('docs/') ? 'ok' : 'AccessDenied';
          const listed = await verdict(s3.send(new ListObjectsV2Command({ Bucket: site, Prefix: name })));
          const written = await verdict(s3.send(new PutObjectCommand({ Bucket: site, Key: name, Body: 'x' })));
          expect({ name, listed, written }).toEqual({ name, listed: expected, written: expected });
        }),
        { numRuns: 120 },
      );
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable(
    'of BktROGrp reads and lists, and writes nothing',
    async () => {
      const site = await world.newSite();
      const { key } = await newUser(site, 'reader', { Path: '/docs/', Groups: ['BktROGrp'] });
      const { s3 } = clientsOf(world, key);
      expect(await verdict(s3.send(new ListObjectsV2Command({ Bucket: site, Prefix: 'docs/' })))).toBe('ok');
      expect(await verdict(s3.send(new GetObjectCommand({ Bucket: site, Key: 'docs/index.html' })))).toBe('ok');
      expect(await verdict(s3.send(new PutObjectCommand({ Bucket: site, Key: 'docs/index.html', Body: 'x' })))).toBe(
        'AccessDenied',
      );
    },
    { more: SANDBOX_ONLY.policies },
  );
});

describe('scopes whose names coincide', () => {
  skippable('/a/b/ and /a.b/ have groups of their own; a scope whose names are taken is 409', async () => {
    const site = await world.newSite();
    await newUser(site, 'deep', { Path: '/a/b/' });
    await newUser(site, 'dotted', { Path: '/a.b/' });
    const { groups } = await world.snapshot(site);
    expect(groups[`${site}-a_b-BktRWGrp`]?.path).toBe(`/${site}/a/b/`);
    expect(groups[`${site}-a.b-BktRWGrp`]?.path).toBe(`/${site}/a.b/`);
  });
});

describe('reset and delete', () => {
  skippable('a reset gives a new key in place of the old one', async () => {
    const site = await world.newSite();
    const { user, key } = await newUser(site, 'docs', { Path: '/docs/' });
    const { status, body } = await world.api('PUT', `${onSite(site)}/users/${user}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ DeletedKeyIds: [key.AccessKeyId], AccessKey: { UserName: user, Status: 'Active' } });
    const { AccessKeyId } = body['AccessKey'] as IssuedKey;
    expect((await world.snapshot(user)).users[user]?.keys).toEqual({ [AccessKeyId]: 'Active' });
  });

  skippable('a deleted user is gone; its site and folder stay', async () => {
    const site = await world.newSite();
    const before = await world.siteSnapshot(site);
    const { user } = await newUser(site, 'admin');
    expect((await world.api('DELETE', `${onSite(site)}/users/${user}`)).status).toBe(200);
    expect((await world.snapshot(user)).users).toEqual({});
    expect(await world.siteSnapshot(site)).toEqual(before);
    expect((await world.api('DELETE', `${onSite(site)}/users/${user}`)).status).toBe(404);
  });

  skippable('a user of another site is none of this one’s', async () => {
    const [site, other] = [await world.newSite(), await world.newSite('other')];
    const { user } = await newUser(other, 'theirs', { Path: '/docs/' });
    const before = await world.snapshot(user);
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await world.api(method, `${onSite(site)}/users/${user}`)).status).toBe(404);
    expect(await world.snapshot(user)).toEqual(before);
    expect((await world.api('GET', `${onSite(site)}/users`)).body).toEqual([]);
  });

  skippable('the list names users of all groups once', async () => {
    const site = await world.newSite();
    const made = [
      await newUser(site, 'admin'),
      await newUser(site, 'docs', { Path: '/docs/' }),
      await newUser(site, 'reader', { Path: '/docs/', Groups: ['BktROGrp'] }),
    ];
    const { body } = await world.api<readonly Readonly<Record<string, unknown>>[]>('GET', `${onSite(site)}/users`);
    expect(body.map(({ UserName }) => UserName).sort()).toEqual(made.map(({ user }) => user).sort());
  });

  skippable('the legacy user, named like the site with its policy attached, counts', async () => {
    const site = await world.newSite();
    const { iam } = world.auditor;
    await iam.send(new CreateUserCommand({ UserName: site }));
    expect((await world.api('GET', `${onSite(site)}/users`)).body).toEqual([]);
    await iam.send(
      new AttachUserPolicyCommand({
        UserName: site,
        PolicyArn: `arn:aws:iam::${world.accountId}:policy/${site}-BktAdmPlc`,
      }),
    );
    expect((await world.api('GET', `${onSite(site)}/users`)).body).toMatchObject([{ UserName: site }]);
    expect((await world.api('DELETE', onSite(site))).body).toMatchObject({ Users: [site] });
    expect((await world.snapshot(site)).users).toEqual({});
  });

  skippable('users of no website: 404', async () => {
    const site = world.site('none');
    expect(
      (await world.api('POST', `${onSite(site)}/users`, { User: { UserName: world.name('nobody') } })).status,
    ).toBe(404);
    expect((await world.api('GET', `${onSite(site)}/users`)).status).toBe(404);
  });
});
