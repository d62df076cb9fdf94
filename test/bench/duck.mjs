// Requests a second of GET …/duck with a token, 16 connections, the service on one processor and the load on another. In
// turns with it, servers that do nothing but answer the same bytes: their ratio tells the service from the machine.
// node test/bench/duck.mjs [--profile DIR]: also writes a processor profile of the service (.cpuprofile) into DIR.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { nodeCommand, twoProcessors } from './lib/cpus.mjs';
import { median, report } from './lib/report.mjs';
import { cpuMs, requireBundles, startService, writeConfig } from './lib/service.mjs';

/** Requests a second. */
const RATE = { least: 5000 };
const SOURCE = 'GET …/duck with a token, 16 connections, one processor; the previous generation with bcrypt: 30/s';

const CONNECTIONS = 16;
const BASELINES = new URL('./lib/baselines.mjs', import.meta.url);
const WARM_UP_S = 5;
const ROUND_S = 5;
const ROUNDS = 3;
const BUCKET = 'duck-bench';
const PATH = `/v1/s3/${ACCOUNT.name}/buckets/${BUCKET}/duck`;

const { values: options } = parseArgs({ options: { profile: { type: 'string' } } });
const run = promisify(execFile);
requireBundles();
const require = createRequire(import.meta.url);
const autocannon = join(dirname(require.resolve('autocannon/package.json')), 'autocannon.js');
const cpu = twoProcessors();

/** One measurement from a process of its own; rejects unless every answer was 2xx. */
async function load({ origin, pid }, seconds) {
  const args = [
    autocannon,
    '--json',
    '-c',
    String(CONNECTIONS),
    '-d',
    String(seconds),
    '-H',
    `X-Auth-Token=${TOKEN}`,
    `${origin}${PATH}`,
  ];
  const [program, ...rest] = nodeCommand(args, cpu.load);
  const before = cpuMs(pid);
  const { stdout } = await run(program, rest, { maxBuffer: 16 * 1024 * 1024 });
  const result = JSON.parse(stdout);
  if (result.non2xx > 0 || result.errors > 0 || result['2xx'] === 0) {
    throw new Error(`${origin}: ${result['2xx']} good answers, ${result.non2xx} others, ${result.errors} errors`);
  }
  // Counts the measured process's own work only, so other work on its processor leaves this number alone.
  const perCpuSecond = before === undefined ? undefined : result['2xx'] / ((cpuMs(pid) - before) / 1000);
  return { rate: result.requests.average, p99: result.latency.p99, perCpuSecond };
}

async function startBaseline(kind, bytes) {
  const [program, ...rest] = nodeCommand([fileURLToPath(BASELINES), kind, String(bytes)], cpu.measured);
  const child = spawn(program, rest, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const [port] = await once(createInterface({ input: child.stdout }), 'line');
  return { origin: `http://127.0.0.1:${port}`, pid: child.pid, stop: () => child.kill('SIGKILL') };
}

const { startSandbox } = require(inProject('dist/sandbox.js'));
const sandbox = await startSandbox({ accounts: [ACCOUNT] });
const config = writeConfig({ token: TOKEN, accounts: accountEntry({ endpoint: sandbox.endpoint }) });
const nodeArgs = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${options.profile}`];
const service = await startService({ args: ['--config', config], cpu: cpu.measured, nodeArgs, logToFile: true });

const made = await fetch(`${service.origin}/v1/s3/${ACCOUNT.name}/buckets`, {
  method: 'POST',
  headers: { ...AUTH, 'content-type': 'application/json' },
  body: JSON.stringify({ BucketInput: { Bucket: BUCKET } }),
});
if (made.status !== 202) throw new Error(`creating the bucket: ${made.status} ${await made.text()}`);
const bookmark = await (await fetch(`${service.origin}${PATH}`, { headers: AUTH })).arrayBuffer();

const servers = {
  duck: service,
  express: await startBaseline('express', bookmark.byteLength),
  http: await startBaseline('http', bookmark.byteLength),
};
const seen = { duck: [], express: [], http: [] };
// The compiler has seen the code before anything counts.
for (const server of Object.values(servers)) await load(server, WARM_UP_S);
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, server] of Object.entries(servers)) seen[name].push(await load(server, ROUND_S));
}
for (const { stop } of Object.values(servers)) await stop();
await sandbox.stop();

const of = (name, member) => {
  const values = seen[name].map((round) => round[member]);
  return values.includes(undefined) ? undefined : median(values);
};
const rounded = (value) => (value === undefined ? undefined : Math.round(value));
const rateRow = (title, name) => ({
  name: title,
  value: rounded(of(name, 'rate')),
  unit: 'requests/s',
  note: `${rounded(of(name, 'perCpuSecond')) ?? 'n/a'} per second of processor time; ${ROUNDS} × ${ROUND_S} s: ${seen[name].map(({ rate }) => Math.round(rate)).join(' ')}`,
});
const ratioRow = (name) => ({ name: `duck : ${name}`, value: of('duck', 'rate') / of(name, 'rate'), unit: 'ratio' });
report(
  'duck',
  [
    { ...rateRow('GET …/duck', 'duck'), target: RATE },
    { name: 'GET …/duck, per second of processor time', value: rounded(of('duck', 'perCpuSecond')), unit: 'requests' },
    { name: 'GET …/duck, 99th percentile', value: of('duck', 'p99'), unit: 'ms' },
    rateRow('express, one route, same bytes', 'express'),
    rateRow('node:http, same bytes', 'http'),
    ratioRow('express'),
    ratioRow('http'),
  ],
  cpu.measured === undefined ? `${SOURCE} (not pinned: no taskset here)` : SOURCE,
);
