// How many AWS calls each operation makes one after another: every call is held for 100 ms, so calls that can run at the
// same time do. Depth is the longest chain of calls each of which began after the one before had ended.
// node test/bench/depth.mjs [--calls]: also lists the calls, those that ran side by side on one line.
import { createRequire } from 'node:module';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { median, report } from './lib/report.mjs';
import { requireBundles, startService, writeConfig } from './lib/service.mjs';

const DEPTH = { createBucket: 3, showBucket: 1, listUsers: 1, showUser: 2, deleteBucket: 4 };
const SOURCE = 'sequential AWS calls with a warm session; the previous generation needs 9–10 for a bucket';

const HELD_MS = 100;
/** A processor that is busy elsewhere can only make calls drift apart: the least depth seen is the true one. */
const ROUNDS = 3;
const LOGS = 'access-logs-of-the-benches';
const ROLES = ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'];

requireBundles();
const { startSandbox } = createRequire(import.meta.url)(inProject('dist/sandbox.js'));
const sandbox = await startSandbox({ accounts: [ACCOUNT] });
const config = writeConfig({
  token: TOKEN,
  accounts: accountEntry({ endpoint: sandbox.endpoint, accessLog: { bucket: LOGS, prefix: 's3' } }),
});

/** Seen on one service: depth, calls, milliseconds, by operation. */
const seen = new Map();

async function call(method, path, body) {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { ...AUTH, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text;
}

/** Sends one request and notes what it cost on the AWS side. */
async function observe(name, method, path, body) {
  sandbox.calls.clear();
  const started = performance.now();
  await call(method, path, body);
  const ms = performance.now() - started;
  const all = sandbox.calls.all();
  const notes = seen.get(name) ?? { depths: [], calls: [], ms: [] };
  notes.depths.push(sandbox.calls.depth());
  notes.calls.push(all.length);
  notes.ms.push(ms);
  seen.set(name, notes);
  if (process.argv.includes('--calls')) console.log(`${name}\n${timeline(all)}`);
}

/** The calls in the order they began, those that ran side by side on one line. */
function timeline(calls) {
  const waves = [];
  for (const record of calls) {
    const wave = waves.at(-1);
    if (wave !== undefined && record.started < wave.ends) {
      wave.names.push(record.operation);
      wave.ends = Math.min(wave.ends, record.ended);
    } else waves.push({ names: [record.operation], ends: record.ended });
  }
  return waves.map(({ names }, index) => `  ${index + 1}. ${names.join(' ')}`).join('\n');
}

/** The log bucket is the service's own and not reachable through it, so another configuration makes it. */
async function makeLogBucket() {
  const plain = writeConfig({ token: TOKEN, accounts: accountEntry({ endpoint: sandbox.endpoint }) });
  const service = await startService({ args: ['--config', plain] });
  base = `${service.origin}/v1/s3/${ACCOUNT.name}`;
  await call('POST', '/buckets', { BucketInput: { Bucket: LOGS } });
  await service.stop();
}

async function round(number) {
  const bucket = `depth-bench-${number}`;
  await observe('createBucket', 'POST', '/buckets', {
    Tags: [{ Key: 'Application', Value: 'bench' }],
    Lifecycle: 'deep-archive',
    BucketInput: { Bucket: bucket },
  });
  await observe('createUser', 'POST', `/buckets/${bucket}/users`, { User: { UserName: `${bucket}-first` }, Groups: ROLES });
  await observe('createSecondUser', 'POST', `/buckets/${bucket}/users`, { User: { UserName: `${bucket}-second` } });
  await call('POST', `/buckets/${bucket}/users`, { User: { UserName: `${bucket}-third` } });
  await observe('showBucket', 'GET', `/buckets/${bucket}`);
  await observe('listUsers', 'GET', `/buckets/${bucket}/users`);
  await observe('showUser', 'GET', `/buckets/${bucket}/users/${bucket}-first`);
  await observe('resetKeys', 'PUT', `/buckets/${bucket}/users/${bucket}-first`);
  await observe('updateTags', 'PUT', `/buckets/${bucket}`, { Tags: [{ Key: 'Application', Value: 'other' }] });
  await observe('deleteUser', 'DELETE', `/buckets/${bucket}/users/${bucket}-third`);
  await observe('deleteBucket', 'DELETE', `/buckets/${bucket}`);
}

let base;
try {
  await makeLogBucket();
  const service = await startService({ args: ['--config', config] });
  base = `${service.origin}/v1/s3/${ACCOUNT.name}`;
  // Opens the session and the connections: what the first request of a process costs is not what this bench is about.
  await call('GET', '/buckets');
  sandbox.faults.add({ kind: 'latency', ms: HELD_MS });
  for (let number = 1; number <= ROUNDS; number++) await round(number);
  sandbox.faults.clear();
  await service.stop();
} finally {
  await sandbox.stop();
}

const TITLES = {
  createBucket: 'create bucket (lifecycle, access log)',
  showBucket: 'show bucket',
  listUsers: 'list users',
  showUser: 'show user',
  deleteBucket: 'delete bucket (two users, three roles)',
  createUser: 'create user, two roles of three new',
  createSecondUser: 'create user, role is there',
  updateTags: 'replace tags',
  resetKeys: 'reset keys (one key)',
  deleteUser: 'delete user',
};
report(
  'depth',
  Object.entries(TITLES).map(([operation, name]) => {
    const { depths, calls, ms } = seen.get(operation);
    return {
      name,
      value: Math.min(...depths),
      unit: 'calls deep',
      ...(operation in DEPTH && { target: { most: DEPTH[operation] } }),
      note: `${median(calls)} calls; at best ${(Math.min(...ms) / HELD_MS).toFixed(1)} × ${HELD_MS} ms; depths seen ${depths.join(' ')}`,
    };
  }),
  SOURCE,
);
