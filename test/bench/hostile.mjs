// What honest callers notice of hostile ones: 99th percentile of GET /ping on new connections and of an authenticated GET on
// kept ones, and the service's memory, under each attack beside the quiet state of the same process.
// node test/bench/hostile.mjs [--only NAME,…] [--seconds N] [--dist PATH/main.js]
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { inProject } from '../../scripts/lib/project.mjs';
import { ACCOUNT, AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { report } from './lib/report.mjs';
import { requireBundles, residentMiB, startService, writeConfig } from './lib/service.mjs';

const SOURCE =
  'hostile clients cost honest ones at most 3 × the time and the service 1.5 × the memory; nobody honest is refused';
const TIME = { most: 3 };
const MEMORY = { most: 1.5 };
const NOBODY = { most: 0 };

const SELF = '127.0.0.1';
const ELSEWHERE = '127.0.0.2';
/** `from`: whether they come from the honest callers' address, or from another one. */
const ATTACKS = [
  {
    name: 'pipelined-5',
    what: '5 connections × 2,000 GET /metrics, every second',
    kind: 'pipelined-5',
    from: ELSEWHERE,
  },
  {
    name: 'pipelined-20',
    what: '20 connections × 3,000 GET /metrics, every second',
    kind: 'pipelined-20',
    from: ELSEWHERE,
  },
  { name: 'silent', what: '4,150 connections that send nothing', kind: 'silent', from: ELSEWHERE },
  { name: 'silent-same', what: 'the same from the honest address', kind: 'silent', from: SELF },
  { name: 'half-heads', what: '4,150 connections that send half a head', kind: 'half-heads', from: ELSEWHERE },
  { name: 'half-heads-same', what: 'the same from the honest address', kind: 'half-heads', from: SELF },
  { name: 'refusals', what: 'bad tokens, at most 20,000 a second', kind: 'refusals', from: ELSEWHERE },
  {
    name: 'yaml',
    what: '16 clients with a token send YAML of 65 KB with thousands of keys',
    kind: 'yaml',
    from: ELSEWHERE,
  },
  {
    name: 'json',
    what: '16 clients with a token send JSON of 65 KB with thousands of mistakes',
    kind: 'json',
    from: ELSEWHERE,
  },
  {
    name: 'bcrypt',
    what: '4 clients send well-formed wrong hashes',
    kind: 'bcrypt',
    from: ELSEWHERE,
    auth: { bcryptTokens: true },
  },
];
const BUCKET = 'hostile-bench';
const WARM_UP_S = 2;
/** Between two requests of one kind; they are sent when they are due, whether the one before is answered or not. */
const EVERY_MS = 20;
/** A caller who waits longer has given up. */
const PATIENCE_MS = 5_000;
const STOP_MS = 5_000;

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, seconds: { type: 'string', default: '6' }, dist: { type: 'string' } },
});
const only = options.only?.split(',');
const unknown = (only ?? []).filter((name) => !ATTACKS.some((attack) => attack.name === name));
const seconds = Math.min(Number(options.seconds), 10);
if (unknown.length > 0 || !(seconds > 0)) {
  console.error(`--only takes ${ATTACKS.map(({ name }) => name).join(', ')}; --seconds a number up to 10`);
  process.exit(64);
}
const run = promisify(execFile);
requireBundles();
// Every service and scratch folder is taken away when this process ends.
process.setMaxListeners(0);

/** Milliseconds until the whole answer was there, or why there was none. */
const ask = (origin, path, { headers, agent }) =>
  new Promise((resolve) => {
    const began = performance.now();
    const sent = request(`${origin}${path}`, { headers, agent, signal: AbortSignal.timeout(PATIENCE_MS) }, (answer) => {
      answer
        .once('error', ({ name }) => resolve({ why: name }))
        .once('end', () => {
          const ms = performance.now() - began;
          resolve(answer.statusCode === 200 ? { ms } : { ms, why: String(answer.statusCode) });
        });
      answer.resume();
    });
    sent.once('error', (error) => resolve({ why: error.code ?? error.name })).end();
  });

/** What honest callers see in so many seconds, and the largest memory seen meanwhile. */
async function observe({ origin, pid }, agent, forSeconds) {
  const duck = `/v1/s3/${ACCOUNT.name}/buckets/${BUCKET}/duck`;
  const asked = { ping: [], get: [] };
  const began = performance.now();
  let memory = 0;
  for (let n = 0; n * EVERY_MS < forSeconds * 1000; n++) {
    await pause(Math.max(0, began + n * EVERY_MS - performance.now()));
    asked.ping.push(ask(origin, '/ping', { agent: false }));
    asked.get.push(ask(origin, duck, { headers: AUTH, agent }));
    if (n % 5 === 0) memory = Math.max(memory, residentMiB(pid) ?? 0);
  }
  const [ping, get] = await Promise.all([Promise.all(asked.ping), Promise.all(asked.get)]);
  memory = Math.max(memory, residentMiB(pid) ?? 0);
  return {
    ping: p99(ping),
    get: p99(get),
    failed: [...ping, ...get].flatMap(({ why }) => why ?? []),
    memory: memory || undefined,
  };
}

