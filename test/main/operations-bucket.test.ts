import { endless, file, plain, start, type TestProcess } from '../support/program';
import { BUCKET, startTestBucket, type TestBucket } from '../operations/s3-bucket';
import { ACCOUNT } from '../support/sandbox/start';

/** What the program does with a bucket that operations are to be kept in. */

let bucket: TestBucket;
beforeAll(async () => {
  bucket = await startTestBucket();
});
afterAll(() => bucket.stop());

const operations = { store: 's3', account: 'demo', bucket: BUCKET, prefix: 'ops/' };

function startWith(name: string, more: object, clock = endless, ofAccount: object = {}): TestProcess {
  const { id, accessKeyId: akid, secretAccessKey: secret } = ACCOUNT;
  const demo = { region: 'us-east-1', id, akid, secret, endpoint: bucket.sandbox.endpoint, ...ofAccount };
  const config = { ...plain, accounts: { demo }, operations: { ...operations, ...more } };
  return start(['--config', file(name, config)], {}, { clock });
}

test('the sandbox has the bucket, and the program serves', async () => {
  const config = file('sandbox.json', { ...plain, operations });
  const program = start(['--sandbox', '--listen', '127.0.0.1:0', '--config', config]);
  expect(await program.code).toBeUndefined();
});

test('two programs can have one bucket', async () => {
  const programs = ['one.json', 'two.json'].map((name) => startWith(name, {}));
  expect(await Promise.all(programs.map(({ code }) => code))).toEqual([undefined, undefined]);
});

test('the bucket is named as S3 has it, whatever namespace the account has its own ones in', async () => {
  const program = startWith('own-namespace.json', {}, endless, { bucketNamespace: 'account-regional' });
  expect(await program.code).toBeUndefined();
});

test('a bucket that is not there ends the program with 78 and what to do', async () => {
  const program = startWith('absent.json', { bucket: 'nowhere-to-be-found' });
  expect(await program.code).toBe(78);
  expect(program.stderr()).toContain(
    'The bucket nowhere-to-be-found, which is to keep operations, does not exist: make it',
  );
});

test('a bucket that may not be used ends the program with 78 and the actions it needs', async () => {
  bucket.sandbox.faults.add({ kind: 'refuse', service: 's3', operation: 'PutObject' });
  const program = startWith('denied.json', {});
  expect(await program.code).toBe(78);
  bucket.sandbox.faults.clear();
  expect(program.stderr()).toMatch(/may not be used.*AccessDenied.*s3:ListBucket/);
});

test('a store that cannot be reached ends the program with 69', async () => {
  bucket.sandbox.faults.add({ kind: 'refuse', service: 's3', status: 400, code: 'ServiceUnavailable' });
  const program = startWith('down.json', {}, { ...endless, sleep: () => Promise.resolve() });
  expect(await program.code).toBe(69);
  bucket.sandbox.faults.clear();
});
