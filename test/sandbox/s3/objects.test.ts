import {
  ChecksumAlgorithm,
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectTaggingCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
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

const put = (Key: string, more: object = {}): Promise<{ ETag?: string | undefined }> =>
  on.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ...more }));
const text = async (Key: string, more: object = {}): Promise<string | undefined> =>
  (await on.s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();

describe('what goes in comes out', () => {
  test('bytes, headers, metadata, tags, etag', async () => {
    const { ETag } = await put('a', {
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.txt"',
      Metadata: { colour: 'blue' },
      Tagging: 'x=1&y=%C3%BC',
    });
    expect(ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    const found = await on.s3.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await found.Body?.transformToString()).toBe('hello');
    expect(found).toMatchObject({
      ETag,
      ContentType: 'text/plain; charset=utf-8',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a.txt"',
      Metadata: { colour: 'blue' },
      TagCount: 2,
      ServerSideEncryption: 'AES256',
      ContentLength: 5,
    });
    const head = await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
    expect(head).toMatchObject({ ETag, ContentLength: 5, Metadata: { colour: 'blue' } });
    const tags = await on.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a' }));
    expect(tags.TagSet).toEqual([
      { Key: 'x', Value: '1' },
      { Key: 'y', Value: 'ü' },
    ]);
  });

  test.each([
    'plain',
    'with space',
    'a+b',
    '100%',
    'ünï/ço de',
    'folder/',
    '/leading',
    'a//b',
    "q?u=e&'r*y(!)",
    '😀',
    '~tilde',
    'a<&>"b',
  ])('the key %j', async (Key) => {
    await put(Key, { Body: `body of ${Key}` });
    expect(await text(Key)).toBe(`body of ${Key}`);
    const listed = await on.s3.send(new ListObjectsV2Command({ Bucket }));
    expect(listed.Contents?.map((entry) => entry.Key)).toEqual([Key]);
    await on.s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect((await refusal(text(Key))).code).toBe('NoSuchKey');
  });

  test('keys end at 1,024 bytes', async () => {
    await put('ü'.repeat(512));
    expect((await refusal(put('ü'.repeat(512) + 'x'))).code).toBe('KeyTooLongError');
  });

  test('streams arrive without their framing', async () => {
    await put('streamed', { Body: Readable.from(['one,', 'two']), ContentLength: 7, ContentEncoding: 'gzip' });
    const found = await on.s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
    expect(found.ContentEncoding).toBe('gzip');
    expect(await found.Body?.transformToString()).toBe('one,two');
  });
});

describe('integrity', () => {
  test.each(
    Object.values(ChecksumAlgorithm).filter((name) =>
      ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'].includes(name),
    ),
  )('a %s checksum is checked, kept and told', async (algorithm) => {
    const body = 'checked '.repeat(1000);
    await put('sum', { Body: body, ChecksumAlgorithm: algorithm });
    const head = await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
    const told = (head as unknown as Record<string, string>)[`Checksum${algorithm}`];
    expect(told).toMatch(/=|[A-Za-z0-9+/]{6,}/);
    // The SDK verifies the checksum of what it reads by itself.
    expect(await text('sum')).toBe(body);
    const wrong = put('sum', { Body: `${body}!`, [`Checksum${algorithm}`]: told });
    expect((await refusal(wrong)).code).toBe('BadDigest');
  });

  test('a wrong Content-MD5 is BadDigest, nonsense InvalidDigest', async () => {
    expect((await refusal(put('m', { ContentMD5: createHash('md5').update('x').digest('base64') }))).code).toBe(
      'BadDigest',
    );
    expect((await refusal(put('m', { ContentMD5: 'bm9uc2Vuc2U=' }))).code).toBe('InvalidDigest');
  });
});

describe('reading', () => {
  beforeEach(() => put('r', { Body: '0123456789', ContentType: 'text/plain' }));

  test.each([
    ['bytes=0-3', '0123', 'bytes 0-3/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=5-99', '56789', 'bytes 5-9/10'],
    ['bytes=0-1,4-5', '0123456789', undefined],
    ['lines=1-2', '0123456789', undefined],
  ])('range %s', async (Range, body, ContentRange) => {
    const found = await on.s3.send(new GetObjectCommand({ Bucket, Key: 'r', Range }));
    expect(await found.Body?.transformToString()).toBe(body);
    expect(found.ContentRange).toBe(ContentRange);
    expect(found.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
  });

  test('a range past the end is 416 InvalidRange', async () => {
    expect(await refusal(text('r', { Range: 'bytes=10-' }))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  test('response headers can be overridden by signed calls', async () => {
    const found = await on.s3.send(
      new GetObjectCommand({ Bucket, Key: 'r', ResponseContentType: 'x/y', ResponseContentDisposition: 'inline' }),
    );
    expect(found).toMatchObject({ ContentType: 'x/y', ContentDisposition: 'inline' });
  });

  test('the four conditions', async () => {
    const head = await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'r' }));
    const [before, after] = [new Date(0), new Date(Date.UTC(2100, 0))];
    const status = async (more: object): Promise<number | undefined> => (await refusal(text('r', more))).status;
    expect(await text('r', { IfMatch: head.ETag })).toBe('0123456789');
    expect(await status({ IfMatch: '"other"' })).toBe(412);
    expect(await status({ IfNoneMatch: head.ETag })).toBe(304);
    expect(await status({ IfModifiedSince: after })).toBe(304);
    expect(await status({ IfUnmodifiedSince: before })).toBe(412);
    // RFC 9110, 13.2.2: the etag conditions win over the dates.
    expect(await text('r', { IfMatch: head.ETag, IfUnmodifiedSince: before })).toBe('0123456789');
    expect(await text('r', { IfNoneMatch: '"other"', IfModifiedSince: after })).toBe('0123456789');
  });

  test('attributes', async () => {
    const found = await on.s3.send(
      new GetObjectAttributesCommand({ Bucket, Key: 'r', ObjectAttributes: ['ETag', 'ObjectSize', 'StorageClass'] }),
    );
    expect(found).toMatchObject({
      ObjectSize: 10,
      StorageClass: 'STANDARD',
      ETag: createHash('md5').update('0123456789').digest('hex'),
    });
  });

  test('archived objects are not readable', async () => {
    await put('cold', { StorageClass: 'DEEP_ARCHIVE' });
    expect(await refusal(text('cold'))).toEqual({ code: 'InvalidObjectState', status: 403 });
    expect((await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'cold' }))).StorageClass).toBe('DEEP_ARCHIVE');
  });
});

