import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type Keys, type TestSandbox, refusalOf, startTestSandbox } from '../support/sandbox/start';

let world: TestSandbox;
let iam: IAMClient;
let offset = 0;

beforeEach(async () => {
  offset = 0;
  world = await startTestSandbox({ clock: { now: () => Date.now() + offset } });
  iam = world.iam();
});
afterEach(() => world.stop());

const create = (UserName: string): Promise<unknown> => iam.send(new CreateUserCommand({ UserName }));
const get = (UserName: string): Promise<unknown> => iam.send(new GetUserCommand({ UserName }));
const names = async (): Promise<(string | undefined)[]> =>
  ((await iam.send(new ListUsersCommand({}))).Users ?? []).map((user) => user.UserName);

describe('faults before the effect', () => {
  it.each([
    ['throttle', 400, 'Throttling'],
    ['error', 500, 'ServiceFailure'],
    ['refuse', 403, 'AccessDenied'],
    ['operation-aborted', 409, 'ConcurrentModification'],
  ] as const)('%s answers %d %s and does nothing', async (kind, status, code) => {
    const rule = world.sandbox.faults.add({ operation: 'CreateUser', kind, count: 1 });
    expect(await refusalOf(create('anna'))).toMatchObject({ status, code });
    expect(await names()).toEqual([]);
    expect(rule.hits).toBe(1);
    await create('anna');
    expect(await names()).toEqual(['anna']);
  });

  it('reset breaks the connection and does nothing', async () => {
    world.sandbox.faults.add({ operation: 'CreateUser', kind: 'reset', count: 1 });
    expect((await refusalOf(create('anna'))).code).toMatch(/ECONNRESET|Error|TimeoutError/);
    expect(await names()).toEqual([]);
  });

  it('take a status and code of their own', async () => {
    world.sandbox.faults.add({
      operation: 'CreateUser',
      kind: 'error',
      status: 409,
      code: 'EntityTemporarilyUnmodifiable',
    });
    expect(await refusalOf(create('anna'))).toMatchObject({ status: 409, code: 'EntityTemporarilyUnmodifiable' });
  });

  it('throttle STS with its own code', async () => {
    world.sandbox.faults.add({ service: 'sts', kind: 'throttle' });
    expect(await refusalOf(world.sts().send(new GetCallerIdentityCommand({})))).toMatchObject({
      status: 400,
      code: 'Throttling',
    });
  });
});

describe('lost replies', () => {
  it('reset: the effect stays, the answer is gone', async () => {
    const rule = world.sandbox.faults.add({ operation: 'CreateUser', kind: 'lost-reply', count: 1 });
    await refusalOf(create('anna'));
    expect(rule.hits).toBe(1);
    expect(await names()).toEqual(['anna']);
  });

  it('500: the effect stays behind a server error', async () => {
    world.sandbox.faults.add({ operation: 'CreateUser', kind: 'lost-reply', reply: '500', count: 1 });
    expect(await refusalOf(create('anna'))).toMatchObject({ status: 500, code: 'ServiceFailure' });
    expect(await names()).toEqual(['anna']);
  });

  it('a refusal is lost as well', async () => {
    await create('anna');
    world.sandbox.faults.add({ operation: 'CreateUser', kind: 'lost-reply', reply: '500', count: 1 });
    expect(await refusalOf(create('anna'))).toMatchObject({ status: 500 });
  });
});

describe('which calls are hit', () => {
  it('skip lets the first ones through, count ends it', async () => {
    const rule = world.sandbox.faults.add({ operation: 'CreateUser', kind: 'throttle', skip: 1, count: 2 });
    await create('a');
    await refusalOf(create('b'));
    await refusalOf(create('b'));
    await create('b');
    expect(rule.hits).toBe(2);
    expect(await names()).toEqual(['a', 'b']);
  });

  it('without count until it is removed', async () => {
    const rule = world.sandbox.faults.add({ operation: ['CreateUser', 'GetUser'], kind: 'refuse' });
    await refusalOf(create('a'));
    await refusalOf(get('a'));
    rule.remove();
    await create('a');
  });

  it('by what the call says', async () => {
    world.sandbox.faults.add({
      kind: 'refuse',
      matching: ({ request }) => request.body.toString().includes('UserName=eve'),
    });
    await create('anna');
    expect(await refusalOf(create('eve'))).toMatchObject({ code: 'AccessDenied' });
  });

  it('by one rule at a time, in the order they were added', async () => {
    const first = world.sandbox.faults.add({ operation: 'CreateUser', kind: 'throttle', count: 1 });
    const second = world.sandbox.faults.add({ operation: 'CreateUser', kind: 'refuse', count: 1 });
    expect(await refusalOf(create('a'))).toMatchObject({ code: 'Throttling' });
    expect([first.hits, second.hits]).toEqual([1, 0]);
    expect(await refusalOf(create('a'))).toMatchObject({ code: 'AccessDenied' });
  });

  it('never a call that is refused anyway', async () => {
    const rule = world.sandbox.faults.add({ kind: 'throttle' });
    const stranger = world.iam({ accessKeyId: 'AKIAUNKNOWN', secretAccessKey: 'x' });
    expect(await refusalOf(stranger.send(new ListUsersCommand({})))).toMatchObject({ code: 'InvalidClientTokenId' });
    expect(rule.hits).toBe(0);
  });

  it('none after clear', async () => {
    world.sandbox.faults.add({ kind: 'refuse' });
    world.sandbox.faults.clear();
    await create('a');
  });
});

