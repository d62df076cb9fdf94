import { authenticate } from '../../src/sandbox/authenticate';
import { AwsRefusal, type WireRequest } from '../../src/sandbox/contract';
import type { Credential, CredentialSource } from '../../src/sandbox/identities';
import { readClaim } from '../../src/sandbox/sigv4-request';

// Key, requests and signatures of the S3 API reference, "Authenticating requests", examples of header, query and
// chunked authentication: made by AWS, so that this code cannot agree with itself only.
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const SIGNED_AT = Date.parse('2013-05-24T00:00:00Z');
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const SCOPE = '20130524/us-east-1/s3/aws4_request';

const CREDENTIAL: Credential = {
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  principal: { kind: 'root', accountId: '123456789012' },
  active: true,
  sessionToken: undefined,
  expiresAt: undefined,
};

function request(
  method: string,
  target: string,
  headers: Record<string, string>,
  body: Buffer | string = '',
): WireRequest {
  const [rawPath = '', query = ''] = target.split('?');
  return {
    method,
    rawPath,
    query: new URLSearchParams(query),
    headers: { host: 'examplebucket.s3.amazonaws.com', ...headers },
    host: 'examplebucket.s3.amazonaws.com',
    body: Buffer.from(body),
  };
}

function signed(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=${KEY}/${SCOPE},SignedHeaders=${signedHeaders},Signature=${signature}`;
}

function verify(wire: WireRequest, credential: Partial<Credential> = {}, now = SIGNED_AT): WireRequest {
  const source: CredentialSource = { find: (id) => (id === KEY ? { ...CREDENTIAL, ...credential } : undefined) };
  return authenticate(wire, 's3', readClaim(wire), source, { id: 'call', now }).request;
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof AwsRefusal) return thrown.code;
    throw thrown;
  }
  return 'accepted';
}

const GET_HEADERS = {
  range: 'bytes=0-9',
  'x-amz-content-sha256': EMPTY,
  'x-amz-date': '20130524T000000Z',
  authorization: signed(
    'host;range;x-amz-content-sha256;x-amz-date',
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ),
};
const PRESIGNED =
  '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
  '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
  '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404';

describe('signatures AWS published', () => {
  it('GET of an object with a Range', () => {
    expect(codeOf(() => verify(request('GET', '/test.txt', GET_HEADERS)))).toBe('accepted');
  });

  it('PUT of an object whose key needs encoding', () => {
    const wire = request(
      'PUT',
      '/test$file.text',
      {
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
        authorization: signed(
          'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
          '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
        ),
      },
      'Welcome to Amazon S3.',
    );
    expect(codeOf(() => verify(wire))).toBe('accepted');
  });

  it.each([
    ['a sub-resource without value', '/?lifecycle', 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543'],
    ['query parameters', '/?max-keys=2&prefix=J', '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7'],
  ])('GET with %s', (_title, target, signature) => {
    const headers = {
      'x-amz-date': '20130524T000000Z',
      'x-amz-content-sha256': EMPTY,
      authorization: signed('host;x-amz-content-sha256;x-amz-date', signature),
    };
    expect(codeOf(() => verify(request('GET', target, headers)))).toBe('accepted');
  });

  it('a presigned GET', () => {
    expect(codeOf(() => verify(request('GET', PRESIGNED, {})))).toBe('accepted');
  });
});

describe('a PUT in signed chunks, as AWS published it', () => {
  const CHUNKS = [
    [65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
    [1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
    [0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
  ] as const;
  const framed = CHUNKS.map(
    ([size, signature]) => `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}\r\n`,
  ).join('');
  const headers = {
    'x-amz-date': '20130524T000000Z',
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '66560',
    'content-length': '66824',
    authorization: signed(
      'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
      '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
    ),
  };
  const put = (body: string): WireRequest =>
    request('PUT', '/examplebucket/chunkObject.txt', { ...headers, host: 's3.amazonaws.com' }, body);

  it('is accepted and unframed', () => {
    const opened = verify(put(framed));
    expect(opened.body.toString()).toBe('a'.repeat(66_560));
    expect(opened.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    ['a byte of a chunk changed', framed.replace('aaa', 'aab'), 'SignatureDoesNotMatch'],
    ['two chunk signatures swapped', framed.replace(CHUNKS[0][1], CHUNKS[1][1]), 'SignatureDoesNotMatch'],
    ['the last chunk missing', framed.slice(0, framed.lastIndexOf('0;chunk')), 'IncompleteBody'],
    ['a chunk without signature', framed.replace(/;chunk-signature=[0-9a-f]+/, ''), 'SignatureDoesNotMatch'],
    ['garbage instead of a size', `zz${framed}`, 'IncompleteBody'],
  ])('with %s is refused', (_title, body, code) => {
    expect(codeOf(() => verify(put(body)))).toBe(code);
  });
});

describe('a PUT in signed chunks with a signed trailer, as AWS published it', () => {
  const chunk = (size: number, signature: string): string =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(size)}`;
  const framed = [
    chunk(65_536, 'b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2'),
    chunk(1024, '1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7'),
    chunk(0, '2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992') + 'x-amz-checksum-crc32c:sOO8/Q==',
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
    '\r\n',
  ].join('\r\n');
  const put = (body: string): WireRequest =>
    request(
      'PUT',
      '/examplebucket/chunkObject.txt',
      {
        host: 's3.amazonaws.com',
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
        'content-encoding': 'aws-chunked',
        'x-amz-decoded-content-length': '66560',
        'x-amz-trailer': 'x-amz-checksum-crc32c',
        authorization: signed(
          'content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer',
          '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e',
        ),
      },
      body,
    );

  it('is accepted, and the trailer becomes a header', () => {
    expect(verify(put(framed)).headers['x-amz-checksum-crc32c']).toBe('sOO8/Q==');
  });

  it('with another trailer is refused', () => {
    expect(codeOf(() => verify(put(framed.replace('sOO8/Q==', 'AAAAAA=='))))).toBe('SignatureDoesNotMatch');
  });

  it('without the signature of the trailer is refused', () => {
    expect(codeOf(() => verify(put(framed.replace(/x-amz-trailer-signature:.*/, ''))))).toBe('SignatureDoesNotMatch');
  });
});

