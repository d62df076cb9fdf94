import plist from 'plist';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type IssuedKey, type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { LOG_BUCKET } from '../support/e2e/world';

const TOOLS = ['rclone', 'aws', 's3cmd', 'mc', 'winscp', 'env', 'authentik'] as const;
/** Bookmarks are asked for like the other files. */
const FILES = ['duck', ...TOOLS.map((tool) => `clients/${tool}`)] as const;

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

async function newBucket(): Promise<string> {
  const bucket = world.name('clients');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  return `/demo/buckets/${bucket}`;
}

async function newSite(): Promise<string> {
  const site = world.site('clients');
  expect((await world.create(site)).status).toBe(202);
  return `/demo/websites/${site}`;
}

interface Made {
  readonly user: string;
  readonly key: IssuedKey;
}

async function newUser(
  holder: string,
  more: { readonly Path?: string; readonly Groups?: readonly string[] } = {},
): Promise<Made> {
  const user = world.name('user');
  const { Path, Groups } = more;
  const body = {
    User: { UserName: user, ...(Path !== undefined && { Path }) },
    ...(Groups !== undefined && { Groups }),
  };
  const made = await world.api<{ readonly AccessKey: IssuedKey }>('POST', `${holder}/users`, body);
  expect(made.status).toBe(200);
  return { user, key: made.body.AccessKey };
}

const nameOf = (holder: string): string => holder.split('/').at(-1) ?? '';
const duckOf = async (path: string) =>
  plist.parse((await world.api('GET', path)).text) as Readonly<Record<string, unknown>>;

describe.each([
  ['a bucket', newBucket],
  ['a website', newSite],
])('of %s', (_, make) => {
  skippable('every file has the key id of the user who is asked for, and no secret', async () => {
    const holder = await make();
    const { user, key } = await newUser(holder);
    for (const file of FILES) {
      const { status, text } = await world.api('GET', `${holder}/${file}?user=${user}`);
      expect({ file, status }).toEqual({ file, status: 200 });
      expect(text).toContain(nameOf(holder));
      expect(text).toContain(key.AccessKeyId);
      expect(text).not.toContain(key.SecretAccessKey);
    }
  });

  skippable('every file is 404 without it, after it, and for a user of another', async () => {
    const [holder, other] = [await make(), await make()];
    const { user } = await newUser(other);
    for (const file of FILES) {
      expect((await world.api('GET', `${holder}x/${file}`)).status).toBe(404);
      expect((await world.api('GET', `${holder}/${file}?user=${user}`)).status).toBe(404);
      expect((await world.api('GET', `${holder}/${file}`)).status).toBe(200);
    }
    expect((await world.api('DELETE', holder)).status).toBe(200);
    for (const file of FILES) expect((await world.api('GET', `${holder}/${file}`)).status).toBe(404);
  });
});

skippable('a bucket that serves no website is none', async () => {
  const bucket = world.site('plain');
  expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
  for (const file of FILES) {
    expect((await world.api('GET', `/demo/buckets/${bucket}/${file}`)).status).toBe(200);
    expect((await world.api('GET', `/demo/websites/${bucket}/${file}`)).status).toBe(404);
  }
});

skippable('the service’s own stores are 404', async () => {
  for (const file of FILES) expect((await world.api('GET', `/demo/buckets/${LOG_BUCKET}/${file}`)).status).toBe(404);
});

skippable(
  'a file without a user costs a call in thirty seconds',
  async () => {
    const holder = await newBucket();
    const calls = world.target.sandbox?.calls;
    calls?.clear();
    for (const file of FILES) await world.api('GET', `${holder}/${file}`);
    expect(calls?.all().map(({ operation }) => operation)).toEqual(['HeadBucket']);
  },
  { more: SANDBOX_ONLY.calls },
);

describe('the bookmark', () => {
  skippable('of a website names the site, the account’s own store, and how to speak to it', async () => {
    const holder = await newSite();
    const { hostname, port } = new URL(world.target.endpoint);
    expect(await duckOf(`${holder}/duck`)).toMatchObject({
      Protocol: 's3',
      Provider: 'iterate GmbH',
      Nickname: nameOf(holder),
      Hostname: hostname,
      Port: port,
      Path: `/${nameOf(holder)}`,
      'Web URL': `https://${nameOf(holder)}`,
      Custom: { 's3.bucket.virtualhost.disable': 'true' },
    });
  });

  skippable('has no Username for a user whose keys are gone', async () => {
    const holder = await newBucket();
    const { user, key } = await newUser(holder);
    expect(await duckOf(`${holder}/duck?user=${user}`)).toHaveProperty('Username', key.AccessKeyId);
    expect((await world.api('DELETE', `${holder}/users/${user}/keys`)).status).toBe(200);
    expect(await duckOf(`${holder}/duck?user=${user}`)).not.toHaveProperty('Username');
    expect((await world.api('GET', `${holder}/clients/env?user=${user}`)).text).toContain(
      'AWS_ACCESS_KEY_ID=REPLACE_WITH_ACCESS_KEY_ID\n',
    );
  });
});

