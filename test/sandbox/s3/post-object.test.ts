import { createHmac } from 'node:crypto';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { ACCOUNT, type Keys, startTestSandbox, type TestSandbox } from '../../support/sandbox/start';

/** Uploads by HTML form, signed by the SDK's own library and sent by the platform's own `fetch`. */

let now = Date.now();
let box: TestSandbox;
let s3: S3Client;

beforeAll(async () => {
  box = await startTestSandbox({ clock: { now: () => now } });
  s3 = box.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'inbox' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'outbox' }));
});
afterAll(() => box.stop());
beforeEach(() => {
  now = Date.now();
});

type Fields = Record<string, string>;

async function sign(
  options: Partial<PresignedPostOptions> = {},
  keys?: Keys,
): Promise<{ url: string; fields: Fields }> {
  return createPresignedPost(keys === undefined ? s3 : box.s3(keys), {
    Bucket: 'inbox',
    Key: 'a/b.txt',
    Expires: 600,
    ...options,
  });
}

interface Posted {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function post(
  url: string,
  fields: Fields,
  file: string | Uint8Array<ArrayBuffer> = 'content',
  name = 'scan.pdf',
): Promise<Posted> {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  form.append('file', new File([file], name, { type: 'text/html' }));
  const response = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const read = async (Key: string) =>
  Buffer.from(
    (await (await s3.send(new GetObjectCommand({ Bucket: 'inbox', Key }))).Body?.transformToByteArray()) ?? [],
  );

test('stores the file byte by byte, with what the fields say of it', async () => {
  const bytes = new Uint8Array(70_000).map((_, index) => (index * 7) % 256);
  const Key = 'ü b/ 100%+#?.bin';
  const { url, fields } = await sign({
    Key,
    Fields: {
      'Content-Type': 'image/png',
      'Cache-Control': 'no-cache',
      'x-amz-meta-who': 'Ada',
      tagging: '<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>',
    },
  });
  const posted = await post(url, fields, bytes);
  expect(posted).toMatchObject({ status: 204, text: '' });
  expect((await read(Key)).equals(Buffer.from(bytes))).toBe(true);
  const head = await s3.send(new HeadObjectCommand({ Bucket: 'inbox', Key }));
  expect(head).toMatchObject({
    ContentType: 'image/png',
    CacheControl: 'no-cache',
    Metadata: { who: 'Ada' },
    ETag: posted.headers.get('etag'),
  });
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: 'inbox', Key }));
  expect(TagSet).toEqual([{ Key: 'a', Value: 'b c' }]);
});

test('the type of the file part is not the object’s', async () => {
  const { url, fields } = await sign({ Key: 'untyped' });
  await post(url, fields);
  expect((await s3.send(new HeadObjectCommand({ Bucket: 'inbox', Key: 'untyped' }))).ContentType).toBe(
    'binary/octet-stream',
  );
});

describe('what is answered', () => {
  test.each([
    ['200', 200],
    ['204', 204],
    ['418', 204],
  ])('success_action_status %s → %s', async (asked, status) => {
    const { url, fields } = await sign({ Fields: { success_action_status: asked } });
    expect(await post(url, fields)).toMatchObject({ status, text: '' });
  });

  test('201 is a document', async () => {
    const { url, fields } = await sign({ Fields: { success_action_status: '201' } });
    const { status, text } = await post(url, fields);
    expect(status).toBe(201);
    expect(text).toMatch(
      /<PostResponse.*<Location>http:\/\/127\.0\.0\.1:\d+\/inbox\/a\/b\.txt<\/Location><Bucket>inbox<\/Bucket><Key>a\/b\.txt<\/Key><ETag>/,
    );
  });

  test('success_action_redirect is followed with bucket, key and etag', async () => {
    const { url, fields } = await sign({ Fields: { success_action_redirect: 'https://example.org/done?x=1' } });
    const { status, headers } = await post(url, fields);
    expect(status).toBe(303);
    expect(headers.get('location')).toMatch(
      /^https:\/\/example\.org\/done\?x=1&bucket=inbox&key=a%2Fb\.txt&etag=%22[0-9a-f]{32}%22$/,
    );
  });

  test('a redirect that is no URL counts for nothing', async () => {
    const { url, fields } = await sign({ Fields: { success_action_redirect: 'nowhere' } });
    expect((await post(url, fields)).status).toBe(204);
  });
});

