import type { Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../base/errors';
import {
  COLD_PREFIXES,
  type Condition,
  type Entry,
  type Listed,
  type Part,
  type Register,
  type Written,
} from '../../engine/register';
import { placeOf } from './cold-names';
import { codeOf, type Folder } from './folder';
import { entryOf, textOf } from './record';
import { walk } from './walk';

/** Tells whether the record of a key stays on the disk alone. */
export const isCold = (key: string): boolean => COLD_PREFIXES.some((prefix) => key.startsWith(prefix));

const CONFLICT: Written = Object.freeze({ ok: false, conflict: true });

interface Facts {
  readonly version: string;
  readonly bytes: number;
}

/**
 * Makes a register of cold keys: nothing of it is in memory, so that a long history costs none. A file that is damaged harms
 * its own reading and nothing else. Writes of one key must not be under way at once.
 */
export function createColdRegister(folder: Folder): Register {
  const pathOf = (key: string): string => join(folder.path, placeOf(key));

  const check = async (key: string, condition: Condition): Promise<Written> => {
    const version = (await factsOf(pathOf(key)))?.version;
    const holds = 'ifAbsent' in condition ? version === undefined : version === condition.ifMatch;
    return holds ? { ok: true, version: version ?? '' } : CONFLICT;
  };

  const listedOf = async (key: string): Promise<Listed | undefined> => {
    const facts = await factsOf(pathOf(key));
    return facts && { key, ...facts, ageMs: Infinity };
  };

  return {
    get: (key) => read(pathOf(key), key),

    put: async (key, value, condition) => {
      const step = await check(key, condition);
      if (!step.ok) return step;
      await folder.write(placeOf(key), textOf(key, value));
      return { ok: true, version: (await factsOf(pathOf(key)))?.version ?? '' };
    },

    delete: async (key, condition) => {
      const step = await check(key, condition);
      if (step.ok) await folder.remove(placeOf(key));
      return step;
    },

    list: async (prefix, { after, limit = Infinity }: Part = {}) => {
      const listed: Listed[] = [];
      for (const top of COLD_PREFIXES) {
        if (!top.startsWith(prefix) && !prefix.startsWith(top)) continue;
        const keys = walk(folder.path, top.slice(0, -1), { prefix, after });
        for (let more = true; more && listed.length < limit;) {
          const some = await take(keys, Math.min(AT_ONCE, limit - listed.length));
          // A record may go while it is looked at.
          listed.push(...(await Promise.all(some.map(listedOf))).filter((one) => one !== undefined));
          more = some.length > 0;
        }
      }
      return listed;
    },
  };
}

/** Files that are looked at side by side. */
const AT_ONCE = 100;

async function take(keys: AsyncGenerator<string, void>, count: number): Promise<readonly string[]> {
  const taken: string[] = [];
  while (taken.length < count) {
    const { done, value } = await keys.next();
    if (done === true) break;
    taken.push(value);
  }
  return taken;
}

/** Undefined for a file that is not there. */
async function factsOf(path: string): Promise<Facts | undefined> {
  try {
    return factsIn(await stat(path));
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}

const factsIn = ({ ino, mtimeMs, size }: Stats): Facts => ({
  version: `${String(ino)}-${String(Math.round(mtimeMs))}`,
  bytes: size,
});

async function read(path: string, key: string): Promise<Entry | undefined> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { version } = factsIn(await file.stat());
    const entry = entryOf(await file.readFile('utf8'));
    if (entry?.key !== key) return damaged(path);
    return { key, value: entry.value, version, ageMs: Infinity };
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  } finally {
    await file?.close();
  }
}

const isAbsent = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown) ?? '');

function damaged(path: string): never {
  return fail({
    kind: 'unforeseen',
    detail: 'a record of an operation is damaged',
    cause: new Error(
      `${path} is no whole record of an operation: something else has written there, or the disk has lost a part`,
    ),
  });
}
