import fc from 'fast-check';
import type { Failed, Outcome, RolledBack, RollbackFailed, Running } from '../../src/engine/recipe';
import { DomainFailure, type DomainError, type DomainErrorKind } from '../../src/base/errors';
import { responseValidator } from '../../src/http/contract/checks';
import { instanceOf } from '../../src/http/send';
import type { Spared } from '../../src/domain/shared/shapes';
import { CANARY } from '../support/mocks/fake-provisioning';
import { startHttp, type HarnessOptions, type HttpHarness, type Seen } from '../support/http';

const BUCKETS = '/v1/s3/demo/buckets';
const BODY = { BucketInput: { Bucket: 'foobarbucketname' } };

let http: HttpHarness | undefined;
afterEach(async () => {
  await http?.close();
  http = undefined;
});

async function start(options: HarnessOptions): Promise<HttpHarness> {
  http = await startHttp(options);
  return http;
}

function expectDocumented(operationId: string, seen: Seen): void {
  expect(responseValidator(operationId, seen.status)?.(seen)).toEqual([]);
}

const CASES: Readonly<
  Record<DomainErrorKind, { error: DomainError; status: number; retryAfter?: string; shows?: object }>
> = {
  invalid: {
    error: { kind: 'invalid', detail: 'no', pointer: '/Tags/0/Key' },
    status: 400,
    shows: { pointer: '/Tags/0/Key' },
  },
  unauthenticated: { error: { kind: 'unauthenticated', detail: 'no' }, status: 403 },
  denied: {
    error: { kind: 'denied', detail: 'no', origin: { code: 'AccessDenied', call: 'CreateBucket' } },
    status: 403,
    shows: { code: 'AccessDenied' },
  },
  protected: {
    error: { kind: 'protected', detail: 'no', origin: { code: 'InvalidChangeBatch' } },
    status: 403,
    shows: { code: 'InvalidChangeBatch' },
  },
  'not-found': {
    error: { kind: 'not-found', detail: 'no', origin: { code: 'NoSuchBucket' } },
    status: 404,
    shows: { code: 'NoSuchBucket' },
  },
  superseded: {
    error: { kind: 'superseded', detail: 'no', retryAfterSeconds: 5 },
    status: 503,
    retryAfter: '5',
  },
  exists: { error: { kind: 'exists', detail: 'no' }, status: 409 },
  'not-empty': { error: { kind: 'not-empty', detail: 'no', origin: { code: 'BucketNotEmpty' } }, status: 409 },
  conflict: { error: { kind: 'conflict', detail: 'no' }, status: 409 },
  'precondition-failed': {
    error: { kind: 'precondition-failed', detail: 'no', planDigest: 'digest.abcdef' },
    status: 412,
    shows: { planDigest: 'digest.abcdef' },
  },
  busy: {
    error: { kind: 'busy', detail: 'no', holder: 'op-9', retryAfterSeconds: 2 },
    status: 409,
    retryAfter: '2',
    shows: { holder: 'op-9' },
  },
  contended: {
    error: { kind: 'contended', detail: 'no', origin: { code: 'OperationAborted' } },
    status: 409,
    retryAfter: '1',
  },
  throttled: { error: { kind: 'throttled', detail: 'no', retryAfterSeconds: 0.2 }, status: 429, retryAfter: '1' },
  quota: { error: { kind: 'quota', detail: 'no', origin: { code: 'LimitExceeded' } }, status: 429 },
  unavailable: { error: { kind: 'unavailable', detail: 'no', retryAfterSeconds: 2.5 }, status: 503, retryAfter: '3' },
  overloaded: { error: { kind: 'overloaded', detail: 'no', retryAfterSeconds: 0 }, status: 503, retryAfter: '1' },
  misconfigured: {
    error: { kind: 'misconfigured', detail: 'no', setting: 'accounts.demo.role' },
    status: 500,
    shows: { setting: 'accounts.demo.role' },
  },
  unsupported: { error: { kind: 'unsupported', detail: 'no' }, status: 501 },
  unforeseen: { error: { kind: 'unforeseen', detail: `no ${CANARY}`, cause: new Error(CANARY) }, status: 500 },
};
const RETRYABLE: readonly string[] = ['busy', 'contended', 'throttled', 'superseded', 'unavailable', 'overloaded'];

