import { PutBucketLifecycleConfigurationCommand, PutPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { AUTHENTIK, BLOCKED, UPLOADS, publicPolicy, readPolicy, settingsOf } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const ALL = 'cors,versioning,lifecycle,policy,publicAccess,encryption';

async function newBucket(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const bucket = world.name('settings');
  const reply = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });
  expect({ status: reply.status, text: reply.status === 202 ? '' : reply.text }).toEqual({ status: 202, text: '' });
  return bucket;
}
const put = (bucket: string, body: unknown): Promise<Reply> => world.api('PUT', `/demo/buckets/${bucket}`, body);
const show = async (bucket: string, include: string): Promise<Readonly<Record<string, unknown>>> =>
  (await world.api('GET', `/demo/buckets/${bucket}?include=${include}`)).body;
const DONE = { status: 200, body: {} };

/** Only AWS is asked to block them. */
const NO_BLOCK = {
  moto: 'was not tried with BlockedEncryptionTypes',
  ministack: 'was not tried with BlockedEncryptionTypes',
  plain: 'is a store, where nobody asks for it',
};

describe('every member is set, shown, and removed', () => {
  skippable('all of them at once, as one operation', async () => {
    const bucket = await newBucket();
    const settings = {
      CORS: AUTHENTIK,
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'expire-30',
      PublicAccessBlock: BLOCKED,
      BucketPolicy: readPolicy(bucket),
    };
    const reply = await put(bucket, { Tags: [{ Key: 'a', Value: 'b' }], ...settings });
    expect(reply).toMatchObject(DONE);
    expect(reply.headers.get('x-operation-id')).toMatch(/./);
    expect(await settingsOf(world.auditor, bucket)).toMatchObject({
      cors: AUTHENTIK.CORSRules,
      versioning: 'Enabled',
      lifecycle: [{ ID: 'expire-30' }],
      publicAccess: BLOCKED,
      policy: readPolicy(bucket),
      tags: { a: 'b' },
    });
    const { Lifecycle, Encryption, ...shown } = await show(bucket, ALL);
    expect(shown).toMatchObject({
      CORS: AUTHENTIK,
      Versioning: { Status: 'Enabled' },
      PublicAccessBlock: BLOCKED,
      BucketPolicy: readPolicy(bucket),
    });
    expect(Lifecycle).toMatchObject({ Rules: [{ ID: 'expire-30' }] });
    expect(Encryption).toMatchObject({ Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] });
  });

  skippable(
    'Encryption of a new bucket says that it takes no keys of callers',
    async () => {
      const { Encryption } = await show(await newBucket(), ALL);
      expect(Encryption).toMatchObject({ Rules: [{ BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] } }] });
    },
    { more: NO_BLOCK },
  );

  skippable('Remove takes CORS, lifecycle and policy away', async () => {
    const bucket = await newBucket();
    expect(await put(bucket, { CORS: UPLOADS, Lifecycle: 'glacier', BucketPolicy: readPolicy(bucket) })).toMatchObject(
      DONE,
    );
    expect(await put(bucket, { Remove: ['CORS', 'Lifecycle', 'BucketPolicy'] })).toMatchObject(DONE);
    expect(await settingsOf(world.auditor, bucket)).toMatchObject({ cors: null, lifecycle: null, policy: null });
    expect(await show(bucket, 'cors,lifecycle,policy')).toMatchObject({
      CORS: null,
      Lifecycle: null,
      BucketPolicy: null,
    });
    // What is not there may be removed, too.
    expect(await put(bucket, { Remove: ['CORS', 'Lifecycle', 'BucketPolicy'] })).toMatchObject(DONE);
  });

  skippable('null is not meant: what it stands for stays, and so does the rest', async () => {
    const bucket = await newBucket({ CORS: UPLOADS, Lifecycle: 'glacier', Tags: [{ Key: 'a', Value: 'b' }] });
    expect(await put(bucket, { BucketPolicy: readPolicy(bucket) })).toMatchObject(DONE);
    const before = await settingsOf(world.auditor, bucket);
    const nothing = {
      Tags: null,
      CORS: null,
      Versioning: null,
      Lifecycle: null,
      PublicAccessBlock: null,
      BucketPolicy: null,
      Remove: null,
    };
    expect(await put(bucket, { ...nothing, Versioning: { Status: 'Enabled' } })).toMatchObject(DONE);
    expect(await settingsOf(world.auditor, bucket)).toEqual({ ...before, versioning: 'Enabled' });
    expect(await put(bucket, { ...nothing, Remove: ['CORS'] })).toMatchObject(DONE);
    expect(await settingsOf(world.auditor, bucket)).toEqual({ ...before, versioning: 'Enabled', cors: null });
  });

  skippable('an empty list of tags takes the caller’s away, an empty list to remove nothing', async () => {
    const bucket = await newBucket({ CORS: UPLOADS, Tags: [{ Key: 'a', Value: 'b' }] });
    const before = await settingsOf(world.auditor, bucket);
    expect(await put(bucket, { Versioning: { Status: 'Enabled' }, Remove: [] })).toMatchObject(DONE);
    expect(await settingsOf(world.auditor, bucket)).toEqual({ ...before, versioning: 'Enabled' });
    expect(await put(bucket, { Tags: [] })).toMatchObject(DONE);
    expect((await settingsOf(world.auditor, bucket)).tags).not.toHaveProperty('a');
  });

  skippable('a policy may be JSON text', async () => {
    const bucket = await newBucket();
    expect(await put(bucket, { BucketPolicy: JSON.stringify(readPolicy(bucket), undefined, 2) })).toMatchObject(DONE);
    expect(await show(bucket, 'policy')).toMatchObject({ BucketPolicy: readPolicy(bucket) });
  });

  skippable('versioning is suspended and turned on again', async () => {
    const bucket = await newBucket();
    expect(await show(bucket, 'versioning')).toMatchObject({ Versioning: null });
    for (const Status of ['Enabled', 'Suspended', 'Enabled']) {
      expect(await put(bucket, { Versioning: { Status } })).toMatchObject(DONE);
      expect(await show(bucket, 'versioning')).toMatchObject({ Versioning: { Status } });
    }
  });

  skippable('one member leaves the others alone', async () => {
    const bucket = await newBucket({ CORS: UPLOADS, Lifecycle: 'glacier', Tags: [{ Key: 'a', Value: 'b' }] });
    const before = await settingsOf(world.auditor, bucket);
    expect(await put(bucket, { Versioning: { Status: 'Enabled' } })).toMatchObject(DONE);
    expect(await settingsOf(world.auditor, bucket)).toEqual({ ...before, versioning: 'Enabled' });
  });

  skippable('404 for no bucket, whatever is to be set', async () => {
    for (const body of [
      { CORS: AUTHENTIK },
      { Remove: ['CORS'] },
      { Versioning: { Status: 'Enabled' } },
      { PublicAccessBlock: BLOCKED },
    ]) {
      const { status, body: problem } = await put(world.name('none'), body);
      expect({ status, problem }).toMatchObject({
        status: 404,
        problem: { code: 'NoSuchBucket', detail: expect.stringContaining('there is no bucket') },
      });
    }
    expect((await world.api('GET', `/demo/buckets/${world.name('none')}?include=${ALL}`)).status).toBe(404);
  });
});

