// Clients generated from openapi.yaml, as their users use them, against npm start: set one member of a bucket and all others
// stay; make a user and hold its secret. Needs Python 3 with venv, Java and Maven; fetches the rest into .generated.
//   node scripts/generated.mjs [java|python …]       ends with 0 when everything is as it should be
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CLIENTS, installGenerator } from './lib/generated-clients.mjs';
import { root, say } from './lib/project.mjs';

// Installing and building may come first.
const START_DEADLINE_MS = 180_000;
const ALL = 'cors,versioning,lifecycle,policy,publicAccess,encryption';

const cors = (origin) => ({ CORSRules: [{ AllowedOrigins: [origin], AllowedMethods: ['GET'] }] });
const policy = (bucket, Action) => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Principal: { AWS: 'arn:aws:iam::210987654321:root' },
      Action,
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
  ],
});

/** A bucket as the programs make it, in short. */
const asMade = (name) => ({
  owner: 'ada',
  CORS: cors('https://a.example'),
  Versioning: null,
  lifecycle: 'glacier',
  PublicAccessBlock: {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  },
  BucketPolicy: policy(name, 's3:DeleteObject'),
});

/** What an update that sets one member changes of it. */
const CHANGES = {
  tags: () => ({ owner: 'bob' }),
  cors: () => ({ CORS: cors('https://b.example') }),
  versioning: () => ({ Versioning: { Status: 'Enabled' } }),
  lifecycle: () => ({ lifecycle: 'expire-30' }),
  publicaccessblock: () => ({}),
  bucketpolicy: (name) => ({ BucketPolicy: policy(name, 's3:DeleteObjectVersion') }),
  remove: () => ({ CORS: null }),
};

const inShort = ({
  Tags = [],
  CORS = null,
  Versioning = null,
  Lifecycle = null,
  PublicAccessBlock = null,
  BucketPolicy = null,
}) => ({
  owner: Tags.find(({ Key }) => Key === 'Owner')?.Value,
  CORS,
  Versioning,
  lifecycle: Lifecycle?.Name,
  PublicAccessBlock,
  BucketPolicy,
});

const wrong = [];
let right = 0;
function check(what, found, expected) {
  if (isDeepStrictEqual(found, expected)) return void right++;
  wrong.push(what);
  say(`generated: ${what}\n  expected ${JSON.stringify(expected)}\n  found    ${JSON.stringify(found)}`);
}

/** npm start, with a token of ours. */
async function startService() {
  const token = randomBytes(32).toString('hex');
  const child = spawn('npm', ['start', '--', '--listen', '127.0.0.1:0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MALLARD_SANDBOX_TOKEN: token },
  });
  process.once('exit', () => child.kill('SIGTERM'));
  const closed = once(child, 'close');
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const logged = (pattern) => pattern.exec(stdout)?.[1];
  const deadline = Date.now() + START_DEADLINE_MS;
  while (logged(/"address":"([^"]+)".*"msg":"listening"/) === undefined) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`npm start did not come up: ${stderr}`);
    await pause(50);
  }
  return {
    token,
    address: `http://${logged(/"address":"([^"]+)".*"msg":"listening"/)}`,
    endpoint: logged(/"endpoint":"([^"]+)"/),
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** The lines a client's program printed; undefined when it failed, which says enough. */
async function tellingsOf(client, { address, token }) {
  const { command, args, env = process.env } = client.command(address, token);
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 2] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  const [code] = await once(child, 'close');
  check(`the program of ${client.name} comes to its end`, code, 0);
  return code === 0
    ? stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : undefined;
}

async function judge(client, service) {
  const ask = async (path) =>
    (await fetch(`${service.address}/v1/s3/demo/${path}`, { headers: { 'X-Auth-Token': service.token } })).json();
  const tellings = await tellingsOf(client, service);
  if (tellings === undefined) return;
  const toldOf = (what, of) =>
    tellings.filter((telling) => telling.what === what && telling.of === of).map(({ value }) => value);

  for (const way of client.ways) {
    for (const [member, change] of Object.entries(CHANGES)) {
      const name = `${way}-${member}`;
      const expected = { ...asMade(name), ...change(name) };
      check(
        `${name}: one member is set, all others are as before`,
        inShort(await ask(`buckets/${name}?include=${ALL}`)),
        expected,
      );
      check(
        `${name}: the client can read what is set`,
        toldOf('shown', name).map((shown) => inShort(withoutNulls(shown))),
        [expected],
      );
    }
  }

  const home = `${client.ways[0]}-tags`;
  const keys = toldOf('key', home);
  check(`${client.name}: every new user's key is told`, keys.length, client.name === 'python' ? 2 : 1);
  for (const { id, secret } of keys)
    check(`${client.name}: the key of a new user works`, await listsWith(service.endpoint, home, id, secret), 200);
  const reader = await ask(`buckets/${home}/users/${client.name}-reader`);
  check(
    `${client.name}: a user that is turned off stays in its groups`,
    [reader.AccessKeys?.map(({ Status }) => Status), reader.Groups?.map(({ GroupName }) => GroupName)],
    [['Inactive'], [`${home}-BktROGrp`]],
  );

  const { owner, CORS, lifecycle } = inShort(await ask(`websites/${client.name}.example.org?include=${ALL}`));
  check(
    `${client.name}: one member of a website is set, all others are as before`,
    { owner, CORS, lifecycle },
    { owner: 'ada', CORS: cors('https://b.example'), lifecycle: 'glacier' },
  );
  check(`${client.name}: the client can read the website`, toldOf('shown', `${client.name}.example.org`).length, 1);
}

/** Java's model of a rule has its absent members as null. */
function withoutNulls(shown) {
  const rules = shown.CORS?.CORSRules?.map((rule) =>
    Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== null)),
  );
  return rules === undefined ? shown : { ...shown, CORS: { CORSRules: rules } };
}

async function listsWith(endpoint, Bucket, accessKeyId, secretAccessKey) {
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    return (await s3.send(new ListObjectsV2Command({ Bucket }))).$metadata.httpStatusCode;
  } catch (error) {
    return error.name;
  } finally {
    s3.destroy();
  }
}

// SDK releases of late warn about Node 20 when a client is made.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
const asked = process.argv.slice(2);
const clients = CLIENTS.filter(({ name }) => asked.length === 0 || asked.includes(name));
if (asked.some((name) => !CLIENTS.some((client) => client.name === name))) {
  say(`usage: generated.mjs [${CLIENTS.map(({ name }) => name).join('|')} …]`);
  process.exit(64);
}
try {
  await installGenerator();
  const [service] = await Promise.all([startService(), ...clients.map((client) => client.prepare())]);
  for (const client of clients) await judge(client, service);
  await service.stop();
} catch (error) {
  say(`generated: ${error.message}`);
  process.exit(1);
}
say(`generated: ${right} checks passed, ${wrong.length} failed (${clients.map(({ name }) => name).join(', ')})`);
process.exitCode = wrong.length === 0 ? 0 : 1;