/** Those who got no answer have waited as long as callers do. */
function p99(all) {
  const sorted = all.map(({ ms }) => ms ?? PATIENCE_MS).sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))];
}

async function measure({ kind, from, auth = {} }, endpoint) {
  const config = writeConfig({ token: TOKEN, accounts: accountEntry({ endpoint }), auth, shutdownGraceSeconds: 1 });
  const service = await startService({
    args: ['--config', config],
    logToFile: true,
    ...(options.dist !== undefined && { program: options.dist }),
  });
  const agent = new Agent({ keepAlive: true });
  try {
    // The compiler has seen the code, and the memory has the size that work gives it.
    const warmUp = performance.now() + WARM_UP_S * 1000;
    while (performance.now() < warmUp) {
      await Promise.all(
        Array.from({ length: 16 }, () =>
          ask(service.origin, `/v1/s3/${ACCOUNT.name}/buckets/${BUCKET}/duck`, { headers: AUTH, agent }),
        ),
      );
    }
    const quiet = await observe(service, agent, seconds);
    const before = linesOf(service.logFile);
    const { port } = new URL(service.origin);
    const attack = run(
      process.execPath,
      [fileURLToPath(new URL('./lib/attacks.mjs', import.meta.url)), kind, port, from, String(seconds), BUCKET],
      { timeout: (seconds + 30) * 1000 },
    );
    // It is at work when the observation begins.
    await pause(500);
    const attacked = await observe(service, agent, seconds - 0.5);
    const { stdout } = await attack;
    await pause(1200);
    return { quiet, attacked, did: JSON.parse(stdout), lines: linesOf(service.logFile) - before };
  } finally {
    agent.destroy();
    await end(service);
  }
}

/** What a service has taken on may keep it busy for minutes; that is seen by then, and the next attack need not wait for it. */
async function end(service) {
  const stopped = service.stop().then(
    () => 'stopped',
    () => 'stopped',
  );
  if ((await Promise.race([stopped, pause(STOP_MS)])) === 'stopped') return;
  process.kill(service.pid, 'SIGKILL');
  await stopped;
}

/** Lines about requests that were not the honest ones' own. */
const linesOf = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"msg":"request') && !line.includes('/duck"') && !line.includes('"/ping"')).length;

/** How often each word is there: `3 × ECONNRESET`. */
const counted = (words) =>
  [...new Set(words)].map((word) => `${words.filter((other) => other === word).length} × ${word}`).join(', ');

const require = createRequire(import.meta.url);
const { startSandbox } = require(inProject('dist/sandbox.js'));
const sandbox = await startSandbox({ accounts: [ACCOUNT] });
const setUp = await startService({
  args: ['--config', writeConfig({ token: TOKEN, accounts: accountEntry({ endpoint: sandbox.endpoint }) })],
  logToFile: true,
});
const made = await fetch(`${setUp.origin}/v1/s3/${ACCOUNT.name}/buckets`, {
  method: 'POST',
  headers: { ...AUTH, 'content-type': 'application/json' },
  body: JSON.stringify({ BucketInput: { Bucket: BUCKET } }),
});
if (made.status !== 202) throw new Error(`creating the bucket: ${made.status} ${await made.text()}`);
await setUp.stop();

const rows = [];
for (const attack of ATTACKS.filter(({ name }) => only?.includes(name) ?? true)) {
  const { quiet, attacked, did, lines } = await measure(attack, sandbox.endpoint);
  const ratio = (member) => (quiet[member] === undefined ? undefined : attacked[member] / quiet[member]);
  const note = (member, unit) => `${quiet[member]?.toFixed(1)} → ${attacked[member]?.toFixed(1)} ${unit}`;
  rows.push(
    {
      name: `${attack.name}: GET /ping, p99`,
      value: ratio('ping'),
      unit: 'ratio',
      target: TIME,
      note: note('ping', 'ms'),
    },
    {
      name: `${attack.name}: GET …/duck, p99`,
      value: ratio('get'),
      unit: 'ratio',
      target: TIME,
      note: note('get', 'ms'),
    },
    {
      name: `${attack.name}: memory`,
      value: ratio('memory'),
      unit: 'ratio',
      target: MEMORY,
      note: note('memory', 'MiB'),
    },
    {
      name: `${attack.name}: honest requests without their answer`,
      value: attacked.failed.length,
      unit: 'requests',
      target: NOBODY,
      note: counted(attacked.failed),
    },
    {
      name: `${attack.name}: log lines`,
      value: lines,
      unit: 'lines',
      note: `${attack.what}: ${did.sent} sent, ${did.answered} answered, ${did.closedByService} connections closed`,
    },
  );
}
await sandbox.stop();
report('hostile', rows, SOURCE);
