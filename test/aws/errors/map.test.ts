import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { AwsCall } from '../../../src/aws/wire/instrument';
import { createSessions } from '../../../src/aws/session';
import type { AwsSession, Sessions } from '../../../src/aws/types';
import { toFailure } from '../../../src/aws/errors/map';
import { createTestClock } from '../../support/clock';
import { accountOf, errorOf, queryError, s3Error, startServer, type TestServer, xml } from '../fixtures';

let server: TestServer;
let sessions: Sessions;
let session: AwsSession;
const calls: AwsCall[] = [];

beforeAll(async () => {
  server = await startServer(xml(200, ''));
  sessions = createSessions({ clock: createTestClock(), org: 'acme', onCall: (call) => calls.push(call) });
  session = await sessions.open(accountOf({ endpoint: server.url }));
});

beforeEach(() => {
  calls.length = 0;
  server.seen.length = 0;
});

afterAll(async () => {
  sessions.destroy();
  await server.close();
});

const getTags = (): Promise<unknown> => session.s3(new GetBucketTaggingCommand({ Bucket: 'photos' }));
const headBucket = (): Promise<unknown> => session.s3(new HeadBucketCommand({ Bucket: 'photos' }));
const getUser = (): Promise<unknown> => session.iam(new GetUserCommand({ UserName: 'bird' }));

describe('S3 error documents', () => {
  test.each([
    [403, 'AccessDenied', 'denied', 'none'],
    [403, 'AllAccessDisabled', 'denied', 'none'],
    [404, 'NoSuchBucket', 'not-found', 'none'],
    [404, 'NoSuchTagSet', 'not-found', 'none'],
    [404, 'NoSuchLifecycleConfiguration', 'not-found', 'none'],
    [404, 'ServerSideEncryptionConfigurationNotFoundError', 'not-found', 'none'],
    [409, 'BucketAlreadyExists', 'exists', 'none'],
    [409, 'BucketAlreadyOwnedByYou', 'exists', 'none'],
    [409, 'BucketNotEmpty', 'not-empty', 'none'],
    [409, 'OperationAborted', 'contended', 'none'],
    [409, 'ConditionalRequestConflict', 'contended', 'none'],
    [307, 'TemporaryRedirect', 'contended', 'none'],
    [412, 'PreconditionFailed', 'conflict', 'none'],
    [409, 'InvalidBucketState', 'conflict', 'none'],
    [503, 'SlowDown', 'throttled', 'none'],
    [429, 'Unheard', 'throttled', 'none'],
    [400, 'TooManyBuckets', 'quota', 'none'],
    [400, 'TooManyInvalidationsInProgress', 'throttled', 'none'],
    [400, 'InvalidTag', 'invalid', 'none'],
    [400, 'MalformedXML', 'invalid', 'none'],
    [400, 'MalformedPolicy', 'invalid', 'none'],
    [500, 'InternalError', 'unavailable', 'unknown'],
    [200, 'InternalError', 'unavailable', 'unknown'],
    [503, 'ServiceUnavailable', 'unavailable', 'unknown'],
    [400, 'RequestTimeout', 'unavailable', 'none'],
    [501, 'NotImplemented', 'unsupported', 'none'],
    [405, 'MethodNotAllowed', 'unsupported', 'none'],
    [403, 'InvalidAccessKeyId', 'misconfigured', 'none'],
    [403, 'SignatureDoesNotMatch', 'misconfigured', 'none'],
    [400, 'ExpiredToken', 'misconfigured', 'none'],
    [400, 'InvalidToken', 'misconfigured', 'none'],
    [403, 'RequestTimeTooSkewed', 'unavailable', 'none'],
    [400, 'AuthorizationHeaderMalformed', 'misconfigured', 'none'],
    [301, 'PermanentRedirect', 'misconfigured', 'none'],
    [403, 'NeverHeardOf', 'denied', 'none'],
    [400, 'NeverHeardOf', 'unforeseen', 'none'],
    [400, 'InvalidNeverHeardOf', 'invalid', 'none'],
    [400, 'UnheardArgument', 'invalid', 'none'],
    [500, 'InvalidNeverHeardOf', 'unavailable', 'unknown'],
    [400, 'KeyTooLongError', 'invalid', 'none'],
    [400, 'EncryptionTypeMismatch', 'invalid', 'none'],
    [413, 'UnheardSize', 'unforeseen', 'none'],
    [409, 'NeverHeardOf', 'conflict', 'none'],
    [502, 'NeverHeardOf', 'unavailable', 'unknown'],
  ])('%i %s is %s, effect %s', async (status, code, kind, effect) => {
    server.answer = s3Error(status, code);
    const error = await errorOf(getTags());
    expect(error).toMatchObject({ kind, origin: { code, call: 'GetBucketTagging', service: 's3', effect } });
    expect(error.detail).toContain(code);
    expect(server.seen).toHaveLength(1);
  });
});