describe('conditional writes', () => {
  test('If-None-Match: * is 412 when the key exists (AWS-FACTS)', async () => {
    await put('once', { IfNoneMatch: '*' });
    expect(await refusal(put('once', { IfNoneMatch: '*' }))).toEqual({ code: 'PreconditionFailed', status: 412 });
  });

  test('of many racing writers one wins (AWS-FACTS: conditional writes)', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, n) => put('race', { Body: String(n), IfNoneMatch: '*' })),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('If-Match is 412 when the object changed and 404 when it is absent (AWS-FACTS)', async () => {
    const { ETag } = await put('m');
    await put('m', { Body: 'second', IfMatch: ETag });
    expect(await refusal(put('m', { IfMatch: ETag }))).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(await refusal(put('absent', { IfMatch: ETag }))).toEqual({ code: 'NoSuchKey', status: 404 });
    expect(await text('m')).toBe('second');
  });

  test('DeleteObject takes If-Match (AWS-FACTS)', async () => {
    const { ETag } = await put('d');
    const remove = (Key: string, IfMatch: string | undefined): Promise<unknown> =>
      on.s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
    expect((await refusal(remove('d', '"other"'))).status).toBe(412);
    expect(await refusal(remove('absent', ETag))).toEqual({ code: 'NoSuchKey', status: 404 });
    await remove('d', ETag);
    expect((await refusal(text('d'))).code).toBe('NoSuchKey');
  });
});