describe('what breaks a signature', () => {
  const get = (headers: Record<string, string> = {}, target = '/test.txt', method = 'GET', body = ''): WireRequest =>
    request(method, target, { ...GET_HEADERS, ...headers }, body);

  it.each<[string, WireRequest, string]>([
    ['another method', get({}, '/test.txt', 'DELETE'), 'SignatureDoesNotMatch'],
    ['another path', get({}, '/other.txt'), 'SignatureDoesNotMatch'],
    ['another query', get({}, '/test.txt?acl'), 'SignatureDoesNotMatch'],
    ['a changed signed header', get({ range: 'bytes=0-99' }), 'SignatureDoesNotMatch'],
    ['another host', get({ host: 'other.s3.amazonaws.com' }), 'SignatureDoesNotMatch'],
    ['an x-amz header outside the signature', get({ 'x-amz-acl': 'public-read' }), 'AccessDenied'],
    ['a body that is not the one declared', get({}, '/test.txt', 'GET', 'x'), 'XAmzContentSHA256Mismatch'],
    ['a token nobody gave out', get({ 'x-amz-security-token': 'x' }), 'InvalidToken'],
    [
      'a credential without scope',
      get({ authorization: `AWS4-HMAC-SHA256 Credential=${KEY}, SignedHeaders=host, Signature=x` }),
      'AuthorizationHeaderMalformed',
    ],
    ['Signature Version 2', get({ authorization: `AWS ${KEY}:abc=` }), 'InvalidRequest'],
  ])('%s', (_title, wire, code) => {
    expect(codeOf(() => verify(wire))).toBe(code);
  });

  it('an inactive key is as unknown as one that never was', () => {
    expect(codeOf(() => verify(get(), { active: false }))).toBe('InvalidAccessKeyId');
  });

  it('another secret', () => {
    expect(codeOf(() => verify(get(), { secretAccessKey: 'x' }))).toBe('SignatureDoesNotMatch');
  });
});

describe('time', () => {
  const minutes = (count: number): number => SIGNED_AT + count * 60_000;

  it.each([
    [14, 'accepted'],
    [-14, 'accepted'],
    [16, 'RequestTimeTooSkewed'],
    [-16, 'RequestTimeTooSkewed'],
  ])('a header signature %d minutes from the clock is %s', (offset, code) => {
    expect(codeOf(() => verify(request('GET', '/test.txt', GET_HEADERS), {}, minutes(offset)))).toBe(code);
  });

  it.each([
    [86_399, 'accepted'],
    [86_401, 'AccessDenied'],
  ])('%d s later a URL presigned for 86400 s is %s', (seconds, code) => {
    expect(codeOf(() => verify(request('GET', PRESIGNED, {}), {}, SIGNED_AT + seconds * 1000))).toBe(code);
  });

  it('S3: presigned URLs live at most 7 days (604800 s)', () => {
    const longer = PRESIGNED.replace('Expires=86400', 'Expires=604801');
    expect(codeOf(() => verify(request('GET', longer, {})))).toBe('AuthorizationQueryParametersError');
  });

  it('S3: presigned URLs die with the credentials that signed them', () => {
    const wire = request('GET', PRESIGNED, {});
    expect(codeOf(() => verify(wire, { expiresAt: SIGNED_AT + 60_000 }, SIGNED_AT + 59_000))).toBe('accepted');
    expect(codeOf(() => verify(wire, { expiresAt: SIGNED_AT + 60_000 }, SIGNED_AT + 60_000))).toBe('ExpiredToken');
  });
});

describe('uploads with trailers', () => {
  const upload = (body: string, trailer = 'x-amz-checksum-crc32'): WireRequest =>
    request(
      'PUT',
      '/k',
      {
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-trailer': trailer,
        'content-encoding': 'gzip,aws-chunked',
        'x-amz-decoded-content-length': '5',
      },
      body,
    );
  const open = (wire: WireRequest): WireRequest =>
    authenticate(wire, 's3', undefined, { find: () => undefined }, { id: 'c', now: 0 }).request;

  it('unsigned: the body is unframed and the trailer becomes a header', () => {
    const opened = open(upload('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'));
    expect(opened.body.toString()).toBe('hello');
    expect(opened.headers).toMatchObject({
      'x-amz-checksum-crc32': 'NhCmhg==',
      'content-encoding': 'gzip',
      'content-length': '5',
    });
  });

  it('a trailer that was not announced is refused', () => {
    expect(codeOf(() => open(upload('5\r\nhello\r\n0\r\nx-amz-acl:public-read\r\n\r\n')))).toBe(
      'MalformedTrailerError',
    );
  });

  it('a body shorter than declared is refused', () => {
    expect(codeOf(() => open(upload('4\r\nhell\r\n0\r\n\r\n')))).toBe('IncompleteBody');
  });
});
