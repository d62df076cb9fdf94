// Child processes that end when we are told to end, and that are seen to be alive meanwhile.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root, say } from './project.mjs';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const HEARTBEAT_MS = 10_000;

/** The exit code a shell would report. */
export const exitCodeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);

/**
 * Runs a command to its end and gives its exit code; 127 when it cannot be started.
 * Meanwhile a signal to us goes to the command instead.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions, cwd?: string,
 *   heartbeat?: string}} options `heartbeat` names the work: without a terminal, a line now and then says that it goes on.
 */
export async function run(command, args, { env = process.env, stdio = 'inherit', cwd = root, heartbeat } = {}) {
  const child = spawn(command, args, { env, stdio, cwd });
  const started = Date.now();
  const beat =
    heartbeat !== undefined && process.stderr.isTTY !== true
      ? setInterval(() => say(`${heartbeat}: ${Math.round((Date.now() - started) / 1000)} s so far`), HEARTBEAT_MS)
      : undefined;
  const forward = (signal) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await new Promise((resolve) => {
      child.on('error', (error) => {
        say(`cannot run ${command}: ${error.message}`);
        resolve(127);
      });
      child.on('close', (code, signal) => resolve(exitCodeOf(code, signal)));
    });
  } finally {
    clearInterval(beat);
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

/** Like `run`, but anything else than success ends this process with the command's code. */
export async function must(command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) {
    say(`${[command, ...args].join(' ')} ended with code ${code}`);
    process.exit(code);
  }
}
