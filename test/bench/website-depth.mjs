// How many AWS calls the operations on websites make one after another.
// node test/bench/website-depth.mjs [--calls]: also lists the calls, those that ran side by side on one line.
import { createRequire } from 'node:module';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, TOKEN, accountEntry } from './lib/account.mjs';
import { ROUNDS, depthsOn } from './lib/depths.mjs';
import { requireBundles, startService, writeConfig } from './lib/service.mjs';

const DEPTH = {
  create: 5,
  show: 2,
  invalidate: 2,
  deleteEmpty: 6,
  deleteWhole: 6,
  deleteFolders: 6,
  deleteBoth: 6,
  showNew: 2,
};
const SOURCE = 'sequential AWS calls with a warm session; the previous generation needs 18–20 to create a website';

const DOMAIN = 'example.org';
const ZONE = 'Z0DEPTHBENCH';
const CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT.id}:certificate/11111111-2222-3333-4444-555555555555`;

requireBundles();
const { startSandbox } = createRequire(import.meta.url)(inProject('dist/sandbox.js'));
const sandbox = await startSandbox({
  recordedCalls: 100_000,
  accounts: [ACCOUNT],
  cloudfront: { deploySeconds: 0 },
  hostedZones: [{ accountId: ACCOUNT.id, id: ZONE, name: DOMAIN }],
  certificates: [{ accountId: ACCOUNT.id, arn: CERTIFICATE, domainName: `*.${DOMAIN}` }],
});
const { speakTo, call, observe, report } = depthsOn(sandbox);
const config = writeConfig({
  token: TOKEN,
  accounts: accountEntry({ endpoint: sandbox.endpoint, domains: { [DOMAIN]: { hostedZoneID: ZONE } } }),
});

async function start() {
  const service = await startService({ args: ['--config', config] });
  speakTo(`${service.origin}/v1/s3/${ACCOUNT.name}`);
  // Opens the session: what the first request of a process costs is not what this bench is about.
  await call('GET', '/websites');
  return service;
}

const siteOf = (stem, number) => `${stem}-${number}.${DOMAIN}`;
const make = (site) => call('POST', '/websites', { BucketInput: { Bucket: site } });
const addUser = (site, stem, user = {}) =>
  call('POST', `/websites/${site}/users`, { User: { UserName: `${stem}-of-${site}`, ...user } });

const addWhole = (site) => Promise.all([addUser(site, 'first'), addUser(site, 'second')]);
const addFolders = (site) =>
  Promise.all([addUser(site, 'docs', { Path: '/docs/' }), addUser(site, 'api', { Path: '/docs/api/' })]);

/** What the deleted site had, beside its distribution, records, admin roles and greeting page. */
const DELETIONS = {
  deleteEmpty: async () => undefined,
  deleteWhole: addWhole,
  deleteFolders: addFolders,
  deleteBoth: async (site) => {
    await addWhole(site);
    await addFolders(site);
  },
};

async function round(number) {
  const site = siteOf('deep', number);
  await observe('create', 'POST', '/websites', { BucketInput: { Bucket: site } });
  await observe('show', 'GET', `/websites/${site}`);
  await observe('invalidate', 'PATCH', `/websites/${site}`, { CacheInvalidation: ['/*'] });
  await observe('update', 'PUT', `/websites/${site}`, { Tags: [{ Key: 'Application', Value: 'bench' }] });
  await observe('createUser', 'POST', `/websites/${site}/users`, { User: { UserName: `editor-of-${site}` } });
  await observe('createFolderUser', 'POST', `/websites/${site}/users`, {
    User: { UserName: `docs-of-${site}`, Path: '/docs/' },
  });
  await observe('listUsers', 'GET', `/websites/${site}/users`);
  for (const [name, furnish] of Object.entries(DELETIONS)) {
    const other = siteOf(name.toLowerCase(), number);
    await make(other);
    await furnish(other);
    await observe(name, 'DELETE', `/websites/${other}`);
  }
}

/** A service that has just started finds the distribution by the tag on the bucket. */
async function roundOfNewService(number) {
  const first = await start();
  const [shown, deleted] = [siteOf('shown', number), siteOf('deleted', number)];
  for (const site of [shown, deleted]) {
    await make(site);
    await addFolders(site);
  }
  await first.stop();
  const second = await start();
  await observe('showNew', 'GET', `/websites/${shown}`);
  await observe('deleteNew', 'DELETE', `/websites/${deleted}`);
  await second.stop();
}

try {
  const service = await start();
  // CloudFront's, Route 53's and ACM's clients come with the first website.
  await make(siteOf('warm', 0));
  for (let number = 1; number <= ROUNDS; number++) await round(number);
  await service.stop();
  for (let number = 1; number <= ROUNDS; number++) await roundOfNewService(number);
} finally {
  await sandbox.stop();
}

const TITLES = {
  create: 'create website, certificate found through ACM',
  show: 'show website',
  invalidate: 'invalidate',
  deleteEmpty: 'delete website without users',
  deleteWhole: 'delete website (two users of the whole site)',
  deleteFolders: 'delete website (users of two folders)',
  deleteBoth: 'delete website (all of them)',
  showNew: 'show website, service just started',
  deleteNew: 'delete website, service just started',
  update: 'replace tags',
  createUser: 'create user of the whole site',
  createFolderUser: 'create user of a folder, role is new',
  listUsers: 'list users (one of a folder)',
};
report('website-depth', TITLES, DEPTH, SOURCE);
