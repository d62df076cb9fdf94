// The service as its users start it: its own process, its log lines read from stdout.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { inProject } from '../../../scripts/lib/project.mjs';
import { nodeCommand } from './cpus.mjs';
import { scratchDir } from './scratch.mjs';

const START_DEADLINE_MS = 30_000;

/** Ends the process unless both programs are built: a bench measures what is there and changes nothing. */
export function requireBundles() {
  if (['dist/main.js', 'dist/sandbox.js'].every((file) => existsSync(inProject(file)))) return;
  console.error('there is nothing to measure yet: npm run build');
  process.exit(2);
}

/**
 * @typedef {object} Service
 * @property {string} origin `http://127.0.0.1:PORT`
 * @property {number} pid
 * @property {number} startMs from spawn to the log line "listening", as this process saw it
 * @property {string | undefined} logFile with `logToFile`
 * @property {() => Promise<void>} stop SIGTERM; rejects unless it drains and ends with 0
 */

/**
 * Starts dist/main.js and waits until it listens.
 * @param {object} options
 * @param {readonly string[]} options.args
 * @param {number} [options.cpu] pins it to that one processor
 * @param {readonly string[]} [options.nodeArgs]
 * @param {Readonly<Record<string, string>>} [options.env] variables beside those that every program needs
 * @param {string} [options.program] another build of dist/main.js
 * @param {boolean} [options.logToFile] The log goes to a file, as under a service manager, and this process need not read it.
 * @returns {Promise<Service>}
 */
export async function startService({
  args,
  cpu,
  nodeArgs = [],
  env = {},
  program = inProject('dist/main.js'),
  logToFile = false,
}) {
  const [command, ...rest] = nodeCommand([...nodeArgs, program, ...args], cpu);
  const logFile = logToFile ? join(scratchDir(), 'log') : undefined;
  const stdout = logFile === undefined ? 'pipe' : openSync(logFile, 'w');
  const started = performance.now();
  const child = spawn(command, rest, { env: { ...bareEnv(), ...env }, stdio: ['ignore', stdout, 'pipe'] });
  const killAtExit = () => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const closed = once(child, 'close');
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));

  const givenUp = AbortSignal.timeout(START_DEADLINE_MS);
  const failed = closed.then(([code]) => {
    throw new Error(`the service ended with ${code} before it listened\n${complaints}`);
  });
  const line = await Promise.race([
    failed,
    logFile === undefined ? lineFrom(child.stdout) : lineIn(logFile, givenUp),
    deadline(givenUp),
  ]);
  const startMs = performance.now() - started;
  failed.catch(() => undefined);
  return {
    origin: `http://${JSON.parse(line).address}`,
    pid: child.pid,
    startMs,
    logFile,
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await closed;
      process.off('exit', killAtExit);
      if (code !== 0) throw new Error(`the service ended with ${code} after SIGTERM\n${complaints}`);
    },
  };
}

const isListening = (line) => line.includes('"msg":"listening"');

async function lineFrom(stdout) {
  const lines = createInterface({ input: stdout });
  const line = await new Promise((resolve) => lines.on('line', (text) => isListening(text) && resolve(text)));
  lines.close();
  // The rest of the log is read and dropped, so that the pipe never fills up.
  stdout.resume();
  return line;
}

async function lineIn(file, givenUp) {
  while (!givenUp.aborted) {
    const line = readFileSync(file, 'utf8').split('\n').slice(0, -1).find(isListening);
    if (line !== undefined) return line;
    await pause(20);
  }
}

const deadline = (givenUp) =>
  new Promise((_, reject) => {
    givenUp.addEventListener('abort', () => reject(new Error(`not listening after ${START_DEADLINE_MS} ms`)), {
      once: true,
    });
  });

/** Of this shell only what every program needs: a proxy, an AWS profile or NODE_OPTIONS would be measured, too. */
function bareEnv() {
  return { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production' };
}

/** Writes a configuration file, of which `changes` replace whole members, and gives its path. */
export function writeConfig(changes) {
  const path = join(scratchDir(), 'config.json');
  writeFileSync(
    path,
    JSON.stringify({ listenAddress: '127.0.0.1:0', org: 'bench', logLevel: 'info', ...changes }, undefined, 2),
  );
  return path;
}

/** Resident memory of a process in MiB; undefined where there is no /proc. */
export function residentMiB(pid) {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(proc(pid, 'status'))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) / 1024;
}

/** Milliseconds of processor time, user and system, that a process has used; undefined where there is no /proc. */
export function cpuMs(pid) {
  // Fields 14 and 15 of proc(5), counted from behind the parenthesised name: ticks, of which Linux has 100 a second.
  const fields = proc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return Number.isNaN(ticks) ? undefined : ticks * 10;
}

function proc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