describe.each(Object.entries(CASES))('%s', (kind, { error, status, retryAfter, shows }) => {
  const expected = {
    type: `urn:mallard:problem:${kind}`,
    status,
    instance: BUCKETS,
    requestId: 'mine',
    retryable: RETRYABLE.includes(kind),
    ...shows,
  };
  const headers = { 'X-Request-Id': 'mine' };

  test(`of a write is ${status}, with how the operation ended`, async () => {
    const { send } = await start({
      provisioning: {
        createBucket: async () => ({ operationId: 'op-1', outcome: { state: 'failed', error, left: [] } }),
      },
    });
    const seen = await send(BUCKETS, { method: 'POST', body: BODY, headers });
    expectDocumented('createBucket', seen);
    expect(seen.status).toBe(status);
    expect(seen.header('retry-after')).toBe(retryAfter);
    expect(seen.header('x-operation-id')).toBe('op-1');
    expect(seen.body).toMatchObject({ ...expected, operationId: 'op-1', state: 'failed', left: [] });
    expect(seen.text).not.toContain(CANARY);
  });

  test('before the operation began says the same, without one', async () => {
    const { send } = await start({
      provisioning: {
        createBucket: async () => {
          throw new DomainFailure(error);
        },
      },
    });
    const seen = await send(BUCKETS, { method: 'POST', body: BODY, headers });
    expectDocumented('createBucket', seen);
    expect(seen.body).toMatchObject(expected);
    expect(seen.body).not.toHaveProperty('operationId');
    expect(seen.header('x-operation-id')).toBeUndefined();
  });
});

describe('how a write ended', () => {
  const error: DomainError = { kind: 'denied', detail: 'AWS refused CreatePolicy', origin: { code: 'AccessDenied' } };
  const cases: readonly [Failed | RolledBack | RollbackFailed | Running, object][] = [
    [
      {
        state: 'running',
        error,
        failedStep: 'Create policy',
        undone: ['Tag bucket'],
        undoing: ['Create bucket'],
        finishing: [],
        left: [],
      },
      { state: 'running', failedStep: 'Create policy', undone: ['Tag bucket'], undoing: ['Create bucket'] },
    ],
    [
      {
        state: 'running',
        error,
        failedStep: 'Delete user',
        undone: [],
        undoing: [],
        finishing: ['Delete user'],
        left: [{ step: 'Delete group' }],
      },
      {
        state: 'running',
        failedStep: 'Delete user',
        undone: [],
        finishing: ['Delete user'],
        left: [{ step: 'Delete group' }],
      },
    ],
    [
      { state: 'rolled-back', error, failedStep: 'Create policy', undone: ['Create bucket'] },
      { state: 'rolled-back', failedStep: 'Create policy', undone: ['Create bucket'] },
    ],
    [
      {
        state: 'rollback-failed',
        error,
        failedStep: 'Create policy',
        undone: ['Tag bucket'],
        left: [
          {
            step: 'Create bucket',
            error: { kind: 'denied', detail: 'AWS refused DeleteBucket', origin: { code: 'AccessDenied' } },
          },
          { step: 'Create group', error: { kind: 'unforeseen', detail: CANARY, cause: new Error(CANARY) } },
          { step: 'Log access' },
        ],
      },
      {
        state: 'rollback-failed',
        undone: ['Tag bucket'],
        left: [
          { step: 'Create bucket', detail: 'AWS refused DeleteBucket', code: 'AccessDenied' },
          { step: 'Create group', detail: 'an unforeseen error occurred' },
          { step: 'Log access' },
        ],
      },
    ],
    [
      { state: 'failed', error, failedStep: 'Delete policy', left: [{ step: 'Delete group' }] },
      { state: 'failed', failedStep: 'Delete policy', left: [{ step: 'Delete group' }] },
    ],
  ];

  test.each(cases)('%j', async (outcome, shown) => {
    const { send } = await start({ provisioning: { deleteBucket: async () => ({ operationId: 'op-7', outcome }) } });
    const seen = await send(`${BUCKETS}/foobarbucketname`, { method: 'DELETE' });
    expectDocumented('deleteBucket', seen);
    expect(seen.status).toBe(403);
    expect(seen.body).toMatchObject({ detail: 'AWS refused CreatePolicy', operationId: 'op-7', ...shown });
    expect(seen.text).not.toContain(CANARY);
  });
});

