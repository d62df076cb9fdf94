import { fail } from '../../src/base/errors';
import { type HttpHarness, startHttp, TOKEN, tokenConfig } from '../support/http';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { createReplica } from '../operations/replicas';

const refused = { kind: 'denied', detail: 'AWS refuses that' } as const;

let http: HttpHarness;
let replica: ReturnType<typeof createReplica>;
const cancel = jest.fn(() => Promise.resolve());
const retry = jest.fn(() => Promise.resolve());

beforeEach(async () => {
  cancel.mockClear();
  retry.mockClear();
  const register = createMemoryRegister();
  http = await startHttp({
    register,
    steered: { cancel, retry },
    config: { tokens: [tokenConfig(TOKEN), tokenConfig('reader', { id: 'reader', methods: ['GET'] })] },
  });
  replica = createReplica(register, http.clock);
});
afterEach(() => http.close());

const post = (
  id: string,
  what: 'cancel' | 'retry',
  sent: { readonly token?: string; readonly account?: string } = {},
) =>
  http.ask(`${what}Operation`, `/v1/s3/${sent.account ?? 'demo'}/operations/${id}/${what}`, {
    method: 'POST',
    ...(sent.token !== undefined && { token: sent.token }),
  });

describe('POST …/cancel', () => {
  test('of an operation under way is 202 with the operation and its place', async () => {
    const id = await replica.run();
    const seen = await post(id, 'cancel');
    expect(seen.status).toBe(202);
    expect(seen.header('location')).toBe(`/v1/s3/demo/operations/${id}`);
    expect(seen.header('x-operation-id')).toBe(id);
    expect(seen.body).toMatchObject({ id, state: 'running' });
    expect(cancel.mock.calls).toEqual([['demo', id]]);
    expect(http.lines.at(-1)).toMatchObject({ operationId: id, status: 202 });
  });

  test('of one that has ended or is past its point of no return is 409; of another account, or none, 404', async () => {
    const id = await replica.run();
    expect((await post(id, 'cancel', { account: 'other' })).status).toBe(404);
    expect((await post('nobody-knows-it', 'cancel')).status).toBe(404);
    cancel.mockImplementationOnce(async () => fail({ kind: 'conflict', detail: 'past its point of no return' }));
    expect((await post(id, 'cancel')).body).toMatchObject({ status: 409, detail: 'past its point of no return' });
    await replica.finish(id);
    expect((await post(id, 'cancel')).body).toMatchObject({ status: 409, type: 'urn:mallard:problem:conflict' });
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test('needs a token that may write, and a service that takes writes', async () => {
    const id = await replica.run();
    expect((await post(id, 'cancel', { token: 'reader' })).status).toBe(403);
    http.isReady = false;
    expect((await post(id, 'cancel')).status).toBe(503);
    expect(cancel).not.toHaveBeenCalled();
  });
});

describe('POST …/retry', () => {
  test('of what has left something is 202; of what has not, 409', async () => {
    const left = await replica.run();
    const outcome = {
      state: 'rollback-failed',
      error: refused,
      failedStep: 'x',
      undone: [],
      left: [{ step: 'x' }],
    } as const;
    await replica.finish(left, outcome);
    const seen = await post(left, 'retry');
    expect(seen.status).toBe(202);
    expect(seen.header('location')).toBe(`/v1/s3/demo/operations/${left}`);
    expect(retry).toHaveBeenCalledTimes(1);
    const done = await replica.run({ claims: ['demo/bucket/other'] });
    await replica.finish(done);
    expect((await post(done, 'retry')).status).toBe(409);
    expect((await post(left, 'retry', { token: 'reader' })).status).toBe(403);
    expect(retry).toHaveBeenCalledTimes(1);
  });
});
