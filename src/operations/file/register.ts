import { randomUUID } from 'node:crypto';
import { fail } from '../../base/errors';
import type { JsonValue } from '../../base/json';
import type { Entry, Register } from '../../engine/register';
import { createMemoryRegister, type MemoryRegister } from '../memory-register';
import { type Folder, openFolder } from './folder';
import { type Lock, lockFolder } from './lock';
import { fileNameOf } from './names';

/** A register in a folder, of one process at a time. */
export interface FileRegister extends Register {
  /** Waits for what is being written, and lets other processes have the folder. */
  readonly close: () => Promise<void>;
}

/** The setting that errors name. */
const SETTING = 'operations.path';

/**
 * Opens the register in a folder: a file a record. All of it is in memory, too, since nobody else writes to the folder: reads
 * and lists cost nothing, and a write is done when it is on the disk.
 *
 * @throws {misconfigured} the folder cannot be made, read or written, another process has it, or a record in it is damaged
 */
export async function openFileRegister(path: string): Promise<FileRegister> {
  const folder = await using(path, () => openFolder(path));
  let lock: Lock | undefined;
  try {
    lock = await using(path, () => lockFolder(path));
    return await openRegister(path, folder, lock);
  } catch (thrown) {
    await lock?.release();
    await folder.close();
    throw thrown;
  }
}

async function openRegister(path: string, folder: Folder, lock: Lock): Promise<FileRegister> {
  // Versions of a former process must not come again.
  const memory = createMemoryRegister(`${randomUUID()}-`);
  for (const name of await using(path, folder.names)) await readInto(memory, path, name, folder);
  await using(path, () => tryOut(folder));

  /** Keys that have a file. */
  const filed = new Set((await memory.list('')).map(({ key }) => key));
  const inOrder = byKey();
  return {
    get: (key) => memory.get(key),
    list: (prefix, part) => memory.list(prefix, part),
    put: (key, value, condition, lasts = true) =>
      inOrder(key, async () => {
        const step = memory.check(key, condition);
        if (!step.ok) return step;
        if (lasts) {
          await folder.write(fileNameOf(key), textOf(key, value));
          filed.add(key);
        } else if (filed.delete(key)) await folder.remove(fileNameOf(key));
        return memory.put(key, value, condition);
      }),
    delete: (key, condition) =>
      inOrder(key, async () => {
        const step = memory.check(key, condition);
        if (!step.ok) return step;
        if (filed.delete(key)) await folder.remove(fileNameOf(key));
        return memory.delete(key, condition);
      }),
    close: async () => {
      await inOrder.settled();
      await lock.release();
      await folder.close();
    },
  };
}

const textOf = (key: string, value: JsonValue): string => `${JSON.stringify({ key, value })}\n`;

/** @throws {misconfigured} the file is no whole record */
async function readInto(memory: MemoryRegister, path: string, name: string, folder: Folder): Promise<void> {
  const entry = entryOf(await using(path, () => folder.read(name)));
  if (entry === undefined || fileNameOf(entry.key) !== name) {
    fail({
      kind: 'misconfigured',
      setting: SETTING,
      detail: `the folder ${path} holds ${name}, which is no whole record of an operation: something else has written there, or the disk has lost a part. See what it says, put right by hand what that operation may have left, and take the file away`,
    });
  }
  await memory.put(entry.key, entry.value, { ifAbsent: true });
}

function entryOf(text: string): Pick<Entry, 'key' | 'value'> | undefined {
  try {
    const read = JSON.parse(text) as unknown;
    if (typeof read !== 'object' || read === null || !('key' in read) || !('value' in read)) return undefined;
    // What JSON.parse gives is JSON.
    return typeof read.key === 'string' ? { key: read.key, value: read.value as JsonValue } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes and removes a file: a folder that cannot be written is to be known before any effect on AWS. */
async function tryOut(folder: Folder): Promise<void> {
  const name = fileNameOf('try');
  await folder.write(name, textOf('try', null));
  await folder.remove(name);
}

/** The system's errors, with the setting that led to them. */
async function using<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return fail({
      kind: 'misconfigured',
      setting: SETTING,
      detail: `the folder ${path} cannot keep operations: ${why}`,
    });
  }
}

/** Does the work on one key in the order in which it was asked for. */
function byKey() {
  const last = new Map<string, Promise<void>>();
  const run = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const done = (last.get(key) ?? Promise.resolve()).then(work);
    const ended: Promise<void> = done.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, ended);
    void ended.then(() => {
      if (last.get(key) === ended) last.delete(key);
    });
    return done;
  };
  return Object.assign(run, { settled: () => Promise.all(last.values()) });
}