describe('a user of one folder', () => {
  skippable('starts there, and cannot be sent elsewhere', async () => {
    const holder = await newSite();
    const { user } = await newUser(holder, { Path: '/docs/api/' });
    const path = `/${nameOf(holder)}/docs/api`;
    expect(await duckOf(`${holder}/duck?user=${user}`)).toMatchObject({ Path: path, Nickname: path.slice(1) });
    expect(await duckOf(`${holder}/duck?user=${user}&path=docs/api/v1/`)).toMatchObject({ Path: `${path}/v1` });
    for (const outside of ['docs', 'docs/apis', 'other']) {
      const { status, body } = await world.api('GET', `${holder}/duck?user=${user}&path=${outside}`);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('docs/api and folders in it') },
      });
    }
    const said = {
      rclone: `-s3:${path.slice(1)}\n`,
      aws: `s3:/${path}/`,
      s3cmd: `s3:/${path}/`,
      mc: `NAME${path}/`,
      winscp: `RemoteDirectory=${path}\r\n`,
      env: 'S3_PREFIX=docs/api/\n',
    };
    for (const [tool, text] of Object.entries(said)) {
      expect((await world.api('GET', `${holder}/clients/${tool}?user=${user}`)).text).toContain(text);
    }
    const { status, body } = await world.api('GET', `${holder}/clients/authentik?user=${user}`);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('whole of its bucket') },
    });
  });

  skippable('who may use the whole as well starts at the top', async () => {
    const holder = await newSite();
    const { user } = await newUser(holder, { Groups: ['BktROGrp'] });
    expect(await duckOf(`${holder}/duck?user=${user}`)).toMatchObject({ Path: `/${nameOf(holder)}` });
  });
});

describe('rclone’s ACL', () => {
  skippable('is there for admins, who may set it, and for nobody else', async () => {
    const holder = await newBucket();
    const acl = 'acl = bucket-owner-full-control';
    for (const [Groups, expected] of [
      [['BktAdmGrp'], true],
      [['BktRWGrp'], false],
      [['BktROGrp'], false],
    ] as const) {
      const { user } = await newUser(holder, { Groups });
      expect((await world.api('GET', `${holder}/clients/rclone?user=${user}`)).text.includes(acl)).toBe(expected);
    }
  });
});

describe('a folder', () => {
  const hostile = ['..', 'a/../b', './a', 'a//b', '\u0085', '\u2028', '\uffff'];
  skippable('that is none is 400', async () => {
    const holder = await newBucket();
    for (const file of FILES) {
      for (const path of hostile) {
        expect((await world.api('GET', `${holder}/${file}?path=${encodeURIComponent(path)}`)).status).toBe(400);
      }
    }
  });

  skippable('that a tool cannot hold is 400 saying so', async () => {
    const holder = await newBucket();
    for (const [tool, path] of [
      ['rclone', 'a%(type)s'],
      ['rclone', 'a '],
      ['env', "it's"],
      ['authentik', 'docs'],
    ] as const) {
      const { status, body } = await world.api('GET', `${holder}/clients/${tool}?path=${encodeURIComponent(path)}`);
      expect({ status, body }).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('cannot start in') },
      });
    }
  });
});

describe('an account without IAM', () => {
  let plain: SiteWorld;
  beforeAll(async () => {
    plain = await startSiteWorld({ demo: { iam: false, region: 'eu-west-1', accessLog: undefined } });
  });
  afterAll(() => plain.stop());

  skippable('has files for buckets, without users and websites', async () => {
    const bucket = plain.name('clients');
    const made = await plain.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } });
    expect({ status: made.status, text: made.text }).toMatchObject({ status: 202 });
    for (const file of FILES) {
      expect({ file, status: (await plain.api('GET', `/demo/buckets/${bucket}/${file}`)).status }).toEqual({
        file,
        status: 200,
      });
      expect((await plain.api('GET', `/demo/buckets/${bucket}/${file}?user=ada`)).status).toBe(501);
      expect((await plain.api('GET', `/demo/websites/${plain.site('x')}/${file}`)).status).toBe(501);
    }
    const { text } = await plain.api('GET', `/demo/buckets/${bucket}/clients/rclone`);
    expect(text).toContain('region = eu-west-1\n');
    expect(text).not.toContain('acl =');
  });
});
