// How long a caller waits for the word that an account has no credentials, where a metadata service keeps silent.
import { createServer } from 'node:net';
import { AUTH, TOKEN, accountEntry } from './lib/account.mjs';
import { median, report } from './lib/report.mjs';
import { requireBundles, startService, writeConfig } from './lib/service.mjs';

/** Milliseconds. */
const ANSWER = { most: 2000 };
const SOURCE = 'IMDS or container endpoints that do not answer fail within 2 s';
const RUNS = 3;

/** A server that does with every connection what `connected` says. */
async function listen(connected) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    connected(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://127.0.0.1:${server.address().port}`;
}

const silent = await listen(() => undefined);
const endless = await listen((socket) => {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n');
  const timer = setInterval(() => socket.write(' '), 50);
  socket.on('close', () => clearInterval(timer));
});
// RFC 5737: an address of documentation, which no computer has.
const nowhere = 'http://192.0.2.1';

const EC2 = 'AWS_EC2_METADATA_SERVICE_ENDPOINT';
const CONTAINER = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const PLACES = [
  ['EC2, accepts and is silent', { [EC2]: silent }],
  ['EC2, never ends its answer', { [EC2]: endless }],
  ['EC2, nothing at the address', { [EC2]: nowhere }],
  ['container, accepts and is silent', { [CONTAINER]: silent }],
  ['container, never ends its answer', { [CONTAINER]: endless }],
  // Plain http is for loopback and AWS's own addresses; ECS's is link-local.
  ['container, nothing at the address', { AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials' }],
];

async function measure(env, config) {
  const service = await startService({
    args: ['--config', config],
    env: { AWS_SHARED_CREDENTIALS_FILE: '/dev/null', AWS_CONFIG_FILE: '/dev/null', ...env },
  });
  try {
    const waited = [];
    for (let run = 0; run < RUNS; run++) {
      const started = performance.now();
      const response = await fetch(`${service.origin}/v1/s3/demo/buckets`, { headers: AUTH });
      const { detail } = await response.json();
      waited.push(performance.now() - started);
      if (response.status !== 500 || !/Tried in this order: /.test(detail))
        throw new Error(`answered ${response.status}: ${detail}`);
    }
    return waited;
  } finally {
    await service.stop();
  }
}

requireBundles();
const config = writeConfig({ token: TOKEN, accounts: accountEntry({ akid: undefined, secret: undefined }) });
const rows = [];
for (const [name, env] of PLACES) {
  const waited = await measure(env, config);
  rows.push({
    name,
    value: Math.max(...waited),
    unit: 'ms',
    target: ANSWER,
    note: `longest of ${RUNS}, median ${median(waited).toFixed(0)}`,
  });
}
report('metadata', rows, SOURCE);
