import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readConfig } from '../../src/config/load';

/**
 * Files as old deployments have them: what the predecessor's program, which is written in Go, takes for the same, and what
 * its older files lack. Each starts as it is, or `--check` names the lines to change as docs/migrating.md does.
 */

const folder = join(__dirname, '../fixtures/old-config/deployments');
const program = join(__dirname, '../../dist/main.js');
const migrating = readFileSync(join(__dirname, '../../docs/migrating.md'), 'utf8');
const env = { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' };

interface Checked {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the program as it is shipped says of a file. */
async function check(name: string): Promise<Checked> {
  try {
    const run = promisify(execFile)(process.execPath, [program, '-config', join(folder, name), '--check'], { env });
    return { code: 0, ...(await run) };
  } catch (thrown) {
    return thrown as Checked;
  }
}

const ZONE = '/accounts/pitching/domains/sandlot.example.org';
const NO_ORG = '/org: found nothing';

/** By file: the lines of `--check`'s output that matter, each account's among them; or what is refused, and the change that helps. */
const STARTS: Readonly<Record<string, readonly string[]>> = {
  '1-unset-strings.json': [
    'listens on every interface, port 8080',
    'log level info',
    "credentials the SDK's default chain",
    'role none: the credentials act themselves',
    "endpoint the SDK's own",
    'zone Z0SANDLOT, certificate found through ACM',
    'access log off',
    "warning: /accounts/pitching/akid: an empty string counts as absent: without keys the SDK's default chain is asked",
  ],
  '2-null-lists.json': [
    'domains none: no websites',
    'cleaner off',
    'on objects s3:* (default)',
    'warning: /accounts/pitching/defaultS3ObjectActions: null counts as absent: the default list is taken',
  ],
  '3-go-durations.json': ['cleaner every 5400 s, and up to 1 s later', 'cleaner every 9900 s, and up to 0 s later'],
  '4-log-level.json': [
    'log level warn',
    'id 123456789012',
    'id 210987654321',
    'role BallparkProvisioner, sessions of 900 s (default), with an external id',
    'cleaner every 1200 s, and up to 0 s later',
  ],
};

type Change = readonly [from: string, to: string];
const ADD_ORG: Change = ['{', '{ "org": "sandlot",'];

const REFUSED: Readonly<Record<string, { readonly said: readonly string[]; readonly changes: readonly Change[] }>> = {
  '5-no-org.json': { said: [NO_ORG], changes: [ADD_ORG] },
  '6-no-org-many-accounts.json': { said: [NO_ORG], changes: [ADD_ORG] },
  '7-no-org-no-zone.json': {
    said: [NO_ORG, `${ZONE}/hostedZoneID: found nothing`],
    changes: [ADD_ORG, ['"certArn":', '"hostedZoneID": "Z0SANDLOT", "certArn":']],
  },
  '8-no-org-other-case.json': {
    said: [
      NO_ORG,
      '/ListenAddress: found the unknown key "ListenAddress"; allowed: "listenAddress" is the nearest',
      '/accounts/pitching/externalID: found the unknown key "externalID"; allowed: "externalId" is the nearest',
      `${ZONE}/hostedZoneID: found nothing`,
      `${ZONE}/hostedZoneId: found the unknown key "hostedZoneId"; allowed: "hostedZoneID" is the nearest`,
    ],
    changes: [
      ADD_ORG,
      ['ListenAddress', 'listenAddress'],
      ['externalID', 'externalId'],
      ['hostedZoneId', 'hostedZoneID'],
    ],
  },
  '9-no-org-everything.json': { said: [NO_ORG], changes: [ADD_ORG] },
};

test('the table has every file', () => {
  expect([...Object.keys(STARTS), ...Object.keys(REFUSED)].sort()).toEqual(readdirSync(folder).sort());
});

test.each(Object.entries(STARTS))('%s starts as it is', async (name, lines) => {
  const { code, stdout, stderr } = await check(name);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const said = stdout.replace(/ {2,}/g, ' ');
  for (const line of lines) expect(said).toContain(line);
  expect(stdout).not.toContain('canary');
});

test.each(Object.entries(REFUSED))(
  '%s is told which lines to change, and starts then',
  async (name, { said, changes }) => {
    const { code, stdout, stderr } = await check(name);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    const lines = stderr
      .split('\n')
      .flatMap((line) => /^ {2}(.*?)(; known here are .*|; allowed: [^"].*)?$/.exec(line)?.[1] ?? []);
    expect(lines).toEqual(said);
    expect(stderr).not.toContain('canary');

    const text = changes.reduce((file, [from, to]) => file.replace(from, to), readFileSync(join(folder, name), 'utf8'));
    expect(readConfig({ text, env: {} })).toMatchObject({ ok: true });
  },
);

test('docs/migrating.md names every line that is to be changed', () => {
  const documented = [...new Set(Object.values(REFUSED).flatMap(({ said }) => said))]
    .map((line) => line.replace(ZONE, '/accounts/NAME/domains/DOMAIN'))
    // One stands for all keys in another case.
    .filter((line) => !line.includes('unknown key') || line.includes('hostedZoneId'))
    .map((line) => line.replace(/^.*(?=found the unknown key)/, ''));
  expect(documented).toHaveLength(3);
  for (const line of documented) expect(migrating).toContain(`| \`${line}\``);
});
