// How many AWS calls the operations on buckets and their users make one after another.
// node test/bench/depth.mjs [--calls]: also lists the calls, those that ran side by side on one line.
import { createRequire } from 'node:module';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, TOKEN, accountEntry } from './lib/account.mjs';
import { ROUNDS, depthsOn } from './lib/depths.mjs';
import { requireBundles, startService, writeConfig } from './lib/service.mjs';

const DEPTH = { createBucket: 3, showBucket: 1, listUsers: 1, showUser: 2, deleteBucket: 4 };
const SOURCE = 'sequential AWS calls with a warm session; the previous generation needs 9–10 for a bucket';

const LOGS = 'access-logs-of-the-benches';
const ROLES = ['BktAdmGrp', 'BktRWGrp', 'BktROGrp'];

requireBundles();
const { startSandbox } = createRequire(import.meta.url)(inProject('dist/sandbox.js'));
const sandbox = await startSandbox({ accounts: [ACCOUNT], recordedCalls: 100_000 });
const { speakTo, call, observe, report } = depthsOn(sandbox);
const config = writeConfig({
  token: TOKEN,
  accounts: accountEntry({ endpoint: sandbox.endpoint, accessLog: { bucket: LOGS, prefix: 's3' } }),
});

/** The log bucket is the service's own and not reachable through it, so another configuration makes it. */
async function makeLogBucket() {
  const plain = writeConfig({ token: TOKEN, accounts: accountEntry({ endpoint: sandbox.endpoint }) });
  const service = await startService({ args: ['--config', plain] });
  speakTo(`${service.origin}/v1/s3/${ACCOUNT.name}`);
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
  await observe('createUser', 'POST', `/buckets/${bucket}/users`, {
    User: { UserName: `${bucket}-first` },
    Groups: ROLES,
  });
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

try {
  await makeLogBucket();
  const service = await startService({ args: ['--config', config] });
  speakTo(`${service.origin}/v1/s3/${ACCOUNT.name}`);
  // Opens the session and the connections: what the first request of a process costs is not what this bench is about.
  await call('GET', '/buckets');
  for (let number = 1; number <= ROUNDS; number++) await round(number);
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
report('depth', TITLES, DEPTH, SOURCE);
