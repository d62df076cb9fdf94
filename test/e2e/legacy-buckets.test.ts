import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { DeleteObjectCommand, GetBucketTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  addVersions,
  adminPolicy,
  makeLegacyBucket,
  makeNamesake,
  makeRole,
  makeUser,
  readerPolicy,
  writerPolicy,
} from '../support/e2e/legacy';
import { skippable } from '../support/e2e/skips';
import { DOMAIN, SEED_TAGS, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { LOG_BUCKET, ORG } from '../support/e2e/world';

/** Buckets of the predecessor, through the whole API. */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

const on = (bucket: string): string => `/demo/buckets/${bucket}`;
const NOTHING = { buckets: {}, users: {}, groups: {}, policies: {} };

async function legacy(stem = 'legacy'): Promise<string> {
  const bucket = world.name(stem);
  await makeLegacyBucket(world, bucket);
  return bucket;
}

/** All three roles, with a user in each. */
async function withRoles(): Promise<string> {
  const bucket = await legacy();
  await makeRole(world.auditor, `${bucket}-BktRW`, writerPolicy(bucket));
  await makeRole(world.auditor, `${bucket}-BktRO`, readerPolicy(bucket));
  for (const role of ['BktAdm', 'BktRW', 'BktRO'])
    await makeUser(world.auditor, `${bucket}-${role}-user`, [`${bucket}-${role}`]);
  return bucket;
}

describe('a bucket without our tags', () => {
  skippable('is listed, found and shown as the contract shows it', async () => {
    const bucket = await legacy();
    expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).toContain(bucket);
    expect((await world.api('HEAD', on(bucket))).status).toBe(200);
    const { status, body } = await world.api('GET', on(bucket));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        Tags: SEED_TAGS,
        Logging: { TargetBucket: LOG_BUCKET, TargetGrants: null, TargetPrefix: `s3/${bucket}/` },
        Empty: true,
      },
    });
  });

  skippable('takes new tags, and the org tag with them', async () => {
    const bucket = await legacy();
    expect((await world.api('PUT', on(bucket), { Tags: [{ Key: 'COA', Value: 'another' }] })).status).toBe(200);
    expect((await world.api('GET', on(bucket))).body).toMatchObject({
      Tags: [
        { Key: 'COA', Value: 'another' },
        { Key: 'spinup:org', Value: ORG },
      ],
    });
    const { TagSet } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    expect(TagSet).toHaveLength(2);
  });

  skippable('cannot be created again', async () => {
    const bucket = await legacy();
    const before = await world.snapshot(bucket);
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(409);
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('has a bookmark', async () => {
    const bucket = await legacy();
    const { status, text } = await world.api('GET', `${on(bucket)}/duck`);
    expect(status).toBe(200);
    expect(text).toContain(`<string>/${bucket}</string>`);
  });
});

