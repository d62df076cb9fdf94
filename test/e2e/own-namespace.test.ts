import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { DeleteBucketCommand, GetBucketPolicyCommand, HeadBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import plist from 'plist';
import { signed, sendForm, use } from '../support/e2e/objects';
import { type IssuedKey, clientsOf, DOMAIN, onSite, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { accounts } from '../support/e2e/target';
import { LOG_BUCKET } from '../support/e2e/world';

/**
 * An account whose buckets are in its own namespace (AWS-FACTS: account-regional bucket namespace): callers see the names they
 * gave, S3 sees those names with the suffix of the account and region.
 */

const SUFFIX = `-${accounts.demo.id}-us-east-1-an`;
const inS3 = (name: string): string => `${name}${SUFFIX}`;
const onlyHere = { more: SANDBOX_ONLY.namespaces };

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld({ demo: { bucketNamespace: 'account-regional' } });
});
afterAll(() => world.stop());

const onBucket = (bucket: string, rest = ''): string => `/demo/buckets/${bucket}${rest}`;
const create = (bucket: string, more: object = {}) =>
  world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });
const newBucket = async (stem = 'own'): Promise<string> => {
  const bucket = world.name(stem);
  const { status, text } = await create(bucket);
  expect({ status, text: status === 202 ? '' : text }).toEqual({ status: 202, text: '' });
  return bucket;
};
const isThere = async (Bucket: string): Promise<boolean> =>
  world.auditor.s3.send(new HeadBucketCommand({ Bucket })).then(
    () => true,
    () => false,
  );
const documentOf = async (policy: string): Promise<string> => {
  const PolicyArn = `arn:aws:iam::${accounts.demo.id}:policy/${policy}`;
  const { Policy } = await world.auditor.iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await world.auditor.iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return decodeURIComponent(PolicyVersion?.Document ?? '');
};

describe('a bucket', () => {
  skippable(
    'is the caller’s name in the API, and the name with its suffix at S3, from its making to its end',
    async () => {
      const bucket = world.name('own');
      expect((await create(bucket)).body).toMatchObject({
        Bucket: `/${bucket}`,
        Policy: { PolicyName: `${bucket}-BktAdmPlc` },
        Group: { GroupName: `${bucket}-BktAdmGrp` },
      });
      expect([await isThere(bucket), await isThere(inS3(bucket))]).toEqual([false, true]);
      expect(JSON.parse(await documentOf(`${bucket}-BktAdmPlc`))).toMatchObject({
        Statement: [{ Resource: [`arn:aws:s3:::${inS3(bucket)}`] }, { Resource: [`arn:aws:s3:::${inS3(bucket)}/*`] }],
      });
      const { body: names } = await world.api<readonly string[]>('GET', '/demo/buckets');
      expect(names).toContain(bucket);
      expect(names.filter((name) => name.endsWith('-an'))).toEqual([]);
      expect((await world.api('HEAD', onBucket(bucket))).status).toBe(200);
      expect((await world.api('GET', onBucket(bucket))).body).toMatchObject({
        Empty: true,
        Logging: { TargetBucket: LOG_BUCKET, TargetPrefix: `s3/${bucket}/` },
      });
      expect((await create(bucket)).status).toBe(409);
      expect((await world.api('DELETE', onBucket(bucket))).status).toBe(200);
      expect(await isThere(inS3(bucket))).toBe(false);
      expect((await world.snapshot(bucket)).groups).toEqual({});
    },
    onlyHere,
  );

  skippable(
    'is used with the key of its user, by the name that the client files have',
    async () => {
      const bucket = await newBucket();
      const user = world.name('ada');
      const made = await world.api<{ readonly AccessKey: IssuedKey }>('POST', onBucket(bucket, '/users'), {
        User: { UserName: user },
        Groups: ['BktRWGrp'],
      });
      expect(made.status).toBe(200);
      const { s3 } = clientsOf(world, made.body.AccessKey);
      const duck = plist.parse((await world.api('GET', onBucket(bucket, `/duck?user=${user}`))).text);
      expect(duck).toMatchObject({ Nickname: bucket, Path: `/${inS3(bucket)}` });
      for (const tool of ['rclone', 'aws', 's3cmd', 'mc', 'winscp', 'env', 'authentik']) {
        const { text } = await world.api('GET', onBucket(bucket, `/clients/${tool}`));
        expect({ tool, text }).toEqual({ tool, text: expect.stringContaining(inS3(bucket)) });
        expect(text.replaceAll(inS3(bucket), '')).not.toContain(bucket);
      }
      await s3.send(new PutObjectCommand({ Bucket: inS3(bucket), Key: 'a.txt', Body: 'a' }));
      await expect(s3.send(new DeleteBucketCommand({ Bucket: inS3(bucket) }))).rejects.toThrow();
      expect((await world.api('GET', onBucket(bucket, `/users/${user}`))).body).toMatchObject({
        Groups: [{ GroupName: `${bucket}-BktRWGrp` }],
      });
      expect((await world.api('DELETE', onBucket(bucket))).status).toBe(409);
      s3.destroy();
    },
    onlyHere,
  );

  skippable(
    'gets object URLs, and forms, that lead to it',
    async () => {
      const bucket = await newBucket();
      const upload = await signed(world.api('POST', onBucket(bucket, '/objects'), { filename: 'a/b.txt' }));
      expect(upload.url).toContain(inS3(bucket));
      expect((await use('PUT', upload.url, 'hello')).status).toBe(200);
      const form = await signed(world.api('POST', onBucket(bucket, '/objects'), { filename: 'c.txt', form: true }));
      expect((await sendForm(form, 'from a form')).status).toBeLessThan(300);
      for (const [key, text] of [
        ['a/b.txt', 'hello'],
        ['c.txt', 'from a form'],
      ] as const) {
        const { url } = await signed(world.api('GET', onBucket(bucket, `/objects/${key}`)));
        expect(String((await use('GET', url)).body)).toBe(text);
      }
      const { url } = await signed(world.api('GET', `/aws/storage/demo/${bucket}/a/b.txt`));
      expect(String((await use('GET', url)).body)).toBe('hello');
    },
    onlyHere,
  );

  skippable(
    'takes a policy that speaks of S3’s name, and says so of one that speaks of the caller’s',
    async () => {
      const bucket = await newBucket();
      const policyOf = (name: string) => ({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${accounts.demo.id}:root` },
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::${name}/*`,
          },
        ],
      });
      const refused = await world.api('PUT', onBucket(bucket), { BucketPolicy: policyOf(bucket) });
      expect(refused).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining(`arn:aws:s3:::${inS3(bucket)}`) },
      });
      expect((await world.api('PUT', onBucket(bucket), { BucketPolicy: policyOf(inS3(bucket)) })).status).toBe(200);
    },
    onlyHere,
  );

  skippable(
    'has a name that leaves room for the suffix, and that is not written with it',
    async () => {
      for (const [name, detail] of [
        ['x'.repeat(38), 'S3 takes 37 characters'],
        [inS3('photos'), 'leave it out'],
        ['photos-210987654321-us-east-1-an', '"-an"'],
      ] as const)
        expect(await create(name)).toMatchObject({
          status: 400,
          body: { detail: expect.stringContaining(detail) },
        });
      for (const name of ['x'.repeat(38), inS3('photos'), 'Old_Name'])
        expect((await world.api('HEAD', onBucket(name))).status).toBe(404);
      const longest = world.name('x'.repeat(28));
      expect(longest).toHaveLength(37);
      expect((await create(longest)).status).toBe(202);
      expect(await isThere(inS3(longest))).toBe(true);
    },
    onlyHere,
  );
});

