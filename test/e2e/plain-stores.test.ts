import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { operations } from '../../src/http/contract/document';
import { PLAIN_STORES } from '../support/sandbox/plain-stores';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type Reply, startWorld, type World } from '../support/e2e/world';

/** Accounts without IAM, on stores as they are found: what each of them lacks is said, and the rest is done. */

const TAGS = [{ Key: 'COA', Value: 'Take.My.Money.$$$$' }];
const onSandbox = { more: SANDBOX_ONLY.stores };

type Store = keyof typeof PLAIN_STORES;

/** What the answer to POST with everything says, and to GET. */
const LACKS: Readonly<Record<Store, { readonly created: readonly string[]; readonly shown: readonly string[] }>> = {
  minio: {
    created: [
      'this store has no default encryption: it answered PutBucketEncryption with NotImplemented',
      'this store has no public access block: it answered PutPublicAccessBlock with NotImplemented',
      'this store has no access logging: it answered PutBucketLogging with NotImplemented',
      'this store has no lifecycle rules of this kind: it answered PutBucketLifecycleConfiguration with InvalidStorageClass',
    ],
    shown: [],
  },
  garage: {
    created: [
      'this store has no bucket tags: it answered PutBucketTagging with NotImplemented',
      'this store has no default encryption: it answered PutBucketEncryption with NotImplemented',
      'this store has no public access block: it answered PutPublicAccessBlock with NotImplemented',
      'this store has no access logging: it answered PutBucketLogging with NotImplemented',
      'this store has no lifecycle rules of this kind: it took them and left Transitions out',
    ],
    shown: [
      'this store has no bucket tags: it answered GetBucketTagging with NotImplemented',
      'this store has no access logging: it answered GetBucketLogging with NotImplemented',
      'this store has no listing of versions: it answered ListObjectVersions with NotImplemented',
    ],
  },
  bare: {
    created: [
      'this store has no bucket tags: it answered PutBucketTagging with MethodNotAllowed',
      'this store has no default encryption: it answered PutBucketEncryption with MethodNotAllowed',
      'this store has no public access block: it answered PutPublicAccessBlock with MalformedXML',
      'this store has no access logging: it answered PutBucketLogging with MethodNotAllowed',
      'this store has no lifecycle rules of this kind: it answered PutBucketLifecycleConfiguration with MethodNotAllowed',
    ],
    shown: [
      'this store has no bucket tags: it answered GetBucketTagging with MethodNotAllowed',
      'this store has no access logging: it answered GetBucketLogging with MethodNotAllowed',
    ],
  },
  deaf: {
    created: [
      'this store has no bucket tags: it answered GetBucketTagging with a listing',
      'this store has no default encryption: it answered GetBucketEncryption with a listing',
      'this store has no public access block: it answered GetPublicAccessBlock with a listing',
      'this store has no access logging: it answered GetBucketLogging with a listing',
      'this store has no lifecycle rules of this kind: it answered GetBucketLifecycleConfiguration with a listing',
    ],
    shown: [
      'this store has no bucket tags: it answered GetBucketTagging with a listing',
      'this store has no access logging: it answered GetBucketLogging with a listing',
    ],
  },
};

const buckets = (world: World): readonly { readonly name: string; readonly tags?: unknown }[] =>
  // Written by the sandbox of this very process.
  (
    JSON.parse(world.target.sandbox?.state.take() ?? '') as {
      readonly s3: { readonly buckets: readonly { readonly name: string }[] };
    }
  ).s3.buckets;
const exists = (world: World, bucket: string): boolean => buckets(world).some(({ name }) => name === bucket);

