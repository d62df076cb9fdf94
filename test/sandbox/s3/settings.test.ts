import { createHash } from 'node:crypto';
import {
  DeleteBucketCorsCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketOwnershipControlsCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketTaggingCommand,
  DeleteBucketWebsiteCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type Tag,
} from '@aws-sdk/client-s3';
import { type Harness, publicRead, refusal, startHarness } from './harness';

let on: Harness;
let Bucket: string;
beforeAll(async () => {
  on = await startHarness();
});
beforeEach(async () => {
  Bucket = await on.bucket();
});
afterAll(() => on.stop());

/** The prefix of a rule from before filters; the SDK's types call it deprecated. */
const OLD_FORM = { Prefix: 'old/' };
const NO_BLOCK = {
  BlockPublicAcls: false,
  IgnorePublicAcls: false,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
};

test('a new bucket blocks everything public, has no ACLs, encrypts with AES256 (AWS-FACTS: new buckets)', async () => {
  const block = await on.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
  expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual([true, true, true, true]);
  const ownership = await on.s3.send(new GetBucketOwnershipControlsCommand({ Bucket }));
  expect(ownership.OwnershipControls?.Rules).toEqual([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  const encryption = await on.s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(encryption.ServerSideEncryptionConfiguration?.Rules).toEqual([
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
      BucketKeyEnabled: false,
      BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
    },
  ]);
  expect((await on.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect((await on.s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
});

test('what was never set is refused by its own code', async () => {
  const codes = await Promise.all(
    [
      on.s3.send(new GetBucketTaggingCommand({ Bucket })),
      on.s3.send(new GetBucketPolicyCommand({ Bucket })),
      on.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      on.s3.send(new GetBucketCorsCommand({ Bucket })),
      on.s3.send(new GetBucketWebsiteCommand({ Bucket })),
    ].map(async (call: Promise<unknown>) => (await refusal(call)).code),
  );
  expect(codes).toEqual([
    'NoSuchTagSet',
    'NoSuchBucketPolicy',
    'NoSuchLifecycleConfiguration',
    'NoSuchCORSConfiguration',
    'NoSuchWebsiteConfiguration',
  ]);
  await on.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await on.s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  expect((await refusal(on.s3.send(new GetPublicAccessBlockCommand({ Bucket })))).code).toBe(
    'NoSuchPublicAccessBlockConfiguration',
  );
  expect((await refusal(on.s3.send(new GetBucketOwnershipControlsCommand({ Bucket })))).code).toBe(
    'OwnershipControlsNotFoundError',
  );
});

describe('tags', () => {
  const put = (TagSet: Tag[]): Promise<unknown> =>
    on.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  const numbered = (count: number): Tag[] =>
    Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: 'v' }));

  test('a put replaces the whole set (AWS-FACTS)', async () => {
    await put([
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '<&> "ü"' },
    ]);
    await put([{ Key: 'b', Value: '<&> "ü"' }]);
    expect((await on.s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([
      { Key: 'b', Value: '<&> "ü"' },
    ]);
    await on.s3.send(new DeleteBucketTaggingCommand({ Bucket }));
    expect((await refusal(on.s3.send(new GetBucketTaggingCommand({ Bucket })))).code).toBe('NoSuchTagSet');
  });

  test('50 tags, keys of 128 and values of 256 characters are the limit (AWS-FACTS)', async () => {
    await put([...numbered(49), { Key: 'ü'.repeat(128), Value: 'ü'.repeat(256) }]);
    expect((await refusal(put(numbered(51)))).code).toBe('BadRequest');
    expect((await refusal(put([{ Key: 'k'.repeat(129), Value: '' }]))).code).toBe('InvalidTag');
    expect((await refusal(put([{ Key: '', Value: '' }]))).code).toBe('InvalidTag');
    expect((await refusal(put([{ Key: 'k', Value: 'v'.repeat(257) }]))).code).toBe('InvalidTag');
  });

  test('aws: is reserved, keys are unique (AWS-FACTS)', async () => {
    expect((await refusal(put([{ Key: 'aws:mine', Value: '' }]))).code).toBe('InvalidTag');
    expect(
      (
        await refusal(
          put([
            { Key: 'k', Value: '1' },
            { Key: 'k', Value: '2' },
          ]),
        )
      ).code,
    ).toBe('InvalidTag');
    await put([
      { Key: 'k', Value: '1' },
      { Key: 'K', Value: '2' },
    ]);
  });
});

describe('policy and public access', () => {
  const put = (Policy: string): Promise<unknown> => on.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));

  test('a public policy needs the block lifted first (AWS-FACTS: PutPublicAccessBlock before PutBucketPolicy)', async () => {
    expect(await refusal(put(publicRead(Bucket)))).toEqual({ code: 'AccessDenied', status: 403 });
    await on.s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        PublicAccessBlockConfiguration: { ...NO_BLOCK, RestrictPublicBuckets: true },
      }),
    );
    await put(publicRead(Bucket));
    expect((await on.s3.send(new GetBucketPolicyCommand({ Bucket }))).Policy).toBe(publicRead(Bucket));
    expect((await on.s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true);
    await on.s3.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect((await refusal(on.s3.send(new GetBucketPolicyCommand({ Bucket })))).code).toBe('NoSuchBucketPolicy');
  });

  test.each([
    ['not JSON', 'hello'],
    ['another bucket', publicRead('another-bucket')],
    [
      'no principal',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::x"}]}',
    ],
    ['an unknown version', '{"Version":"2020-01-01","Statement":[]}'],
  ])('%s is MalformedPolicy', async (_title, policy) => {
    expect((await refusal(put(policy))).code).toBe('MalformedPolicy');
  });
});