describe('its users, who carry no tags', () => {
  skippable('are listed over all groups, shown with groups and policies', async () => {
    const bucket = await withRoles();
    const { body } = await world.api<readonly Readonly<Record<string, unknown>>[]>('GET', `${on(bucket)}/users`);
    expect(body.map(({ UserName }) => UserName)).toEqual(
      ['BktAdm', 'BktRO', 'BktRW'].map((role) => `${bucket}-${role}-user`),
    );
    const shown = await world.api('GET', `${on(bucket)}/users/${bucket}-BktAdm-user`);
    expect(shown.status).toBe(200);
    expect(shown.body).toMatchObject({
      User: { UserName: `${bucket}-BktAdm-user`, Path: '/' },
      AccessKeys: [{ Status: 'Active', UserName: `${bucket}-BktAdm-user` }],
      Groups: [{ GroupName: `${bucket}-BktAdmGrp`, Path: '/' }],
      Policies: [
        { PolicyName: `${bucket}-BktAdmPlc`, Arn: `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc` },
      ],
    });
  });

  skippable('are re-keyed, with two keys too', async () => {
    const bucket = await legacy();
    await makeUser(world.auditor, `${bucket}-two`, [`${bucket}-BktAdm`], 2);
    const before = Object.keys((await world.snapshot(bucket)).users[`${bucket}-two`]?.keys ?? {});
    const { status, body } = await world.api('PUT', `${on(bucket)}/users/${bucket}-two`);
    expect(status).toBe(200);
    expect([...(body['DeletedKeyIds'] as readonly string[])].sort()).toEqual(before.sort());
    const { AccessKeyId } = body['AccessKey'] as { readonly AccessKeyId: string };
    expect((await world.snapshot(bucket)).users[`${bucket}-two`]?.keys).toEqual({ [AccessKeyId]: 'Active' });
  });

  skippable('are deleted, and get company in the same groups', async () => {
    const bucket = await withRoles();
    const groups = (await world.snapshot(bucket)).groups;
    const reply = await world.api('POST', `${on(bucket)}/users`, {
      User: { UserName: `${bucket}-new` },
      Groups: ['BktRWGrp', 'BktAdmGrp'],
    });
    expect({ status: reply.status, text: reply.status === 200 ? '' : reply.text }).toEqual({ status: 200, text: '' });
    const after = (await world.snapshot(bucket)).groups;
    expect(Object.keys(after)).toEqual(Object.keys(groups));
    expect(after[`${bucket}-BktRWGrp`]).toMatchObject({
      id: groups[`${bucket}-BktRWGrp`]?.id,
      members: expect.arrayContaining([`${bucket}-new`]),
    });
    for (const user of [`${bucket}-BktRW-user`, `${bucket}-new`])
      expect((await world.api('DELETE', `${on(bucket)}/users/${user}`)).status).toBe(200);
    expect(Object.keys((await world.snapshot(bucket)).users).sort()).toEqual([
      `${bucket}-BktAdm-user`,
      `${bucket}-BktRO-user`,
    ]);
  });

  skippable('and the one named like the bucket, without any group: listed, shown, re-keyed, deleted', async () => {
    const bucket = await legacy();
    await makeNamesake(world, bucket);
    const path = `${on(bucket)}/users/${bucket}`;
    expect((await world.api('GET', `${on(bucket)}/users`)).body).toMatchObject([{ UserName: bucket }]);
    expect((await world.api('GET', path)).body).toMatchObject({
      Groups: [],
      Policies: [{ PolicyName: `${bucket}-BktAdmPlc` }],
    });
    expect((await world.api('PUT', path)).body).toMatchObject({ AccessKey: { UserName: bucket } });
    expect((await world.api('GET', `${on(bucket)}/duck?user=${bucket}`)).status).toBe(200);
    expect((await world.api('DELETE', path)).status).toBe(200);
    expect((await world.snapshot(bucket)).users).toEqual({});
  });
});

