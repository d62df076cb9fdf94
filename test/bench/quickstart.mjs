// From clone to first bucket: git clone of HEAD, npm start, the first printed curl line. The npm cache is warm in the second run,
// which is the one that counts.
// node test/bench/quickstart.mjs [--from DIR]: clones that repository instead of this one.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { root } from '../../scripts/lib/project.mjs';
import { report } from './lib/report.mjs';
import { scratchDir } from './lib/scratch.mjs';

/** Seconds. */
const CLONE_TO_BUCKET = { most: 60 };
const SOURCE = 'two commands and under 60 s with a warm npm cache';
const DEADLINE_MS = 300_000;

const { values: options } = parseArgs({ options: { from: { type: 'string', default: root } } });
const run = promisify(execFile);
const seconds = (since) => (performance.now() - since) / 1000;

async function cloneToBucket() {
  const clone = join(scratchDir(), 'mallard');
  const began = performance.now();
  await run('git', ['clone', '--quiet', '--no-hardlinks', options.from, clone]);
  const cloned = seconds(began);

  const service = spawn('npm', ['start', '--', '--listen', '127.0.0.1:0'], {
    cwd: clone,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = () => service.kill('SIGTERM');
  process.once('exit', stop);
  const closed = once(service, 'close');
  let printed = '';
  service.stderr.setEncoding('utf8').on('data', (text) => (printed += text));
  const firstCurl = () =>
    printed
      .split('\n')
      .slice(0, -1)
      .find((line) => line.startsWith('curl '));
  while (firstCurl() === undefined) {
    if (service.exitCode !== null) throw new Error(`npm start ended with ${service.exitCode}\n${printed}`);
    if (performance.now() - began > DEADLINE_MS)
      throw new Error(`no curl line after ${DEADLINE_MS / 1000} s\n${printed}`);
    await pause(20);
  }
  const started = seconds(began);

  const { stdout } = await run('bash', ['-c', `${firstCurl()} -o /dev/null -w '%{http_code}'`]);
  if (stdout !== '202') throw new Error(`the first curl line was answered with ${stdout}`);
  const total = seconds(began);
  process.off('exit', stop);
  stop();
  await closed;
  return { total, cloned, started };
}

const first = await cloneToBucket();
const second = await cloneToBucket();
const parts = ({ cloned, started, total }) =>
  `clone ${cloned.toFixed(1)}, npm start ${(started - cloned).toFixed(1)}, first bucket ${(total - started).toFixed(1)}`;
report(
  'quickstart',
  [
    { name: 'clone to first bucket', value: second.total, unit: 's', target: CLONE_TO_BUCKET, note: parts(second) },
    { name: 'the run before it', value: first.total, unit: 's', note: parts(first) },
  ],
  SOURCE,
);