skippable(
  'an account whose id in the configuration is another’s makes no bucket, and the answer names the settings',
  async () => {
    const wrong = await world.another({ demo: { id: '999999999999' } });
    const body = { BucketInput: { Bucket: world.name('wrong') } };
    expect(await wrong.api('POST', '/demo/buckets', body)).toMatchObject({
      status: 500,
      body: { code: 'InvalidBucketNamespace', detail: expect.stringContaining('settings id, region, bucketNamespace') },
    });
    await wrong.stop();
  },
  onlyHere,
);

describe('a bucket that the account has in the global namespace', () => {
  skippable(
    'is not listed, not reached, and keeps what is called after it from a namesake and from the cleaner',
    async () => {
      const before = await world.another({ demo: { bucketNamespace: 'global' } });
      const bucket = world.name('elsewhere');
      const user = world.name('eve');
      expect((await before.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      expect((await before.api('POST', onBucket(bucket, '/users'), { User: { UserName: user } })).status).toBe(200);
      const there = await world.snapshot(bucket);
      expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).not.toContain(bucket);
      for (const [method, path] of [
        ['HEAD', ''],
        ['DELETE', ''],
        ['GET', '/users'],
        ['GET', `/users/${user}`],
        ['PUT', `/users/${user}`],
        ['DELETE', `/users/${user}`],
        ['GET', '/duck'],
        ['GET', '/objects/a'],
      ] as const)
        expect({ method, path, status: (await world.api(method, onBucket(bucket, path))).status }).toEqual({
          method,
          path,
          status: 403,
        });
      expect(await create(bucket)).toMatchObject({
        status: 409,
        body: { detail: expect.stringContaining('in the global namespace') },
      });
      const { body: preview } = await world.api('GET', '/demo/cleaner');
      expect(JSON.stringify(preview)).not.toContain(bucket);
      expect(await world.snapshot(bucket)).toEqual(there);
      expect((await before.api('DELETE', onBucket(bucket))).status).toBe(200);
      await before.stop();
      expect((await create(bucket)).status).toBe(202);
    },
    onlyHere,
  );

  skippable(
    'may have a name of the account’s own form, which says itself in which namespace it is',
    async () => {
      const shared = await world.another({ demo: { bucketNamespace: 'global' } });
      const bucket = inS3(world.name('whole'));
      expect((await shared.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).body).toMatchObject({
        Bucket: `/${bucket}`,
      });
      expect(await isThere(bucket)).toBe(true);
      expect((await shared.api('DELETE', onBucket(bucket))).status).toBe(200);
      await shared.stop();
    },
    onlyHere,
  );
});

describe.each(['public', 'private'])('a website with a %s origin', (origin) => {
  let sites: SiteWorld;
  beforeAll(async () => {
    sites = await startSiteWorld({ demo: { bucketNamespace: 'account-regional' }, domain: { origin } });
  });
  afterAll(() => sites.stop());

  skippable(
    'is served at its own address from a bucket that is called otherwise, and goes whole',
    async () => {
      const site = await sites.newSite('own');
      const { DistributionConfig } = await sites.onlyDistribution(site);
      expect(DistributionConfig).toMatchObject({
        Aliases: { Items: [site] },
        Comment: site,
        Origins: {
          Items: [
            {
              DomainName:
                origin === 'public'
                  ? `${inS3(site)}.s3-website-us-east-1.amazonaws.com`
                  : `${inS3(site)}.s3.us-east-1.amazonaws.com`,
            },
          ],
        },
      });
      expect((await sites.page(site, '/')).body).toContain(site);
      const { Policy } = await sites.auditor.s3.send(new GetBucketPolicyCommand({ Bucket: inS3(site) }));
      expect(Policy).toContain(`arn:aws:s3:::${inS3(site)}/*`);
      expect((await sites.api<readonly string[]>('GET', '/demo/websites')).body).toContain(site);
      expect((await sites.api('GET', onSite(site))).body).toMatchObject({
        URL: `https://${site}/`,
        Distribution: { Id: expect.any(String) },
        DNSRecord: { Name: `${site}.` },
      });
      const user = sites.name('editor');
      const made = await sites.api<{ readonly AccessKey: IssuedKey }>('POST', `${onSite(site)}/users`, {
        User: { UserName: user, Path: '/docs/' },
      });
      expect(made.status).toBe(200);
      const { s3 } = clientsOf(sites, made.body.AccessKey);
      await s3.send(
        new PutObjectCommand({ Bucket: inS3(site), Key: 'docs/a.html', Body: 'a page', ContentType: 'text/html' }),
      );
      s3.destroy();
      expect((await sites.page(site, '/docs/a.html')).body).toBe('a page');
      expect((await sites.api('DELETE', `/demo/buckets/${site}`)).status).toBe(409);
      expect((await sites.api('DELETE', onSite(site))).status).toBe(409);
      const { url } = await signed(sites.api('DELETE', `${onSite(site)}/objects/docs/a.html`));
      expect((await use('DELETE', url)).status).toBe(204);
      expect((await sites.api('DELETE', onSite(site))).status).toBe(200);
      expect(await sites.siteSnapshot(site)).toMatchObject({ buckets: {}, groups: {}, users: {}, records: [] });
      expect((await sites.create(site)).status).toBe(202);
    },
    onlyHere,
  );

  skippable(
    'has a name that leaves room for the suffix',
    async () => {
      const site = `${'x'.repeat(26)}.${DOMAIN}`;
      expect(site).toHaveLength(38);
      expect(await sites.create(site)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('S3 takes 37 characters') },
      });
    },
    onlyHere,
  );
});

skippable(
  'who may make buckets in the namespace only is served by an account that has it, and by no other',
  async () => {
    const { iam } = world.auditor;
    const UserName = world.name('provisioner');
    const deny = {
      Effect: 'Deny',
      Action: 's3:CreateBucket',
      Resource: '*',
      Condition: { StringNotEquals: { 's3:x-amz-bucket-namespace': 'account-regional' } },
    };
    const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }, deny];
    await iam.send(new CreateUserCommand({ UserName }));
    await iam.send(
      new PutUserPolicyCommand({
        UserName,
        PolicyName: 'demand',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const keys = { akid: AccessKey?.AccessKeyId, secret: AccessKey?.SecretAccessKey };
    for (const [bucketNamespace, status] of [
      ['account-regional', 202],
      ['global', 403],
    ] as const) {
      const service = await world.another({ demo: { ...keys, bucketNamespace } });
      const body = { BucketInput: { Bucket: world.name('demanded') } };
      expect({ bucketNamespace, status: (await service.api('POST', '/demo/buckets', body)).status }).toEqual({
        bucketNamespace,
        status,
      });
      await service.stop();
    }
  },
  onlyHere,
);