describe('logging', () => {
  const put = (TargetBucket: string): Promise<unknown> =>
    on.s3.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: `s3/${Bucket}/` } },
      }),
    );

  test("the target must exist and be the same owner's: InvalidTargetBucketForLogging", async () => {
    const target = await on.bucket();
    expect((await refusal(put('no-such-target'))).code).toBe('InvalidTargetBucketForLogging');
    await put(target);
    const { LoggingEnabled } = await on.s3.send(new GetBucketLoggingCommand({ Bucket }));
    expect(LoggingEnabled).toEqual({ TargetBucket: target, TargetPrefix: `s3/${Bucket}/` });
    await on.s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
    expect((await on.s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
  });
});

describe('lifecycle', () => {
  const put = (...Rules: LifecycleRule[]): Promise<unknown> =>
    on.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  const rule: LifecycleRule = {
    ID: 'archive',
    Filter: { Prefix: '' },
    Status: 'Enabled',
    Transitions: [{ Days: 1, StorageClass: 'DEEP_ARCHIVE' }],
  };

  test('rules come back as they were put', async () => {
    await put(rule, {
      ...rule,
      ID: 'abort',
      Transitions: [],
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
    const { Rules } = await on.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(Rules?.map((each) => each.ID)).toEqual(['archive', 'abort']);
    expect(Rules?.[0]).toEqual(rule);
    await on.s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    expect((await refusal(on.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).code).toBe(
      'NoSuchLifecycleConfiguration',
    );
  });

  test.each<[string, LifecycleRule[], string]>([
    ['ids over 255 (AWS-FACTS)', [{ ...rule, ID: 'i'.repeat(256) }], 'InvalidArgument'],
    ['two rules of one id', [rule, rule], 'InvalidArgument'],
    [
      'negative days (AWS-FACTS: transitions need days ≥ 0)',
      [{ ...rule, Transitions: [{ Days: -1, StorageClass: 'GLACIER' }] }],
      'InvalidArgument',
    ],
    [
      'STANDARD_IA before 30 days',
      [{ ...rule, Transitions: [{ Days: 29, StorageClass: 'STANDARD_IA' }] }],
      'InvalidArgument',
    ],
    ['expiry after 0 days', [{ ...rule, Transitions: [], Expiration: { Days: 0 } }], 'InvalidArgument'],
    ['a rule without action', [{ ...rule, Transitions: [] }], 'InvalidRequest'],
    ['a rule with neither Filter nor Prefix', [{ ...rule, Filter: undefined }], 'MalformedXML'],
    ['a rule with Filter and Prefix', [{ ...rule, ...OLD_FORM }], 'MalformedXML'],
    ['an unknown status', [{ ...rule, Status: 'Maybe' as 'Enabled' }], 'MalformedXML'],
  ])('%s: refused', async (_title, rules, code) => {
    expect(await refusal(put(...rules))).toEqual({ code, status: 400 });
  });

  test('days 0, ids of 255 and the old form without Filter are accepted (AWS-FACTS)', async () => {
    await put(
      { ...rule, Filter: undefined, ...OLD_FORM },
      { ...rule, ID: 'i'.repeat(255), Transitions: [{ Days: 0, StorageClass: 'GLACIER' }] },
    );
  });
});

test('versioning goes on and off, never back to unset', async () => {
  for (const Status of ['Enabled', 'Suspended'] as const) {
    await on.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    expect((await on.s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe(Status);
  }
  const unset = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: {} });
  expect((await refusal(on.s3.send(unset))).code).toBe('IllegalVersioningConfigurationException');
});

test('encryption is replaced by a put and AES256 again after a delete', async () => {
  const Rules = [
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'key-1' },
      BucketKeyEnabled: true,
    },
  ];
  await on.s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }));
  const read = async (): Promise<unknown> =>
    (await on.s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules;
  expect(await read()).toEqual(Rules);
  await on.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect(await read()).toMatchObject([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
});

// S3 User Guide, "Blocking or unblocking SSE-C for a general purpose bucket": since April 2026, 403 AccessDenied.
test('keys of the caller’s are refused by a new bucket, and by rules that block them', async () => {
  const key = Buffer.alloc(32, 1);
  const upload = () =>
    on.s3.send(
      new PutObjectCommand({
        Bucket,
        Key: 'k',
        Body: 'x',
        SSECustomerAlgorithm: 'AES256',
        SSECustomerKey: key.toString('base64'),
        SSECustomerKeyMD5: createHash('md5').update(key).digest('base64'),
      }),
    );
  const put = (EncryptionType: ('NONE' | 'SSE-C')[]) =>
    on.s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ BlockedEncryptionTypes: { EncryptionType } }] },
      }),
    );
  await on.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  expect((await refusal(upload())).code).toBe('AccessDenied');
  await put(['NONE']);
  expect((await refusal(upload())).code).toBe('NotImplemented');
  await put(['SSE-C']);
  expect((await refusal(upload())).code).toBe('AccessDenied');
  await on.s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
});

