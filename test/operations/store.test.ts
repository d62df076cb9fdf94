import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../../src/base/errors';
import { runningOperation, withOperation } from '../../src/base/running-operation';
import type { OperationsConfig } from '../../src/config/types';
import type { RegisterCall } from '../../src/operations/observed-register';
import { createStore, type Store } from '../../src/operations/store';
import { createTestClock } from '../support/clock';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';

const folder = mkdtempSync(join(tmpdir(), 'mallard-store-'));
const keeping = { keepDays: 90, callTimeoutSeconds: 12 };
const clock = createTestClock();
let bucket: TestBucket;
let calls: RegisterCall[] = [];
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(async () => {
  await bucket.stop();
  rmSync(folder, { recursive: true });
});

const make = (config: OperationsConfig): Store => {
  calls = [];
  return createStore(config, {
    clock,
    session: (account) =>
      account === 'demo' ? bucket.session() : fail({ kind: 'misconfigured', setting: 'x', detail: 'no such account' }),
    onCall: (call) => calls.push(call),
  });
};
const s3 = {
  ...keeping,
  store: 's3',
  account: 'demo',
  bucket: BUCKET,
  prefix: 'x/',
  leaseSeconds: 30,
  heartbeatSeconds: 8,
  scanSeconds: 2,
} as const;

test.each<[OperationsConfig, boolean]>([
  [{ ...keeping, store: 'memory' }, false],
  [{ ...keeping, store: 'file', path: join(folder, 'operations') }, true],
  [s3, true],
])('the store of %j is opened, used, watched and closed', async (config, isDurable) => {
  const store = make(config);
  expect(store.isDurable).toBe(isDurable);
  await store.open();
  await store.register.put('claims/a', 1, { ifAbsent: true });
  await store.register.put('claims/a', 2, { ifAbsent: true });
  expect((await store.register.get('claims/a'))?.value).toBe(1);
  const [listed] = await store.register.list('claims/');
  await store.register.delete('claims/a', { ifMatch: listed?.version ?? '' });
  await store.close();
  expect(calls.map(({ call, outcome }) => `${call} ${outcome}`)).toEqual([
    'put ok',
    'put conflict',
    'get ok',
    'list ok',
    'delete ok',
  ]);
});

test('failures are told by their kind, and stay failures', async () => {
  const store = make(s3);
  await store.open();
  const faults = bucket.sandbox.faults;
  for (const [kind, outcome] of [
    ['throttle', 'throttled'],
    ['error', 'unavailable'],
    ['refuse', 'misconfigured'],
  ] as const) {
    faults.add({ kind, service: 's3' });
    await expect(store.register.get('claims/a')).rejects.toThrow();
    faults.clear();
    expect(calls.at(-1)).toMatchObject({ call: 'get', outcome });
  }
});

test('a run that may not call AWS any more still tells the store how far it has come, under its own id', async () => {
  const store = make(s3);
  await store.open();
  const seen: (string | undefined)[] = [];
  const watch = bucket.sandbox.faults.add({
    kind: 'reset',
    matching: ({ request }) => {
      seen.push(/op\/(\S+)/.exec(request.headers['user-agent'] ?? '')?.[1]);
      return false;
    },
  });
  const mayCall = (): undefined => fail({ kind: 'conflict', detail: 'left to another process' });
  await withOperation({ operationId: 'left', mayCall }, async () => {
    const put = await store.register.put('claims/left', 1, { ifAbsent: true });
    expect(put.ok).toBe(true);
    expect((await store.register.get('claims/left'))?.value).toBe(1);
    expect(await store.register.list('claims/left')).toHaveLength(1);
    const freed = await store.register.delete('claims/left', { ifMatch: put.ok ? put.version : '' });
    expect(freed.ok).toBe(true);
    expect(() => runningOperation()?.mayCall(1)).toThrow();
  });
  watch.remove();
  expect(new Set(seen)).toEqual(new Set(['left']));
});

test('a store that was not opened, or whose account is gone, is not used', async () => {
  await expect(make(s3).register.get('a')).rejects.toThrow('not open');
  await expect(make({ ...s3, account: 'gone' }).open()).rejects.toThrow('no such account');
});