describe('what GET shows may be PUT back', () => {
  skippable('everything that can be set', async () => {
    const bucket = await newBucket({ CORS: UPLOADS, Versioning: { Status: 'Enabled' }, Lifecycle: 'abort-multipart' });
    expect(await put(bucket, { BucketPolicy: readPolicy(bucket) })).toMatchObject(DONE);
    const before = await settingsOf(world.auditor, bucket);
    const { Tags, CORS, Versioning, Lifecycle, BucketPolicy, PublicAccessBlock } = await show(bucket, ALL);
    expect(Lifecycle).toMatchObject({ Name: 'abort-multipart' });
    expect(await put(bucket, { Tags, CORS, Versioning, Lifecycle, BucketPolicy, PublicAccessBlock })).toMatchObject(
      DONE,
    );
    expect(await settingsOf(world.auditor, bucket)).toEqual(before);
  });

  skippable('what is shown as null included, where nothing is set', async () => {
    const bucket = await newBucket();
    const { Tags, CORS, Versioning, Lifecycle, BucketPolicy, PublicAccessBlock } = await show(bucket, ALL);
    expect([CORS, Versioning, Lifecycle, BucketPolicy]).toEqual([null, null, null, null]);
    const before = await settingsOf(world.auditor, bucket);
    expect(await put(bucket, { Tags, CORS, Versioning, Lifecycle, BucketPolicy, PublicAccessBlock })).toMatchObject(
      DONE,
    );
    expect(await settingsOf(world.auditor, bucket)).toEqual(before);
  });

  skippable('and onto another bucket, as far as it does not name the first', async () => {
    const [from, to] = [await newBucket({ CORS: UPLOADS, Lifecycle: 'intelligent-tiering' }), await newBucket()];
    const { CORS, Lifecycle, PublicAccessBlock } = await show(from, ALL);
    expect(await put(to, { CORS, Lifecycle, PublicAccessBlock })).toMatchObject(DONE);
    expect(await show(to, 'cors,lifecycle,publicAccess')).toMatchObject({ CORS, Lifecycle, PublicAccessBlock });
  });
});

