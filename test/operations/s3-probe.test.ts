import type { AwsSession } from '../../src/aws/types';
import { createObjects } from '../../src/operations/s3/objects';
import { probeStore } from '../../src/operations/s3/probe';
import { createS3Register, type Removal } from '../../src/operations/s3/register';
import { errorOf } from '../aws/fixtures';
import { BUCKET, startTestBucket, type TestBucket } from './s3-bucket';

/** Which stores are found fit to keep operations, and how records are removed there. */

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(() => bucket.stop());

type Input = { IfNoneMatch?: string; IfMatch?: string; Prefix?: string; Body?: string };
type Send = (command: { readonly input: Input }) => Promise<{ ETag?: string; Contents?: unknown }>;

/** The sandbox, with one weakness of other stores. */
function weak(change: (operation: string, input: Input, send: () => ReturnType<Send>) => ReturnType<Send>) {
  return async (): Promise<AwsSession> => {
    const real = await bucket.session();
    const send = real.s3 as unknown as Send;
    const s3: Send = (command) =>
      change(command.constructor.name.replace(/Command$/, ''), command.input, () => send(command));
    return { ...real, s3: s3 as unknown as AwsSession['s3'] };
  };
}
const probe = (session: () => Promise<AwsSession>): Promise<Removal> =>
  probeStore({
    objects: createObjects({ session, bucket: BUCKET, clock: bucket.clock }),
    bucket: BUCKET,
    prefix: 'probe of a store/',
    clock: bucket.clock,
  });
const without = (member: keyof Input, on: string) =>
  weak((operation, input, send) => {
    if (operation === on) Object.assign(input, { [member]: undefined });
    return send();
  });

afterEach(async () => {
  const objects = createObjects({ ...bucket, bucket: BUCKET });
  expect((await objects.list('', '', 10)).found).toEqual([]);
});

test('the sandbox is fit, and refuses to remove what is not there, as S3 does', async () => {
  expect(await probe(bucket.session)).toBe('remove');
});

test('a store that removes whatever is there is fit with gravestones that stay', async () => {
  expect(await probe(without('IfMatch', 'DeleteObject'))).toBe('bury');
});

test('a store for which nothing is as good as a match is fit with gravestones that go', async () => {
  const session = weak((operation, input, send) =>
    send().catch((thrown: unknown) => {
      const isAbsent = String(thrown).includes('NoSuchKey');
      if (operation === 'DeleteObject' && input.IfMatch !== undefined && isAbsent) return {};
      throw thrown;
    }),
  );
  expect(await probe(session)).toBe('bury-and-remove');
});

test.each<[string, () => Promise<AwsSession>, RegExp]>([
  ['ignores If-None-Match', without('IfNoneMatch', 'PutObject'), /ignores If-None-Match: it wrote over/],
  ['ignores If-Match', without('IfMatch', 'PutObject'), /ignores If-Match: it wrote over an object that had changed/],
  [
    'gives every content one ETag',
    weak(async (operation, _input, send) => ({
      ...(await send()),
      ...(operation === 'PutObject' && { ETag: '"same"' }),
    })),
    /does not list an object that it has just taken, with the ETag|same ETag/,
  ],
  [
    'lists what was there a while ago',
    weak(async (operation, _input, send) => ({
      ...(await send()),
      ...(operation === 'ListObjectsV2' && { Contents: [] }),
    })),
    /does not list an object that it has just taken/,
  ],
  [
    'looks first and writes then',
    weak((operation, input, send) => {
      if (operation === 'PutObject' && input.Body?.includes('"racer":') === true) delete input.IfNoneMatch;
      return send();
    }),
    /let 16 of 16 writes through that were sent at once under the same If-None-Match/,
  ],
])('a store that %s is refused with what was seen', async (_title, session, saw) => {
  const error = await errorOf(probe(session));
  expect(error).toMatchObject({ kind: 'misconfigured', setting: 'operations.bucket' });
  expect(error.detail).toMatch(saw);
});

test('a store that is busy for a while is asked again', async () => {
  let calls = 0;
  const session = weak((_operation, _input, send) => {
    calls += 1;
    bucket.sandbox.faults.clear();
    if (calls % 40 === 3) bucket.sandbox.faults.add({ kind: 'throttle', service: 's3', count: 1 });
    return send();
  });
  expect(await probe(session)).toBe('remove');
  bucket.sandbox.faults.clear();
});

test('objects of others below the prefix, probes of other processes among them, are no records', async () => {
  const objects = createObjects({ ...bucket, bucket: BUCKET });
  const register = createS3Register({ objects, prefix: 'shared/', clock: bucket.clock, removal: 'remove' });
  const foreign = ['shared/probe-1', 'shared/readme.txt', 'shared/a//b!'];
  for (const name of foreign) await objects.write(name, '{"not":"ours"}', { ifAbsent: true });
  const made = await register.put('a', 1, { ifAbsent: true });
  expect((await register.list('')).map(({ key }) => key)).toEqual(['a']);
  await register.delete('a', { ifMatch: made.ok ? made.version : '' });
  for (const name of foreign) await objects.remove(name);
});

test('a record that something else has written over harms its own reading, and says which object it is', async () => {
  const objects = createObjects({ ...bucket, bucket: BUCKET });
  const register = createS3Register({ objects, prefix: 'damaged/', clock: bucket.clock, removal: 'remove' });
  for (const text of ['{"value":1,"non', '{"value":1}', '[]', '{"nonce":"x"}', '']) {
    await objects.write('damaged/a!', text, { ifAbsent: true });
    const error = await errorOf(register.get('a'));
    expect(error).toMatchObject({ kind: 'unforeseen' });
    expect(String('cause' in error && error.cause)).toContain('damaged/a!');
    await objects.remove('damaged/a!');
  }
});
