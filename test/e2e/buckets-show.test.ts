import { CreateBucketCommand, PutBucketTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { skippable } from '../support/e2e/skips';
import { LOG_BUCKET, ORG, startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const TAGS = [{ Key: 'COA', Value: 'Take.My.Money.$$$$' }];

async function newBucket(Tags = TAGS): Promise<string> {
  const bucket = world.name('shown');
  const { status } = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, Tags });
  expect(status).toBe(202);
  return bucket;
}

describe('HEAD', () => {
  skippable('200 for a bucket of the account, 404 for none', async () => {
    const bucket = await newBucket();
    expect((await world.api('HEAD', `/demo/buckets/${bucket}`)).status).toBe(200);
    expect((await world.api('HEAD', `/demo/buckets/${world.name('none')}`)).status).toBe(404);
  });

  skippable('403 for a bucket of somebody else', async () => {
    const bucket = world.name('theirs');
    await world.rival.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await world.api('HEAD', `/demo/buckets/${bucket}`)).status).toBe(403);
  });
});

describe('GET', () => {
  skippable('shows the caller’s and the org tag, the logging, and that it is empty', async () => {
    const bucket = await newBucket();
    const { status, body } = await world.api('GET', `/demo/buckets/${bucket}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      Tags: [...TAGS, { Key: 'spinup:org', Value: ORG }],
      Logging: { TargetBucket: LOG_BUCKET, TargetGrants: null, TargetPrefix: `s3/${bucket}/` },
      Empty: true,
    });
  });

  skippable('a bucket without tags and logging has none, as null', async () => {
    const bucket = world.name('bare');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await world.api('GET', `/demo/buckets/${bucket}`)).body).toEqual({ Tags: [], Logging: null, Empty: true });
  });

  skippable('Empty is false as soon as there is an object', async () => {
    const bucket = await newBucket();
    await world.auditor.s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'a', Body: 'x' }));
    expect((await world.api('GET', `/demo/buckets/${bucket}`)).body).toMatchObject({ Empty: false });
  });

  skippable('404 for none, with AWS’s code', async () => {
    const { status, body } = await world.api('GET', `/demo/buckets/${world.name('none')}`);
    expect(status).toBe(404);
    expect(body).toMatchObject({ type: 'urn:mallard:problem:not-found', code: 'NoSuchBucket' });
  });
});

describe('the list', () => {
  skippable('names every bucket of the account, sorted, without the access log bucket', async () => {
    const made = await Promise.all([newBucket(), newBucket(), newBucket()]);
    const { status, body } = await world.api<readonly string[]>('GET', '/demo/buckets');
    expect(status).toBe(200);
    expect(body).toEqual(expect.arrayContaining(made));
    expect([...body].sort()).toEqual(body);
    expect(body).not.toContain(LOG_BUCKET);
  });

  skippable('does not name buckets of somebody else', async () => {
    const bucket = world.name('theirs');
    await world.rival.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    expect((await world.api<readonly string[]>('GET', '/demo/buckets')).body).not.toContain(bucket);
    expect((await world.api<readonly string[]>('GET', '/other/buckets')).body).toContain(bucket);
  });
});

describe('PUT', () => {
  skippable('replaces the caller’s tags; system tags survive', async () => {
    const bucket = await newBucket([
      { Key: 'COA', Value: 'old' },
      { Key: 'Gone', Value: 'soon' },
    ]);
    const before = (await world.snapshot(bucket)).buckets[bucket];
    const { status, body } = await world.api('PUT', `/demo/buckets/${bucket}`, {
      Tags: [{ Key: 'COA', Value: 'new $$$$' }],
    });
    expect({ status, body }).toEqual({ status: 200, body: {} });
    const after = (await world.snapshot(bucket)).buckets[bucket];
    expect(after).toEqual({
      ...before,
      tags: { COA: 'new $$$$', 'spinup:org': ORG, 'mallard:operation': before?.tags['mallard:operation'] },
    });
  });

  skippable('what GET shows may be PUT back', async () => {
    const bucket = await newBucket();
    const before = await world.snapshot(bucket);
    const { body } = await world.api('GET', `/demo/buckets/${bucket}`);
    expect((await world.api('PUT', `/demo/buckets/${bucket}`, { Tags: body['Tags'] })).status).toBe(200);
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('an empty list takes away the caller’s tags alone', async () => {
    const bucket = await newBucket();
    expect((await world.api('PUT', `/demo/buckets/${bucket}`, { Tags: [] })).status).toBe(200);
    expect(Object.keys((await world.snapshot(bucket)).buckets[bucket]?.tags ?? {}).sort()).toEqual([
      'mallard:operation',
      'spinup:org',
    ]);
  });

  skippable('system tags that others keep on the bucket survive, too', async () => {
    const bucket = world.name('tagged');
    await world.auditor.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const TagSet = [
      { Key: 'mallard:distribution', Value: 'E123' },
      { Key: 'a', Value: '1' },
    ];
    await world.auditor.s3.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet } }));
    expect((await world.api('PUT', `/demo/buckets/${bucket}`, { Tags: [{ Key: 'b', Value: '2' }] })).status).toBe(200);
    expect((await world.snapshot(bucket)).buckets[bucket]?.tags).toEqual({
      b: '2',
      'spinup:org': ORG,
      'mallard:distribution': 'E123',
    });
  });

  skippable('reserved keys are refused and nothing changes', async () => {
    const bucket = await newBucket();
    const before = await world.snapshot(bucket);
    expect(
      (await world.api('PUT', `/demo/buckets/${bucket}`, { Tags: [{ Key: 'mallard:operation', Value: 'mine' }] }))
        .status,
    ).toBe(400);
    expect(await world.snapshot(bucket)).toEqual(before);
  });

  skippable('404 for none', async () => {
    expect((await world.api('PUT', `/demo/buckets/${world.name('none')}`, { Tags: TAGS })).status).toBe(404);
  });
});

describe('the service’s own stores', () => {
  /** An emulator may deliver logs meanwhile. */
  const store = async () => {
    const all = await world.snapshot(LOG_BUCKET);
    return { ...all, buckets: { [LOG_BUCKET]: { ...all.buckets[LOG_BUCKET], objects: [] } } };
  };

  for (const [method, path, body] of [
    ['HEAD', '', undefined],
    ['GET', '', undefined],
    ['PUT', '', { Tags: [] }],
    ['DELETE', '', undefined],
    ['GET', '/duck', undefined],
    ['GET', '/users', undefined],
    ['POST', '/users', { User: { UserName: 'intruder' } }],
    ['GET', '/users/intruder', undefined],
    ['PUT', '/users/intruder', undefined],
    ['DELETE', '/users/intruder', undefined],
  ] as const) {
    skippable(`${method} on the access log bucket${path} is 404`, async () => {
      const before = await store();
      expect((await world.api(method, `/demo/buckets/${LOG_BUCKET}${path}`, body)).status).toBe(404);
      expect(await store()).toEqual(before);
    });
  }
});

describe('the bookmark', () => {
  skippable('is a property list with the user’s key id and no secret', async () => {
    const bucket = await newBucket();
    const user = world.name('reader');
    const made = await world.api('POST', `/demo/buckets/${bucket}/users`, { User: { UserName: user } });
    const key = made.body['AccessKey'] as { readonly AccessKeyId: string; readonly SecretAccessKey: string };
    const { status, text, headers } = await world.api('GET', `/demo/buckets/${bucket}/duck?path=a%20b&user=${user}`);
    expect(status).toBe(200);
    expect(headers.get('content-disposition')).toContain(`${bucket}.duck`);
    expect(text).toContain(`<string>/${bucket}/a b</string>`);
    expect(text).toContain(key.AccessKeyId);
    expect(text).not.toContain(key.SecretAccessKey);
  });

  skippable('404 without the bucket, or for a user of another bucket', async () => {
    const [bucket, other] = [await newBucket(), await newBucket()];
    const user = world.name('reader');
    await world.api('POST', `/demo/buckets/${other}/users`, { User: { UserName: user } });
    expect((await world.api('GET', `/demo/buckets/${world.name('none')}/duck`)).status).toBe(404);
    expect((await world.api('GET', `/demo/buckets/${bucket}/duck?user=${user}`)).status).toBe(404);
  });
});