describe('include', () => {
  skippable('adds what it names, each once, and nothing else', async () => {
    const bucket = await newBucket();
    expect(Object.keys(await show(bucket, 'cors,policy,cors')).sort()).toEqual([
      'BucketPolicy',
      'CORS',
      'Empty',
      'Logging',
      'Tags',
    ]);
    expect(Object.keys((await world.api('GET', `/demo/buckets/${bucket}`)).body).sort()).toEqual([
      'Empty',
      'Logging',
      'Tags',
    ]);
  });

  for (const include of ['acl', 'cors,', '', 'CORS', 'cors;policy']) {
    skippable(`"${include}" is refused, with the known names`, async () => {
      const { status, body } = await world.api('GET', `/demo/buckets/${world.name('any')}?include=${include}`);
      expect(status).toBe(400);
      expect(body['detail']).toContain('cors, versioning, lifecycle, policy, publicAccess, encryption');
    });
  }
});

describe('creation takes the same members', () => {
  skippable('all of them', async () => {
    const bucket = world.name('born');
    const { status } = await world.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: bucket },
      CORS: UPLOADS,
      Versioning: { Status: 'Enabled' },
      Lifecycle: 'expire-30',
      PublicAccessBlock: BLOCKED,
      BucketPolicy: readPolicy(bucket),
    });
    expect(status).toBe(202);
    expect(await settingsOf(world.auditor, bucket)).toMatchObject({
      cors: UPLOADS.CORSRules,
      versioning: 'Enabled',
      lifecycle: [{ ID: 'expire-30' }],
      publicAccess: BLOCKED,
      policy: readPolicy(bucket),
    });
  });

  skippable('with object lock versioning is on; Suspended is refused', async () => {
    const locked = (Versioning: unknown) => ({
      BucketInput: { Bucket: world.name('locked'), ObjectLockEnabledForBucket: true },
      Versioning,
    });
    expect((await world.api('POST', '/demo/buckets', locked({ Status: 'Enabled' }))).status).toBe(202);
    const { status, body } = await world.api('POST', '/demo/buckets', locked({ Status: 'Suspended' }));
    expect({ status, body }).toMatchObject({ status: 400, body: { pointer: '/Versioning/Status' } });
  });

  skippable(
    'a setting that fails takes the bucket back',
    async () => {
      const bucket = world.name('failing');
      const handle = world.faults.add({ kind: 'refuse', operation: 'PutBucketCors' });
      const { status, body } = await world.api('POST', '/demo/buckets', {
        BucketInput: { Bucket: bucket },
        CORS: UPLOADS,
        BucketPolicy: readPolicy(bucket),
      });
      handle.remove();
      expect({ status, body }).toMatchObject({
        status: 403,
        body: { state: 'rolled-back', failedStep: `Set the CORS rules of bucket ${bucket}` },
      });
      expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
    },
    { more: SANDBOX_ONLY.faults },
  );

  skippable(
    'a policy that forbids the deletion is no hindrance',
    async () => {
      const bucket = world.name('guarded');
      const Statement = [
        { Effect: 'Deny', Principal: '*', Action: 's3:DeleteBucket', Resource: `arn:aws:s3:::${bucket}` },
      ];
      const handle = world.faults.add({ kind: 'refuse', operation: 'AttachGroupPolicy' });
      const { body } = await world.api('POST', '/demo/buckets', {
        BucketInput: { Bucket: bucket },
        BucketPolicy: { Version: '2012-10-17', Statement },
      });
      handle.remove();
      expect(body).toMatchObject({ state: 'rolled-back' });
      expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
    },
    { more: SANDBOX_ONLY.faults },
  );
});