describe('the policy', () => {
  const cases: readonly (readonly [
    string,
    Partial<PresignedPostOptions>,
    (fields: Fields) => Fields,
    string | Uint8Array<ArrayBuffer>,
    number,
    string,
  ])[] = [
    ['another key', {}, (fields) => ({ ...fields, key: 'other' }), 'x', 403, 'Policy Condition failed'],
    ['a field nobody named', {}, (fields) => ({ ...fields, acl: 'public-read' }), 'x', 403, 'Extra input fields: acl'],
    [
      'metadata nobody named',
      {},
      (fields) => ({ ...fields, 'x-amz-meta-a': 'b' }),
      'x',
      403,
      'Extra input fields: x-amz-meta-a',
    ],
    [
      'a type it does not allow',
      { Conditions: [['starts-with', '$Content-Type', 'image/']] },
      (fields) => ({ ...fields, 'Content-Type': 'text/html' }),
      'x',
      403,
      'Policy Condition failed',
    ],
    [
      'one type of a list',
      { Conditions: [['starts-with', '$Content-Type', 'image/']] },
      (fields) => ({ ...fields, 'Content-Type': 'image/png,text/html' }),
      'x',
      403,
      'Policy Condition failed',
    ],
    [
      'no type where one is wanted',
      { Conditions: [['eq', '$Content-Type', 'image/png']] },
      (fields) => fields,
      'x',
      403,
      'Policy Condition failed',
    ],
    [
      'a file too large',
      { Conditions: [['content-length-range', 0, 3]] },
      (fields) => fields,
      'four',
      400,
      'EntityTooLarge',
    ],
    [
      'a file too small',
      { Conditions: [['content-length-range', 3, 9]] },
      (fields) => fields,
      'ab',
      400,
      'EntityTooSmall',
    ],
    [
      'another bucket in the form',
      {},
      (fields) => ({ ...fields, bucket: 'outbox' }),
      'x',
      403,
      'Policy Condition failed',
    ],
  ];
  test.each(cases)('refuses %s', async (_what, options, change, file, status, said) => {
    const { url, fields } = await sign(options);
    const posted = await post(url, change(fields), file);
    expect(posted.status).toBe(status);
    expect(posted.text).toContain(said);
  });

  test('of one bucket does not open another', async () => {
    const { url, fields } = await sign();
    const posted = await post(url.replace('/inbox', '/outbox'), fields);
    expect(posted).toMatchObject({ status: 403, text: expect.stringContaining('Policy Condition failed') });
  });

  test('allows what it says: a prefix, any type, a size at the bound, fields to be ignored', async () => {
    const { url, fields } = await sign({
      Key: 'drop/${filename}',
      Conditions: [
        ['starts-with', '$Content-Type', ''],
        ['content-length-range', 4, 4],
      ],
    });
    expect(
      await post(url, { ...fields, 'Content-Type': 'text/css', 'x-ignore-me': '1' }, 'four', 'né w.css'),
    ).toMatchObject({ status: 204 });
    expect(String(await read('drop/né w.css'))).toBe('four');
  });

  test('ends when it says so, and not when the signature grows old', async () => {
    const { url, fields } = await sign({ Expires: 7_200 });
    now += 7_100_000;
    expect((await post(url, fields)).status).toBe(204);
    now += 101_000;
    expect(await post(url, fields)).toMatchObject({ status: 403, text: expect.stringContaining('Policy expired') });
  });

  test.each([
    ['no JSON', '{'],
    ['no expiration', '{"conditions":[]}'],
    ['no conditions', '{"expiration":"2099-01-01T00:00:00Z"}'],
    ['an unknown operator', '{"expiration":"2099-01-01T00:00:00Z","conditions":[["ends-with","$key","x"]]}'],
    ['a value that is no text', '{"expiration":"2099-01-01T00:00:00Z","conditions":[{"key":1}]}'],
  ])('with %s is InvalidPolicyDocument', async (_what, document) => {
    const { url, fields } = await sign();
    const Policy = Buffer.from(document).toString('base64');
    const posted = await post(url, { ...fields, Policy, 'X-Amz-Signature': signatureOf(Policy, fields) });
    expect(posted).toMatchObject({ status: 400, text: expect.stringContaining('InvalidPolicyDocument') });
  });
});

/** By hand, from the documentation: so that a policy the library would not make can be signed. */
function signatureOf(policy: string, fields: Fields): string {
  const [, date = '', region = '', service = ''] = (fields['X-Amz-Credential'] ?? '').split('/');
  const mac = (key: Buffer | string, text: string) => createHmac('sha256', key).update(text).digest();
  return mac(
    mac(mac(mac(mac(`AWS4${ACCOUNT.secretAccessKey}`, date), region), service), 'aws4_request'),
    policy,
  ).toString('hex');
}

