import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientKey, type ClientWorld, startClientWorld } from '../support/e2e/client-world';
import { type Ended, runProgram, withProgram } from '../support/e2e/programs';
import { savedConfig } from '../support/served-config';

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

withProgram(
  'aws',
  'aws s3 with a key of BktRWGrp: list, put, get, multipart, delete',
  async (path) => {
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
  },
  PATIENCE_MS,
);

withProgram(
  'aws',
  'aws s3 with a key of BktROGrp: list and get, refused on put, delete and ACL',
  async (path) => {
    const aws = as(path, await at.keyOf('BktROGrp'));
    const url = `s3://${at.bucket}`;
    expect(done(await aws('s3', 'ls', `${url}/docs/`))).toContain('given.txt');
    done(await aws('s3', 'cp', `${url}/docs/given.txt`, join(at.directory, 'given')));
    expect(readFileSync(join(at.directory, 'given'), 'utf8')).toBe('given');
    refused(await aws('s3', 'cp', at.small, `${url}/small.txt`));
    refused(await aws('s3', 'rm', `${url}/docs/given.txt`));
    refused(await aws('s3api', 'put-bucket-tagging', '--bucket', at.bucket, '--tagging', 'TagSet=[]'));
  },
  PATIENCE_MS,
);

withProgram(
  'aws',
  'aws s3 with a key of BktRWGrp is refused on the policy and on IAM',
  async (path) => {
    const aws = as(path, await at.keyOf('BktRWGrp'));
    refused(await aws('s3api', 'get-bucket-policy', '--bucket', at.bucket));
    refused(await aws('iam', 'list-users'));
  },
  PATIENCE_MS,
);

/** The AWS CLI with a configuration as the service hands it out, and nothing else. */
async function configured(
  aws: string,
  path: string,
  key: ClientKey,
): Promise<(...args: readonly string[]) => Promise<Ended>> {
  const AWS_CONFIG_FILE = await savedConfig(at, path, key);
  const env = { AWS_CONFIG_FILE, AWS_EC2_METADATA_DISABLED: 'true', HOME: at.directory };
  const old = needsFlag((await runProgram(aws, ['--version'], env)).stdout);
  const profile = path.split('/')[3] ?? '';
  return (...args) =>
    runProgram(aws, ['--profile', profile, ...(old ? ['--endpoint-url', at.world.target.endpoint] : []), ...args], env);
}

/** Whether this AWS CLI is one of those that read no endpoint from the file, as the file says. */
function needsFlag(version: string): boolean {
  const [major = 0, minor = 0] = (/^aws-cli\/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return major === 1 ? minor < 29 : minor < 13;
}

withProgram(
  'aws',
  'aws s3 with the served configuration: list, put, get, presign',
  async (path) => {
    const holder = `/demo/buckets/${at.bucket}`;
    const { user, key } = await at.userOf(holder, { Groups: ['BktRWGrp'] });
    const aws = await configured(path, `${holder}/clients/aws?user=${user}`, key);
    const url = `s3://${at.bucket}`;
    expect(done(await aws('s3', 'ls', `${url}/docs/`))).toContain('given.txt');
    done(await aws('s3', 'cp', at.small, `${url}/served/small.txt`));
    expect(done(await aws('s3', 'cp', `${url}/served/small.txt`, '-'))).toBe('small');
    const presigned = await fetch(done(await aws('s3', 'presign', `${url}/served/small.txt`)).trim());
    expect([presigned.status, await presigned.text()]).toEqual([200, 'small']);
  },
  PATIENCE_MS,
);

withProgram(
  'aws',
  'aws s3 with the configuration of a user of one folder: what the file says to type works, the rest is refused',
  async (path) => {
    const holder = `/demo/websites/${await at.site()}`;
    const { user, key } = await at.userOf(holder, { Path: '/docs/' });
    const aws = await configured(path, `${holder}/clients/aws?user=${user}`, key);
    const { text } = await at.world.api('GET', `${holder}/clients/aws?user=${user}`);
    const start = /s3 ls (\S+)/.exec(text)?.[1] ?? '';
    expect(start).toBe(`s3://${holder.split('/')[3] ?? ''}/docs/`);
    expect(done(await aws('s3', 'ls', start))).toContain('given.txt');
    done(await aws('s3', 'cp', at.small, `${start}small.txt`));
    refused(await aws('s3', 'ls', start.replace('docs/', '')));
    refused(await aws('s3', 'cp', at.small, start.replace('docs/', 'beside/small.txt')));
  },
  PATIENCE_MS,
);