describe('DELETE', () => {
  skippable('takes a bucket of the predecessor away with everything that is its own', async () => {
    const bucket = await withRoles();
    await makeNamesake(world, bucket);
    await makeUser(world.auditor, `${bucket}-two`, [`${bucket}-BktAdm`, `${bucket}-BktRO`], 2);
    await world.auditor.iam.send(
      new PutUserPolicyCommand({
        UserName: `${bucket}-two`,
        PolicyName: 'inline',
        PolicyDocument: adminPolicy(bucket),
      }),
    );
    await addVersions(
      world.auditor,
      `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`,
      5,
      readerPolicy(bucket),
    );
    const { status, text } = await world.api('DELETE', on(bucket));
    expect({ status, text }).toEqual({ status: 200, text: '{}' });
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
    expect((await world.api('DELETE', on(bucket))).status).toBe(404);
  });

  skippable(
    'of one that holds something, a former version or a delete marker counting, is 409 and touches nothing',
    async () => {
      const bucket = await withRoles();
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));
      const before = await world.snapshot(bucket);
      expect((await world.api('DELETE', on(bucket))).status).toBe(409);
      expect(await world.snapshot(bucket)).toEqual(before);
      await world.auditor.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'a' }));
      expect((await world.api('DELETE', on(bucket))).status).toBe(200);
    },
  );

  skippable('leaves strangers of similar names alone, and users that belong elsewhere too', async () => {
    const bucket = await withRoles();
    const [longer, shorter] = [`${bucket}-extra`, bucket.slice(0, -1)];
    for (const other of [longer, shorter]) {
      await makeLegacyBucket(world, other);
      await makeUser(world.auditor, `user-of-${other}`, [`${other}-BktAdm`]);
    }
    // A stranger that merely has the bucket's name.
    await makeUser(world.auditor, bucket, []);
    const shared = `shared-${bucket}`;
    await makeUser(world.auditor, shared, [`${bucket}-BktAdm`, `${longer}-BktAdm`]);
    const before = await world.snapshot(shorter);
    expect((await world.api('DELETE', on(bucket))).status).toBe(200);
    const after = await world.snapshot(shorter);
    const groups = Object.fromEntries(
      Object.entries(before.groups).filter(
        ([name]) => name.startsWith(`${longer}-`) || name === `${shorter}-BktAdmGrp`,
      ),
    );
    expect(after.groups).toEqual(groups);
    expect(Object.keys(after.buckets).sort()).toEqual([shorter, longer].sort());
    expect(after.users[bucket]).toEqual(before.users[bucket]);
    expect(after.users[`user-of-${longer}`]).toEqual(before.users[`user-of-${longer}`]);
    expect(after.users[shared]).toEqual({ ...before.users[shared], groups: [`${longer}-BktAdmGrp`] });
  });
});

describe('a bucket named like the folder of a site', () => {
  /** `<site>-docs` is a bucket of its own, and the stem of the predecessor's groups for the folder /docs/ of the site. */
  async function bucketBeside(
    document: (site: string, bucket: string) => string,
  ): Promise<{ readonly bucket: string; readonly site: string }> {
    const site = `${world.name('site')}.${DOMAIN}`;
    const bucket = `${site}-docs`;
    await makeLegacyBucket(world, bucket);
    await makeRole(world.auditor, `${bucket}-BktRW`, document(site, bucket));
    await makeUser(world.auditor, `user-${bucket}`, [`${bucket}-BktRW`]);
    return { bucket, site };
  }

  skippable('owns the group whose policy speaks of it', async () => {
    const { bucket } = await bucketBeside((_, own) => writerPolicy(own));
    expect((await world.api('GET', `${on(bucket)}/users`)).body).toMatchObject([{ UserName: `user-${bucket}` }]);
    expect((await world.api('PUT', `${on(bucket)}/users/user-${bucket}`)).status).toBe(200);
    expect(
      (await world.api('POST', `${on(bucket)}/users`, { User: { UserName: `${bucket}-2` }, Groups: ['BktRWGrp'] }))
        .status,
    ).toBe(200);
    expect((await world.api('DELETE', on(bucket))).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(NOTHING);
  });

  skippable('never touches the group whose policy speaks of the site', async () => {
    const { bucket } = await bucketBeside((site) => writerPolicy(site));
    const before = await world.snapshot(bucket);
    expect((await world.api('GET', `${on(bucket)}/users`)).body).toEqual([]);
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await world.api(method, `${on(bucket)}/users/user-${bucket}`)).status).toBe(404);
    expect(
      (await world.api('POST', `${on(bucket)}/users`, { User: { UserName: `${bucket}-2` }, Groups: ['BktRWGrp'] }))
        .status,
    ).toBe(409);
    expect(await world.snapshot(bucket)).toEqual(before);
    expect((await world.api('DELETE', on(bucket))).status).toBe(200);
    const { groups, users, policies } = before;
    const rw = `${bucket}-BktRW`;
    expect(await world.snapshot(bucket)).toEqual({
      buckets: {},
      users,
      groups: { [`${rw}Grp`]: groups[`${rw}Grp`] },
      policies: { [`${rw}Plc`]: policies[`${rw}Plc`] },
    });
  });
});
