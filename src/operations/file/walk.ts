import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOfPlace, pathOfPrefix } from '../key-path';
import { compareKeys } from '../memory-register';
import { beginOf, isWhole, keyOfWhole, NAMING, placeOf } from './cold-names';
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
      if (group[0]?.type === 'folder') yield* inFolder(group[0].place);
      else yield* await keysOf(group);
    }
  };
  /** Of items that only their keys can tell the order of, or that are in order. */
  const keysOf = async (group: readonly Item[]): Promise<readonly string[]> => {
    const keys = await Promise.all(
      group.map(async (item) => (item.type === 'folder' ? all(inFolder(item.place)) : [await keyAt(root, item)])),
    );
    return keys
      .flat()
      .filter((key): key is string => key !== undefined && isWanted(key))
      .sort(compareKeys);
  };
  yield* inFolder(`${top}/`);
}

/** Files that are looked at side by side. */
const AT_ONCE = 32;

/** A folder, or some files. Names that were cut at the same place stay together with all that begins alike. */
function groupAt(items: readonly Item[], index: number): readonly Item[] {
  if (items[index]?.type === 'folder') return items.slice(index, index + 1);
  let end = index;
  for (let cut: string | undefined; end < items.length; end += 1) {
    const item = items[end];
    const isAlike = cut !== undefined && item?.begin.startsWith(cut) === true;
    if (!isAlike && (item?.type === 'folder' || end >= index + AT_ONCE)) break;
    if (!isAlike) cut = item?.type === 'cut' ? item.begin : undefined;
  }
  return items.slice(index, end);
}

async function all(keys: AsyncGenerator<string, void>): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const key of keys) found.push(key);
  return found;
}

async function itemsOf(root: string, folder: string): Promise<readonly Item[]> {
  const found = await readdir(join(root, folder), { withFileTypes: true }).catch((thrown: unknown): Dirent[] => {
    if (codeOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  return found.flatMap((one): Item[] => {
    const place = folder + one.name;
    if (one.isDirectory()) return [{ place: `${place}/`, type: 'folder', begin: `${place}/` }];
    const begin = beginOf(place);
    return begin === undefined ? [] : [{ place, type: isWhole(place) ? 'whole' : 'cut', begin }];
  });
}

/** Paths are ASCII. */
const byBegin = (a: Item, b: Item): number => (a.begin < b.begin ? -1 : a.begin > b.begin ? 1 : 0);

/** Undefined for a file that is gone, or is not what its name says. */
async function keyAt(root: string, { place }: Item): Promise<string | undefined> {
  if (isWhole(place)) return keyOfWhole(place);
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
