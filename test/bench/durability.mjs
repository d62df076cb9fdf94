// What it costs that operations survive. Every call to AWS is held for 100 ms, every call to the store for 20 ms.
// node test/bench/durability.mjs [--only WORD,…]: overhead, idle, running, recovery
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process, { argv } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { median, report } from './lib/report.mjs';
import { scratchDir } from './lib/scratch.mjs';
import { cpuMs, requireBundles, startService, writeConfig } from './lib/service.mjs';

const AWS_MS = 100;
const STORE_MS = 20;
const ROUNDS = 15;
const SCAN_S = 2;
const IDLE_S = 20;
const WRITTEN = 2_500;
const RUNNING = 1_000;
const INTERRUPTED = 200;
const STORE = 'operations-of-the-benches';

requireBundles();
const require = createRequire(import.meta.url);
const { startSandbox } = require(inProject('dist/sandbox.js'));
const { PutObjectCommand, S3Client } = require('@aws-sdk/client-s3');
const only = argv.includes('--only') ? (argv[argv.indexOf('--only') + 1] ?? '').split(',') : undefined;
const wants = (name) => only === undefined || only.includes(name);

const isOfStore = ({ request }) => request.rawPath.startsWith(`/${STORE}`);
const world = async () => {
  const sandbox = await startSandbox({
    accounts: [ACCOUNT],
    buckets: [{ accountId: ACCOUNT.id, name: STORE, region: 'us-east-1' }],
  });
  sandbox.faults.add({ kind: 'latency', ms: AWS_MS, matching: (call) => !isOfStore(call) });
  sandbox.faults.add({ kind: 'latency', ms: STORE_MS, matching: isOfStore });
  return sandbox;
};
const stores = (more = {}) => ({
  memory: { store: 'memory' },
  file: { store: 'file', path: join(scratchDir(), 'operations'), ...more },
  s3: { store: 's3', account: ACCOUNT.name, bucket: STORE, prefix: 'operations/', scanSeconds: SCAN_S, ...more },
});
const configFor = (sandbox, operations) =>
  writeConfig({
    token: TOKEN,
    limits: { concurrentWrites: 2 * RUNNING },
    operations,
    accounts: accountEntry({ endpoint: sandbox.endpoint }),
  });
const start = (sandbox, operations) => startService({ args: ['--config', configFor(sandbox, operations)] });
const create = (origin, name, headers = {}) =>
  fetch(`${origin}/v1/s3/${ACCOUNT.name}/buckets`, {
    method: 'POST',
    headers: { ...AUTH, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ BucketInput: { Bucket: name } }),
  });

/** Counts calls that fit, until `stop`. */
function counted(sandbox, fits) {
  const times = [];
  const rule = sandbox.faults.add({
    kind: 'reset',
    matching: (call) => (fits(call) && times.push(performance.now()), false),
  });
  return { times, stop: () => (rule.remove(), times.length) };
}

async function overhead() {
  const sandbox = await world();
  const services = {};
  for (const [name, operations] of Object.entries(stores())) services[name] = await start(sandbox, operations);
  const took = { memory: [], file: [], s3: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, { origin }] of Object.entries(services)) {
      const began = performance.now();
      const answer = await create(origin, `bench-${name}-${round}`);
      await answer.text();
      if (answer.status !== 202) throw new Error(`${name}: ${answer.status}`);
      // The first opens connections.
      if (round > 0) took[name].push(performance.now() - began);
      // What follows the answer is not to weigh on the next one.
      await pause(150);
    }
  }
  for (const { stop } of Object.values(services)) await stop();
  await sandbox.stop();
  const [memory, file, s3] = ['memory', 'file', 's3'].map((name) => median(took[name]));
  return [
    { name: 'create bucket, operations in memory', value: memory, unit: 'ms' },
    { name: 'create bucket, operations in a folder', value: file / memory, unit: '× memory', target: { most: 1.03 } },
    { name: 'create bucket, operations in a bucket', value: s3 / memory, unit: '× memory', target: { most: 1.1 } },
  ];
}

