import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Harness, OWNER, refusal, startHarness, STRANGER } from './harness';

let on: Harness;
beforeAll(async () => {
  on = await startHarness();
});
afterAll(() => on.stop());

describe('creating', () => {
  test('the owner gets 200 again in us-east-1 (AWS-FACTS: CreateBucket is not a lock)', async () => {
    await on.s3.send(new CreateBucketCommand({ Bucket: 'twice' }));
    await on.s3.send(new PutObjectCommand({ Bucket: 'twice', Key: 'kept', Body: 'x' }));
    const again = await on.s3.send(new CreateBucketCommand({ Bucket: 'twice' }));
    expect(again.Location).toBe('/twice');
    expect((await on.s3.send(new ListObjectVersionsCommand({ Bucket: 'twice' }))).Versions).toHaveLength(1);
  });

  test('outside us-east-1 the owner gets BucketAlreadyOwnedByYou (AWS-FACTS: elsewhere)', async () => {
    const frankfurt = on.client(OWNER, 'eu-central-1');
    const input = { Bucket: 'frankfurt', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' as const } };
    await frankfurt.send(new CreateBucketCommand(structuredClone(input)));
    expect(await refusal(frankfurt.send(new CreateBucketCommand(structuredClone(input))))).toEqual({
      code: 'BucketAlreadyOwnedByYou',
      status: 409,
    });
  });

  test("someone else's bucket is BucketAlreadyExists (AWS-FACTS: one namespace over all accounts)", async () => {
    const Bucket = await on.bucket();
    expect(await refusal(on.stranger.send(new CreateBucketCommand({ Bucket })))).toEqual({
      code: 'BucketAlreadyExists',
      status: 409,
    });
  });

  test('a deleted name can be claimed by anyone at once (AWS-FACTS)', async () => {
    const Bucket = await on.bucket();
    await on.s3.send(new DeleteBucketCommand({ Bucket }));
    await on.stranger.send(new CreateBucketCommand({ Bucket }));
    await on.stranger.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: STRANGER.id }));
  });

  test.each([
    ['eu-west-1', undefined, 'IllegalLocationConstraintException'],
    ['eu-west-1', 'eu-west-2', 'IllegalLocationConstraintException'],
    ['us-east-1', 'us-east-1', 'InvalidLocationConstraint'],
    ['us-east-1', 'nowhere', 'InvalidLocationConstraint'],
  ])('in %s with constraint %s: %s (AWS-FACTS: LocationConstraint)', async (region, constraint, code) => {
    // The SDK fills in a missing constraint by itself: an empty configuration element keeps it from that.
    const answer = await fetchSigned(region, constraint);
    expect(answer).toEqual({ code, status: 400 });
  });

  test('us-east-1 makes buckets elsewhere when asked', async () => {
    await on.s3.send(
      new CreateBucketCommand({ Bucket: 'in-ireland', CreateBucketConfiguration: { LocationConstraint: 'EU' } }),
    );
    const { LocationConstraint } = await on.s3.send(new GetBucketLocationCommand({ Bucket: 'in-ireland' }));
    expect(LocationConstraint).toBe('eu-west-1');
  });

  test('tags given at birth are kept (AWS-FACTS: CreateBucketConfiguration.Tags)', async () => {
    const Tags = [{ Key: 'spinup:org', Value: 'Take.My.Money.$$$$' }];
    await on.s3.send(new CreateBucketCommand({ Bucket: 'tagged', CreateBucketConfiguration: { Tags } }));
    expect((await on.s3.send(new GetBucketTaggingCommand({ Bucket: 'tagged' }))).TagSet).toEqual(Tags);
  });

  test('a bad tag at birth makes no bucket', async () => {
    const Tags = [{ Key: 'aws:x', Value: '' }];
    const call = on.s3.send(new CreateBucketCommand({ Bucket: 'untagged', CreateBucketConfiguration: { Tags } }));
    expect((await refusal(call)).code).toBe('InvalidTag');
    expect((await refusal(on.s3.send(new HeadBucketCommand({ Bucket: 'untagged' })))).status).toBe(404);
  });

  test('object lock turns versioning on', async () => {
    await on.s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
    expect((await on.s3.send(new GetBucketVersioningCommand({ Bucket: 'locked' }))).Status).toBe('Enabled');
    const lock = await on.s3.send(new GetObjectLockConfigurationCommand({ Bucket: 'locked' }));
    expect(lock.ObjectLockConfiguration?.ObjectLockEnabled).toBe('Enabled');
    const suspend = new PutBucketVersioningCommand({
      Bucket: 'locked',
      VersioningConfiguration: { Status: 'Suspended' },
    });
    expect((await refusal(on.s3.send(suspend))).code).toBe('InvalidBucketState');
  });

  test('an ACL is refused unless ownership is changed (AWS-FACTS: ACLs are off)', async () => {
    const create = (Bucket: string, more: object): Promise<unknown> =>
      on.s3.send(new CreateBucketCommand({ Bucket, ...more }));
    expect((await refusal(create('acl-one', { ACL: 'public-read' }))).code).toBe('InvalidBucketAclWithObjectOwnership');
    expect((await refusal(create('acl-two', { ACL: 'public-read', ObjectOwnership: 'ObjectWriter' }))).code).toBe(
      'AccessDenied',
    );
    await create('acl-three', { ACL: 'private' });
  });

  test('names outside the rules are InvalidBucketName', async () => {
    expect(await refusal(on.s3.send(new CreateBucketCommand({ Bucket: 'Not-A-Name' })))).toEqual({
      code: 'InvalidBucketName',
      status: 400,
    });
  });
});

