import { GetUserCommand } from '@aws-sdk/client-iam';
import { CloudFrontClient, ListDistributionsCommand } from '@aws-sdk/client-cloudfront';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { PLAIN_STORES } from '../support/sandbox/plain-stores';
import { lacking, type PlainStore } from '../../src/sandbox/plain/store';
import { type Sandbox, startSandbox } from '../../src/sandbox/start';
import { awsClients, type AwsClients } from '../support/e2e/target';

const ROOT = { id: '123456789012', accessKeyId: 'AKIAPLAIN00000000001', secretAccessKey: 'plain-store-root' };
const Bucket = 'photos';

const started: { sandbox: Sandbox; clients: AwsClients }[] = [];
afterEach(async () => {
  for (const { sandbox, clients } of started.splice(0)) {
    clients.destroy();
    await sandbox.stop();
  }
});

async function start(plain: PlainStore): Promise<AwsClients & { readonly sandbox: Sandbox }> {
  const sandbox = await startSandbox({ accounts: [ROOT], plain, recordedCalls: 1_000 });
  const clients = awsClients(sandbox.endpoint, ROOT, plain.region);
  started.push({ sandbox, clients });
  return { ...clients, sandbox };
}

/** Status and code of a refusal, `done` without one. */
async function ending(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (thrown) {
    const { name, Code, $metadata } = thrown as Error & {
      readonly Code?: string;
      readonly $metadata: { readonly httpStatusCode: number };
    };
    return `${$metadata.httpStatusCode} ${Code ?? name}`;
  }
}

const AES = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] } as const;
const rule = (action: object) =>
  ({ Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, ...action }] }) as never;
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }],
});

describe.each([
  [
    'minio',
    {
      tagging: 'done',
      encryption: '501 NotImplemented',
      block: '501 NotImplemented',
      logging: '501 NotImplemented',
      cors: '501 NotImplemented',
      versioning: 'done',
      versions: 'done',
      policy: 'done',
      again: '409 BucketAlreadyOwnedByYou',
      missing: '501 NotImplemented',
    },
  ],
  [
    'garage',
    {
      tagging: '501 NotImplemented',
      encryption: '501 NotImplemented',
      block: '501 NotImplemented',
      logging: '501 NotImplemented',
      cors: 'done',
      versioning: '501 NotImplemented',
      versions: '501 NotImplemented',
      policy: '501 NotImplemented',
      again: 'done',
      missing: '404 NoSuchBucket',
    },
  ],
  [
    'bare',
    {
      tagging: '405 MethodNotAllowed',
      encryption: '405 MethodNotAllowed',
      block: '400 MalformedXML',
      logging: '405 MethodNotAllowed',
      cors: '405 MethodNotAllowed',
      versioning: '405 MethodNotAllowed',
      versions: 'done',
      policy: '405 MethodNotAllowed',
      again: '409 BucketAlreadyOwnedByYou',
      missing: '400 MalformedXML',
    },
  ],
  [
    'deaf',
    {
      tagging: '409 BucketAlreadyOwnedByYou',
      encryption: '409 BucketAlreadyOwnedByYou',
      block: '409 BucketAlreadyOwnedByYou',
      logging: '409 BucketAlreadyOwnedByYou',
      cors: '409 BucketAlreadyOwnedByYou',
      versioning: 'done',
      versions: 'done',
      policy: '409 BucketAlreadyOwnedByYou',
      again: '409 BucketAlreadyOwnedByYou',
      missing: '404 NoSuchBucket',
    },
  ],
] as const)('a store like %s', (name, expected) => {
  test('answers what it lacks as that store does', async () => {
    const { s3 } = await start(PLAIN_STORES[name]);
    await s3.send(new CreateBucketCommand({ Bucket }));
    const PublicAccessBlockConfiguration = { BlockPublicPolicy: true };
    const seen = {
      tagging: await ending(
        s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } })),
      ),
      encryption: await ending(
        s3.send(
          new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: structuredClone(AES) as never }),
        ),
      ),
      block: await ending(s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))),
      logging: await ending(
        s3.send(
          new PutBucketLoggingCommand({
            Bucket,
            BucketLoggingStatus: { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'l/' } },
          }),
        ),
      ),
      cors: await ending(
        s3.send(
          new PutBucketCorsCommand({
            Bucket,
            CORSConfiguration: { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] },
          }),
        ),
      ),
      versioning: await ending(
        s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } })),
      ),
      versions: await ending(s3.send(new ListObjectVersionsCommand({ Bucket }))),
      policy: await ending(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: POLICY }))),
      again: await ending(s3.send(new CreateBucketCommand({ Bucket }))),
      missing: await ending(s3.send(new GetPublicAccessBlockCommand({ Bucket: 'no-such-bucket' }))),
    };
    expect(seen).toEqual(expected);
  });

  test('lists every bucket at once, and tells no region', async () => {
    const { s3 } = await start(PLAIN_STORES[name]);
    for (const one of ['a-photos', 'b-photos']) await s3.send(new CreateBucketCommand({ Bucket: one }));
    const { Buckets = [], ContinuationToken } = await s3.send(new ListBucketsCommand({ MaxBuckets: 1, Prefix: 'b' }));
    expect({
      names: Buckets.map((one) => one.Name),
      regions: Buckets.map((one) => one.BucketRegion),
      ContinuationToken,
    }).toEqual({
      names: ['a-photos', 'b-photos'],
      regions: [undefined, undefined],
      ContinuationToken: undefined,
    });
    expect((await s3.send(new HeadBucketCommand({ Bucket: 'a-photos' }))).BucketRegion).toBeUndefined();
  });

  test('has no other service', async () => {
    const { iam, sts, sandbox } = await start(PLAIN_STORES[name]);
    const cloudfront = new CloudFrontClient({
      endpoint: sandbox.endpoint,
      region: 'us-east-1',
      credentials: ROOT,
      maxAttempts: 1,
    });
    expect([
      await ending(iam.send(new GetUserCommand({}))),
      await ending(sts.send(new GetCallerIdentityCommand({}))),
      await ending(cloudfront.send(new ListDistributionsCommand({}))),
    ]).toEqual(Array(3).fill(expect.stringMatching(/^400 /)));
    cloudfront.destroy();
    expect(sandbox.calls.all().map(({ code }) => code)).toEqual(Array(3).fill('AuthorizationHeaderMalformed'));
  });
});

