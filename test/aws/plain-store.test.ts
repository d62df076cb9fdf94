import { type AddressInfo, createServer } from 'node:net';
import {
  CreateBucketCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createSessions } from '../../src/aws/session';
import type { AwsSession, Sessions } from '../../src/aws/types';
import type { AccountConfig } from '../../src/config/types';
import { createTestClock } from '../support/clock';
import {
  accountOf,
  emptyBucketList,
  errorOf,
  s3Error,
  signedWith,
  startServer,
  type TestServer,
  xml,
} from './fixtures';

/** Accounts of S3-compatible stores (`"iam": false`), as their requests and answers look on the wire. */

let server: TestServer;
let sessions: Sessions;

beforeEach(async () => {
  server = await startServer(emptyBucketList);
  sessions = createSessions({ clock: createTestClock(), org: 'acme' });
});
afterEach(async () => {
  sessions.destroy();
  await server.close();
});

const open = (changes: Partial<AccountConfig> = {}): Promise<AwsSession> =>
  sessions.open(accountOf({ iam: false, id: undefined, endpoint: server.url, ...changes }));
const tag = { Bucket: 'my.photos', Tagging: { TagSet: [{ Key: 'a', Value: '1' }] } };

describe('requests', () => {
  test('the session is open without a word to STS, and knows no account id', async () => {
    expect((await open()).accountId).toBe('');
    expect(server.seen).toEqual([]);
  });

  test('the bucket stands in the path, also one with dots', async () => {
    const session = await open();
    await session.s3(new HeadBucketCommand({ Bucket: 'my.photos' }));
    expect(server.seen[0]).toMatchObject({ url: '/my.photos/', host: `127.0.0.1:${server.port}` });
  });

  test('Content-MD5 goes with what S3 wants a digest of; uploads carry no checksum of the newer kinds', async () => {
    const session = await open();
    await session.s3(new PutBucketTaggingCommand(structuredClone(tag)));
    await session.s3(new PutObjectCommand({ Bucket: 'my.photos', Key: 'a', Body: 'x' }));
    expect(server.seen[0]?.headers).toHaveProperty('content-md5');
    expect(
      Object.keys(server.seen[1]?.headers ?? {}).filter((name) => /checksum|trailer|content-encoding/.test(name)),
    ).toEqual([]);
  });

  test('a region of the store’s own is signed for and asked for', async () => {
    const session = await open({ region: 'garage' });
    await session.s3(
      new CreateBucketCommand({
        Bucket: 'photos',
        CreateBucketConfiguration: { LocationConstraint: 'garage' as never },
      }),
    );
    expect(signedWith(server.seen[0]).region).toBe('garage');
    expect(server.seen[0]?.body).toContain('<LocationConstraint>garage</LocationConstraint>');
  });
});

describe('answers', () => {
  const tagging = async (session: AwsSession) => session.s3(new GetBucketTaggingCommand({ Bucket: 'photos' }));

  test.each([
    [501, 'NotImplemented', 'unsupported', 'none'],
    [405, 'MethodNotAllowed', 'unsupported', 'none'],
    [503, 'XMinioServerNotInitialized', 'unavailable', 'unknown'],
    // MinIO lacks a quorum of its disks: what was written may be there all the same.
    [503, 'SlowDownWrite', 'unavailable', 'unknown'],
    [503, 'SlowDownRead', 'unavailable', 'unknown'],
    [507, 'XMinioStorageFull', 'quota', 'none'],
    [400, 'XAmzContentSHA256Mismatch', 'unforeseen', 'none'],
    [400, 'XMinioInvalidObjectName', 'invalid', 'none'],
    [403, 'QuotaExceeded', 'quota', 'none'],
    [404, 'NoSuchTagSetError', 'not-found', 'none'],
    [400, 'InvalidRegion', 'misconfigured', 'none'],
    [400, 'InvalidLocationConstraint', 'misconfigured', 'none'],
  ])('%i %s is %s, effect %s', async (status, code, kind, effect) => {
    server.answer = s3Error(status, code);
    expect(await errorOf(tagging(await open()))).toMatchObject({ kind, origin: { code, effect } });
  });

  test.each([
    [405, '<html><head><title>405 Not Allowed</title></head><body>nginx</body></html>', 'unsupported', 'none'],
    [501, 'not implemented', 'unsupported', 'none'],
    [501, '', 'unsupported', 'none'],
    [502, '<html><body>Bad Gateway</body></html>', 'unavailable', 'unknown'],
    [403, '<html><body>blocked</body></html>', 'unavailable', 'unknown'],
  ])('status %i with the body %j is %s, effect %s', async (status, body, kind, effect) => {
    server.answer = xml(status, body, { 'content-type': 'text/html' });
    expect(await errorOf(tagging(await open()))).toMatchObject({ kind, origin: { call: 'GetBucketTagging', effect } });
  });

  test('a bucket in another region than configured is followed, a new one is a mistake in the configuration', async () => {
    server.answer = (seen, response, request) => {
      if (signedWith(seen).region === 'garage')
        return xml(200, '<Tagging><TagSet/></Tagging>')(seen, response, request);
      const body =
        '<Error><Code>AuthorizationHeaderMalformed</Code><Message>unexpected scope</Message><Region>garage</Region></Error>';
      return xml(400, body)(seen, response, request);
    };
    const session = await open();
    await session.s3(new GetBucketTaggingCommand({ Bucket: 'photos' }));
    expect(server.seen.map((seen) => signedWith(seen).region)).toEqual(['us-east-1', 'garage']);
    expect(await errorOf(session.s3(new CreateBucketCommand({ Bucket: 'new' })))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.region',
    });
  });

  test('a server of HTTP/1.0, without a length and with a connection for every answer', async () => {
    const asked: string[] = [];
    const old = createServer((socket) => {
      socket.once('data', (data) => {
        asked.push(data.toString('latin1').split(' ', 1)[0] ?? '');
        socket.end(
          'HTTP/1.0 200 OK\r\nContent-Type: application/xml\r\n\r\n<ListAllMyBucketsResult><Buckets><Bucket><Name>photos</Name></Bucket></Buckets></ListAllMyBucketsResult>',
        );
      });
    });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const { port } = old.address() as AddressInfo;
    const session = await open({ endpoint: `http://127.0.0.1:${String(port)}` });
    for (let n = 0; n < 2; n += 1) {
      const { Buckets } = await session.s3(new ListBucketsCommand({}));
      expect(Buckets?.map(({ Name }) => Name)).toEqual(['photos']);
    }
    expect(asked).toEqual(['GET', 'GET']);
    await new Promise((resolve) => old.close(resolve));
  });
});

