import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { type Harness, refusal, startHarness } from './harness';

const MIB = 1024 * 1024;
const FIRST = Buffer.alloc(5 * MIB, 'a');
const LAST = Buffer.from('the end');

let on: Harness;
let Bucket: string;
const Key = 'big file';
beforeAll(async () => {
  on = await startHarness();
  Bucket = await on.bucket();
});
afterAll(() => on.stop());

interface Uploaded {
  readonly PartNumber: number;
  readonly ETag: string | undefined;
}

const create = async (more: object = {}): Promise<string> =>
  (await on.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId ?? '';
const part = async (UploadId: string, PartNumber: number, Body: Buffer, more: object = {}): Promise<Uploaded> => {
  const sent = await on.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ...more }));
  return { ...sent, PartNumber, ETag: sent.ETag };
};
const complete = (
  UploadId: string,
  Parts: readonly Uploaded[],
  more: object = {},
): Promise<{ ETag?: string | undefined }> =>
  on.s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [...Parts] }, ...more }),
  );

test('parts become one object with the etag of their digests', async () => {
  const id = await create({ ContentType: 'text/plain', Metadata: { m: '1' }, Tagging: 't=1' });
  // Out of order, and one of them twice: the later one counts.
  const second = await part(id, 7, LAST);
  await part(id, 2, LAST);
  const first = await part(id, 2, FIRST);
  const digest = (body: Buffer): Buffer => createHash('md5').update(body).digest();
  const expected = createHash('md5')
    .update(Buffer.concat([digest(FIRST), digest(LAST)]))
    .digest('hex');
  expect((await complete(id, [first, second])).ETag).toBe(`"${expected}-2"`);
  const found = await on.s3.send(new GetObjectCommand({ Bucket, Key }));
  expect(found).toMatchObject({
    ContentType: 'text/plain',
    Metadata: { m: '1' },
    TagCount: 1,
    ContentLength: FIRST.length + LAST.length,
  });
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? []).equals(Buffer.concat([FIRST, LAST]))).toBe(true);
  const one = await on.s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
  expect(await one.Body?.transformToString()).toBe('the end');
  expect(one.PartsCount).toBe(2);
});

test.each([
  ['CRC32', 'COMPOSITE'],
  ['SHA256', 'COMPOSITE'],
  ['CRC64NVME', 'FULL_OBJECT'],
] as const)('%s checksums become a %s one', async (ChecksumAlgorithm, type) => {
  const id = await create({ ChecksumAlgorithm });
  const parts = [await part(id, 1, FIRST, { ChecksumAlgorithm }), await part(id, 2, LAST, { ChecksumAlgorithm })];
  await complete(id, parts);
  const head = await on.s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  expect(head.ChecksumType).toBe(type);
  const value = (head as unknown as Record<string, string>)[`Checksum${ChecksumAlgorithm}`];
  expect(value).toMatch(type === 'COMPOSITE' ? /-2$/ : /=$/);
  const found = await on.s3.send(new GetObjectCommand({ Bucket, Key }));
  expect((await found.Body?.transformToByteArray())?.length).toBe(FIRST.length + LAST.length);
});

test('parts are refused that are missing, out of order, too small or changed', async () => {
  const id = await create();
  const [small, last] = [await part(id, 1, LAST), await part(id, 2, LAST)];
  expect((await refusal(complete(id, [last, small]))).code).toBe('InvalidPartOrder');
  expect((await refusal(complete(id, [small, last]))).code).toBe('EntityTooSmall');
  expect((await refusal(complete(id, [{ PartNumber: 3, ETag: small.ETag }]))).code).toBe('InvalidPart');
  expect((await refusal(complete(id, [{ PartNumber: 1, ETag: '"other"' }]))).code).toBe('InvalidPart');
  expect((await refusal(complete(id, []))).code).toBe('MalformedXML');
  await complete(id, [small]);
  expect((await refusal(complete(id, [small]))).code).toBe('NoSuchUpload');
});

test('If-None-Match counts at the end, and the upload survives a refusal (AWS-FACTS: conditional writes)', async () => {
  await on.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'there' }));
  const id = await create();
  const only = await part(id, 1, LAST);
  expect((await refusal(complete(id, [only], { IfNoneMatch: '*' }))).code).toBe('PreconditionFailed');
  await complete(id, [only]);
});

test('part numbers run from 1 to 10,000', async () => {
  const id = await create();
  expect((await refusal(part(id, 10_001, LAST))).code).toBe('InvalidArgument');
  await part(id, 10_000, LAST);
  await on.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: id }));
  expect((await refusal(part(id, 1, LAST))).code).toBe('NoSuchUpload');
});

test('parts can be copied, whole or in ranges', async () => {
  await on.s3.send(new PutObjectCommand({ Bucket, Key: 'source', Body: Buffer.concat([FIRST, LAST]) }));
  const id = await create();
  const copy = async (PartNumber: number, CopySourceRange: string): Promise<Uploaded> => {
    const { CopyPartResult } = await on.s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId: id,
        PartNumber,
        CopySource: `${Bucket}/source`,
        CopySourceRange,
      }),
    );
    return { PartNumber, ETag: CopyPartResult?.ETag };
  };
  const parts = [await copy(1, `bytes=0-${5 * MIB - 1}`), await copy(2, `bytes=${5 * MIB}-${5 * MIB + 2}`)];
  await complete(id, parts);
  const tail = await on.s3.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-3' }));
  expect(await tail.Body?.transformToString()).toBe('the');
  expect((await refusal(copy(3, 'bytes=5-'))).code).toBe('NoSuchUpload');
});

test('uploads and parts are listed in pages', async () => {
  const other = await on.bucket();
  const ids: (string | undefined)[] = [];
  for (const name of ['b', 'a', 'a', 'dir/1']) {
    ids.push((await on.s3.send(new CreateMultipartUploadCommand({ Bucket: other, Key: name }))).UploadId);
  }
  const seen: (string | undefined)[] = [];
  let page = await on.s3.send(new ListMultipartUploadsCommand({ Bucket: other, MaxUploads: 1, Delimiter: '/' }));
  for (;;) {
    seen.push(
      ...(page.Uploads ?? []).map((upload) => upload.UploadId),
      ...(page.CommonPrefixes ?? []).map((each) => each.Prefix),
    );
    if (page.IsTruncated !== true) break;
    page = await on.s3.send(
      new ListMultipartUploadsCommand({
        Bucket: other,
        MaxUploads: 1,
        Delimiter: '/',
        KeyMarker: page.NextKeyMarker,
        UploadIdMarker: page.NextUploadIdMarker,
      }),
    );
  }
  expect([...seen].sort()).toEqual([...ids.slice(0, 3), 'dir/'].sort());
  expect(seen.slice(2)).toEqual([ids[0], 'dir/']);

  const id = await create();
  for (const number of [1, 2, 3]) await part(id, number, LAST);
  const first = await on.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id, MaxParts: 2 }));
  expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2' });
  const rest = await on.s3.send(new ListPartsCommand({ Bucket, Key, UploadId: id, PartNumberMarker: '2' }));
  expect(rest.Parts?.map((each) => [each.PartNumber, each.Size])).toEqual([[3, LAST.length]]);
});
