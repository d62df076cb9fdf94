// What one request may cost: bodies, queries, paths and headers made to be dear. For each kind the processor time of one
// request, the longest time the event loop was held, and how long /ping takes while 16 clients send nothing else.
// node test/bench/bodies.mjs [--bytes 65536] [--only WORD] [--quick]: --quick leaves the 16 clients out.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TOKEN, accountEntry } from './lib/account.mjs';
import { hostileBodies, hostileHeads } from './lib/hostile-bodies.mjs';
import { report } from './lib/report.mjs';
import { cpuMs, requireBundles, startService, writeConfig } from './lib/service.mjs';

/** Milliseconds of processor time of one request, which is all it can hold the loop for; other work on the machine leaves it alone. */
const HOLD = { most: 20 };
const SOURCE = 'no request holds the event loop for more than 20 ms';
const CLIENTS = 16;
const LOAD_MS = 2_000;
const REPEATS = 12;

const { values: options } = parseArgs({
  options: {
    bytes: { type: 'string', default: '65536' },
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
  },
});
const bytes = Number(options.bytes);
requireBundles();
// Nothing listens there: what passes all checks ends soon, and costs what it costs until then.
const account = accountEntry({ endpoint: 'http://127.0.0.1:9', domains: { 'example.org': { hostedZoneID: 'Z1' } } });
const service = await startService({
  args: ['--config', writeConfig({ token: TOKEN, logLevel: 'warn', accounts: account, limits: { bodyBytes: bytes } })],
  logToFile: true,
});
const { hostname, port } = new URL(service.origin);

/** Sends one request; gives the status, 0 where the connection ended without one. */
function send({ method, path, type, body, headers = {} }, agent) {
  const all = {
    'X-Auth-Token': TOKEN,
    ...(type && { 'Content-Type': type }),
    ...(body && { 'Content-Length': Buffer.byteLength(body) }),
    ...headers,
  };
  return new Promise((resolve) => {
    const req = request({ hostname, port, method, path, headers: all, agent }, (res) => {
      res.resume();
      res.once('close', () => resolve(res.statusCode));
    });
    req.once('error', () => resolve(0));
    req.end(body);
  });
}

/** The longest delay of the event loop since it was last asked for, in milliseconds, without the timer's own 10; others' work counts, too. */
async function longestHold() {
  const text = await (await fetch(`${service.origin}/metrics`)).text();
  const seconds = Number(/^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1]);
  return Math.max(0, seconds * 1000 - 10);
}

const ping = { method: 'GET', path: '/ping' };
const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];

/** p99 of /ping in milliseconds, asked one after another for a while. */
async function pingP99(until) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  while (performance.now() < until) {
    const began = performance.now();
    await send(ping, agent);
    times.push(performance.now() - began);
  }
  agent.destroy();
  return quantile(
    times.sort((left, right) => left - right),
    0.99,
  );
}

async function underLoad(kind) {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const until = performance.now() + LOAD_MS;
  const clients = Array.from({ length: CLIENTS }, async () => {
    while (performance.now() < until) await send(kind, agent);
  });
  const p99 = await pingP99(until);
  await Promise.all(clients);
  agent.destroy();
  return p99;
}

const kinds = [...hostileBodies(bytes), ...hostileHeads()].filter(({ name }) => name.includes(options.only));
const rows = [];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const quiet = await pingP99(performance.now() + LOAD_MS);
for (const kind of kinds) {
  await send(kind, agent);
  await pause(1_050);
  await longestHold();
  await pause(50);
  const before = cpuMs(service.pid);
  let status;
  for (let n = 0; n < REPEATS; n++) {
    status = await send(kind, agent);
    await pause(15);
  }
  const cpu = before === undefined ? undefined : (cpuMs(service.pid) - before) / REPEATS;
  // The page of metrics is made at most once a second.
  await pause(1_050);
  const hold = await longestHold();
  const p99 = options.quick ? undefined : await underLoad(kind);
  rows.push({
    name: kind.name,
    value: cpu ?? hold,
    unit: 'ms',
    target: HOLD,
    note: `${status}; held for ${hold.toFixed(0)} ms at most${p99 === undefined ? '' : `; /ping p99 ${p99.toFixed(0)} ms, ${(p99 / quiet).toFixed(0)} × quiet`}`,
  });
}
agent.destroy();
await service.stop();
rows.unshift({ name: '/ping p99, quiet', value: quiet, unit: 'ms' });
report('bodies', rows, SOURCE);
