import { createHash } from 'node:crypto';
import { createS3Service } from '../../../src/sandbox/services/s3/index';
import type { ServiceModule } from '../../../src/sandbox/contract';
import { answer, context, request } from './wire';

let s3: ServiceModule;
beforeEach(() => {
  s3 = createS3Service();
  answer(s3, request('PUT', '/bkt'));
});

const xml = (document: string): { body: Buffer; headers: Record<string, string> } => ({
  body: Buffer.from(document),
  headers: { 'content-md5': createHash('md5').update(document).digest('base64') },
});

describe('errors on the wire', () => {
  test('a refusal is a document with code, message, detail and request id', () => {
    const { status, headers, body } = answer(s3, request('GET', '/no-such-bucket'));
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/xml');
    expect(body).toContain('<Code>NoSuchBucket</Code>');
    expect(body).toContain('<BucketName>no-such-bucket</BucketName>');
    expect(body).toContain('<RequestId>REQUEST</RequestId>');
  });

  test('HEAD is refused without a body, with the region of the bucket', () => {
    const elsewhere = { ...context, region: 'eu-west-1' };
    const refused = answer(s3, request('HEAD', '/bkt'), elsewhere);
    expect(refused).toMatchObject({ status: 301, body: '', headers: { 'x-amz-bucket-region': 'us-east-1' } });
  });

  test('a virtual-host call signed for the wrong region is AuthorizationHeaderMalformed', () => {
    const wire = request('GET', '/', { host: 'bkt.s3.eu-west-1.amazonaws.com' });
    const refused = answer(s3, wire, { ...context, region: 'eu-west-1' });
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('<Code>AuthorizationHeaderMalformed</Code>');
    expect(refused.body).toContain('<Region>us-east-1</Region>');
  });

  test('a delete marker tells itself in headers', () => {
    const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    answer(s3, request('PUT', '/bkt?versioning', xml(enabled)));
    answer(s3, request('DELETE', '/bkt/k'));
    const { status, headers } = answer(s3, request('GET', '/bkt/k'));
    expect(status).toBe(404);
    expect(headers['x-amz-delete-marker']).toBe('true');
  });
});

describe('documents', () => {
  const tagging = '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>';

  test('calls that need a digest are refused without one', () => {
    const without = answer(s3, request('PUT', '/bkt?tagging', { body: Buffer.from(tagging) }));
    expect(without).toMatchObject({ status: 400 });
    expect(without.body).toContain('<Code>InvalidRequest</Code>');
    expect(answer(s3, request('PUT', '/bkt?tagging', xml(tagging))).status).toBe(204);
  });

  test.each([
    ['no XML', 'hello'],
    ['nothing', ''],
    ['another root', '<Other/>'],
    ['an unknown member', '<Tagging><TagSet/><More/></Tagging>'],
    ['a missing member', '<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>'],
    ['a document type', `<!DOCTYPE x [<!ENTITY e "v">]>${tagging}`],
    ['two roots', `${tagging}${tagging}`],
  ])('%s is MalformedXML', (_title, document) => {
    expect(answer(s3, request('PUT', '/bkt?tagging', xml(document))).body).toContain('<Code>MalformedXML</Code>');
  });

  test('entities and white space in values are kept', () => {
    const document = tagging.replace('<Value>b', '<Value> &lt;&#x41;&amp;&#252; ');
    answer(s3, request('PUT', '/bkt?tagging', xml(document)));
    expect(answer(s3, request('GET', '/bkt?tagging')).body).toContain('<Value> &lt;A&amp;ü </Value>');
  });
});

describe('cross-origin', () => {
  const rules =
    '<CORSConfiguration><CORSRule><AllowedOrigin>https://*.example.org</AllowedOrigin><AllowedMethod>PUT</AllowedMethod>' +
    '<AllowedHeader>content-*</AllowedHeader><ExposeHeader>etag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule></CORSConfiguration>';
  const preflight = (origin: string, method: string, asked = 'content-type'): ReturnType<typeof answer> =>
    answer(
      s3,
      request('OPTIONS', '/bkt/k', {
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': asked },
      }),
      { ...context, principal: { kind: 'anonymous' }, accountId: '' },
    );

  beforeEach(() => {
    answer(s3, request('PUT', '/bkt?cors', xml(rules)));
  });

  test('a matching preflight is answered', () => {
    expect(preflight('https://app.example.org', 'PUT')).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': 'https://app.example.org',
        'access-control-allow-methods': 'PUT',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': '60',
      },
    });
  });

  test.each([
    ['https://example.com', 'PUT', 'content-type'],
    ['https://app.example.org', 'DELETE', 'content-type'],
    ['https://app.example.org', 'PUT', 'x-other'],
  ])('origin %s, method %s, header %s is refused', (origin, method, asked) => {
    expect(preflight(origin, method, asked).status).toBe(403);
  });

  test('the real call gets the headers, too', () => {
    const { headers } = answer(s3, request('PUT', '/bkt/k', { headers: { origin: 'https://app.example.org' } }));
    expect(headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.org',
      'access-control-expose-headers': 'etag',
    });
  });
});

test('a snapshot survives JSON: settings, versions, markers, tags, uploads with their parts', () => {
  const put = (target: string, body: Buffer, headers: Record<string, string> = {}): ReturnType<typeof answer> =>
    answer(s3, request('PUT', target, { body, headers }));
  answer(
    s3,
    request(
      'PUT',
      '/bkt?versioning',
      xml('<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'),
    ),
  );
  answer(
    s3,
    request('PUT', '/bkt?tagging', xml('<Tagging><TagSet><Tag><Key>a</Key><Value>ü</Value></Tag></TagSet></Tagging>')),
  );
  const bytes = Buffer.from([0, 255, 128, 10]);
  put('/bkt/k', bytes, { 'x-amz-meta-m': '1', 'x-amz-tagging': 't=1', 'content-type': 'x/y' });
  put('/bkt/gone', bytes);
  answer(s3, request('DELETE', '/bkt/gone'));
  const begun = String(answer(s3, request('POST', '/bkt/big?uploads')).body);
  const id = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1] ?? '';
  const etag = put(`/bkt/big?partNumber=1&uploadId=${id}`, bytes).headers['etag'] ?? '';

  const restored = createS3Service();
  restored.restore(JSON.parse(JSON.stringify(s3.snapshot())));
  for (const target of [
    '/bkt?versions',
    '/bkt?tagging',
    '/bkt?publicAccessBlock',
    '/bkt?uploads',
    '/bkt?list-type=2',
    '/',
    '/bkt/k',
    '/bkt/gone',
  ]) {
    expect(answer(restored, request('GET', target))).toEqual(answer(s3, request('GET', target)));
  }
  const parts = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  expect(answer(restored, request('POST', `/bkt/big?uploadId=${id}`, { body: Buffer.from(parts) })).status).toBe(200);
  expect(answer(restored, request('GET', '/bkt/big')).body).toEqual(bytes);
  expect(() => restored.restore({ format: 0 })).toThrow('unknown format');
});

test('times are whole seconds, in both forms', () => {
  answer(s3, request('PUT', '/bkt/k', { body: Buffer.from('x') }));
  expect(answer(s3, request('GET', '/bkt')).body).toContain('<LastModified>2026-01-02T03:04:05.000Z</LastModified>');
  expect(answer(s3, request('HEAD', '/bkt/k')).headers['last-modified']).toBe('Fri, 02 Jan 2026 03:04:05 GMT');
});