describe.each(Object.keys(PLAIN_STORES) as Store[])('a store like %s', (store) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ sandbox: { plain: PLAIN_STORES[store] } });
  });
  afterAll(() => world.stop());
  afterEach(() => world.target.sandbox?.faults.clear());

  const create = (bucket: string, more: Readonly<Record<string, unknown>> = {}): Promise<Reply> =>
    world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });
  const hasTags = store === 'minio';

  skippable(
    'makes a bucket, and says what it could not do',
    async () => {
      const bucket = world.name('photos');
      const { status, body } = await create(bucket, { Tags: TAGS, Lifecycle: 'deep-archive' });
      expect(status).toBe(202);
      expect(body).toEqual({ Bucket: `/${bucket}`, Policy: null, Group: null, warnings: LACKS[store].created });
      expect((await world.api('HEAD', `/demo/buckets/${bucket}`)).status).toBe(200);
      expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).toContain(bucket);
    },
    onSandbox,
  );

  skippable(
    'shows a bucket, and says what it could not show',
    async () => {
      const bucket = world.name('photos');
      await create(bucket, { Tags: TAGS });
      const { status, body } = await world.api('GET', `/demo/buckets/${bucket}`);
      expect(status).toBe(200);
      const { shown } = LACKS[store];
      expect(body).toEqual({
        Tags: hasTags ? [...TAGS, { Key: 'spinup:org', Value: 'e2e-org' }] : [],
        Logging: null,
        Empty: true,
        ...(shown.length > 0 && { warnings: shown }),
      });
    },
    onSandbox,
  );

  skippable(
    'changes tags, or says that there are none',
    async () => {
      const bucket = world.name('photos');
      await create(bucket);
      const { status, body } = await world.api('PUT', `/demo/buckets/${bucket}`, { Tags: TAGS });
      expect(status).toBe(200);
      expect(body).toEqual(hasTags ? {} : { warnings: [LACKS[store].created[0]] });
      if (!hasTags) return;
      const { TagSet } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }));
      expect(TagSet).toEqual(expect.arrayContaining(TAGS));
    },
    onSandbox,
  );

  skippable(
    'a bucket that is not there is 404 on every way in',
    async () => {
      const bucket = world.name('none');
      for (const [method, body] of [['HEAD'], ['GET'], ['PUT', { Tags: TAGS }], ['DELETE']] as const) {
        expect({ method, status: (await world.api(method, `/demo/buckets/${bucket}`, body)).status }).toEqual({
          method,
          status: 404,
        });
      }
      expect(exists(world, bucket)).toBe(false);
    },
    onSandbox,
  );

  skippable(
    'a bucket with an object is shown as not empty, and its deletion is 409',
    async () => {
      const bucket = world.name('filled');
      await create(bucket);
      await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'precious', Body: 'x' }));
      expect((await world.api('GET', `/demo/buckets/${bucket}`)).body).toMatchObject({ Empty: false });
      world.target.sandbox?.calls.clear();
      const { status, body } = await world.api('DELETE', `/demo/buckets/${bucket}`);
      expect({ status, body }).toMatchObject({ status: 409, body: { type: 'urn:mallard:problem:not-empty' } });
      // Some stores delete full buckets: it must not have been asked for.
      expect(world.target.sandbox?.calls.all().map(({ operation }) => operation)).not.toContain('DeleteBucket');
      expect(exists(world, bucket)).toBe(true);
    },
    onSandbox,
  );

  skippable(
    'an empty bucket is deleted, and its name is free again',
    async () => {
      const bucket = world.name('photos');
      await create(bucket);
      expect((await world.api('DELETE', `/demo/buckets/${bucket}`)).status).toBe(200);
      expect((await world.api('DELETE', `/demo/buckets/${bucket}`)).status).toBe(404);
      expect((await create(bucket)).status).toBe(202);
    },
    onSandbox,
  );

  skippable(
    'a bucket that is there, ours or not, is 409 and stays',
    async () => {
      const [own, foreign] = [world.name('own'), world.name('foreign')];
      await world.auditor.s3.send(new CreateBucketCommand({ Bucket: own }));
      await world.rival.s3.send(new CreateBucketCommand({ Bucket: foreign }));
      const before = buckets(world);
      expect((await create(own, { Tags: TAGS })).status).toBe(409);
      expect((await create(foreign, { Tags: TAGS })).status).toBe(409);
      expect(buckets(world)).toEqual(before);
    },
    onSandbox,
  );

  // A refusal of permission, or an outage, is no missing feature: the whole is taken back.
  // To a store that ignores them nothing of the kind is sent.
  for (const operation of store === 'deaf'
    ? []
    : (['PutBucketTagging', 'PutPublicAccessBlock', 'PutBucketEncryption', 'PutBucketLogging'] as const)) {
    skippable(
      `${operation} that is denied or out of order is no warning`,
      async () => {
        for (const [kind, status] of [
          ['refuse', operation === 'PutBucketLogging' ? 500 : 403],
          ['error', 503],
        ] as const) {
          const bucket = world.name('failing');
          const handle = world.faults.add({ kind, operation });
          const answer = await create(bucket);
          handle.remove();
          expect({ kind, status: answer.status, state: answer.body['state'] }).toEqual({
            kind,
            status,
            state: 'rolled-back',
          });
          expect(exists(world, bucket)).toBe(false);
        }
      },
      onSandbox,
    );
  }

  skippable(
    'a lost reply of the creation is found again, whatever the clock of the store says',
    async () => {
      const bucket = world.name('lost');
      world.faults.add({ kind: 'lost-reply', operation: 'CreateBucket', count: 1 });
      expect((await create(bucket)).status).toBe(202);
      expect(exists(world, bucket)).toBe(true);
    },
    onSandbox,
  );

  skippable(
    'object lock is there or refused, never ignored',
    async () => {
      const bucket = world.name('vault');
      const { status, body } = await create(bucket, {
        BucketInput: { Bucket: bucket, ObjectLockEnabledForBucket: true },
      });
      expect(status).toBe(store === 'minio' ? 202 : 501);
      expect(exists(world, bucket)).toBe(store === 'minio');
      if (store !== 'minio')
        expect(body).toMatchObject({ state: 'rolled-back', detail: expect.stringContaining('cannot lock objects') });
    },
    onSandbox,
  );

  skippable(
    'is asked in the words of S3 alone',
    async () => {
      const made = world.name('photos');
      world.target.sandbox?.calls.clear();
      await create(made);
      await world.api('GET', `/demo/buckets/${made}`);
      await world.api('DELETE', `/demo/buckets/${made}`);
      const asked = world.target.sandbox?.calls.all() ?? [];
      expect(asked.length).toBeGreaterThan(5);
      expect([...new Set(asked.map(({ service }) => service))]).toEqual(['s3']);
    },
    onSandbox,
  );
});

