import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type Sandbox, startSandbox } from '../../src/sandbox/start';

/**
 * The files of old deployments, as they are, start the program as it is shipped: the first form, the newer one, and the
 * spellings of the accounts of a store that keeps them as resources. Every secret in them is a canary.
 */

const program = join(__dirname, '../../dist/main.js');
const file = (name: string): string => join(__dirname, '../fixtures/old-config', `${name}.json`);
const FORMS = ['accounts', 'accounts-map', 'kebab-case'] as const;
const TOKEN = 'canary-of-the-pre-shared-key';
const EXTERNAL_ID = 'canary-of-the-external-id';

const KEYS = {
  bulldogs: { id: '123456789012', accessKeyId: 'AKIAOLDACCOUNTS00001' },
  research: { id: '210987654321', accessKeyId: 'AKIAOLDACCOUNTS00002' },
  resource: { id: '333333333333', accessKeyId: 'AKIAIOSFODNN7EXAMPLE' },
} as const;

const noEnv = {
  PATH: process.env['PATH'],
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
  NO_PROXY: '127.0.0.1',
};

const checked = async (name: string) =>
  promisify(execFile)(process.execPath, [program, '-config', file(name), '--check'], { env: noEnv });

/** The lines of one account. */
function section(text: string, account: string): string {
  const [, after = ''] = text.split(`\naccount ${account}\n`);
  return (after.split('\n\n', 1)[0] ?? '').replace(/ {2,}/g, ' ');
}

describe('--check says on stdout what it understood', () => {
  test.each(FORMS)('of the form %s, without a secret and without a word on stderr', async (name) => {
    const { stdout, stderr } = await checked(name);
    expect(stderr).toBe('');
    expect(stdout).toContain(`${name}.json is valid: accounts `);
    const text = readFileSync(file(name), 'utf8');
    const canaries = text.match(/canary[\w-]*/g) ?? [];
    expect(canaries.length).toBeGreaterThan(1);
    expect(stdout).not.toContain('canary');
    for (const akid of text.match(/AKIA\w+/g) ?? []) expect(stdout).not.toContain(akid);
  });

  test('accounts with keys, a role, domains, access logs and the cleaner', async () => {
    const { stdout } = await checked('accounts');
    expect(stdout).toMatch(/^listens on {5}every interface, port 8080$/m);
    expect(stdout).toMatch(/^tokens {9}default$/m);
    expect(stdout).toMatch(/^bcrypt tokens {2}refused/m);
    const bulldogs = section(stdout, 'bulldogs');
    for (const line of [
      'id asked of STS at first use',
      'region us-east-1',
      'credentials access key AKIA…0001',
      'role none: the credentials act themselves',
      'bulldogs.cloud: zone Z0OLDBULLDOGSCLOUD, certificate arn:aws:acm:us-east-1:123456789012:certificate/111111111-2222-3333-4444-55555555555, public origin',
      'example.org: zone Z0OLDEXAMPLEORG, certificate found through ACM, public origin',
      'access log foobar-bulldogs-access-logs, below s3/<bucket>/',
      'cleaner every 1200 s, and up to 60 s later',
      'on the bucket 7 actions, on objects s3:* (default)',
    ]) {
      expect(bulldogs).toContain(line);
    }
    expect(section(stdout, 'research')).toContain(
      'role S3ApiProvisioner, sessions of 900 s (default), with an external id',
    );
  });

  test('every name of accountsMap, with its own id and log bucket', async () => {
    const { stdout } = await checked('accounts-map');
    for (const name of ['bulldogs', 'research'] as const) {
      const account = section(stdout, name);
      expect(account).toContain(`id ${KEYS[name].id}`);
      expect(account).toContain(`access log foobar-${name}-access-logs`);
      expect(account).toContain('role S3ApiProvisioner');
      expect(account).toContain('cleaner every 1200 s');
    }
  });

  test('accounts in kebab case: the default chain, AWS by its host, a store by its own; what is ignored is said', async () => {
    const { stdout } = await checked('kebab-case');
    expect(section(stdout, 'my-aws')).toContain("credentials the SDK's default chain");
    expect(section(stdout, 'my-account')).toContain("endpoint the SDK's own");
    const store = section(stdout, 'my-minio');
    expect(store).toContain('endpoint http://127.0.0.1:9000, path style');
    expect(store).toContain('IAM no: an S3-compatible store');
    expect(stdout).toMatch(/^warning: \/accounts\/my-minio\/id: .*ignored/m);
    expect(stdout).toMatch(/^warning: \/accounts\/my-account\/host: .*AWS itself/m);
  });
});

