import { CreatePolicyCommand, CreateGroupCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { defaultBucketActions } from '../../src/config/defaults';
import { skippable } from '../support/e2e/skips';
import { LOG_BUCKET, ORG, startWorld, type World } from '../support/e2e/world';

const SEED_TAGS = [
  { Key: 'Application', Value: 'HowToGet' },
  { Key: 'COA', Value: 'Take.My.Money.$$$$' },
  { Key: 'CreatedBy', Value: 'Big Bird' },
];
const BLOCKED = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const create = (Bucket: string, more: Readonly<Record<string, unknown>> = {}) =>
  world.api('POST', '/demo/buckets', { BucketInput: { Bucket }, ...more });

describe('the answer to a creation', () => {
  skippable('has the shape of the contract of a new bucket, nulls included', async () => {
    const bucket = world.name('photos');
    const { status, body, headers } = await create(bucket, { Tags: SEED_TAGS, Lifecycle: 'deep-archive' });
    expect(status).toBe(202);
    expect(headers.get('x-operation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toEqual({
      Bucket: `/${bucket}`,
      Policy: {
        Arn: `arn:aws:iam::${world.accountId}:policy/${bucket}-BktAdmPlc`,
        AttachmentCount: 0,
        CreateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        DefaultVersionId: 'v1',
        Description: null,
        IsAttachable: true,
        Path: '/',
        PermissionsBoundaryUsageCount: 0,
        PolicyId: expect.any(String),
        PolicyName: `${bucket}-BktAdmPlc`,
        UpdateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
      Group: {
        Arn: `arn:aws:iam::${world.accountId}:group/${bucket}-BktAdmGrp`,
        CreateDate: expect.stringMatching(/Z$/),
        GroupId: expect.any(String),
        GroupName: `${bucket}-BktAdmGrp`,
        Path: '/',
      },
    });
  });
});

describe('what an auditor sees of a created bucket', () => {
  skippable('tags, encryption, access block, logging, lifecycle', async () => {
    const bucket = world.name('photos');
    const { headers } = await create(bucket, { Tags: SEED_TAGS, Lifecycle: 'deep-archive' });
    const operation = headers.get('x-operation-id');
    const seen = await world.snapshot(bucket);
    expect(seen.buckets[bucket]).toMatchObject({
      tags: {
        Application: 'HowToGet',
        COA: 'Take.My.Money.$$$$',
        CreatedBy: 'Big Bird',
        'spinup:org': ORG,
        'mallard:operation': operation,
      },
      encryption: 'AES256',
      publicAccessBlock: BLOCKED,
      logging: `${LOG_BUCKET}/s3/${bucket}/`,
      lifecycle: [{ ID: 'deep-archive', Status: 'Enabled', Transitions: [{ Days: 1, StorageClass: 'DEEP_ARCHIVE' }] }],
      versioning: undefined,
      objectLock: false,
      objects: [],
    });
    expect(Object.keys(seen.buckets[bucket]?.tags ?? {})).toHaveLength(5);
    expect(seen.users).toEqual({});
  });

  skippable('its policy and group', async () => {
    const bucket = world.name('photos');
    const { headers } = await create(bucket);
    const operation = headers.get('x-operation-id');
    const seen = await world.snapshot(bucket);
    expect(seen.groups).toEqual({
      [`${bucket}-BktAdmGrp`]: {
        id: expect.any(String),
        path: '/',
        members: [],
        attached: [`${bucket}-BktAdmPlc`],
        inline: [],
      },
    });
    expect(Object.keys(seen.policies)).toEqual([`${bucket}-BktAdmPlc`]);
    expect(seen.policies[`${bucket}-BktAdmPlc`]).toMatchObject({
      tags: { 'spinup:org': ORG, 'mallard:operation': operation },
      defaultVersion: 'v1',
      attachments: 1,
      versions: {
        v1: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: defaultBucketActions, Resource: [`arn:aws:s3:::${bucket}`] },
            { Effect: 'Allow', Action: 's3:*', Resource: [`arn:aws:s3:::${bucket}/*`] },
          ],
        },
      },
    });
    expect(Object.keys(seen.policies[`${bucket}-BktAdmPlc`]?.versions ?? {})).toEqual(['v1']);
  });

  for (const [name, rules] of Object.entries({
    glacier: [{ ID: 'glacier', Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] }],
    'intelligent-tiering': [{ ID: 'intelligent-tiering', Transitions: [{ StorageClass: 'INTELLIGENT_TIERING' }] }],
    'expire-30': [{ ID: 'expire-30', Expiration: { Days: 30 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
    'abort-multipart': [
      { ID: 'abort-multipart', AbortIncompleteMultipartUpload: { DaysAfterInitiation: expect.any(Number) } },
    ],
  })) {
    skippable(`the lifecycle ${name}`, async () => {
      const bucket = world.name('aging');
      expect((await create(bucket, { Lifecycle: name })).status).toBe(202);
      expect((await world.snapshot(bucket)).buckets[bucket]?.lifecycle).toMatchObject(rules);
    });
  }

  skippable('object lock, with the versioning that it needs', async () => {
    const bucket = world.name('vault');
    expect((await create('x', { BucketInput: { Bucket: bucket, ObjectLockEnabledForBucket: true } })).status).toBe(202);
    expect((await world.snapshot(bucket)).buckets[bucket]).toMatchObject({ objectLock: true, versioning: 'Enabled' });
  });

  skippable('no tags but the system tags, no lifecycle, when nothing was asked for', async () => {
    const bucket = world.name('plain');
    expect((await create(bucket)).status).toBe(202);
    const seen = (await world.snapshot(bucket)).buckets[bucket];
    expect(Object.keys(seen?.tags ?? {}).sort()).toEqual(['mallard:operation', 'spinup:org']);
    expect(seen?.lifecycle).toEqual([]);
  });
});

describe('the region', () => {
  skippable('the account’s own is taken', async () => {
    const bucket = world.name('near');
    const BucketInput = { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'us-east-1' } };
    expect((await create(bucket, { BucketInput })).status).toBe(202);
  });

  skippable('another is refused before anything is made', async () => {
    const bucket = world.name('far');
    const BucketInput = { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } };
    const { status, body } = await create(bucket, { BucketInput });
    expect(status).toBe(400);
    expect(body['detail']).toContain('us-east-1');
    expect(await world.snapshot(bucket)).toEqual({ buckets: {}, users: {}, groups: {}, policies: {} });
  });
});

