import { randomUUID } from 'node:crypto';
import { fail } from '../../base/errors';
import type { Register } from '../../engine/register';
import { createMemoryRegister, type MemoryRegister, partOf } from '../memory-register';
import { createColdRegister, isCold } from './cold';
import { codeOf, type Folder, openFolder } from './folder';
import { type Lock, lockFolder } from './lock';
import { fileNameOf } from './names';
import { entryOf, textOf } from './record';

/** A register in a folder, of one process at a time. */
export interface FileRegister extends Register {
  /** Waits for what is being written, and lets other processes have the folder. */
  readonly close: () => Promise<void>;
}

/** The setting that errors name. */
const SETTING = 'operations.path';

/**
 * Opens the register in a folder: a file a record. What is not cold is in memory, too, since nobody else writes to the folder:
 * reads and lists of it cost nothing, and a write is done when it is on the disk.
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
  const hot: Register = {
    get: (key) => memory.get(key),
    list: (prefix, part) => memory.list(prefix, part),
    put: async (key, value, condition, lasts = true) => {
      const step = memory.check(key, condition);
      if (!step.ok) return step;
      if (lasts) {
        await folder.write(fileNameOf(key), textOf(key, value));
        filed.add(key);
      } else if (filed.has(key)) {
        // The next process must not find what was there before.
        await folder.remove(fileNameOf(key));
        filed.delete(key);
      }
      return memory.put(key, value, condition);
    },
    delete: async (key, condition) => {
      const step = memory.check(key, condition);
      if (!step.ok) return step;
      if (filed.has(key)) await folder.remove(fileNameOf(key));
      filed.delete(key);
      return memory.delete(key, condition);
    },
  };
  const cold = createColdRegister(folder);
  const registerOf = (key: string): Register => (isCold(key) ? cold : hot);
  const inOrder = byKey();
  return {
    get: (key) => telling(() => registerOf(key).get(key)),
    list: (prefix, part) =>
      telling(async () =>
        isCold(prefix)
          ? cold.list(prefix, part)
          : partOf([...(await hot.list(prefix, part)), ...(await cold.list(prefix, part))], part),
      ),
    put: (key, value, condition, lasts) =>
      inOrder(key, () => telling(() => registerOf(key).put(key, value, condition, lasts))),
    delete: (key, condition) => inOrder(key, () => telling(() => registerOf(key).delete(key, condition))),
    close: async () => {
      await inOrder.settled();
      await lock.release();
      await folder.close();
    },
  };
}

/** What the disk refuses may work again when somebody has made room: callers are told that, and not where the folder is. */
async function telling<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === undefined) throw thrown;
    return fail({
      kind: 'unavailable',
      retryAfterSeconds: 10,
      detail: `The service cannot keep operations now: its disk answers ${code}.`,
    });
  }
}

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