describe('IAM error documents, judged by Code and not by the name of the exception', () => {
  test.each([
    [404, 'NoSuchEntity', 'not-found'],
    [409, 'EntityAlreadyExists', 'exists'],
    [409, 'DeleteConflict', 'conflict'],
    [409, 'ConcurrentModification', 'contended'],
    [409, 'EntityTemporarilyUnmodifiable', 'contended'],
    [400, 'UnmodifiableEntity', 'conflict'],
    [409, 'LimitExceeded', 'quota'],
    [400, 'Throttling', 'throttled'],
    [400, 'RequestLimitExceeded', 'throttled'],
    [400, 'MalformedPolicyDocument', 'invalid'],
    [400, 'InvalidInput', 'invalid'],
    [400, 'ValidationError', 'invalid'],
    // What the models call the sender's fault, though the document it speaks of was written here.
    [400, 'PolicyNotAttachable', 'unforeseen'],
    [400, 'InconsistentQuantities', 'unforeseen'],
    [413, 'BatchTooLarge', 'invalid'],
    [403, 'AccessDenied', 'denied'],
    [403, 'InvalidClientTokenId', 'misconfigured'],
    [500, 'ServiceFailure', 'unavailable'],
  ])('%i %s is %s', async (status, code, kind) => {
    server.answer = queryError(status, code);
    expect(await errorOf(getUser())).toMatchObject({ kind, origin: { code, service: 'iam', call: 'GetUser' } });
    expect(server.seen).toHaveLength(1);
  });

  test('a wrong clock is told from a wrong secret, though both are SignatureDoesNotMatch', async () => {
    server.answer = queryError(
      403,
      'SignatureDoesNotMatch',
      'Signature expired: 20300101T000000Z is now earlier than 20300101T010000Z',
    );
    expect(await errorOf(getUser())).toMatchObject({ kind: 'unavailable', origin: { effect: 'none' } });
    server.answer = queryError(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match');
    expect(await errorOf(getUser())).toMatchObject({ kind: 'misconfigured', setting: 'accounts.demo' });
  });
});

describe('answers without a document', () => {
  test.each([
    [301, 'denied'],
    [400, 'unforeseen'],
    [403, 'denied'],
    [404, 'not-found'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('HEAD %i is %s and has no code', async (status, kind) => {
    server.answer = xml(status, '');
    const error = await errorOf(headBucket());
    expect(error).toMatchObject({ kind, origin: { call: 'HeadBucket' } });
    expect(error.origin).not.toHaveProperty('code');
  });

  test('a store that answers 404 with an empty body is believed', async () => {
    server.answer = xml(404, '', { 'content-length': '0' });
    expect(await errorOf(getTags())).toMatchObject({ kind: 'not-found' });
  });
});

describe('answers that are not AWS’s', () => {
  const page = '<html><head><title>Sign in</title></head><body><p>Please sign in</p></body></html>';
  const service = [
    ['s3', getTags],
    ['iam', getUser],
  ] as const;
  const answers = [
    ['a page with 404', 404, page],
    ['a page with 403', 403, page],
    ['a page with 502', 502, page],
    ['a page with 200', 200, page],
    ['a page with a doctype and 200', 200, `\n<!DOCTYPE html>${page}`],
    ['text with 403', 403, 'blocked by policy'],
    ['half a document with 200', 200, '<GetUserResponse><Get'],
  ] as const;
  test.each(
    service.flatMap(([name, send]) =>
      answers.map(([title, status, body]) => [name, title, status, body, send] as const),
    ),
  )('%s: %s is unavailable, effect unknown', async (_name, _title, status, body, send) => {
    server.answer = xml(status, body, { 'content-type': 'text/html' });
    expect(await errorOf(send())).toMatchObject({ kind: 'unavailable', origin: { effect: 'unknown' } });
    expect(calls.map((call) => call.outcome)).toEqual(['unavailable']);
  });

  test('XML that is sent as text/html is read as what it is', async () => {
    server.answer = xml(
      200,
      '<GetUserResponse><GetUserResult><User><UserName>bird</UserName></User></GetUserResult></GetUserResponse>',
      { 'content-type': 'text/html; charset=utf-8' },
    );
    await expect(getUser()).resolves.toMatchObject({ User: { UserName: 'bird' } });
  });
});

describe('what the caller reads', () => {
  test('AWS’s sentence is quoted for bad input, without key ids and our own identity', async () => {
    server.answer = queryError(
      400,
      'ValidationError',
      'User arn:aws:sts::123456789012:assumed-role/mallard/s with AKIAIOSFODNN7EXAMPLE\nsent 1 bad value',
    );
    const { detail } = await errorOf(getUser());
    expect(detail).toBe('IAM answered GetUser with ValidationError: User [identity] with [id] sent 1 bad value');
  });

  test('AWS’s sentence is kept back where it names who we are', async () => {
    server.answer = s3Error(403, 'AccessDenied', 'User: arn:aws:iam::123456789012:user/mallard is not authorized');
    const { detail } = await errorOf(getTags());
    expect(detail).not.toMatch(/arn:|123456789012/);
    expect(detail).toContain('AccessDenied');
  });

  test('long sentences are cut', async () => {
    server.answer = s3Error(400, 'InvalidTag', 'x'.repeat(5_000));
    expect((await errorOf(getTags())).detail.length).toBeLessThan(400);
  });

  test('Retry-After of the answer is passed on, nonsense in it is not', async () => {
    server.answer = s3Error(503, 'SlowDown', 'slow', { 'retry-after': '17' });
    expect(await errorOf(getTags())).toMatchObject({
      kind: 'throttled',
      retryAfterSeconds: 17,
      origin: { pauseSeconds: 17 },
    });
    server.answer = s3Error(503, 'SlowDown', 'slow', { 'retry-after': 'tomorrow' });
    const unasked = await errorOf(getTags());
    expect(unasked).toMatchObject({ kind: 'throttled', retryAfterSeconds: 5 });
    expect(unasked.origin).not.toHaveProperty('pauseSeconds');
  });
});

describe('what listeners are told', () => {
  test('service, operation, outcome, code, status and request id, and no name a caller chose', async () => {
    server.answer = s3Error(404, 'NoSuchTagSet', 'photos has none', { 'x-amz-request-id': 'R1' });
    await errorOf(getTags());
    server.answer = xml(200, '', { 'x-amz-request-id': 'R2' });
    await session.s3(new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [] } }));
    expect(calls).toEqual([
      {
        service: 's3',
        operation: 'GetBucketTagging',
        accountName: 'demo',
        outcome: 'refused',
        code: 'NoSuchTagSet',
        status: 404,
        requestId: 'R1',
        durationMs: 0,
      },
      {
        service: 's3',
        operation: 'PutBucketTagging',
        accountName: 'demo',
        outcome: 'ok',
        status: 200,
        requestId: 'R2',
        durationMs: 0,
      },
    ]);
    expect(JSON.stringify(calls)).not.toContain('photos');
  });

  test('a listener that throws changes nothing', async () => {
    const loud = createSessions({
      clock: createTestClock(),
      org: 'acme',
      onCall: () => {
        throw new Error('listener');
      },
    });
    server.answer = xml(200, '');
    const { s3 } = await loud.open(accountOf({ endpoint: server.url }));
    await expect(s3(new PutBucketTaggingCommand({ Bucket: 'photos', Tagging: { TagSet: [] } }))).resolves.toBeDefined();
    loud.destroy();
  });
});

describe('errors made by the SDK itself', () => {
  test('a bucket name it refuses is invalid input, and nothing is sent', async () => {
    expect(await errorOf(session.s3(new HeadBucketCommand({ Bucket: 'a/b' })))).toMatchObject({
      kind: 'invalid',
      origin: { effect: 'none' },
    });
    expect(server.seen).toHaveLength(0);
  });

  test('a region that makes no address is the operator’s mistake', async () => {
    const broken = await sessions.open(accountOf({ region: 'not a region' }));
    expect(await errorOf(broken.s3(new HeadBucketCommand({ Bucket: 'photos' })))).toMatchObject({
      kind: 'misconfigured',
      setting: 'accounts.demo.region',
      origin: { effect: 'none' },
    });
  });

  test('what nobody foresaw keeps its cause for the log and shows none of it', async () => {
    const cause = new TypeError('x is not a function');
    const s3 = mockClient(S3Client);
    s3.on(HeadBucketCommand).rejects(cause);
    const error = await errorOf(headBucket());
    s3.restore();
    expect(error).toMatchObject({ kind: 'unforeseen', cause });
    expect(error.detail).not.toContain('function');
    expect(calls).toMatchObject([{ outcome: 'failed' }]);
  });

  test('an error that carries its code in the name alone is judged by it', async () => {
    const s3 = mockClient(S3Client);
    const iam = mockClient(IAMClient);
    s3.on(GetBucketTaggingCommand).rejects(
      new S3ServiceException({ name: 'NoSuchBucket', $fault: 'client', $metadata: { httpStatusCode: 404 } }),
    );
    iam.on(GetUserCommand).rejects(
      Object.assign(new Error('no'), {
        name: 'ThrottlingException',
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      }),
    );
    expect(await errorOf(getTags())).toMatchObject({ kind: 'not-found', origin: { code: 'NoSuchBucket' } });
    expect(await errorOf(getUser())).toMatchObject({ kind: 'throttled', origin: { code: 'ThrottlingException' } });
    s3.restore();
    iam.restore();
  });
});

describe('errors of the network', () => {
  const call = { service: 's3', operation: 'CreateBucket', accountName: 'demo', renewsCredentials: false } as const;
  test.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect' }, 'none'],
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, 'none'],
    [{ code: 'EAI_AGAIN', syscall: 'getaddrinfo' }, 'none'],
    [{ code: 'EHOSTUNREACH' }, 'none'],
    [{ code: 'ETIMEDOUT', syscall: 'connect', name: 'TimeoutError' }, 'none'],
    [{ code: 'ETIMEDOUT', name: 'TimeoutError' }, 'unknown'],
    [{ code: 'ECONNRESET', name: 'TimeoutError' }, 'unknown'],
    [{ code: 'EPIPE' }, 'unknown'],
    [{ code: 'HPE_INVALID_CONSTANT' }, 'unknown'],
    [{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'none'],
    [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }, 'none'],
    [{ code: 'CERT_HAS_EXPIRED' }, 'none'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, 'none'],
    [{ code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC' }, 'unknown'],
    [{ name: 'AbortError' }, 'unknown'],
  ])('%j is unavailable, effect %s', (members, effect) => {
    const { error } = toFailure(Object.assign(new Error('network'), members), call);
    expect(error).toMatchObject({ kind: 'unavailable', origin: { effect, call: 'CreateBucket' } });
  });

  test('anything thrown at all becomes a domain error', () => {
    for (const thrown of [undefined, null, 'text', 7, {}])
      expect(toFailure(thrown, call).error.kind).toBe('unforeseen');
  });
});