describe('what fails goes back exactly', () => {
  skippable(
    'CORS rules, and lifecycle rules of others with dates',
    async () => {
      const bucket = await newBucket({ CORS: UPLOADS });
      const Rules = [
        {
          ID: 'own',
          Status: 'Enabled' as const,
          Filter: { Prefix: 'a/' },
          Expiration: { Date: new Date('2030-01-01T00:00:00Z') },
        },
      ];
      await world.auditor.s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }),
      );
      expect(await show(bucket, 'lifecycle')).toMatchObject({
        Lifecycle: { Name: null, Rules: [{ Expiration: { Date: '2030-01-01T00:00:00Z' } }] },
      });
      const before = await settingsOf(world.auditor, bucket);
      const handle = world.faults.add({ kind: 'refuse', operation: 'PutBucketPolicy' });
      const { status, body } = await put(bucket, {
        Lifecycle: 'glacier',
        Remove: ['CORS'],
        BucketPolicy: readPolicy(bucket),
        Versioning: { Status: 'Enabled' },
      });
      handle.remove();
      expect({ status, body }).toMatchObject({
        status: 403,
        body: { state: 'rolled-back', failedStep: `Set the policy of bucket ${bucket}`, code: 'AccessDenied' },
      });
      expect(await settingsOf(world.auditor, bucket)).toEqual(before);
    },
    { more: SANDBOX_ONLY.faults },
  );
});