describe('the record of calls', () => {
  it('shows service, operation, outcome, principal and fault', async () => {
    await create('anna');
    world.sandbox.faults.add({ operation: 'GetUser', kind: 'throttle' });
    await refusalOf(get('anna'));
    expect(world.sandbox.calls.all()).toMatchObject([
      {
        service: 'iam',
        operation: 'CreateUser',
        status: 200,
        principal: 'root',
        accountId: '123456789012',
        code: undefined,
        fault: undefined,
      },
      { service: 'iam', operation: 'GetUser', status: 400, code: 'Throttling', fault: 'throttle' },
    ]);
  });

  it('tells calls in sequence from calls beside each other', async () => {
    world.sandbox.faults.add({ kind: 'latency', ms: 50 });
    await create('a');
    await create('b');
    expect(world.sandbox.calls.depth()).toBe(2);
    world.sandbox.calls.clear();
    await Promise.all([get('a'), get('b'), names()]);
    expect(world.sandbox.calls.depth()).toBe(1);
    expect(world.sandbox.calls.all().every((call) => call.fault === 'latency')).toBe(true);
  });
});

describe('IAM is eventually consistent', () => {
  const newKey = async (): Promise<Keys> => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  };

  it('IAM: a user just created may answer NoSuchEntity, to reads and to writes that name it', async () => {
    world.sandbox.faults.eventualConsistency({ lag: 'calls', n: 3 });
    await create('anna');
    expect(await refusalOf(get('anna'))).toMatchObject({ code: 'NoSuchEntity' });
    expect(
      await refusalOf(iam.send(new TagUserCommand({ UserName: 'anna', Tags: [{ Key: 'a', Value: 'b' }] }))),
    ).toMatchObject({ code: 'NoSuchEntity' });
    expect(await names()).toEqual([]);
    await get('anna');
    expect(await names()).toEqual(['anna']);
  });

  it('the name is taken all the same', async () => {
    world.sandbox.faults.eventualConsistency({ lag: 'calls', n: 5 });
    await create('anna');
    expect(await refusalOf(create('anna'))).toMatchObject({ code: 'EntityAlreadyExists' });
  });

  it('IAM: a key just created may answer InvalidClientTokenId', async () => {
    await create('anna');
    world.sandbox.faults.eventualConsistency({ lag: 'calls', n: 1 });
    const key = await newKey();
    expect(await refusalOf(world.sts(key).send(new GetCallerIdentityCommand({})))).toMatchObject({
      code: 'InvalidClientTokenId',
    });
    expect((await world.sts(key).send(new GetCallerIdentityCommand({}))).Arn).toMatch(/user\/anna$/);
  });

  it('lists miss fresh keys, too', async () => {
    await create('anna');
    world.sandbox.faults.eventualConsistency({ lag: 'calls', n: 1 });
    const { accessKeyId } = await newKey();
    const ids = async (): Promise<unknown> =>
      (await iam.send(new ListAccessKeysCommand({ UserName: 'anna' }))).AccessKeyMetadata?.map(
        (key) => key.AccessKeyId,
      );
    expect(await ids()).toEqual([]);
    expect(await ids()).toEqual([accessKeyId]);
  });

  it('or it lags by the clock', async () => {
    world.sandbox.faults.eventualConsistency({ lag: 'ms', n: 60_000 });
    await create('anna');
    expect(await refusalOf(get('anna'))).toMatchObject({ code: 'NoSuchEntity' });
    offset = 61_000;
    await get('anna');
  });

  it('ends when it is removed', async () => {
    const lag = world.sandbox.faults.eventualConsistency({ lag: 'calls', n: 100 });
    await create('anna');
    lag.remove();
    await get('anna');
  });
});