describe('copying', () => {
  const copy = (CopySource: string, Key: string, more: object = {}): Promise<unknown> =>
    on.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));

  test('metadata and tags come along, or are replaced', async () => {
    await put('a b+c/ü', { ContentType: 'text/x', Metadata: { m: '1' }, Tagging: 't=1' });
    const source = `${Bucket}/${encodeURIComponent('a b+c/ü')}`;
    await copy(source, 'copy');
    const copied = await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'copy' }));
    expect(copied).toMatchObject({ ContentType: 'text/x', Metadata: { m: '1' }, TagCount: 1 });
    await copy(source, 'new', { MetadataDirective: 'REPLACE', TaggingDirective: 'REPLACE', Metadata: { n: '2' } });
    const renewed = await on.s3.send(new HeadObjectCommand({ Bucket, Key: 'new' }));
    expect(renewed.Metadata).toEqual({ n: '2' });
    expect(renewed.TagCount).toBeUndefined();
  });

  test('onto itself only with a change', async () => {
    await put('self');
    expect((await refusal(copy(`${Bucket}/self`, 'self'))).code).toBe('InvalidRequest');
    await copy(`${Bucket}/self`, 'self', { MetadataDirective: 'REPLACE', Metadata: { v: '2' } });
  });

  test('a missing source and a failed condition are refused', async () => {
    expect((await refusal(copy(`${Bucket}/nothing`, 'x'))).code).toBe('NoSuchKey');
    await put('s');
    expect((await refusal(copy(`${Bucket}/s`, 'x', { CopySourceIfMatch: '"other"' }))).code).toBe('PreconditionFailed');
    expect((await refusal(copy('nonsense', 'x'))).code).toBe('InvalidArgument');
  });
});

describe('deleting many', () => {
  const remove = (
    Objects: { Key: string; ETag?: string }[],
    Quiet = false,
  ): Promise<{ Deleted?: unknown; Errors?: unknown }> =>
    on.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));

  test('answers 200 with an entry a key, also for keys that were not there', async () => {
    await put('a');
    expect((await remove([{ Key: 'a' }, { Key: 'never' }])).Deleted).toEqual([{ Key: 'a' }, { Key: 'never' }]);
  });

  test('single failures are Errors[], the rest is deleted (AWS-FACTS)', async () => {
    await Promise.all([put('a'), put('b')]);
    const answer = await remove([{ Key: 'a', ETag: '"other"' }, { Key: 'b' }], true);
    expect(answer.Errors).toMatchObject([{ Key: 'a', Code: 'PreconditionFailed' }]);
    expect(answer.Deleted).toBeUndefined();
    expect(await text('a')).toBe('hello');
    expect((await refusal(text('b'))).code).toBe('NoSuchKey');
  });

  test('at most 1,000 keys, at least one', async () => {
    const many = Array.from({ length: 1001 }, (_, n) => ({ Key: `k${n}` }));
    expect((await refusal(remove(many))).code).toBe('MalformedXML');
    expect((await refusal(remove([]))).code).toBe('MalformedXML');
  });
});

test('object tags: replaced whole, at most ten, deleted', async () => {
  await put('t');
  const tag = (TagSet: { Key: string; Value: string }[]): Promise<unknown> =>
    on.s3.send(new PutObjectTaggingCommand({ Bucket, Key: 't', Tagging: { TagSet } }));
  await tag([{ Key: 'yale:spinup', Value: 'true' }]);
  expect((await refusal(tag(Array.from({ length: 11 }, (_, n) => ({ Key: `k${n}`, Value: '' }))))).code).toBe(
    'BadRequest',
  );
  const read = async (): Promise<unknown> =>
    (await on.s3.send(new GetObjectTaggingCommand({ Bucket, Key: 't' }))).TagSet;
  expect(await read()).toEqual([{ Key: 'yale:spinup', Value: 'true' }]);
  await on.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 't' }));
  expect(await read()).toEqual([]);
  expect((await refusal(put('u', { Tagging: 'a=1&a=2' }))).code).toBe('InvalidArgument');
});
