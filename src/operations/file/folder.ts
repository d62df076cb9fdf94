import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRecordFile, UNFINISHED } from './names';

/** Files of one folder that are there whole or not at all, also after a loss of power. Names may lead into folders inside. */
export interface Folder {
  readonly path: string;
  /** Names of the records right in it. What was being written when a process ended is taken away. */
  readonly names: () => Promise<readonly string[]>;
  readonly read: (name: string) => Promise<string>;
  /** Resolves when the text and its name are on the disk. Rejects with the file as it was before. */
  readonly write: (name: string, text: string) => Promise<void>;
  /** Resolves when the disk knows that the file is gone. Folders inside that are empty now go, too. */
  readonly remove: (name: string) => Promise<void>;
  /** Closes it; nothing may be under way. */
  readonly close: () => Promise<void>;
}

/** Times that a write makes the folders for its file. */
const TRIES = 4;

/** Opens a folder, and makes it where it is absent. What it holds may be named by operators only: it says who did what. */
export async function openFolder(path: string): Promise<Folder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const itself = await open(path, 'r');
  let files = 0;
  let lastWritten = 0;
  /** Folders inside that are being made. */
  const making = new Set<Promise<void>>();

  /** No two writes leave the same time at a file: who asks for its facts learns whether it has been written since. */
  const stamp = async (file: FileHandle): Promise<void> => {
    const { mtimeMs } = await file.stat();
    lastWritten = Math.max(Math.ceil(mtimeMs), lastWritten + 1);
    await file.utimes(lastWritten / 1_000, lastWritten / 1_000);
  };

  const writeOut = async (file: FileHandle, text: string): Promise<void> => {
    try {
      await file.writeFile(text);
      await stamp(file);
      await file.sync();
    } finally {
      await file.close();
    }
  };

  /** Until a folder is written, a new name in it may be lost. */
  const syncFolderOf = async (name: string): Promise<void> => {
    const within = dirname(name);
    return within === '.' ? itself.sync() : syncFolder(join(path, within));
  };

  const moveTo = async (unfinished: string, name: string): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        await rename(unfinished, join(path, name));
        // Another write may have made a folder for this one that the disk does not know yet.
        await Promise.all(making);
        return;
      } catch (thrown) {
        // Its folder is not there yet, or went when the last file in it did.
        if (dirname(name) === '.' || codeOf(thrown) !== 'ENOENT' || tries === TRIES) throw thrown;
        await noted(makeFolders(dirname(name)));
      }
    }
  };

  const noted = async (work: Promise<void>): Promise<void> => {
    making.add(work);
    await work.finally(() => making.delete(work));
  };

  const makeFolders = async (within: string): Promise<void> => {
    if (within === '.') return;
    await makeFolders(dirname(within));
    try {
      await mkdir(join(path, within), { mode: 0o700 });
    } catch (thrown) {
      if (!['EEXIST', 'ENOENT'].includes(codeOf(thrown) ?? '')) throw thrown;
      return;
    }
    await syncFolderOf(within);
  };

  const removeEmpty = async (within: string): Promise<void> => {
    for (let name = within; name !== '.'; name = dirname(name)) {
      try {
        await rmdir(join(path, name));
      } catch {
        // There is something in it, or it is gone.
        return;
      }
    }
  };

  return {
    path,
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
        await moveTo(unfinished, name);
      } catch (thrown) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw thrown;
      }
      await syncFolderOf(name);
    },
    remove: async (name) => {
      await rm(join(path, name), { force: true });
      await syncFolderOf(name).catch((thrown: unknown) => {
        // With another file the folder went, too.
        if (codeOf(thrown) !== 'ENOENT') throw thrown;
      });
      await removeEmpty(dirname(name));
    },
    close: () => itself.close(),
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The system's word for what went wrong, e.g. `ENOENT`. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}