async function idle() {
  const sandbox = await world();
  const service = await start(sandbox, stores().s3);
  const perScan = async () => {
    const count = counted(sandbox, isOfStore);
    await pause(IDLE_S * 1_000);
    return (count.stop() / IDLE_S) * SCAN_S;
  };
  const empty = await perScan();
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: sandbox.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: ACCOUNT.accessKeyId, secretAccessKey: ACCOUNT.secretAccessKey },
  });
  const freed = (n) =>
    client.send(
      new PutObjectCommand({
        Bucket: STORE,
        Key: `operations/claims/demo/bucket/written-${n}!`,
        Body: JSON.stringify({ value: { freed: `${n}` }, nonce: `${n}` }),
      }),
    );
  for (let n = 0; n < WRITTEN; n += 50) await Promise.all(Array.from({ length: 50 }, (_, more) => freed(n + more)));
  const full = await perScan();
  await service.stop();
  client.destroy();
  await sandbox.stop();
  return [
    { name: 'idle replica on s3: requests a scan, nothing written', value: empty, unit: '', target: { most: 1.2 } },
    {
      name: `idle replica on s3: requests a scan, ${WRITTEN} resources written`,
      value: full,
      unit: '',
      target: { most: Math.ceil(WRITTEN / 1_000) },
    },
  ];
}

async function running() {
  const sandbox = await world();
  const service = await start(sandbox, stores({ callTimeoutSeconds: 120, leaseSeconds: 300 }).s3);
  const seconds = 24;
  const load = async () => {
    const before = cpuMs(service.pid);
    await pause(seconds * 1_000);
    return (cpuMs(service.pid) - before) / (seconds * 10);
  };
  const quiet = await load();
  const held = sandbox.faults.add({
    kind: 'latency',
    ms: 110_000,
    operation: ['CreateBucket', 'CreatePolicy', 'CreateGroup'],
  });
  const answers = [];
  for (let n = 0; n < RUNNING; n++) {
    answers.push(create(service.origin, `running-${n}`, { prefer: 'respond-async' }).then(({ status }) => status));
    if (n % 25 === 24) await Promise.all(answers.slice(-25));
  }
  const begun = (await Promise.all(answers)).filter((status) => status === 202).length;
  await pause(3_000);
  const busy = await load();
  process.kill(service.pid, 'SIGKILL');
  held.remove();
  await sandbox.stop().catch(() => undefined);
  return [
    {
      name: `${begun} operations running: processor beside an idle replica`,
      value: busy - quiet,
      unit: '% of a core',
      target: { most: 5 },
    },
  ];
}

async function recovery(kind) {
  const sandbox = await world();
  const operations = stores()[kind];
  const victim = await start(sandbox, operations);
  const stuck = sandbox.faults.add({
    kind: 'latency',
    ms: 8_000,
    operation: ['CreateBucket', 'CreatePolicy', 'CreateGroup'],
  });
  const asked = [];
  for (let n = 0; n < INTERRUPTED; n++) {
    asked.push(create(victim.origin, `recovered-${n}`, { prefer: 'respond-async' }).then(({ status }) => status));
    if (n % 50 === 49) await Promise.all(asked.slice(-50));
  }
  await Promise.all(asked);
  process.kill(victim.pid, 'SIGKILL');
  stuck.remove();
  // What was sent before the end arrives.
  await pause(8_500);
  const began = performance.now();
  const calls = counted(sandbox, (call) => !isOfStore(call));
  const heir = await start(sandbox, operations);
  const isOver = async () => {
    const page = await fetch(`${heir.origin}/v1/s3/${ACCOUNT.name}/operations?state=running&limit=1000`, {
      headers: AUTH,
    });
    return (await page.json()).operations.length === 0;
  };
  while (!(await isOver())) await pause(250);
  const seconds = (performance.now() - began) / 1_000;
  calls.stop();
  const peak = Math.max(
    ...calls.times.map((at) => calls.times.filter((other) => other >= at && other < at + 1_000).length),
  );
  await heir.stop();
  await sandbox.stop();
  return [
    {
      name: `${INTERRUPTED} interrupted operations, ${kind}: until all have ended`,
      value: seconds,
      unit: 's',
      target: { most: 60 },
    },
    { name: `${INTERRUPTED} interrupted operations, ${kind}: AWS calls in the busiest second`, value: peak, unit: '' },
  ];
}

process.setMaxListeners(40);
const rows = [];
if (wants('overhead')) rows.push(...(await overhead()));
if (wants('idle')) rows.push(...(await idle()));
if (wants('running')) rows.push(...(await running()));
if (wants('recovery')) for (const kind of ['file', 's3']) rows.push(...(await recovery(kind)));
report('durability', rows, `every AWS call held for ${AWS_MS} ms, every call to the store for ${STORE_MS} ms`);
process.exit();
