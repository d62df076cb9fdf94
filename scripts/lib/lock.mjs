// One worker at a time over several processes: two `npm start` at once must not both empty node_modules.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inProject, say } from './project.mjs';

const POLL_MS = 200;
const PATIENCE_MS = 15 * 60_000;

/** Takes the lock file by creating it, which is atomic; false when somebody has it. */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock; undefined when it has let go or has not written its number yet. */
function holderOf(path) {
  try {
    return Number(readFileSync(path, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes the lock of a dead process. A second lock keeps two waiters from removing each other's new one. */
function clearDead(path) {
  const broom = `${path}.clearing`;
  if (!take(broom)) return;
  try {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) rmSync(path, { force: true });
  } finally {
    rmSync(broom, { force: true });
  }
}

/**
 * Runs `work` while no other process of this machine runs work under the same name, and gives its result.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(name, work) {
  const path = inProject('.mallard', `${name}.lock`);
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + PATIENCE_MS;
  let told = false;
  while (!take(path)) {
    const holder = holderOf(path);
    if (holder !== undefined && !isAlive(holder)) clearDead(path);
    else if (!told) {
      say(`waiting for process ${holder ?? '(just starting)'} to finish the ${name}`);
      told = true;
    }
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${path}; remove it if nothing is running`);
    await pause(POLL_MS);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}