test('CORS and website documents make the round trip', async () => {
  const CORSRules = [
    {
      AllowedMethods: ['GET', 'PUT'],
      AllowedOrigins: ['https://*.example.org'],
      AllowedHeaders: ['*'],
      MaxAgeSeconds: 300,
    },
  ];
  await on.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  expect((await on.s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules);
  const bad = { CORSRules: [{ AllowedMethods: ['PATCH'], AllowedOrigins: ['*'] }] };
  expect((await refusal(on.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: bad })))).code).toBe(
    'InvalidRequest',
  );
  const wild = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'], ExposeHeaders: ['x-amz-*'] }] };
  expect((await refusal(on.s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: wild })))).code).toBe(
    'InvalidRequest',
  );
  await on.s3.send(new DeleteBucketCorsCommand({ Bucket }));

  const WebsiteConfiguration = { IndexDocument: { Suffix: 'index.html' }, ErrorDocument: { Key: 'error.html' } };
  await on.s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
  expect(await on.s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(WebsiteConfiguration);
  await on.s3.send(new DeleteBucketWebsiteCommand({ Bucket }));
  expect((await refusal(on.s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: {} })))).code).toBe(
    'MalformedXML',
  );
});

test('ACLs are off until ownership is changed (AWS-FACTS: BucketOwnerEnforced)', async () => {
  const acl = await on.s3.send(new GetBucketAclCommand({ Bucket }));
  expect(acl.Grants).toMatchObject([
    { Permission: 'FULL_CONTROL', Grantee: { Type: 'CanonicalUser', ID: acl.Owner?.ID } },
  ]);
  const put = (): Promise<unknown> => on.s3.send(new PutBucketAclCommand({ Bucket, ACL: 'private' }));
  expect((await refusal(put())).code).toBe('AccessControlListNotSupported');
  await on.s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  await put();
  const open = new PutBucketAclCommand({ Bucket, ACL: 'public-read' });
  expect((await refusal(on.s3.send(open))).code).toBe('AccessDenied');
});
