// What hostile clients do, each in a process of its own: node lib/attacks.mjs KIND PORT FROM SECONDS BUCKET. `FROM` is the
// loopback address it comes from. Ends by itself after so many seconds and prints what it did as one JSON line.
import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ACCOUNT, AUTH } from './account.mjs';

const [kind, port, from, seconds, bucket] = process.argv.slice(2);
const endsAt = performance.now() + Number(seconds) * 1000;
const isOver = () => performance.now() >= endsAt;
const did = { sent: 0, answered: 0, failed: 0, closedByService: 0 };

/** Sends bytes and reads what comes; resolves when the connection has ended. */
const open = (bytes) => {
  const socket = connect({ port: Number(port), host: '127.0.0.1', localAddress: from });
  socket.on('error', () => undefined).resume();
  socket.once('connect', () => socket.write(bytes));
  return Object.assign(socket, { ended: new Promise((resolve) => socket.once('close', resolve)) });
};

/** So many connections with so many requests each, sent at once, every second. */
async function pipelined(connections, requests) {
  const bytes = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(requests);
  while (!isOver()) {
    const sockets = Array.from({ length: connections }, () => open(bytes));
    did.sent += connections * requests;
    const second = pause(1000).then(() => 'over');
    await Promise.race([Promise.all(sockets.map(({ ended }) => ended)), second]);
    did.closedByService += sockets.filter(({ closed }) => closed).length;
    await second;
    for (const socket of sockets) socket.destroy();
  }
}

/** Opens so many connections that never send a whole request, and keeps them; those that are closed are opened again, 500 a second. */
async function held(connections, bytes) {
  const sockets = new Set();
  while (!isOver()) {
    // At first as many at once as a listen backlog takes.
    const atOnce = did.sent < connections ? 400 : 50;
    for (let n = 0; n < atOnce && sockets.size < connections; n++) {
      const socket = open(bytes);
      sockets.add(socket);
      did.sent++;
      socket.ended.then(() => {
        sockets.delete(socket);
        did.closedByService++;
      });
    }
    await pause(100);
  }
  for (const socket of sockets) socket.destroy();
}

/** So many clients, each sending its next request when it has its answer. */
async function clients(count, next, perSecond = Infinity) {
  const agent = new Agent({ keepAlive: true, maxSockets: count, localAddress: from });
  const began = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_, client) => {
      while (!isOver()) {
        const due = began + (did.sent / perSecond) * 1000 - performance.now();
        if (due > 1) await pause(due);
        did.sent++;
        await exchange(agent, next(client));
      }
    }),
  );
  agent.destroy();
}

const exchange = (agent, { method = 'GET', path, headers, body = '' }) =>
  new Promise((resolve) => {
    const options = {
      agent,
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    };
    const sent = request(options, (answer) => {
      did.answered++;
      answer.once('close', resolve).resume();
    });
    sent.once('error', () => {
      did.failed++;
      resolve();
    });
    sent.end(body);
  });

const ofBucket = (more) => ({ headers: { ...AUTH, 'content-type': 'application/json' }, ...more });
const keys = (count, of) => Array.from({ length: count }, (_, n) => of(n.toString(36).padStart(3, '0')));
/** All of 65,536 bytes or less. */
const YAML = {
  method: 'POST',
  path: `/aws/storage/${ACCOUNT.name}/${bucket}`,
  headers: { ...AUTH, 'content-type': 'application/yaml' },
};
const PUT = { method: 'PUT', path: `/v1/s3/${ACCOUNT.name}/buckets/${bucket}` };
const YAML_BODIES = [
  { ...YAML, body: `{${keys(16_000, (key) => key).join(',')}}` },
  { ...YAML, body: keys(10_000, (key) => `${key}: `).join('\n') },
];
const JSON_BODIES = [
  ofBucket({ ...PUT, body: `{${keys(6_000, (key) => `"${key}":1`).join(',')}}` }),
  ofBucket({ ...PUT, body: `{"Tags":[${keys(21_000, () => '{}').join(',')}]}` }),
  ofBucket({ ...PUT, body: '['.repeat(65_000) }),
  ofBucket({ ...PUT, body: `{"BucketPolicy":${'['.repeat(60_000)}` }),
];

const ATTACKS = {
  'pipelined-5': () => pipelined(5, 2_000),
  'pipelined-20': () => pipelined(20, 3_000),
  silent: () => held(4_150, ''),
  'half-heads': () => held(4_150, 'GET /ping HTTP/1.1\r\nHost: x\r\n'),
  refusals: () =>
    clients(
      16,
      () => ({ path: `/v1/s3/${ACCOUNT.name}/buckets`, headers: { 'x-auth-token': randomBytes(16).toString('hex') } }),
      20_000,
    ),
  yaml: () => clients(16, (client) => YAML_BODIES[client % YAML_BODIES.length]),
  json: () => clients(16, (client) => JSON_BODIES[client % JSON_BODIES.length]),
  bcrypt: () =>
    clients(4, () => ({
      path: `/v1/s3/${ACCOUNT.name}/buckets`,
      headers: { 'x-auth-token': `$2b$10$${randomBytes(40).toString('hex').slice(0, 53)}` },
    })),
};

await ATTACKS[kind]();
console.log(JSON.stringify(did));
process.exit(0);