test('MinIO without a key service has no default encryption to show, and no classes to move objects to', async () => {
  const { s3 } = await start({ ...PLAIN_STORES.minio, wantsContentMd5: false });
  await s3.send(new CreateBucketCommand({ Bucket }));
  expect(await ending(s3.send(new GetBucketEncryptionCommand({ Bucket })))).toBe(
    '404 ServerSideEncryptionConfigurationNotFoundError',
  );
  const put = (action: object) =>
    ending(s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: rule(action) })));
  expect(await put({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })).toBe('400 InvalidStorageClass');
  expect(await put({ Expiration: { Days: 3 } })).toBe('done');
});

test('a store that wants Content-MD5 refuses a lifecycle without it', async () => {
  const { s3 } = await start(PLAIN_STORES.minio);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const put = s3.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: rule({ Expiration: { Days: 3 } }) }),
  );
  expect(await ending(put)).toBe('400 MissingContentMD5');
});

test('Garage takes transitions and keeps nothing of them; its region is its own', async () => {
  const { s3, sandbox } = await start(PLAIN_STORES.garage);
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'garage' as never } }),
  );
  const put = (action: object) =>
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: rule(action) }));
  await put({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] });
  expect(await ending(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
    '404 NoSuchLifecycleConfiguration',
  );
  await put({ Expiration: { Days: 9 }, Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] });
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual([
    { ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 9 } },
  ]);

  const elsewhere = awsClients(sandbox.endpoint, ROOT);
  expect(await ending(elsewhere.s3.send(new ListBucketsCommand({})))).toBe('400 AuthorizationHeaderMalformed');
  elsewhere.destroy();
  const far = { Bucket: 'far-away', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } } as const;
  expect(await ending(s3.send(new CreateBucketCommand(structuredClone(far))))).toBe('400 InvalidRequest');
});

test('a store that ignores ?versions lists objects in their place', async () => {
  const { s3 } = await start(PLAIN_STORES.bare);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  const { Versions, MaxKeys } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  expect({ Versions, MaxKeys }).toEqual({ Versions: undefined, MaxKeys: 1000 });
});

test('a store that deletes full buckets does', async () => {
  const { s3 } = await start(PLAIN_STORES.bare);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  expect(await ending(s3.send(new DeleteBucketCommand({ Bucket })))).toBe('done');
  expect(await ending(s3.send(new HeadBucketCommand({ Bucket })))).toMatch(/^404/);
});

test('tags at creation are younger than such stores', async () => {
  const { s3 } = await start({});
  const CreateBucketConfiguration = { Tags: [{ Key: 'a', Value: '1' }] };
  expect(await ending(s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })))).toBe(
    '400 MalformedXML',
  );
});

test('what a store lacks is a list of features of one’s own choice', async () => {
  const { s3 } = await start({ lacks: [lacking(['tagging'])] });
  await s3.send(new CreateBucketCommand({ Bucket }));
  expect(await ending(s3.send(new GetBucketTaggingCommand({ Bucket })))).toBe('501 NotImplemented');
  expect(await ending(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: POLICY })))).toBe('done');
});

test('a store that ignores a sub-resource takes the request for one on the bucket', async () => {
  const { s3 } = await start(PLAIN_STORES.deaf);
  const CORSConfiguration = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'] }] };
  expect(await ending(s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration })))).toBe('done');
  // The SDK does not look at what a document is called.
  expect(await s3.send(new GetBucketCorsCommand({ Bucket }))).not.toHaveProperty('CORSRules');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' }));
  expect(await ending(s3.send(new DeleteBucketCorsCommand({ Bucket })))).toBe('409 BucketNotEmpty');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
  expect(await ending(s3.send(new DeleteBucketCorsCommand({ Bucket })))).toBe('done');
  expect(await ending(s3.send(new HeadBucketCommand({ Bucket })))).toMatch(/^404/);
});

test('a store that breaks by default encryption takes it, and no upload until it is taken back', async () => {
  const { s3 } = await start({ breaksByEncryption: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  const put = () => ending(s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x' })));
  expect(await put()).toBe('done');
  await s3.send(
    new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: structuredClone(AES) as never }),
  );
  expect([await put(), await ending(s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'b' })))]).toEqual([
    '500 InternalError',
    '500 InternalError',
  ]);
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(await put()).toBe('done');
});