describe('what is refused', () => {
  skippable('an unknown lifecycle, with the known ones listed', async () => {
    const bucket = world.name('aging');
    const { status, body } = await create(bucket, { Lifecycle: 'eternal' });
    expect(status).toBe(400);
    for (const known of ['deep-archive', 'glacier', 'intelligent-tiering', 'expire-30', 'abort-multipart']) {
      expect(body['detail']).toContain(known);
    }
    expect((await world.snapshot(bucket)).buckets).toEqual({});
  });

  for (const [why, Tags] of Object.entries({
    'a reserved tag key': [{ Key: 'mallard:operation', Value: 'x' }],
    'the marker of greeting pages': [{ Key: 'yale:spinup', Value: 'true' }],
    'an org tag of another value': [{ Key: 'spinup:org', Value: 'another' }],
    'a tag key given twice': [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ],
    'more than 45 tags': Array.from({ length: 46 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })),
  })) {
    skippable(`${why}: 400, and nothing is made`, async () => {
      const bucket = world.name('tagged');
      expect((await create(bucket, { Tags })).status).toBe(400);
      expect((await world.snapshot(bucket)).buckets).toEqual({});
    });
  }

  for (const name of ['Upper', 'a', '192.168.1.1', 'xn--photos', 'two..dots', 'photos-s3alias', 'photos--x-s3']) {
    skippable(`the bucket name ${name}`, async () => {
      expect((await create(name)).status).toBe(400);
    });
  }
});

describe('what exists already is 409 and stays as it is', () => {
  const conflict = async (bucket: string): Promise<void> => {
    const before = await world.snapshot(bucket);
    const { status, body, headers } = await create(bucket, { Lifecycle: 'glacier', Tags: SEED_TAGS });
    expect(status).toBe(409);
    expect(body).toMatchObject({ type: 'urn:mallard:problem:exists', retryable: false });
    expect(headers.has('retry-after')).toBe(false);
    expect(await world.snapshot(bucket)).toEqual(before);
  };

  skippable('a bucket of the account', async () => {
    const bucket = world.name('mine');
    expect((await create(bucket)).status).toBe(202);
    await conflict(bucket);
  });

  skippable('a bucket that the service did not make', async () => {
    const bucket = world.name('older');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await conflict(bucket);
  });

  skippable('a policy of the name that it needs', async () => {
    const bucket = world.name('policied');
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }],
    });
    await world.auditor.iam.send(new CreatePolicyCommand({ PolicyName: `${bucket}-BktAdmPlc`, PolicyDocument }));
    await conflict(bucket);
  });

  skippable('a group of the name that it needs', async () => {
    const bucket = world.name('grouped');
    await world.auditor.iam.send(new CreateGroupCommand({ GroupName: `${bucket}-BktAdmGrp` }));
    await conflict(bucket);
  });

  skippable('a bucket of somebody else', async () => {
    const bucket = world.name('theirs');
    await world.rival.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await conflict(bucket);
  });
});