describe('the signature', () => {
  test('of another policy is refused', async () => {
    const [{ url, fields }, other] = [await sign(), await sign({ Key: 'other' })];
    const posted = await post(url, { ...fields, Policy: other.fields['Policy'] ?? '', key: 'other' });
    expect(posted).toMatchObject({ status: 403, text: expect.stringContaining('SignatureDoesNotMatch') });
  });

  test.each([
    ['Policy', 'policy'],
    ['X-Amz-Signature', 'x-amz-signature'],
    ['X-Amz-Credential', 'x-amz-credential'],
    ['key', 'key'],
  ])('a form without %s says so', async (field, name) => {
    const { url, fields } = await sign();
    const { [field]: _gone, ...rest } = fields;
    expect(await post(url, rest)).toMatchObject({
      status: 400,
      text: expect.stringContaining(`a field named '${name}'`),
    });
  });

  test('of a key that is unknown is refused', async () => {
    const { url, fields } = await sign({}, { ...ACCOUNT, accessKeyId: 'AKIAUNKNOWN000000000' });
    expect(await post(url, fields)).toMatchObject({ status: 403, text: expect.stringContaining('InvalidAccessKeyId') });
  });

  test('is not needed for a form that nobody signed; strangers may do nothing here', async () => {
    const { url } = await sign();
    expect(await post(url, { key: 'a/b.txt' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('AccessDenied'),
    });
  });

  test('gives the rights of its user and no others', async () => {
    const iam = box.iam();
    await iam.send(new CreateUserCommand({ UserName: 'poster' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'poster' }));
    const keys = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
    const form = await sign({}, keys);
    expect(await post(form.url, form.fields)).toMatchObject({
      status: 403,
      text: expect.stringContaining('s3:PutObject'),
    });
    const Statement = [{ Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::inbox/a/*' }];
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'poster',
        PolicyName: 'p',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );
    expect((await post(form.url, form.fields)).status).toBe(204);
    const elsewhere = await sign({ Key: 'b/c' }, keys);
    expect((await post(elsewhere.url, elsewhere.fields)).status).toBe(403);
  });
});

describe('the form', () => {
  test('without a file is refused', async () => {
    const { url, fields } = await sign();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const response = await fetch(url, { method: 'POST', body: form });
    expect({ status: response.status, text: await response.text() }).toMatchObject({
      status: 400,
      text: expect.stringContaining('exactly one file'),
    });
  });

  test('a file without a name of its own is one, too, byte by byte', async () => {
    const { url, fields } = await sign({ Key: 'nameless' });
    const parts = Object.entries({ ...fields, file: '\u00ff\u0000\u0080' }).map(
      ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const body = new Uint8Array(Buffer.from(`${parts.join('')}--x--\r\n`, 'latin1'));
    expect(
      (await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }))
        .status,
    ).toBe(204);
    expect(await read('nameless')).toEqual(Buffer.from([0xff, 0x00, 0x80]));
  });

  test('that breaks off is refused', async () => {
    const { url } = await sign();
    const response = await fetch(url, {
      method: 'POST',
      body: '--x\r\nContent-Disposition: form-data; name="key"\r\n\r\na',
      headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
    });
    expect({ status: response.status, text: await response.text() }).toMatchObject({
      status: 400,
      text: expect.stringContaining('MalformedPOSTRequest'),
    });
  });

  test('fields after the file do not count', async () => {
    const { url, fields } = await sign();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new File(['late'], 'x'));
    form.append('acl', 'public-read');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(204);
  });

  test('fields of more than 20 KB are refused', async () => {
    const { url, fields } = await sign();
    expect(await post(url, { ...fields, 'x-ignore-much': 'x'.repeat(21_000) })).toMatchObject({
      status: 400,
      text: expect.stringContaining('MaxPostPreDataLengthExceeded'),
    });
  });

  test.each([
    ['multipart/form-data', 'no boundary is named', 400, 'MalformedPOSTRequest'],
    ['multipart/form-data; boundary=x', 'nothing of the form', 400, 'MalformedPOSTRequest'],
    ['text/plain', 'another enclosure', 412, 'multipart/form-data'],
  ])('%s with %s is refused', async (type, body, status, said) => {
    const { url } = await sign();
    const response = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': type } });
    expect({ status: response.status, text: await response.text() }).toMatchObject({
      status,
      text: expect.stringContaining(said),
    });
  });

  test('a missing bucket is NoSuchBucket', async () => {
    const { url, fields } = await sign({ Bucket: 'nowhere' });
    expect(await post(url, fields)).toMatchObject({ status: 404, text: expect.stringContaining('NoSuchBucket') });
  });
});