describe('looking', () => {
  test('HeadBucket: 200 with region, 404, 403 for a stranger (AWS-FACTS: 403 means exists, not yours)', async () => {
    const Bucket = await on.bucket();
    expect((await on.s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('us-east-1');
    expect((await refusal(on.s3.send(new HeadBucketCommand({ Bucket: 'not-there-at-all' })))).status).toBe(404);
    expect((await refusal(on.stranger.send(new HeadBucketCommand({ Bucket })))).status).toBe(403);
  });

  test('a call signed for another region is redirected, GetBucketLocation from us-east-1 is not (AWS-FACTS: 301)', async () => {
    const stockholm = on.client(OWNER, 'eu-north-1');
    await stockholm.send(
      new CreateBucketCommand({ Bucket: 'stockholm', CreateBucketConfiguration: { LocationConstraint: 'eu-north-1' } }),
    );
    expect((await refusal(on.s3.send(new HeadBucketCommand({ Bucket: 'stockholm' })))).status).toBe(301);
    expect(await refusal(on.s3.send(new ListObjectVersionsCommand({ Bucket: 'stockholm' })))).toEqual({
      code: 'PermanentRedirect',
      status: 301,
    });
    expect((await on.s3.send(new GetBucketLocationCommand({ Bucket: 'stockholm' }))).LocationConstraint).toBe(
      'eu-north-1',
    );
    expect((await stockholm.send(new HeadBucketCommand({ Bucket: 'stockholm' }))).BucketRegion).toBe('eu-north-1');
  });

  test('ExpectedBucketOwner: another owner is AccessDenied (AWS-FACTS: send it with every call)', async () => {
    const Bucket = await on.bucket();
    await on.s3.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner: OWNER.id }));
    const wrong = { Bucket, ExpectedBucketOwner: STRANGER.id };
    const denied = { code: 'AccessDenied', status: 403 };
    expect(await refusal(on.s3.send(new GetBucketVersioningCommand(wrong)))).toEqual(denied);
    expect(await refusal(on.s3.send(new ListObjectVersionsCommand(wrong)))).toEqual(denied);
    expect((await refusal(on.s3.send(new DeleteBucketCommand(wrong)))).status).toBe(403);
    await on.s3.send(new HeadBucketCommand({ Bucket }));
  });
});

describe('deleting', () => {
  test('objects, versions and delete markers each keep a bucket (AWS-FACTS: BucketNotEmpty)', async () => {
    const Bucket = await on.bucket();
    const remove = (): Promise<unknown> => on.s3.send(new DeleteBucketCommand({ Bucket }));
    await on.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    const { VersionId } = await on.s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: '1' }));
    expect(await refusal(remove())).toEqual({ code: 'BucketNotEmpty', status: 409 });
    const marker = await on.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    expect((await refusal(remove())).code).toBe('BucketNotEmpty');
    await on.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId }));
    expect((await refusal(remove())).code).toBe('BucketNotEmpty');
    await on.s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: marker.VersionId }));
    await remove();
    expect((await refusal(remove())).code).toBe('NoSuchBucket');
  });

  test('uploads in progress do not (AWS-FACTS: they are dropped)', async () => {
    const Bucket = await on.bucket();
    await on.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'half' }));
    await on.s3.send(new DeleteBucketCommand({ Bucket }));
  });
});

test('ListBuckets shows the own account only, in pages, by prefix and region (AWS-FACTS: ListBuckets paginates)', async () => {
  const fresh = await startHarness();
  try {
    for (const Bucket of ['page-b', 'page-a', 'page-c', 'other'])
      await fresh.s3.send(new CreateBucketCommand({ Bucket }));
    await fresh.stranger.send(new CreateBucketCommand({ Bucket: 'page-theirs' }));
    const first = await fresh.s3.send(new ListBucketsCommand({ MaxBuckets: 2, Prefix: 'page-' }));
    expect(first.Buckets?.map((bucket) => bucket.Name)).toEqual(['page-a', 'page-b']);
    expect(first.Buckets?.[0]?.BucketRegion).toBe('us-east-1');
    const { ContinuationToken } = first;
    const second = await fresh.s3.send(new ListBucketsCommand({ MaxBuckets: 2, Prefix: 'page-', ContinuationToken }));
    expect(second.Buckets?.map((bucket) => bucket.Name)).toEqual(['page-c']);
    expect(second.ContinuationToken).toBeUndefined();
    const all = await fresh.s3.send(new ListBucketsCommand({}));
    expect(all.Buckets?.map((bucket) => bucket.Name)).toEqual(['other', 'page-a', 'page-b', 'page-c']);
    expect(await refusal(fresh.s3.send(new ListBucketsCommand({ MaxBuckets: 10_001 })))).toMatchObject({ status: 400 });
    expect((await fresh.s3.send(new ListBucketsCommand({ BucketRegion: 'eu-west-1' }))).Buckets).toEqual([]);
  } finally {
    await fresh.stop();
  }
});

/** CreateBucket with exactly this constraint; the SDK would repair the request. */
async function fetchSigned(
  region: string,
  constraint: string | undefined,
): Promise<{ code: string; status: number | undefined }> {
  const client = on.client(OWNER, region);
  const body =
    constraint === undefined
      ? '<CreateBucketConfiguration/>'
      : `<CreateBucketConfiguration><LocationConstraint>${constraint}</LocationConstraint></CreateBucketConfiguration>`;
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body?: unknown; headers: Record<string, string> };
      request.body = body;
      request.headers['content-length'] = String(Buffer.byteLength(body));
      request.headers['content-type'] = 'application/xml';
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'exactBody' },
  );
  return refusal(client.send(new CreateBucketCommand({ Bucket: 'somewhere' })));
}
