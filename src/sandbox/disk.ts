import { open, rename, rm } from 'node:fs/promises';

/** What the sandbox's state is written to. */
export interface Disk {
  /** Replaces a file whole; rejects when that is not possible, and then the file is as it was. */
  readonly replace: (path: string, text: string) => Promise<void>;
}

export const fileSystem: Disk = {
  replace: async (path, text) => {
    const next = `${path}.new`;
    try {
      // The file holds secrets: for its owner only.
      const file = await open(next, 'w', 0o600);
      try {
        await file.writeFile(text);
      } finally {
        await file.close();
      }
      await rename(next, path);
    } catch (error) {
      // On a full disk a torn file would take the room that the next attempt needs.
      await rm(next, { force: true }).catch(() => undefined);
      throw error;
    }
  },
};
