import { writeSync } from 'node:fs';

export interface LineWriter {
  /** Takes a line with its newline; it goes out with all others of this turn of the event loop. */
  readonly write: (line: string) => void;
  /** Writes what waits before it returns; gives up after 50 tries (a second) on a reader who does not read. */
  readonly flushSync: () => void;
}

/** Characters that wait for a reader who does not read; lines beyond are dropped instead of filling the memory. */
const MAX_WAITING = 8 * 1024 * 1024;
const FLUSH_ATTEMPTS = 50;

/** `fs.writeSync`, or a stand-in for it. */
export type WriteBytes = (fd: number, bytes: Uint8Array) => number;

/**
 * Writes lines to a file descriptor, one system call per turn of the event loop. A failing descriptor (reader gone,
 * disk full) costs lines, never the process: pino's own destination, sonic-boom 4, does not return from `flushSync` then.
 */
export function lineWriter(fd: number, writeBytes: WriteBytes = writeSync, retryMs = 20): LineWriter {
  let lines = '';
  let rest: Uint8Array = new Uint8Array();
  let scheduled = false;

  /** Writes as much as the descriptor takes; whether that was all. */
  const drain = (): boolean => {
    try {
      while (rest.length > 0 || lines !== '') {
        if (rest.length === 0) {
          rest = Buffer.from(lines, 'utf8');
          lines = '';
        }
        rest = rest.subarray(writeBytes(fd, rest));
      }
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      rest = new Uint8Array();
      lines = '';
      return true;
    }
  };

  const turn = (): void => {
    scheduled = !drain();
    if (scheduled) setTimeout(turn, retryMs).unref();
  };

  return {
    write: (line) => {
      if (rest.length + lines.length + line.length > MAX_WAITING) return;
      lines += line;
      if (scheduled) return;
      scheduled = true;
      setImmediate(turn);
    },
    flushSync: () => {
      for (let attempt = 0; attempt < FLUSH_ATTEMPTS && !drain(); attempt++) pause(retryMs);
    },
  };
}

/** The reader of a pipe that is set to non-blocking has no room now. */
function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EBUSY');
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
