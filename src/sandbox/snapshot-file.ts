/** State on disk: one JSON file, replaced whole and atomically. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

export interface SnapshotFile {
  /** The stored state, undefined when there is none yet. Rejects when the file is not ours or damaged. */
  readonly load: () => Promise<Readonly<Record<string, unknown>> | undefined>;
  /**
   * Resolves when the state as it is now is on disk, or could not be put there; changes that arrive during a write share the
   * next one. Outlives the process however it ends, not the computer's power.
   */
  readonly save: () => Promise<void>;
  /** The same, a moment later and with nobody waiting: many calls in a row make one write. */
  readonly saveSoon: () => void;
  /** The same for what is not saved yet. Rejects when it could not be. */
  readonly flush: () => Promise<void>;
}

const VERSION = 1;
const DEBOUNCE_MS = 200;

interface Stored {
  readonly version: number;
  readonly services: Readonly<Record<string, unknown>>;
}

function isStored(value: unknown): value is Stored {
  return typeof value === 'object' && value !== null && 'services' in value && 'version' in value && value.version === VERSION;
}

/** `take` gives the state of every service by name. */
export function snapshotFile(
  directory: string,
  take: () => Readonly<Record<string, unknown>>,
  failed: (error: unknown) => void,
): SnapshotFile {
  const path = join(directory, 'sandbox.json');
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    if (!dirty) return;
    dirty = false;
    const text = JSON.stringify({ version: VERSION, services: take() } satisfies Stored);
    // The file holds secrets: for its owner only.
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  };
  const writeNext = (): Promise<void> => {
    const next = writing.then(write);
    writing = next.catch(() => {
      dirty = true;
    });
    return next;
  };

  return {
    load: async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const stored: unknown = JSON.parse(text);
      if (!isStored(stored)) throw new Error(`${path} is not a sandbox snapshot of version ${VERSION}`);
      return stored.services;
    },
    save: () => {
      dirty = true;
      return writeNext().catch(failed);
    },
    saveSoon: () => {
      dirty = true;
      timer ??= setTimeout(() => {
        timer = undefined;
        writeNext().catch(failed);
      }, DEBOUNCE_MS).unref();
    },
    flush: async () => {
      clearTimeout(timer);
      timer = undefined;
      await writeNext();
    },
  };
}
