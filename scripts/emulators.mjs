// AWS emulators and S3-compatible stores for the conformance run: those from PyPI in a venv of the project, for which nothing but
// Node and Python 3 is needed; gofakes3 and versitygw want Go, S3Mock and S3Proxy Java and Maven.
//   node scripts/emulators.mjs install [NAME…]                makes .venv and what NAME is beside; does nothing when it is there
//   node scripts/emulators.mjs run NAME -- COMMAND [ARG…]     COMMAND with MALLARD_TARGET=NAME, MALLARD_TARGET_URL and
//                                                             MALLARD_TARGET_ACCOUNT set; ends with COMMAND's code
// NAME is moto, ministack, rclone, gofakes3, s3mock, versitygw or s3proxy. The AWS CLI of the venv is on COMMAND's path unless there is another.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { run } from './lib/child.mjs';
import { readStamp } from './lib/digest.mjs';
import { EMULATORS, EMULATOR_ACCOUNT, REQUIREMENTS } from './lib/emulator-table.mjs';
import { withLock } from './lib/lock.mjs';
import { inProject, say } from './lib/project.mjs';

const STAMP = '.venv/.mallard-requirements';
const START_ATTEMPTS = 3;
const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 5_000;
const POLL_MS = 100;

/** Where the venv keeps its programs. */
export const venvBin = inProject('.venv', 'bin');

/** Makes .venv with the pinned emulators and the AWS CLI. Rejects when Python or the package index fails. */
export async function installEmulators() {
  const wanted = REQUIREMENTS.join('\n');
  const isInstalled = () => readStamp(STAMP) === wanted;
  if (isInstalled()) return;
  await withLock('emulators', async () => {
    if (isInstalled()) return;
    say(`installing ${REQUIREMENTS.join(', ')} into .venv; this takes a minute or two`);
    // Not compiled: most of the modules are never loaded.
    const steps = [
      ['python3', ['-m', 'venv', '--clear', inProject('.venv')]],
      [join(venvBin, 'pip'), ['install', '--disable-pip-version-check', '--no-input', '--no-compile', ...REQUIREMENTS]],
    ];
    for (const [command, args] of steps) {
      const code = await run(command, args, { stdio: ['ignore', 2, 2], heartbeat: 'pip install' });
      if (code !== 0)
        throw new Error(`${command} ${args.join(' ')} ended with code ${code} (Debian: apt-get install python3-venv)`);
    }
    mkdirSync(inProject('.venv'), { recursive: true });
    writeFileSync(inProject(STAMP), `${wanted}\n`);
  });
}

/** Fetches what the emulator is beside the venv. Rejects when that fails, say for want of Go. */
async function fetchProgram({ fetched }) {
  if (fetched === undefined || existsSync(fetched.file)) return;
  await withLock('stores', async () => {
    if (existsSync(fetched.file)) return;
    const [command, ...args] = fetched.command;
    say(`fetching ${fetched.file}`);
    const code = await run(command, args, {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...fetched.env },
      heartbeat: command,
    });
    if (code !== 0 || !existsSync(fetched.file))
      throw new Error(`${fetched.command.join(' ')} ended with code ${code}`);
  });
}

/** A port that is free now. Somebody may take it before we do: hence the attempts of `startEmulator`. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

async function endOf(child, withinMs) {
  const deadline = Date.now() + withinMs;
  while (!hasEnded(child) && Date.now() < deadline) await pause(POLL_MS);
  return hasEnded(child);
}

/**
 * Starts an emulator on a free port of 127.0.0.1 and waits until it answers.
 * @param {'moto' | 'ministack' | 'rclone' | 'gofakes3' | 's3mock' | 'versitygw' | 's3proxy'} name
 * @returns {Promise<{name: string, url: string, accountId: string, pid: number, stop: () => Promise<void>}>}
 *   `stop` ends exactly this process and removes what it wrote. It is ended as well when we exit without calling it.
 */
export async function startEmulator(name) {
  const emulator = EMULATORS[name];
  if (emulator === undefined)
    throw new Error(`no emulator named ${name}; there are ${Object.keys(EMULATORS).join(', ')}`);
  await installEmulators();
  await fetchProgram(emulator);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const scratch = mkdtempSync(join(tmpdir(), `mallard-${name}-`));
    const log = join(scratch, 'log');
    const output = openSync(log, 'a');
    const child = spawn(emulator.program, emulator.args(port, scratch), {
      env: { ...process.env, ...emulator.env(port), TMPDIR: scratch },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    let failure;
    child.once('error', (error) => (failure = error));
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);

    const stop = async () => {
      child.kill('SIGTERM');
      if (!(await endOf(child, STOP_DEADLINE_MS))) {
        kill();
        await endOf(child, STOP_DEADLINE_MS);
      }
      process.off('exit', kill);
      rmSync(scratch, { recursive: true, force: true });
    };

    const url = `http://127.0.0.1:${port}`;
    const deadline = Date.now() + START_DEADLINE_MS;
    while (failure === undefined && !hasEnded(child) && Date.now() < deadline) {
      if (await answers(url + emulator.ready)) {
        // The answer may be another program's, which took the port first; ours has then ended or is about to.
        await pause(POLL_MS);
        if (!hasEnded(child)) return { name, url, accountId: EMULATOR_ACCOUNT, pid: child.pid, stop };
      }
      await pause(POLL_MS);
    }
    const said = existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(-20).join('\n') : '';
    await stop();
    if (attempt === START_ATTEMPTS) throw new Error(`${name} does not start: ${failure?.message ?? said}`);
    say(`${name} did not start on port ${port}; trying again`);
  }
}

async function runAgainst(name, [command, ...args]) {
  const emulator = await startEmulator(name);
  say(`${name} answers on ${emulator.url}`);
  try {
    return await run(command, args, {
      cwd: process.cwd(),
      env: {
        ...process.env,
        MALLARD_TARGET: name,
        MALLARD_TARGET_URL: emulator.url,
        MALLARD_TARGET_ACCOUNT: emulator.accountId,
        PATH: `${process.env['PATH']}${delimiter}${venvBin}`,
      },
    });
  } finally {
    await emulator.stop();
  }
}

async function main([verb, ...given]) {
  const [name, dashes, ...command] = given;
  if (verb === 'install' && given.every((one) => one in EMULATORS)) {
    await installEmulators();
    for (const one of given) await fetchProgram(EMULATORS[one]);
    return;
  }
  if (verb === 'run' && name in EMULATORS && dashes === '--' && command.length > 0) {
    process.exitCode = await runAgainst(name, command);
    return;
  }
  say(`usage: emulators.mjs install [NAME…] | emulators.mjs run ${Object.keys(EMULATORS).join('|')} -- COMMAND [ARG…]`);
  process.exitCode = 64;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    await main(process.argv.slice(2));
  } catch (error) {
    say(error.message);
    process.exitCode = 1;
  }
}
