import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { rcloneFile } from '../../src/domain/client/rules/rclone';
import { anyFolder, settings } from '../domain/client/rules/settings';
import { type ClientKey, type ClientWorld, startClientWorld } from '../support/e2e/client-world';
import { type Ended, runProgram, withProgram } from '../support/e2e/programs';
import { savedConfig } from '../support/served-config';

const PATIENCE_MS = 120_000;

let at: ClientWorld;
beforeAll(async () => {
  at = await startClientWorld();
});
afterAll(() => at.stop());

const as =
  (rclone: string, key: ClientKey) =>
  (...args: readonly string[]): Promise<Ended> =>
    runProgram(
      rclone,
      [
        ...args,
        '--config',
        join(at.directory, 'rclone.conf'),
        '--retries',
        '1',
        '--low-level-retries',
        '1',
        '--s3-no-check-bucket',
      ],
      {
        RCLONE_CONFIG_BOX_TYPE: 's3',
        RCLONE_CONFIG_BOX_PROVIDER: 'Other',
        // rclone 1.60 sends an ACL with every object and takes none for `private`, which a bucket without ACLs refuses
        // (https://github.com/rclone/rclone/issues/5730, 6413); this one every bucket accepts, from keys that may set ACLs.
        RCLONE_CONFIG_BOX_ACL: 'bucket-owner-full-control',
        RCLONE_CONFIG_BOX_ENDPOINT: at.world.target.endpoint,
        RCLONE_CONFIG_BOX_REGION: 'us-east-1',
        RCLONE_CONFIG_BOX_FORCE_PATH_STYLE: 'true',
        RCLONE_CONFIG_BOX_ACCESS_KEY_ID: key.AccessKeyId,
        RCLONE_CONFIG_BOX_SECRET_ACCESS_KEY: key.SecretAccessKey,
        HOME: at.directory,
      },
    );

const done = (ended: Ended): string => {
  expect({ code: ended.code, stderr: ended.code === 0 ? '' : ended.stderr }).toEqual({ code: 0, stderr: '' });
  return ended.stdout;
};
const refused = (ended: Ended): void => {
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toMatch(/AccessDenied|Forbidden|403/);
};

withProgram(
  'rclone',
  'rclone with a key as POST users gives it: list, put, get, multipart, delete',
  async (path) => {
    const rclone = as(path, await at.keyOf('BktAdmGrp'));
    const remote = `box:${at.bucket}`;
    expect(done(await rclone('lsf', '-R', remote))).toContain('docs/given.txt');
    done(await rclone('copyto', at.small, `${remote}/small.txt`));
    expect(done(await rclone('cat', `${remote}/small.txt`))).toBe('small');
    at.world.target.sandbox?.calls.clear();
    done(await rclone('copyto', at.big, `${remote}/big.bin`, '--s3-upload-cutoff', '5Mi', '--s3-chunk-size', '5Mi'));
    expect(at.world.target.sandbox?.calls.all().map(({ operation }) => operation)).toContain('CompleteMultipartUpload');
    const back = join(at.directory, 'back');
    done(await rclone('copyto', `${remote}/big.bin`, back));
    expect(readFileSync(back).equals(at.bigBytes)).toBe(true);
    done(await rclone('deletefile', `${remote}/small.txt`));
    expect(done(await rclone('lsf', '-R', remote))).not.toContain('small.txt');
  },
  PATIENCE_MS,
);

withProgram(
  'rclone',
  'rclone with a key of BktROGrp: list and get, refused on put and delete',
  async (path) => {
    const rclone = as(path, await at.keyOf('BktROGrp'));
    const remote = `box:${at.bucket}`;
    expect(done(await rclone('lsf', '-R', remote))).toContain('docs/given.txt');
    expect(done(await rclone('cat', `${remote}/docs/given.txt`))).toBe('given');
    refused(await rclone('copyto', at.small, `${remote}/small.txt`));
    refused(await rclone('deletefile', `${remote}/docs/given.txt`));
    expect(done(await rclone('cat', `${remote}/docs/given.txt`))).toBe('given');
  },
  PATIENCE_MS,
);

/** rclone with a configuration as the service hands it out, and nothing else. */
async function configured(
  rclone: string,
  path: string,
  key: ClientKey,
): Promise<(...args: readonly string[]) => Promise<Ended>> {
  const config = await savedConfig(at, path, key);
  return (...args) =>
    runProgram(rclone, [...args, '--config', config, '--retries', '1', '--low-level-retries', '1'], {
      HOME: at.directory,
    });
}

withProgram(
  'rclone',
  'rclone with the served configuration: list, put, get from the bucket’s own name',
  async (path) => {
    const holder = `/demo/buckets/${at.bucket}`;
    const { user, key } = await at.userOf(holder);
    for (const query of [`?user=${user}`, '']) {
      const rclone = await configured(path, `${holder}/clients/rclone${query}`, key);
      expect(done(await rclone('lsf', '-R', `${at.bucket}:`))).toContain('docs/given.txt');
      done(await rclone('copyto', at.small, `${at.bucket}:served/small.txt`));
      expect(done(await rclone('cat', `${at.bucket}:served/small.txt`))).toBe('small');
    }
  },
  PATIENCE_MS,
);

withProgram(
  'rclone',
  'rclone with the configuration of a user of one folder starts there',
  async (path) => {
    const site = await at.site();
    const holder = `/demo/websites/${site}`;
    const { user, key } = await at.userOf(holder, { Path: '/docs/', Groups: ['BktROGrp'] });
    const rclone = await configured(path, `${holder}/clients/rclone?user=${user}`, key);
    expect(
      done(await rclone('lsf', `${site}:`))
        .split('\n')
        .sort(),
    ).toEqual(['', 'given.txt', 'index.html']);
    expect(done(await rclone('cat', `${site}:given.txt`))).toBe('given');
    refused(await rclone('lsf', `${site}-s3:${site}`));
  },
  PATIENCE_MS,
);

withProgram(
  'rclone',
  'rclone reads every folder that its file is given as it was',
  async (path) => {
    const folders = fc.sample(anyFolder, { numRuns: 300, seed: 5 });
    const held = folders.flatMap((folder, n) => {
      try {
        return [{ folder, bucket: `b${n}`, text: rcloneFile(settings({ folder, bucket: `b${n}` })).text }];
      } catch {
        return [];
      }
    });
    expect(held.length).toBeGreaterThan(250);
    const config = join(at.directory, 'folders.conf');
    writeFileSync(config, held.map(({ text }) => text).join('\n'));
    const dump = JSON.parse(
      done(await runProgram(path, ['config', 'dump', '--config', config], { HOME: at.directory })),
    ) as Readonly<Record<string, { readonly remote: string }>>;
    expect(held.map(({ bucket }) => dump[bucket]?.remote)).toEqual(
      held.map(({ bucket, folder }) => `${bucket}-s3:${bucket}/${folder}`),
    );
  },
  PATIENCE_MS,
);