describe('an account that allows public policies', () => {
  let open: World;
  beforeAll(async () => {
    open = await startWorld({ demo: { allowPublicPolicies: true } });
  });
  afterAll(() => open.stop());
  const OPEN = { ...BLOCKED, BlockPublicPolicy: false, RestrictPublicBuckets: false };

  async function made(more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const bucket = open.name('open');
    const reply = await open.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });
    expect({ status: reply.status, text: reply.status === 202 ? '' : reply.text }).toEqual({ status: 202, text: '' });
    return bucket;
  }

  skippable('loosens the block, puts a public policy, and takes both back', async () => {
    const bucket = await made();
    expect(
      await open.api('PUT', `/demo/buckets/${bucket}`, { PublicAccessBlock: OPEN, BucketPolicy: publicPolicy(bucket) }),
    ).toMatchObject(DONE);
    expect(await settingsOf(open.auditor, bucket)).toMatchObject({ publicAccess: OPEN, policy: publicPolicy(bucket) });
    expect(
      await open.api('PUT', `/demo/buckets/${bucket}`, { PublicAccessBlock: BLOCKED, Remove: ['BucketPolicy'] }),
    ).toMatchObject(DONE);
    expect(await settingsOf(open.auditor, bucket)).toMatchObject({ publicAccess: BLOCKED, policy: null });
  });

  skippable('makes a public bucket', async () => {
    const bucket = open.name('open');
    const reply = await open.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: bucket },
      PublicAccessBlock: OPEN,
      BucketPolicy: publicPolicy(bucket),
    });
    expect(reply.status).toBe(202);
    expect(await settingsOf(open.auditor, bucket)).toMatchObject({ publicAccess: OPEN, policy: publicPolicy(bucket) });
  });

  skippable('a public policy under a block that forbids it is 400 when both are sent', async () => {
    const bucket = await made();
    const { status, body } = await open.api('PUT', `/demo/buckets/${bucket}`, {
      PublicAccessBlock: BLOCKED,
      BucketPolicy: publicPolicy(bucket),
    });
    expect({ status, body }).toMatchObject({ status: 400, body: { pointer: '/PublicAccessBlock/BlockPublicPolicy' } });
  });

  for (const [what, Condition] of [
    ['an organisation', { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
    ['a network', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }],
    ['an account', { StringEquals: { 'aws:PrincipalAccount': '999999999999' } }],
  ] as const) {
    skippable(
      `a policy for everyone of ${what}, which S3 does not call public, stays under its block and may be sent back with it`,
      async () => {
        const bucket = await made();
        const [Statement] = publicPolicy(bucket).Statement;
        const BucketPolicy = { Version: '2012-10-17', Statement: [{ ...Statement, Condition }] };
        expect(await open.api('PUT', `/demo/buckets/${bucket}`, { BucketPolicy })).toMatchObject(DONE);
        const { body } = await open.api('GET', `/demo/buckets/${bucket}?include=policy,publicAccess`);
        expect(body).toMatchObject({ BucketPolicy, PublicAccessBlock: BLOCKED });
        const shown = { BucketPolicy: body['BucketPolicy'], PublicAccessBlock: body['PublicAccessBlock'] };
        expect(await open.api('PUT', `/demo/buckets/${bucket}`, shown)).toMatchObject(DONE);
      },
    );
  }

  skippable('a public policy whose block was closed by other means may be sent back with the block', async () => {
    const bucket = await made();
    expect(
      await open.api('PUT', `/demo/buckets/${bucket}`, { PublicAccessBlock: OPEN, BucketPolicy: publicPolicy(bucket) }),
    ).toMatchObject(DONE);
    await open.auditor.s3.send(
      new PutPublicAccessBlockCommand({ Bucket: bucket, PublicAccessBlockConfiguration: BLOCKED }),
    );
    expect(
      await open.api('PUT', `/demo/buckets/${bucket}`, {
        PublicAccessBlock: BLOCKED,
        BucketPolicy: publicPolicy(bucket),
      }),
    ).toMatchObject(DONE);
    expect(await settingsOf(open.auditor, bucket)).toMatchObject({
      publicAccess: BLOCKED,
      policy: publicPolicy(bucket),
    });
  });

  skippable('a new bucket with a public policy under a block that forbids it is 400, and is not made', async () => {
    const bucket = open.name('open');
    const reply = await open.api('POST', '/demo/buckets', {
      BucketInput: { Bucket: bucket },
      PublicAccessBlock: BLOCKED,
      BucketPolicy: publicPolicy(bucket),
    });
    expect(reply).toMatchObject({ status: 400, body: { pointer: '/PublicAccessBlock/BlockPublicPolicy' } });
    expect((await open.api('HEAD', `/demo/buckets/${bucket}`)).status).toBe(404);
  });

  skippable(
    'and 403 naming the block when it stands there already',
    async () => {
      const bucket = await made();
      const { status, body } = await open.api('PUT', `/demo/buckets/${bucket}`, {
        BucketPolicy: publicPolicy(bucket),
        CORS: UPLOADS,
      });
      expect({ status, body }).toMatchObject({
        status: 403,
        body: { detail: expect.stringContaining('PublicAccessBlock.BlockPublicPolicy') },
      });
      expect(await settingsOf(open.auditor, bucket)).toMatchObject({ cors: null, policy: null });
    },
    { more: SANDBOX_ONLY.policies },
  );

  skippable(
    'a failure puts a public policy and its loose block back',
    async () => {
      const bucket = await made({ PublicAccessBlock: OPEN });
      expect(await open.api('PUT', `/demo/buckets/${bucket}`, { BucketPolicy: publicPolicy(bucket) })).toMatchObject(
        DONE,
      );
      const before = await settingsOf(open.auditor, bucket);
      const handle = open.faults.add({ kind: 'refuse', operation: 'PutBucketVersioning' });
      const { body } = await open.api('PUT', `/demo/buckets/${bucket}`, {
        PublicAccessBlock: BLOCKED,
        Remove: ['BucketPolicy'],
        Versioning: { Status: 'Enabled' },
      });
      handle.remove();
      expect(body).toMatchObject({ state: 'rolled-back' });
      expect(await settingsOf(open.auditor, bucket)).toEqual(before);
    },
    { more: SANDBOX_ONLY.faults },
  );
});
