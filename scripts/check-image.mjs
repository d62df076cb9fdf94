// What can be known of the image without a container engine: the Dockerfile keeps its promises; its build stage works with
// nothing but what .dockerignore lets through; and the one file that goes into the image runs alone, without node_modules.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { hashSync } from 'bcryptjs';
import { inProject, say } from './lib/project.mjs';

const dockerfile = readFileSync(inProject('Dockerfile'), 'utf8').replaceAll('\\\n', ' ');
const instructions = dockerfile
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'));
const lastStage = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));
const argumentsOf = (name) =>
  lastStage.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1).trim());

const bases = instructions.filter((line) => line.startsWith('FROM ')).map((line) => line.split(/\s+/)[1]);
assert.ok(bases.length >= 2, 'the build needs a stage of its own');
for (const base of bases)
  assert.match(base, /^node:24\.\d+\.\d+-[a-z]+-slim(@sha256:[0-9a-f]{64})?$/, 'the base image is pinned and slim');
assert.match(argumentsOf('USER').at(-1) ?? '', /^[1-9]\d*:[1-9]\d*$/, 'the image must not run as root');
assert.deepEqual(argumentsOf('VOLUME'), ['/var/lib/mallard']);
assert.deepEqual(argumentsOf('ENTRYPOINT'), ['["node", "dist/main.js"]']);
assert.ok(!lastStage.some((line) => line.includes('sandbox')), 'the image carries no sandbox');
const healthcheck = JSON.parse(/CMD (\[.*\])$/.exec(argumentsOf('HEALTHCHECK')[0] ?? '')?.[1] ?? 'null');
assert.equal(healthcheck?.[0], 'node', 'the health check needs nothing but node');

const scratch = mkdtempSync(join(tmpdir(), 'mallard-image-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

// The build stage: COPY . . of what .dockerignore lets through.
const context = join(scratch, 'context');
const patterns = readFileSync(inProject('.dockerignore'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
for (const path of patterns.filter((line) => line.startsWith('!')).map((line) => line.slice(1))) {
  mkdirSync(dirname(join(context, path)), { recursive: true });
  cpSync(inProject(path), join(context, path), { recursive: true });
}
for (const path of patterns.filter((line) => !/^[!*]/.test(line)))
  rmSync(join(context, path), { recursive: true, force: true });
assert.ok(!existsSync(join(context, 'src/sandbox')), 'the sandbox does not even reach the build');
symlinkSync(inProject('node_modules'), join(context, 'node_modules'));
const built = join(scratch, 'built');
const buildEnv = { ...process.env, MALLARD_GITHASH: 'image-check', SOURCE_DATE_EPOCH: '1700000000' };
execFileSync(process.execPath, ['scripts/build.mjs', '--no-sandbox', '--outdir', built], {
  cwd: context,
  env: buildEnv,
  stdio: ['ignore', 2, 2],
});

// The last stage: only what is copied from it.
const image = join(scratch, 'image');
mkdirSync(join(image, 'dist'), { recursive: true });
const copied =
  argumentsOf('COPY')
    .join(' ')
    .match(/\/build\/image\/\S+/g) ?? [];
for (const path of copied)
  copyFileSync(
    join(built, path.slice('/build/image/'.length)),
    join(image, 'dist', path.slice('/build/image/'.length)),
  );
assert.ok(
  argumentsOf('COPY').includes('LICENSE ./') && existsSync(join(context, 'LICENSE')),
  'the image carries the licence',
);
const notices = readFileSync(join(image, 'dist/main.js.LEGAL.txt'), 'utf8');
for (const name of ['express', 'ajv', '@aws-sdk/client-s3'])
  assert.match(notices, new RegExp(`^${name} \\d`, 'm'), `the image carries the notice of ${name}`);

// No AWS settings of this shell: the image has none either.
const env = { PATH: process.env['PATH'], HOME: scratch, NODE_ENV: 'production' };
const inImage = (args, more = {}) =>
  spawnSync(process.execPath, ['dist/main.js', ...args], {
    cwd: image,
    env: { ...env, ...more },
    encoding: 'utf8',
    timeout: 30_000,
  });

const version = inImage(['--version']);
assert.equal(version.status, 0, version.stderr);
assert.match(version.stdout, /image-check/);
assert.match(version.stdout, /2023-11-14T22:13:20Z/, 'SOURCE_DATE_EPOCH makes the build reproducible');
say(`image: ${version.stdout.trim()}`);

const sandbox = inImage(['--sandbox', '--listen', '127.0.0.1:0']);
assert.notEqual(sandbox.status, 0, 'an image cannot start a sandbox');
assert.notEqual(sandbox.status, null, 'an image that is asked for a sandbox ends by itself');

const TOKEN = 'image-check-0123456789abcdef';
const config = join(scratch, 'config.json');
writeFileSync(
  config,
  JSON.stringify({
    listenAddress: '127.0.0.1:0',
    org: 'imagecheck',
    token: TOKEN,
    auth: { bcryptTokens: true },
    accounts: { demo: { id: '123456789012', region: 'us-east-1', akid: 'AKIAIMAGECHECK', secret: 'unused' } },
    operations: { store: 'file', path: join(scratch, 'state') },
  }),
);
mkdirSync(join(scratch, 'state'));
const check = inImage(['--check'], { MALLARD_CONFIG: config });
assert.equal(check.status, 0, check.stderr);

const service = spawn(process.execPath, ['dist/main.js'], {
  cwd: image,
  env: { ...env, MALLARD_CONFIG: config },
  stdio: ['ignore', 'pipe', 2],
});
process.once('exit', () => service.kill('SIGKILL'));
const closed = once(service, 'close');
let address;
for await (const line of createInterface({ input: service.stdout })) {
  const entry = JSON.parse(line);
  if (entry.msg === 'listening') {
    address = entry.address;
    break;
  }
}
assert.ok(address !== undefined, 'the service ended before it listened');
service.stdout.resume();
const health = (url) =>
  spawnSync(process.execPath, healthcheck.slice(1), { env: { ...env, MALLARD_HEALTH_URL: url }, timeout: 10_000 })
    .status;
assert.equal(health(`http://${address}/health/ready`), 0, 'the health check passes while the service is ready');
// A hash is compared in a thread, whose code is in the one file. The account is not there: so far only a valid token comes.
const withToken = async (token) =>
  (await fetch(`http://${address}/v1/s3/nowhere/buckets`, { headers: { 'X-Auth-Token': token } })).status;
assert.deepEqual(
  [await withToken(hashSync(TOKEN, 4)), await withToken(hashSync('another', 4))],
  [404, 403],
  'bcrypt hashes are compared',
);
service.kill('SIGTERM');
assert.deepEqual(await closed, [0, null], 'SIGTERM drains and ends with 0');
assert.equal(health(`http://${address}/health/ready`), 1, 'the health check fails when nothing answers');
say('image: runs alone, is healthy, drains');
