// How long a page of the history takes over many kept operations in a folder, beside the page of an account that has none, and
// how many requests to the store it costs where operations are kept in a bucket.
// node test/bench/history.mjs [--operations 100000] [--days 90]
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { report } from './lib/report.mjs';
import { scratchDir } from './lib/scratch.mjs';
import { requireBundles, residentMiB, startService, writeConfig } from './lib/service.mjs';

const PAGE_MS = { most: 50 };
const STORE_CALLS = { most: 3 };
const SOURCE = 'a page (newest, of one resource, of a time range): ≤ 50 ms in a folder, ≤ 3 requests to a bucket';
const REPEATS = 21;
const BUCKETS = 500;
const DAY_MS = 86_400_000;

const { values: options } = parseArgs({
  options: {
    operations: { type: 'string', default: '100000' },
    days: { type: 'string', default: '90' },
  },
});
const count = Number(options.operations);
const days = Number(options.days);
requireBundles();

/** What writes the history, of the sources: the service itself would take hours for so much. */
async function archiveParts() {
  const outfile = join(scratchDir(), 'archive.cjs');
  const contents = `
    export { createArchive } from './src/operations/archive';
    export { placeOf } from './src/operations/file/cold-names';
    export { textOf } from './src/operations/file/record';
    export { writeDisplay } from './src/operations/display';
    export { createOperationId } from './src/operations/operation-id';`;
  const stdin = { contents, resolveDir: inProject('.'), loader: 'ts' };
  await build({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  return createRequire(import.meta.url)(outfile);
}

/** Fills a folder as the service would, but without waiting for the disk. */
async function fill(folder) {
  const { createArchive, placeOf, textOf, writeDisplay, createOperationId } = await archiveParts();
  const folders = new Set();
  const archive = createArchive({
    put: async (key, value) => {
      const path = join(folder, placeOf(key));
      const parent = dirname(path);
      if (!folders.has(parent)) mkdirSync(parent, { recursive: true });
      folders.add(parent);
      writeFileSync(path, textOf(key, value));
      return { ok: true, version: '' };
    },
  });
  const end = Date.now() - 60_000;
  for (let index = 0; index < count; index++) {
    const at = Math.floor(end - (days * DAY_MS * index) / count);
    const bucket = `bucket-of-the-bench-${index % BUCKETS}`;
    const shown = operation(createOperationId(at, `${ACCOUNT.name}/bucket/${bucket}`), at, bucket, index);
    const events = shown.steps.map(({ title }, step) => ({ id: step + 1, type: 'step', at, data: { step, title } }));
    const record = { format: 1, display: writeDisplay({ shown, events }), asked: null };
    await archive.keep({ shown, record }, true);
  }
  return { from: end - (days / 2) * DAY_MS };
}

function operation(id, at, bucket, index) {
  const failed = index % 10 === 0;
  return {
    id,
    account: ACCOUNT.name,
    kind: 'update-bucket',
    title: `Update bucket ${bucket}`,
    resources: [{ type: 'bucket', name: bucket }],
    state: failed ? 'rolled-back' : 'succeeded',
    attempt: 1,
    startedAt: new Date(at),
    endedAt: new Date(at + 2_000),
    steps: Array.from({ length: 8 }, (_, step) => ({
      title: `Step ${step} of what is done to ${bucket}`,
      dependsOn: [],
      state: 'succeeded',
      startedAt: new Date(at),
      endedAt: new Date(at + 1_000),
      attempts: 1,
    })),
    error: failed ? { kind: 'denied', detail: 'AWS refuses that to the service', code: 'AccessDenied' } : undefined,
    undone: [],
    left: [],
    tokenId: 'portal',
    actor: 'ada@example.org',
    requestId: id,
    method: 'PUT',
    path: `/v1/s3/${ACCOUNT.name}/buckets/${bucket}`,
    address: '192.0.2.7',
    calls: [],
  };
}

const pagesOf = (from) => ({
  newest: '',
  'of one resource': '?resource=bucket/bucket-of-the-bench-7',
  'of a time range': `?since=${new Date(from).toISOString()}&until=${new Date(from + DAY_MS).toISOString()}`,
  'filtered by state': '?state=rolled-back',
});

async function page(service, query, account = ACCOUNT.name) {
  const started = performance.now();
  const response = await fetch(`${service.origin}/v1/s3/${account}/operations${query}`, { headers: AUTH });
  const { operations } = await response.json();
  if (response.status !== 200) throw new Error(`${query}: status ${response.status}`);
  return { ms: performance.now() - started, rows: operations.length };
}

async function median(ask) {
  const took = [];
  let rows = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const answered = await ask();
    took.push(answered.ms);
    rows = answered.rows;
  }
  return { ms: took.sort((a, b) => a - b)[Math.floor(REPEATS / 2)], rows };
}

async function inFolder() {
  const folder = join(scratchDir(), 'operations');
  const started = performance.now();
  const { from } = await fill(folder);
  console.log(`${count} operations written in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const accounts = { ...accountEntry({ endpoint: 'http://127.0.0.1:9' }) };
  accounts.empty = { ...accounts[ACCOUNT.name], id: '210987654321' };
  const config = writeConfig({ token: TOKEN, logLevel: 'warn', accounts, operations: { store: 'file', path: folder } });
  const service = await startService({ args: ['--config', config], logToFile: false });
  const none = await median(() => page(service, '', 'empty'));
  const rows = [{ name: 'page of an account without operations', value: none.ms, unit: 'ms' }];
  for (const [name, query] of Object.entries(pagesOf(from))) {
    const { ms, rows: found } = await median(() => page(service, query));
    const target = name.startsWith('filtered') ? {} : { target: PAGE_MS };
    rows.push({
      name: `page ${name}`,
      value: ms,
      unit: 'ms',
      note: `${found} rows, ${(ms / none.ms).toFixed(1)} ×`,
      ...target,
    });
  }
  rows.push({ name: 'memory of the service', value: residentMiB(service.pid), unit: 'MiB' });
  rows.push({ name: 'spawn to listening', value: service.startMs, unit: 'ms' });
  await service.stop();
  return rows;
}

async function callsOf(service) {
  // The page of metrics is not made more than once a second.
  await pause(1_100);
  const text = await (await fetch(`${service.origin}/metrics`)).text();
  const counts = [...text.matchAll(/^mallard_store_request_duration_seconds_count\{[^}]*\} (\d+)$/gm)];
  return counts.reduce((sum, [, number]) => sum + Number(number), 0);
}

async function inBucket() {
  const config = writeConfig({
    token: TOKEN,
    logLevel: 'warn',
    // Of the sandbox's own.
    accounts: accountEntry({}),
    operations: { store: 's3', account: 'demo', bucket: 'operations-of-the-bench' },
  });
  const service = await startService({ args: ['--sandbox', '--listen', '127.0.0.1:0', '--config', config] });
  const from = Date.now() - DAY_MS / 2;
  const headers = { ...AUTH, 'content-type': 'application/json' };
  for (let number = 0; number < 12; number++) {
    const body = JSON.stringify({ BucketInput: { Bucket: `bucket-of-the-bench-${number}` } });
    const { status } = await fetch(`${service.origin}/v1/s3/demo/buckets`, { method: 'POST', headers, body });
    if (status !== 202) throw new Error(`POST /buckets: status ${status}`);
  }
  const rows = [];
  for (const [name, query] of Object.entries(pagesOf(from))) {
    let least = Infinity;
    let found = 0;
    // Between two of them the service may have looked for what others have left.
    for (let repeat = 0; repeat < 3; repeat++) {
      const before = await callsOf(service);
      found = (await page(service, query, 'demo')).rows;
      least = Math.min(least, (await callsOf(service)) - before);
    }
    rows.push({
      name: `requests to the bucket, page ${name}`,
      value: least,
      unit: '',
      target: STORE_CALLS,
      note: `${found} rows`,
    });
  }
  await service.stop();
  return rows;
}

report('history', [...(await inFolder()), ...(await inBucket())], SOURCE);
