import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startClientWorld } from '../support/e2e-client-world';
import type { ClientKey, ClientWorld } from '../support/e2e-client-world';
import { runProgram, withProgram } from '../support/e2e-programs';
import type { Ended } from '../support/e2e-programs';

/** The AWS CLI starts in seconds, not in milliseconds. */
const PATIENCE_MS = 180_000;

let at: ClientWorld;
beforeAll(async () => {
  at = await startClientWorld();
});
afterAll(() => at.stop());

const as =
  (aws: string, key: ClientKey) =>
  (...args: readonly string[]): Promise<Ended> =>
    runProgram(aws, ['--endpoint-url', at.world.target.endpoint, '--region', 'us-east-1', ...args], {
      AWS_ACCESS_KEY_ID: key.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: key.SecretAccessKey,
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: at.directory,
    });

const done = (ended: Ended): string => {
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended.stdout;
};
const refused = (ended: Ended): void => {
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/AccessDenied|Forbidden/);
};

withProgram('aws', 'aws s3 with a key of BktRWGrp: list, put, get, multipart, delete', async (path) => {
  const aws = as(path, await at.keyOf('BktRWGrp'));
  const url = `s3://${at.bucket}`;
  expect(done(await aws('s3', 'ls', `${url}/docs/`))).toContain('given.txt');
  done(await aws('s3', 'cp', at.small, `${url}/small.txt`));
  const back = join(at.directory, 'back');
  done(await aws('s3', 'cp', `${url}/small.txt`, back));
  expect(readFileSync(back, 'utf8')).toBe('small');
  at.world.target.sandbox?.calls.clear();
  done(await aws('s3', 'cp', at.big, `${url}/big.bin`));
  expect(at.world.target.sandbox?.calls.all().map(({ operation }) => operation)).toContain('CompleteMultipartUpload');
  done(await aws('s3', 'cp', `${url}/big.bin`, back));
  expect(readFileSync(back).equals(at.bigBytes)).toBe(true);
  done(await aws('s3', 'rm', `${url}/small.txt`));
  expect(done(await aws('s3', 'ls', `${url}/`))).not.toContain('small.txt');
}, PATIENCE_MS);

withProgram('aws', 'aws s3 with a key of BktROGrp: list and get, refused on put, delete and ACL', async (path) => {
  const aws = as(path, await at.keyOf('BktROGrp'));
  const url = `s3://${at.bucket}`;
  expect(done(await aws('s3', 'ls', `${url}/docs/`))).toContain('given.txt');
  done(await aws('s3', 'cp', `${url}/docs/given.txt`, join(at.directory, 'given')));
  expect(readFileSync(join(at.directory, 'given'), 'utf8')).toBe('given');
  refused(await aws('s3', 'cp', at.small, `${url}/small.txt`));
  refused(await aws('s3', 'rm', `${url}/docs/given.txt`));
  refused(await aws('s3api', 'put-bucket-tagging', '--bucket', at.bucket, '--tagging', 'TagSet=[]'));
}, PATIENCE_MS);

withProgram('aws', 'aws s3 with a key of BktRWGrp is refused on the policy and on IAM', async (path) => {
  const aws = as(path, await at.keyOf('BktRWGrp'));
  refused(await aws('s3api', 'get-bucket-policy', '--bucket', at.bucket));
  refused(await aws('iam', 'list-users'));
}, PATIENCE_MS);
