import { GetBucketTaggingCommand, PutBucketAbacCommand } from '@aws-sdk/client-s3';
import { type SiteWorld, onSite, startSiteWorld } from '../support/e2e/site';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';

/**
 * Buckets whose tags decide access: S3 refuses PutBucketTagging there, and takes TagResource and UntagResource
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html).
 */

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

const onSandbox = { more: SANDBOX_ONLY.abac };
const on = (bucket: string): string => `/demo/buckets/${bucket}`;

type Tags = Readonly<Record<string, string>>;

const listed = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

async function enableAbac(Bucket: string): Promise<void> {
  await world.auditor.s3.send(new PutBucketAbacCommand({ Bucket, AbacStatus: { Status: 'Enabled' } }));
}

async function newBucket(tags: Tags): Promise<string> {
  const bucket = world.name('abac');
  const { status } = await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket }, Tags: listed(tags) });
  expect(status).toBe(202);
  await enableAbac(bucket);
  return bucket;
}

/** All tags of a bucket as AWS has them: the caller's and the service's. */
async function tagsOf(Bucket: string): Promise<{ readonly callers: Tags; readonly services: Tags }> {
  const { TagSet = [] } = await world.auditor.s3.send(new GetBucketTaggingCommand({ Bucket }));
  const all = TagSet.map(({ Key, Value }) => [String(Key), String(Value)] as const);
  const isService = (key: string) => /^(spinup|mallard):/.test(key);
  return {
    callers: Object.fromEntries(all.filter(([key]) => !isService(key))),
    services: Object.fromEntries(all.filter(([key]) => isService(key))),
  };
}

/** What of tags was written since the record was cleared. */
const writes = (): readonly string[] =>
  (world.target.sandbox?.calls.all() ?? [])
    .filter(({ operation }) => /^(Put|Delete)BucketTagging$|agResource$/.test(operation))
    .map(({ operation, code }) => (code === undefined ? operation : `${operation}: ${code}`));

const BEFORE = { stays: '1', changes: '1', goes: '1' };
const AFTER = { stays: '1', changes: '2', comes: '1' };

skippable(
  'an update replaces the caller’s tags of a bucket with ABAC, and keeps the service’s',
  async () => {
    const bucket = await newBucket(BEFORE);
    const { services } = await tagsOf(bucket);
    world.target.sandbox?.calls.clear();
    expect((await world.api('PUT', on(bucket), { Tags: listed(AFTER) })).status).toBe(200);
    expect(writes()).toEqual(['PutBucketTagging: BadRequest', 'TagResource', 'UntagResource']);
    expect(await tagsOf(bucket)).toEqual({ callers: AFTER, services });
    expect(Object.keys(services).sort()).toEqual(['mallard:operation', 'spinup:org']);
    const { body } = await world.api('GET', on(bucket));
    expect(body['Tags']).toEqual(expect.arrayContaining(listed(AFTER)));
  },
  onSandbox,
);

skippable(
  'an update that has nothing to add only removes, and the other way round',
  async () => {
    const bucket = await newBucket({ a: '1' });
    world.target.sandbox?.calls.clear();
    expect((await world.api('PUT', on(bucket), { Tags: [] })).status).toBe(200);
    expect((await world.api('PUT', on(bucket), { Tags: listed({ b: '1' }) })).status).toBe(200);
    const refused = 'PutBucketTagging: BadRequest';
    expect(writes()).toEqual([refused, 'UntagResource', refused, 'TagResource']);
    expect((await tagsOf(bucket)).callers).toEqual({ b: '1' });
  },
  onSandbox,
);

skippable(
  'as many tags as there may be are replaced by as many others',
  async () => {
    const full = (stem: string): Tags =>
      Object.fromEntries(Array.from({ length: 45 }, (_, n) => [`${stem}-${String(n)}`, 'x']));
    const bucket = await newBucket(full('old'));
    expect((await world.api('PUT', on(bucket), { Tags: listed(full('new')) })).status).toBe(200);
    expect((await tagsOf(bucket)).callers).toEqual(full('new'));
  },
  onSandbox,
);

skippable(
  'a tag that S3 Control does not take is 400, and nothing has changed',
  async () => {
    const bucket = await newBucket(BEFORE);
    const { status, body } = await world.api('PUT', on(bucket), { Tags: listed({ COA: 'Take.My.Money.$$$$' }) });
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'InvalidTag' } });
    expect((await tagsOf(bucket)).callers).toEqual(BEFORE);
  },
  onSandbox,
);

skippable(
  'when only half of the change is allowed, the other half is taken back',
  async () => {
    const bucket = await newBucket(BEFORE);
    const handle = world.faults.add({ kind: 'refuse', operation: 'UntagResource', count: 1 });
    const { status } = await world.api('PUT', on(bucket), { Tags: listed(AFTER) });
    handle.remove();
    expect(status).toBe(403);
    expect((await tagsOf(bucket)).callers).toEqual(BEFORE);
  },
  onSandbox,
);

skippable(
  'what is changed beside the tags and fails takes them back, too',
  async () => {
    const bucket = await newBucket(BEFORE);
    const handle = world.faults.add({ kind: 'refuse', operation: 'PutBucketVersioning' });
    const { status } = await world.api('PUT', on(bucket), { Tags: listed(AFTER), Versioning: { Status: 'Enabled' } });
    handle.remove();
    expect(status).toBe(403);
    expect((await tagsOf(bucket)).callers).toEqual(BEFORE);
  },
  onSandbox,
);

skippable(
  'a website with ABAC is tagged, found by its tags and deleted like others',
  async () => {
    const site = await world.newSite('abac');
    await enableAbac(site);
    expect((await world.api('PUT', onSite(site), { Tags: listed({ team: 'a' }) })).status).toBe(200);
    expect((await tagsOf(site)).callers).toEqual({ team: 'a' });
    const other = await world.another();
    expect((await other.api('GET', onSite(site))).body).toMatchObject({ Distribution: expect.anything() });
    expect((await world.api('DELETE', onSite(site))).status).toBe(200);
  },
  onSandbox,
);

skippable(
  'a site whose bucket gets ABAC while it is made knows its distribution all the same',
  async () => {
    const site = world.site('abac');
    world.target.sandbox?.calls.clear();
    let enabled: Promise<void> | undefined;
    const handle = world.faults.add({
      kind: 'latency',
      ms: 1,
      operation: 'CreateDistributionWithTags',
      matching: () => {
        enabled ??= enableAbac(site);
        return true;
      },
    });
    expect((await world.create(site)).status).toBe(202);
    handle.remove();
    await enabled;
    expect(writes()).toEqual(['PutBucketTagging: BadRequest', 'TagResource']);
    expect((await tagsOf(site)).services['mallard:distribution']).toMatch(/^E[A-Z0-9]+$/);
  },
  onSandbox,
);
