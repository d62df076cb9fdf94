/** State on disk: one JSON file, replaced whole and atomically. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from './disk';

export interface SnapshotFile {
  /** The stored state, undefined when there is none yet. Rejects when the file is not ours or damaged. */
  readonly load: () => Promise<Services | undefined>;
  /** To be called once, when the state is as it shall be without any change. */
  readonly begin: () => void;
  /**
   * Resolves when the state as it is now is on disk; changes that arrive during a write share the next one. Outlives the
   * process however it ends, not the computer's power. Rejects when it could not be put there: then the state is as it
   * was stored last, and all who wait for a change since then are told so.
   */
  readonly save: () => Promise<void>;
  /** Resolves when nothing is being written any more. */
  readonly settled: () => Promise<void>;
}

/** The state of every service by name. */
export type Services = Readonly<Record<string, unknown>>;

export interface State {
  readonly take: () => Services;
  readonly restore: (services: Services) => void;
}

const VERSION = 1;

interface Stored {
  readonly version: number;
  readonly services: Services;
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === 'object' &&
    value !== null &&
    'services' in value &&
    'version' in value &&
    value.version === VERSION
  );
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export function snapshotFile(directory: string, { take, restore }: State, disk: Disk): SnapshotFile {
  const path = join(directory, 'sandbox.json');
  const textOf = (): string => JSON.stringify({ version: VERSION, services: take() } satisfies Stored);
  let stored = '';
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      const text = textOf();
      try {
        await disk.replace(path, text);
        stored = text;
        for (const { resolve } of served) resolve();
      } catch (error) {
        // What was changed meanwhile was made of what is taken back now.
        const refused = [...served, ...waiting];
        waiting = [];
        // Written by this very function.
        restore((JSON.parse(stored) as Stored).services);
        for (const { reject } of refused) reject(error);
      }
    }
    writing = undefined;
  };

  return {
    load: async () => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return undefined;
      const found: unknown = JSON.parse(text);
      if (!isStored(found)) throw new Error(`${path} is not a sandbox snapshot of version ${VERSION}`);
      return found.services;
    },
    begin: () => {
      stored = textOf();
    },
    save: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        writing ??= writeAll();
      }),
    settled: async () => {
      await writing;
    },
  };
}
