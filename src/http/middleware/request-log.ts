import type { Clock } from '../../base/clock';
import type { HttpLog } from '../types';

/** One request as the log has it. */
export interface RequestLine {
  readonly requestId: string;
  readonly status: number;
  /** Address it came from, as failures are counted; told of what was refused or had no token. */
  readonly client?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly route?: string | undefined;
  readonly operationId?: string | undefined;
  readonly [further: string]: unknown;
}

export interface RequestLog {
  readonly write: (line: RequestLine) => void;
  /** Writes the sums of which a second is over; to be called every second. */
  readonly sumUp: () => void;
  /** Writes every sum; nothing is owed any more. */
  readonly flush: () => void;
}

export interface RequestLogOptions {
  readonly log: Pick<HttpLog, 'info'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Callers told apart at once; the rest are summed up together. */
  readonly maxKeys?: number;
}

interface Window {
  began: number;
  /** Requests since the last line. */
  count: number;
  last: RequestLine;
}

const WINDOW_MS = 1_000;

/**
 * Writes a line for each request with a token that was let in. Anybody may send the others, as many as they like: of
 * those of one client with one status the first is written at once, then one line a second with their number. What
 * costs a caller nothing must not fill a disk, nor hide in its noise what somebody with a token does.
 */
export function createRequestLog({ log, clock, maxKeys = 1_000 }: RequestLogOptions): RequestLog {
  const windows = new Map<string, Window>();
  /** Requests of callers beyond `maxKeys` since the last line. */
  let others = 0;

  const tell = ({ count, last }: Window): void => {
    const { requestId, client, tokenId, route, status, problem } = last;
    log.info({ requestId, client, tokenId, route, status, problem, count }, 'requests summed up');
  };
  const tellOthers = (): void => {
    if (others > 0) log.info({ client: 'others', count: others }, 'requests summed up');
    others = 0;
  };
  /** A window that is over is told; it begins anew where there was something to tell, for it goes on. */
  const settle = (key: string, window: Window, now: number): void => {
    if (window.count === 0) return void windows.delete(key);
    tell(window);
    window.began = now;
    window.count = 0;
  };

  return {
    write: (line) => {
      const { client, status, tokenId, route, operationId } = line;
      if (tokenId !== undefined && (status !== 429 || operationId !== undefined)) return log.info(line, 'request');
      // Public routes are few, and who asks which of them is worth a line.
      const key = [client, status, tokenId, status < 400 ? route : ''].join(' ');
      const now = clock.monotonic();
      const over = windows.get(key);
      if (over && now - over.began >= WINDOW_MS) settle(key, over, now);
      const window = windows.get(key);
      if (window) {
        window.count++;
        window.last = line;
      } else if (windows.size < maxKeys) {
        windows.set(key, { began: now, count: 0, last: line });
        log.info(line, 'request');
      } else {
        others++;
      }
    },
    sumUp: () => {
      const now = clock.monotonic();
      for (const [key, window] of windows) {
        if (now - window.began >= WINDOW_MS) settle(key, window, now);
      }
      tellOthers();
    },
    flush: () => {
      for (const window of windows.values()) if (window.count > 0) tell(window);
      windows.clear();
      tellOthers();
    },
  };
}