describe('a store that can keep versions', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ sandbox: { plain: PLAIN_STORES.minio } });
  });
  afterAll(() => world.stop());

  skippable(
    'a delete marker alone keeps its bucket from being empty',
    async () => {
      const Bucket = world.name('versioned');
      await world.auditor.s3.send(new CreateBucketCommand({ Bucket }));
      await world.auditor.s3.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
      );
      await world.auditor.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
      expect((await world.api('GET', `/demo/buckets/${Bucket}`)).body).toMatchObject({ Empty: false });
      expect((await world.api('DELETE', `/demo/buckets/${Bucket}`)).status).toBe(409);
      expect((await world.auditor.s3.send(new HeadBucketCommand({ Bucket }))).$metadata.httpStatusCode).toBe(200);
    },
    onSandbox,
  );
});

describe('a store whose clock is minutes behind', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      sandbox: { plain: PLAIN_STORES.garage, clock: { now: () => Date.now() - 4 * 60_000 } },
    });
  });
  afterAll(() => world.stop());

  skippable(
    'a creation whose reply was lost is not taken for somebody else’s, and can be taken back',
    async () => {
      const [kept, failed] = [world.name('kept'), world.name('failed')];
      const create = (Bucket: string) => world.api('POST', '/demo/buckets', { BucketInput: { Bucket } });
      world.faults.add({ kind: 'lost-reply', operation: 'CreateBucket', count: 1 });
      expect((await create(kept)).status).toBe(202);
      world.faults.clear();
      world.faults.add({ kind: 'lost-reply', operation: 'CreateBucket', count: 1 });
      world.faults.add({ kind: 'refuse', operation: 'PutPublicAccessBlock' });
      const { status, body } = await create(failed);
      world.faults.clear();
      expect({ status, body }).toMatchObject({ status: 403, body: { state: 'rolled-back' } });
      expect(exists(world, failed)).toBe(false);
    },
    onSandbox,
  );
});