describe('what nobody foresaw', () => {
  test.each([
    ['an Error', new Error(`at /srv/app.js: ${CANARY}`)],
    ['a string', CANARY],
    ['nothing', undefined],
    ['an error that asks for a status of its own', Object.assign(new Error(CANARY), { status: 404, expose: true })],
    ['a TypeError with status 400', Object.assign(new TypeError(CANARY), { status: 400 })],
  ])('%s becomes a 500 with a log id and no internals; the log has the cause', async (_title, thrown) => {
    const { send, lines } = await start({ provisioning: { listBuckets: jest.fn().mockRejectedValue(thrown) } });
    const seen = await send(BUCKETS);
    expectDocumented('listBuckets', seen);
    expect(seen.status).toBe(500);
    const { logId } = seen.body as { logId: string };
    expect(seen.text).not.toContain(CANARY);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', logId, route: '/v1/s3/{account}/buckets' }));
  });

  test('a failing metrics page is one, too', async () => {
    const { send } = await start({ renderMetrics: () => Promise.reject(new Error(CANARY)) });
    const seen = await send('/metrics', { token: null });
    expectDocumented('metricsAtRoot', seen);
    expect([seen.status, seen.text.includes(CANARY)]).toEqual([500, false]);
  });
});

describe('the bound on writes', () => {
  test('more writes than configured at once are 503 with Retry-After; reads and later writes go on', async () => {
    const finish: ((outcome: Outcome<Spared>) => void)[] = [];
    const started: (() => void)[] = [];
    const begun = (n: number) =>
      Promise.all(Array.from({ length: n }, () => new Promise<void>((resolve) => void started.push(resolve))));
    const harness = await start({
      config: {
        limits: {
          bodyBytes: 65_536,
          requestsPerMinute: undefined,
          concurrentWrites: 2,
          connectionsPerAddress: undefined,
        },
      },
      provisioning: {
        deleteBucket: () => {
          started.shift()?.();
          return new Promise((resolve) => finish.push((outcome) => resolve({ operationId: 'op-1', outcome })));
        },
      },
    });
    const remove = () => harness.send(`${BUCKETS}/foobarbucketname`, { method: 'DELETE' });
    const both = begun(2);
    const first = [remove(), remove()];
    await both;
    const refused = await remove();
    expectDocumented('deleteBucket', refused);
    expect([refused.status, refused.header('retry-after')]).toEqual([503, '2']);
    expect((await harness.send(BUCKETS)).status).toBe(200);
    for (const end of finish.splice(0)) end({ state: 'succeeded', value: {} });
    expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200]);
    const again = begun(1);
    const later = remove();
    await again;
    finish[0]?.({ state: 'succeeded', value: {} });
    expect((await later).status).toBe(200);
  });
});

test('instance is an URI reference whatever path was asked for', () => {
  const validate = responseValidator('listBuckets', 404);
  const body = {
    type: 'urn:mallard:problem:not-found',
    title: 't',
    status: 404,
    detail: 'd',
    requestId: 'r',
    retryable: false,
  };
  const header = (name: string) => ({ 'content-type': 'application/problem+json', 'X-Request-Id': 'r' })[name];
  fc.assert(
    fc.property(
      fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)) }),
      (path) => {
        expect(validate?.({ header, body: { ...body, instance: instanceOf(`/${path}`) } })).toEqual([]);
      },
    ),
  );
  expect(instanceOf('//evil.example/x?secret=1')).toBe('/evil.example/x');
});
