import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  paginateListObjectsV2,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Harness, refusal, startHarness } from './harness';

const KEYS = ['a.txt', 'docs/', 'docs/1', 'docs/2', 'docs/deep/x', 'music/1', 'z', 'é', '\ufb01', '😀'];

let on: Harness;
let Bucket: string;
beforeAll(async () => {
  on = await startHarness();
  Bucket = await on.bucket();
  for (const Key of [...KEYS].reverse()) await on.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
});
afterAll(() => on.stop());

const list = async (
  more: Partial<ListObjectsV2CommandInput> = {},
): Promise<{ keys: unknown; prefixes: unknown; next: string | undefined }> => {
  const found = await on.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
  expect(found.KeyCount).toBe((found.Contents?.length ?? 0) + (found.CommonPrefixes?.length ?? 0));
  return {
    keys: found.Contents?.map((entry) => entry.Key) ?? [],
    prefixes: found.CommonPrefixes?.map((entry) => entry.Prefix) ?? [],
    next: found.NextContinuationToken,
  };
};

test('keys sort by their UTF-8 bytes (AWS-FACTS: keys sort bytewise)', async () => {
  expect((await list()).keys).toEqual(KEYS);
});

test('prefix and delimiter roll keys up', async () => {
  expect(await list({ Delimiter: '/' })).toMatchObject({
    keys: ['a.txt', 'z', 'é', '\ufb01', '😀'],
    prefixes: ['docs/', 'music/'],
  });
  expect(await list({ Prefix: 'docs/', Delimiter: '/' })).toMatchObject({
    keys: ['docs/', 'docs/1', 'docs/2'],
    prefixes: ['docs/deep/'],
  });
  expect(await list({ Prefix: 'nothing' })).toEqual({ keys: [], prefixes: [], next: undefined });
});

test.each([1, 2, 3, 7])('pages of %d tell every entry once, version 2', async (pageSize) => {
  const keys: (string | undefined)[] = [];
  const prefixes: (string | undefined)[] = [];
  for await (const page of paginateListObjectsV2({ client: on.s3, pageSize }, { Bucket, Delimiter: '/' })) {
    expect(page.KeyCount).toBeLessThanOrEqual(pageSize);
    keys.push(...(page.Contents ?? []).map((entry) => entry.Key));
    prefixes.push(...(page.CommonPrefixes ?? []).map((entry) => entry.Prefix));
  }
  expect(keys).toEqual(['a.txt', 'z', 'é', '\ufb01', '😀']);
  expect(prefixes).toEqual(['docs/', 'music/']);
});

test.each([1, 2, 3, 7])('pages of %d tell every entry once, version 1', async (MaxKeys) => {
  const entries: (string | undefined)[] = [];
  let Marker: string | undefined;
  do {
    const page = await on.s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys, Marker }));
    entries.push(
      ...(page.Contents ?? []).map((entry) => entry.Key),
      ...(page.CommonPrefixes ?? []).map((entry) => entry.Prefix),
    );
    Marker = page.NextMarker;
    expect(Marker !== undefined).toBe(page.IsTruncated);
  } while (Marker !== undefined);
  expect(entries.sort()).toEqual(['a.txt', 'docs/', 'music/', 'z', 'é', '\ufb01', '😀'].sort());
});

test('start-after, max-keys 0 and owners', async () => {
  expect((await list({ StartAfter: 'docs/2' })).keys).toEqual(['docs/deep/x', 'music/1', 'z', 'é', '\ufb01', '😀']);
  expect((await list({ MaxKeys: 0 })).keys).toEqual([]);
  const owned = await on.s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1, FetchOwner: true }));
  expect(owned.Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
});

test('encoding-type url encodes keys, prefixes and markers', async () => {
  const other = await on.bucket();
  await on.s3.send(new PutObjectCommand({ Bucket: other, Key: 'a b+c/ü~(1)', Body: 'x' }));
  const found = await on.s3.send(new ListObjectsV2Command({ Bucket: other, EncodingType: 'url', Prefix: 'a b' }));
  expect(found.Contents?.[0]?.Key).toBe('a+b%2Bc/%C3%BC%7E%281%29');
  expect(found.Prefix).toBe('a+b');
});

test('nonsense is InvalidArgument', async () => {
  for (const more of [{ EncodingType: 'x' as 'url' }, { ContinuationToken: '???' }, { MaxKeys: -1 }]) {
    expect(await refusal(list(more))).toEqual({ code: 'InvalidArgument', status: 400 });
  }
});

test('a missing bucket is NoSuchBucket', async () => {
  expect(await refusal(list({ Bucket: 'not-there-either' }))).toEqual({ code: 'NoSuchBucket', status: 404 });
});