describe('what comes in the place of a setting', () => {
  const LISTING =
    '<?xml version="1.0" encoding="UTF-8"?>\n<!-- a store -->\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>photos</Name><IsTruncated>false</IsTruncated></ListBucketResult>';
  const Bucket = 'photos';
  const reads: readonly (readonly [string, (session: AwsSession) => Promise<object>, own: string, holds: object])[] = [
    [
      'GetBucketCors',
      (session) => session.s3(new GetBucketCorsCommand({ Bucket })),
      '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
      { CORSRules: [{ AllowedOrigins: ['*'] }] },
    ],
    [
      'GetBucketLifecycleConfiguration',
      (session) => session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket })),
      '<LifecycleConfiguration><Rule><ID>a</ID><Status>Enabled</Status></Rule></LifecycleConfiguration>',
      { Rules: [{ ID: 'a' }] },
    ],
    [
      'GetBucketPolicy',
      (session) => session.s3(new GetBucketPolicyCommand({ Bucket })),
      '{"Statement":[]}',
      { Policy: '{"Statement":[]}' },
    ],
    [
      'GetPublicAccessBlock',
      (session) => session.s3(new GetPublicAccessBlockCommand({ Bucket })),
      '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls></PublicAccessBlockConfiguration>',
      { PublicAccessBlockConfiguration: { BlockPublicAcls: true } },
    ],
    [
      'GetBucketEncryption',
      (session) => session.s3(new GetBucketEncryptionCommand({ Bucket })),
      '<ServerSideEncryptionConfiguration><Rule><BucketKeyEnabled>true</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>',
      { ServerSideEncryptionConfiguration: { Rules: [{ BucketKeyEnabled: true }] } },
    ],
    [
      'GetBucketTagging',
      (session) => session.s3(new GetBucketTaggingCommand({ Bucket })),
      '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>',
      { TagSet: [{ Key: 'a', Value: '1' }] },
    ],
    [
      'GetBucketVersioning',
      (session) => session.s3(new GetBucketVersioningCommand({ Bucket })),
      '<VersioningConfiguration/>',
      {},
    ],
    [
      'GetBucketLogging',
      (session) => session.s3(new GetBucketLoggingCommand({ Bucket })),
      '<BucketLoggingStatus xmlns="http://doc.s3.amazonaws.com/2006-03-01"/>',
      {},
    ],
    [
      'GetObjectLockConfiguration',
      (session) => session.s3(new GetObjectLockConfigurationCommand({ Bucket })),
      '<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>',
      { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } },
    ],
  ];

  test.each(reads)(
    '%s: a listing or nothing is no setting, its own document is one',
    async (call, read, own, holds) => {
      const session = await open();
      for (const [body, instead] of [
        [LISTING, 'a listing'],
        ['', 'an empty document'],
        ['\n  \n', 'an empty document'],
        ['<?xml version="1.0"?>', 'an empty document'],
      ] as const) {
        server.answer = xml(200, body);
        expect(await errorOf(read(session))).toMatchObject({
          kind: 'unsupported',
          origin: { call, effect: 'none', instead },
        });
      }
      server.answer = xml(200, own);
      expect(await read(session)).toMatchObject(holds);
    },
  );

  test('lists are read whatever they are called', async () => {
    server.answer = xml(
      200,
      '<ListBucketVersionsResult><DeleteMarker><Key>a</Key></DeleteMarker></ListBucketVersionsResult>',
    );
    const session = await open();
    expect((await session.s3(new ListObjectVersionsCommand({ Bucket }))).DeleteMarkers).toMatchObject([{ Key: 'a' }]);
    server.answer = xml(200, LISTING);
    expect((await session.s3(new ListObjectsV2Command({ Bucket }))).Name).toBe('photos');
  });

  test('a refusal stays what it is', async () => {
    server.answer = s3Error(404, 'NoSuchCORSConfiguration');
    expect(await errorOf((await open()).s3(new GetBucketCorsCommand({ Bucket })))).toMatchObject({
      kind: 'not-found',
      origin: { code: 'NoSuchCORSConfiguration' },
    });
  });
});