describe('what needs IAM, on an account without it', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      demo: { domains: { 'example.org': { hostedZoneID: 'Z0EXAMPLE' } } },
      sandbox: { plain: PLAIN_STORES.minio },
    });
  });
  afterAll(() => world.stop());

  const VALUES: Readonly<Record<string, string>> = {
    account: 'demo',
    bucket: 'photos',
    website: 'www.example.org',
    user: 'ada',
    key: 'AKIAIOSFODNN7EXAMPLE',
    id: 'AKIAIOSFODNN7EXAMPLE',
    path: 'a.txt',
    tool: 'rclone',
  };
  const BODIES: Readonly<Record<string, unknown>> = {
    createUser: { User: { UserName: 'ada' } },
    createWebsiteUser: { User: { UserName: 'ada' } },
    changeUser: { Status: 'Inactive' },
    changeWebsiteUser: { Status: 'Inactive' },
    setKeyStatus: { Status: 'Inactive' },
    setWebsiteKeyStatus: { Status: 'Inactive' },
    createWebsite: {
      BucketInput: { Bucket: 'www.example.org' },
      WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
    },
    updateWebsite: { Tags: [] },
    invalidateCache: { CacheInvalidation: ['/*'] },
    runCleaner: { orphans: [] },
    signWebsiteUpload: { filename: 'a.txt' },
  };
  const WITH_USERS_OR_SITES = /\/(users|websites|keys|cleaner)(\/|$)/;
  const QUERY: Readonly<Record<string, string>> = { reportKeys: '?olderThan=90d' };
  const concerned = operations.filter(({ path }) => WITH_USERS_OR_SITES.test(path));

  test('the table below knows every such operation', () => {
    expect(concerned.length).toBeGreaterThan(30);
    for (const { operationId, body } of concerned)
      expect({ operationId, body: operationId in BODIES }).toEqual({
        operationId,
        body: body !== undefined && operationId in BODIES,
      });
  });

  for (const { operationId, method, path } of concerned) {
    skippable(
      `${operationId} is 501 saying why, and asks the store nothing`,
      async () => {
        world.target.sandbox?.calls.clear();
        const filled = path
          .replace('/v1/s3', '')
          .replace(/\{(\w+)\}/g, (_, name: string) => VALUES[name] ?? `no-value-for-${name}`);
        const { status, body } = await world.api(method, `${filled}${QUERY[operationId] ?? ''}`, BODIES[operationId]);
        expect(status).toBe(501);
        if (method !== 'HEAD')
          expect(body).toMatchObject({
            type: 'urn:mallard:problem:unsupported',
            detail: expect.stringContaining('without IAM'),
            retryable: false,
          });
        expect(world.target.sandbox?.calls.all()).toEqual([]);
      },
      onSandbox,
    );
  }

  skippable(
    'a bookmark and a client file for a user are 501 as well, without one they are served',
    async () => {
      const bucket = world.name('photos');
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      for (const file of [
        'duck',
        'clients/rclone',
        'clients/aws',
        'clients/s3cmd',
        'clients/mc',
        'clients/winscp',
        'clients/env',
      ]) {
        expect({ file, status: (await world.api('GET', `/demo/buckets/${bucket}/${file}`)).status }).toEqual({
          file,
          status: 200,
        });
        expect({ file, status: (await world.api('GET', `/demo/buckets/${bucket}/${file}?user=ada`)).status }).toEqual({
          file,
          status: 501,
        });
      }
    },
    onSandbox,
  );
});
