import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { PLAIN_STORES } from '../support/sandbox/plain-stores';
import { BLOCKED, UPLOADS, readPolicy, without } from '../support/e2e/settings';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

/** Settings on S3-compatible stores: what a store lacks is said, the rest is done. */

const onSandbox = { more: SANDBOX_ONLY.stores };
const said = (operation: string, code: string, what: string): string =>
  `this store has no ${what}: it answered ${operation} with ${code}`;

/** What PUT with everything says, and GET. */
const LACKS = {
  minio: {
    set: [
      said('PutBucketCors', 'NotImplemented', 'CORS rules'),
      said('PutPublicAccessBlock', 'NotImplemented', 'public access block'),
    ],
    shown: [said('GetPublicAccessBlock', 'NotImplemented', 'public access block')],
  },
  bare: {
    set: [
      said('PutBucketCors', 'MethodNotAllowed', 'CORS rules'),
      said('PutBucketLifecycleConfiguration', 'MethodNotAllowed', 'lifecycle rules of this kind'),
      said('PutBucketPolicy', 'MethodNotAllowed', 'bucket policies'),
      said('PutPublicAccessBlock', 'MalformedXML', 'public access block'),
      said('PutBucketVersioning', 'MethodNotAllowed', 'versioning'),
    ],
    shown: [
      said('GetBucketCors', 'MethodNotAllowed', 'CORS rules'),
      said('GetBucketVersioning', 'MethodNotAllowed', 'versioning'),
    ],
  },
  deaf: {
    set: [
      said('GetBucketCors', 'a listing', 'CORS rules'),
      said('GetBucketLifecycleConfiguration', 'a listing', 'lifecycle rules of this kind'),
      said('GetBucketPolicy', 'a listing', 'bucket policies'),
      said('GetPublicAccessBlock', 'a listing', 'public access block'),
    ],
    shown: [
      said('GetBucketCors', 'a listing', 'CORS rules'),
      said('GetPublicAccessBlock', 'a listing', 'public access block'),
    ],
  },
} as const;

describe.each(['minio', 'bare', 'deaf'] as const)('a store like %s', (store) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ sandbox: { plain: PLAIN_STORES[store] } });
  });
  afterAll(() => world.stop());

  const everything = (bucket: string) => ({
    CORS: UPLOADS,
    Versioning: { Status: 'Enabled' },
    Lifecycle: 'expire-30',
    PublicAccessBlock: BLOCKED,
    BucketPolicy: readPolicy(bucket),
  });

  skippable(
    'takes what it can, says what it cannot, and shows the same',
    async () => {
      const bucket = world.name('store');
      const path = `/demo/buckets/${bucket}`;
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      expect(await world.api('PUT', path, everything(bucket))).toMatchObject({
        status: 200,
        body: { warnings: LACKS[store].set },
      });
      const { body } = await world.api('GET', `${path}?include=cors,versioning,publicAccess`);
      expect(body).toMatchObject({
        CORS: null,
        Versioning: store === 'bare' ? null : { Status: 'Enabled' },
        PublicAccessBlock: null,
        warnings: expect.arrayContaining([...LACKS[store].shown]),
      });
    },
    onSandbox,
  );

  skippable(
    'the same for a new bucket',
    async () => {
      const bucket = world.name('store');
      const { status, body } = await world.api('POST', '/demo/buckets', {
        BucketInput: { Bucket: bucket },
        ...everything(bucket),
      });
      expect({ status, body }).toMatchObject({
        status: 202,
        body: { Bucket: `/${bucket}`, warnings: expect.arrayContaining([...LACKS[store].set]) },
      });
    },
    onSandbox,
  );

  skippable(
    'a bucket that is not there is 404, whatever the store lacks',
    async () => {
      for (const body of [{ CORS: UPLOADS }, { PublicAccessBlock: BLOCKED }, { Versioning: { Status: 'Enabled' } }]) {
        expect((await world.api('PUT', `/demo/buckets/${world.name('none')}`, body)).status).toBe(404);
      }
    },
    onSandbox,
  );
});

skippable(
  'a store that keeps less of a lifecycle than it takes has its former rules back',
  async () => {
    const world = await startWorld({ sandbox: { plain: { ...PLAIN_STORES.garage, region: 'us-east-1' } } });
    try {
      const bucket = world.name('store');
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      const Rules = [{ ID: 'own', Status: 'Enabled' as const, Filter: { Prefix: 'a/' }, Expiration: { Days: 3 } }];
      await world.auditor.s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket: bucket, LifecycleConfiguration: { Rules } }),
      );
      const reply = await world.api('PUT', `/demo/buckets/${bucket}`, { Lifecycle: 'glacier' });
      expect(reply).toMatchObject({
        status: 200,
        body: { warnings: [expect.stringContaining('left Transitions out')] },
      });
      const kept = await world.auditor.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }));
      expect(kept.Rules).toMatchObject(Rules);
      expect((await world.auditor.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBeUndefined();
    } finally {
      await world.stop();
    }
  },
  onSandbox,
);

