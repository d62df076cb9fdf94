import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOfPlace, pathOfPrefix } from '../key-path';
import { compareKeys } from '../memory-register';
import { NAMING, placeOf, readPlace } from './cold-names';
import { codeOf } from './folder';
import { HEAD_BYTES, keyAtHead } from './record';

/** Which keys are looked for: those that begin with `prefix` and are behind `after`. */
export interface Range {
  readonly prefix: string;
  readonly after: string | undefined;
}

/** A file, or a folder, whose name ends in a slash then. `begin`: what the paths of all keys in it begin with. */
interface Item {
  readonly place: string;
  readonly type: 'folder' | 'whole' | 'cut';
  readonly begin: string;
}

/** Gives the keys that have files below a folder, in order and lazily: folders that cannot hold what is looked for stay unread. */
export async function* walk(root: string, top: string, range: Range): AsyncGenerator<string, void> {
  const prefix = pathOfPrefix(range.prefix, NAMING);
  const behind = range.after === undefined ? '' : pathOfPlace(range.after, NAMING);
  const isWanted = (key: string): boolean =>
    key.startsWith(range.prefix) && (range.after === undefined || compareKeys(key, range.after) > 0);
  const mayHold = ({ type, begin }: Item): boolean =>
    (begin.startsWith(prefix) || prefix.startsWith(begin)) &&
    (begin > behind || (type !== 'whole' && behind.startsWith(begin)));

  const inFolder = async function* (folder: string): AsyncGenerator<string, void> {
    const items = (await itemsOf(root, folder)).filter(mayHold).sort(byBegin);
    for (let index = 0; index < items.length;) {
      const group = groupAt(items, index);
      index += group.length;
      if (group.length === 1) yield* keysOf(group[0]);
      else yield* (await all(group)).sort(compareKeys);
    }
  };
  const keysOf = async function* (item: Item | undefined): AsyncGenerator<string, void> {
    if (item?.type === 'folder') return yield* inFolder(item.place);
    const key = item && (await keyAt(root, item));
    if (key !== undefined && isWanted(key)) yield key;
  };
  const all = async (group: readonly Item[]): Promise<string[]> => {
    const keys: string[] = [];
    for (const item of group) for await (const key of keysOf(item)) keys.push(key);
    return keys;
  };

  yield* inFolder(`${top}/`);
}

/** An item, and those whose order only the keys themselves tell: names that were cut at the same place. */
function groupAt(items: readonly Item[], index: number): readonly Item[] {
  const first = items[index];
  if (first?.type !== 'cut') return items.slice(index, index + 1);
  let end = index;
  while (items[end]?.begin.startsWith(first.begin) === true) end += 1;
  return items.slice(index, end);
}

async function itemsOf(root: string, folder: string): Promise<readonly Item[]> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch((thrown: unknown): Dirent[] => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  return found.flatMap((one): Item[] => {
    const place = folder + one.name;
    if (one.isDirectory()) return [{ place: `${place}/`, type: 'folder', begin: `${place}/` }];
    const read = readPlace(place);
    if (read === undefined) return [];
    return 'key' in read ? [{ place, type: 'whole', begin: place }] : [{ place, type: 'cut', begin: read.begin }];
  });
}

/** Paths are ASCII. */
const byBegin = (a: Item, b: Item): number => (a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : 0);

/** Undefined for a file that is gone, or is not what its name says. */
async function keyAt(root: string, { place }: Item): Promise<string | undefined> {
  const read = readPlace(place);
  if (read !== undefined && 'key' in read) return read.key;
  const key = keyAtHead(await headOf(join(root, place)));
  return key !== undefined && placeOf(key) === place ? key : undefined;
}

async function headOf(path: string): Promise<string> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(HEAD_BYTES) });
    return buffer.toString('utf8', 0, bytesRead);
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return '';
    throw thrown;
  } finally {
    await file?.close();
  }
}