describe('serving', () => {
  let sandbox: Sandbox;
  const started = new Set<ChildProcess>();

  beforeAll(async () => {
    sandbox = await startSandbox({
      accounts: Object.entries(KEYS).map(([name, key]) => ({ ...key, name, secretAccessKey: secretOf(name) })),
    });
    await Promise.all([makeRole('bulldogs'), makeRole('research')]);
    await Promise.all(Object.keys(KEYS).map(makeBucket));
  });
  afterAll(() => sandbox.stop());
  afterEach(async () => {
    for (const child of started) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    started.clear();
  });

  const secretOf = (name: string): string => `canary-of-the-secret-access-key-of-${name}`;

  const settings = (name: string) => {
    const { accessKeyId } = KEYS[name as keyof typeof KEYS];
    return {
      endpoint: sandbox.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: secretOf(name) },
    };
  };

  /** The role that the files name, as an administrator of the account makes it. */
  async function makeRole(name: string): Promise<void> {
    const iam = new IAMClient(settings(name));
    const Principal = { AWS: Object.values(KEYS).map(({ id }) => `arn:aws:iam::${id}:root`) };
    const Condition = { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } };
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:TagSession'], Condition }],
    };
    const all = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const RoleName = 'S3ApiProvisioner';
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument: JSON.stringify(all) }));
    iam.destroy();
  }

  async function makeBucket(name: string): Promise<void> {
    const s3 = new S3Client({ ...settings(name), forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: `bucket-of-${name}` }));
    s3.destroy();
  }

  /** Starts the program on an unchanged file; gives its URL and, when it has ended, what it has logged. */
  async function serve(name: string): Promise<{ readonly url: string; readonly lines: readonly string[] }> {
    const env = {
      ...noEnv,
      AWS_ENDPOINT_URL: sandbox.endpoint,
      AWS_ACCESS_KEY_ID: KEYS.bulldogs.accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretOf('bulldogs'),
    };
    const child = spawn(process.execPath, [program, '-config', file(name), '--listen', '127.0.0.1:0'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    started.add(child);
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      const { msg, address } = JSON.parse(line) as { readonly msg: string; readonly address?: string };
      if (msg === 'listening') return { url: `http://${String(address)}/v1/s3`, lines };
    }
    throw new Error(`${name} does not start: ${lines.join('\n')}`);
  }

  test.each([
    ['accounts', { bulldogs: 'bulldogs', research: 'research' }],
    ['accounts-map', { bulldogs: 'bulldogs', research: 'research', '123456789012': 'bulldogs' }],
    ['kebab-case', { 'my-aws': 'bulldogs', 'my-account': 'resource' }],
  ] as const)('the form %s starts, answers ping, and lists the buckets of %j', async (name, accounts) => {
    const { url, lines } = await serve(name);
    const ping = await fetch(`${url}/ping`);
    expect([ping.status, await ping.text()]).toEqual([200, 'pong']);
    for (const [account, owner] of Object.entries(accounts)) {
      const path = `${url}/${account}/buckets`;
      expect((await fetch(path)).status).toBe(403);
      const listed = await fetch(path, { headers: { 'X-Auth-Token': TOKEN } });
      expect({ account, status: listed.status, buckets: await listed.json() }).toEqual({
        account,
        status: 200,
        buckets: [`bucket-of-${owner}`],
      });
    }
    expect(lines.join('\n')).not.toContain('canary');
  });
});
