import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecordFile, UNFINISHED } from './names';

/** Files of one folder that are there whole or not at all, also after a loss of power. */
export interface Folder {
  /** Names of its records. What was being written when a process ended is taken away. */
  readonly names: () => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string>;
  /** Resolves when the text and its name are on the disk. Rejects with the file as it was before. */
  readonly write: (name: string, text: string) => Promise<void>;
  /** Resolves when the disk knows that the file is gone. */
  readonly remove: (name: string) => Promise<void>;
  /** Closes it; nothing may be under way. */
  readonly close: () => Promise<void>;
}

/** Opens a folder, and makes it where it is absent. What it holds may be named by operators only: it says who did what. */
export async function openFolder(path: string): Promise<Folder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const itself = await open(path, 'r');
  let files = 0;

  const writeOut = async (file: FileHandle, text: string): Promise<void> => {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  };

  return {
    names: async () => {
      const all = await readdir(path);
      await Promise.all(all.filter((name) => name.startsWith(UNFINISHED)).map((name) => rm(join(path, name))));
      return all.filter(isRecordFile);
    },
    read: (name) => readFile(join(path, name), 'utf8'),
    write: async (name, text) => {
      files += 1;
      const unfinished = join(path, `${UNFINISHED}${String(files)}`);
      try {
        await writeOut(await open(unfinished, 'wx', 0o600), text);
        await rename(unfinished, join(path, name));
      } catch (thrown) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw thrown;
      }
      // Until its folder is written, a new name may be lost.
      await itself.sync();
    },
    remove: async (name) => {
      await rm(join(path, name), { force: true });
      await itself.sync();
    },
    close: () => itself.close(),
  };
}