describe('a store that ignores sub-resources, and would take the removal of a setting for that of the bucket', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ sandbox: { plain: PLAIN_STORES.deaf } });
  });
  afterAll(() => world.stop());

  const made = async (): Promise<string> => {
    const bucket = world.name('kept');
    expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
    world.target.sandbox?.calls.clear();
    return bucket;
  };
  const changes = () =>
    (world.target.sandbox?.calls.all() ?? [])
      .map(({ operation }) => operation)
      .filter((operation) => /^(Put|Delete|Create)/.test(operation));

  skippable(
    'keeps a bucket whose settings are taken away, and is asked to change nothing',
    async () => {
      const bucket = await made();
      for (const member of ['CORS', 'Lifecycle', 'BucketPolicy'] as const) {
        expect((await world.api('PUT', `/demo/buckets/${bucket}`, without(member))).status).toBe(200);
        expect({ member, status: (await world.api('HEAD', `/demo/buckets/${bucket}`)).status }).toEqual({
          member,
          status: 200,
        });
      }
      expect(changes()).toEqual([]);
    },
    onSandbox,
  );

  skippable(
    'shows no setting that nobody made',
    async () => {
      const bucket = await made();
      const { status, body } = await world.api(
        'GET',
        `/demo/buckets/${bucket}?include=cors,versioning,lifecycle,policy,publicAccess,encryption`,
      );
      expect({ status, body }).toMatchObject({
        status: 200,
        body: {
          Tags: [],
          CORS: null,
          Versioning: null,
          Lifecycle: null,
          BucketPolicy: null,
          PublicAccessBlock: null,
          Encryption: null,
        },
      });
      expect(body['warnings']).toHaveLength(7);
    },
    onSandbox,
  );

  skippable(
    'makes no bucket again that is gone, whatever is set',
    async () => {
      const bucket = world.name('none');
      const settings: Readonly<Record<string, unknown>> = {
        Tags: [],
        CORS: UPLOADS,
        Lifecycle: 'expire-30',
        PublicAccessBlock: BLOCKED,
        BucketPolicy: readPolicy(bucket),
      };
      for (const [member, value] of Object.entries(settings)) {
        expect({
          member,
          status: (await world.api('PUT', `/demo/buckets/${bucket}`, { [member]: value })).status,
        }).toEqual({ member, status: 404 });
        expect({ member, status: (await world.api('HEAD', `/demo/buckets/${bucket}`)).status }).toEqual({
          member,
          status: 404,
        });
      }
    },
    onSandbox,
  );
});

skippable(
  'a store that breaks by default encryption has none, says so, and takes uploads',
  async () => {
    const world = await startWorld({ sandbox: { plain: { breaksByEncryption: true } } });
    try {
      for (const ObjectLockEnabledForBucket of [false, true]) {
        const bucket = world.name('store');
        const reply = await world.api('POST', '/demo/buckets', {
          BucketInput: { Bucket: bucket, ObjectLockEnabledForBucket },
          ...(!ObjectLockEnabledForBucket && { Versioning: { Status: 'Enabled' } }),
        });
        expect(reply).toMatchObject({
          status: 202,
          body: {
            warnings: [
              'this store has no default encryption: it took PutBucketEncryption and then answered CreateMultipartUpload with InternalError, so it was taken back',
            ],
          },
        });
        expect((await world.api('GET', `/demo/buckets/${bucket}`)).body).toMatchObject({ Empty: true });
        await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));
      }
    } finally {
      await world.stop();
    }
  },
  onSandbox,
);

skippable(
  'default encryption that uploads can live with stays, and nothing is left of trying it',
  async () => {
    const world = await startWorld({ sandbox: { plain: {} } });
    try {
      for (const more of [{}, { Versioning: { Status: 'Enabled' } }]) {
        const bucket = world.name('store');
        const reply = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, ...more });
        expect(reply).toMatchObject({ status: 202, body: { Bucket: `/${bucket}` } });
        expect(reply.body).not.toHaveProperty('warnings');
        expect((await world.api('GET', `/demo/buckets/${bucket}?include=encryption`)).body).toMatchObject({
          Empty: true,
          Encryption: { Rules: [expect.anything()] },
        });
        expect((await world.api('DELETE', `/demo/buckets/${bucket}`)).status).toBe(200);
      }
    } finally {
      await world.stop();
    }
  },
  onSandbox,
);
