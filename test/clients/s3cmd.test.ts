import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientKey, type ClientWorld, startClientWorld } from '../support/e2e/client-world';
import { type Ended, runProgram, withProgram } from '../support/e2e/programs';
import { savedConfig } from '../support/served-config';

const PATIENCE_MS = 120_000;

let at: ClientWorld;
beforeAll(async () => {
  at = await startClientWorld();
});
afterAll(() => at.stop());

/** s3cmd with a configuration as the service hands it out, and nothing else. */
async function configured(
  s3cmd: string,
  path: string,
  key: ClientKey,
): Promise<(...args: readonly string[]) => Promise<Ended>> {
  const config = await savedConfig(at, path, key);
  return (...args) => runProgram(s3cmd, ['--config', config, '--no-progress', ...args], { HOME: at.directory });
}

const done = (ended: Ended): string => {
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended.stdout;
};
const refused = (ended: Ended): void => {
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/AccessDenied|Access Denied|403/);
};

withProgram(
  's3cmd',
  's3cmd with the served configuration: list, put, get, multipart, delete',
  async (path) => {
    const holder = `/demo/buckets/${at.bucket}`;
    const { user, key } = await at.userOf(holder, { Groups: ['BktRWGrp'] });
    const s3cmd = await configured(path, `${holder}/clients/s3cmd?user=${user}`, key);
    const url = `s3://${at.bucket}`;
    expect(done(await s3cmd('ls', `${url}/docs/`))).toContain('given.txt');
    done(await s3cmd('put', at.small, `${url}/small.txt`));
    const back = join(at.directory, 'back');
    done(await s3cmd('get', '--force', `${url}/small.txt`, back));
    expect(readFileSync(back, 'utf8')).toBe('small');
    at.world.target.sandbox?.calls.clear();
    done(await s3cmd('put', at.big, `${url}/big.bin`));
    expect(at.world.target.sandbox?.calls.all().map(({ operation }) => operation)).toContain('CompleteMultipartUpload');
    done(await s3cmd('get', '--force', `${url}/big.bin`, back));
    expect(readFileSync(back).equals(at.bigBytes)).toBe(true);
    done(await s3cmd('del', `${url}/small.txt`));
    expect(done(await s3cmd('ls', `${url}/`))).not.toContain('small.txt');
  },
  PATIENCE_MS,
);

withProgram(
  's3cmd',
  's3cmd with a key of BktROGrp is refused on put',
  async (path) => {
    const holder = `/demo/buckets/${at.bucket}`;
    const { user, key } = await at.userOf(holder, { Groups: ['BktROGrp'] });
    const s3cmd = await configured(path, `${holder}/clients/s3cmd?user=${user}`, key);
    expect(done(await s3cmd('ls', `s3://${at.bucket}/docs/`))).toContain('given.txt');
    refused(await s3cmd('put', at.small, `s3://${at.bucket}/small.txt`));
  },
  PATIENCE_MS,
);

withProgram(
  's3cmd',
  's3cmd with the configuration of a user of one folder: what the file says to type works, the rest is refused',
  async (path) => {
    const site = await at.site();
    const holder = `/demo/websites/${site}`;
    const { user, key } = await at.userOf(holder, { Path: '/docs/' });
    const s3cmd = await configured(path, `${holder}/clients/s3cmd?user=${user}`, key);
    const { text } = await at.world.api('GET', `${holder}/clients/s3cmd?user=${user}`);
    const start = /s3cmd ls (\S+)/.exec(text)?.[1] ?? '';
    expect(start).toBe(`s3://${site}/docs/`);
    expect(done(await s3cmd('ls', start))).toContain('given.txt');
    done(await s3cmd('put', at.small, `${start}small.txt`));
    refused(await s3cmd('ls', `s3://${site}/`));
  },
  PATIENCE_MS,
);
