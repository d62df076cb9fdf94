import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Harness, refusal, startHarness } from './harness';

let on: Harness;
let Bucket: string;
beforeAll(async () => {
  on = await startHarness();
});
beforeEach(async () => {
  Bucket = await on.bucket();
});
afterAll(() => on.stop());

const versioning = (Status: 'Enabled' | 'Suspended'): Promise<unknown> =>
  on.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Key: string, Body: string): Promise<string | undefined> =>
  (await on.s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
const text = async (Key: string, VersionId?: string): Promise<string | undefined> =>
  (await on.s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString();
const remove = (
  Key: string,
  VersionId?: string,
): Promise<{ VersionId?: string | undefined; DeleteMarker?: boolean | undefined }> =>
  on.s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const list = (more: object = {}): ReturnType<typeof send> => send(more);
const send = (more: object) => on.s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));

test('every write of a versioned bucket stays readable', async () => {
  await versioning('Enabled');
  const [first, second] = [await put('k', 'one'), await put('k', 'two')];
  expect(await text('k')).toBe('two');
  expect(await text('k', first)).toBe('one');
  const { Versions } = await list();
  expect(Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [second, true],
    [first, false],
  ]);
  await remove('k', second);
  expect(await text('k')).toBe('one');
});

test('a deletion hides, its marker can be taken away', async () => {
  await versioning('Enabled');
  await put('k', 'one');
  const marker = await remove('k');
  expect(marker.DeleteMarker).toBe(true);
  expect((await refusal(text('k'))).code).toBe('NoSuchKey');
  expect(await refusal(text('k', marker.VersionId))).toEqual({ code: 'MethodNotAllowed', status: 405 });
  expect((await on.s3.send(new ListObjectsV2Command({ Bucket }))).Contents).toBeUndefined();
  const { DeleteMarkers } = await list();
  expect(DeleteMarkers).toMatchObject([{ Key: 'k', VersionId: marker.VersionId, IsLatest: true }]);
  expect(await remove('k', marker.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
  expect(await text('k')).toBe('one');
});

test('suspended: writes replace the null version, older versions stay', async () => {
  await put('k', 'before');
  await versioning('Enabled');
  const kept = await put('k', 'kept');
  await versioning('Suspended');
  expect(await put('k', 'after')).toBe('null');
  expect(await text('k', 'null')).toBe('after');
  expect(await text('k', kept)).toBe('kept');
  await remove('k');
  expect((await list()).Versions?.map(({ VersionId }) => VersionId)).toEqual([kept]);
  expect((await list()).DeleteMarkers).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
});

test('objects of a bucket that never had versioning are listed as version null (AWS-FACTS: also when it was never on)', async () => {
  expect(await put('k', 'x')).toBeUndefined();
  expect((await list()).Versions).toMatchObject([{ Key: 'k', VersionId: 'null', IsLatest: true }]);
  expect((await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).VersionId).toBeUndefined();
});

test('an unknown version is NoSuchVersion', async () => {
  await put('k', 'x');
  expect((await refusal(text('k', 'unknown'))).code).toBe('NoSuchVersion');
});

test('DeleteObjects makes markers and removes versions', async () => {
  await versioning('Enabled');
  const VersionId = await put('a', '1');
  await put('b', '1');
  const { Deleted } = await on.s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'a', VersionId }, { Key: 'b' }] } }),
  );
  expect(Deleted?.[0]).toEqual({ Key: 'a', VersionId });
  expect(Deleted?.[1]).toMatchObject({ Key: 'b', DeleteMarker: true });
  expect((await list()).DeleteMarkers?.map((marker) => marker.VersionId)).toEqual([
    Deleted?.[1]?.DeleteMarkerVersionId,
  ]);
});

test('a copy can read an older version', async () => {
  await versioning('Enabled');
  const first = await put('k', 'one');
  await put('k', 'two');
  const copied = await on.s3.send(
    new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k?versionId=${first}` }),
  );
  expect(copied.CopySourceVersionId).toBe(first);
  expect(await text('copy')).toBe('one');
});

test.each([1, 2, 5])('pages of %d tell every version and marker once', async (MaxKeys) => {
  await versioning('Enabled');
  for (const key of ['a', 'b', 'dir/x', 'dir/y']) for (const body of ['1', '2']) await put(key, body);
  await remove('a');
  const seen: string[] = [];
  let page = await list({ MaxKeys, Delimiter: '/' });
  for (;;) {
    for (const entry of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
      seen.push(`${entry.Key} ${entry.VersionId}`);
    for (const prefix of page.CommonPrefixes ?? []) seen.push(prefix.Prefix ?? '');
    if (page.IsTruncated !== true) break;
    page = await list({
      MaxKeys,
      Delimiter: '/',
      KeyMarker: page.NextKeyMarker,
      VersionIdMarker: page.NextVersionIdMarker,
    });
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((entry) => entry.startsWith('a '))).toHaveLength(3);
  expect(seen.filter((entry) => entry.startsWith('b '))).toHaveLength(2);
  expect(seen.filter((entry) => entry.startsWith('dir/'))).toEqual(['dir/']);
});
