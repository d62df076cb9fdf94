import type { Deadlines } from '../../base/deadlines';
import { fail } from '../../base/errors';
import type { HistoryEvent, Watched } from '../../domain/shared/history';
import { clientAddress } from '../middleware/client-address';
import type { Answer } from '../types';

/** Proxies cut connections on which nothing comes for 30 s and more. */
const HEARTBEAT_MS = 15_000;
const MOST_PER_TOKEN = 32;
const MOST_PER_ADDRESS = 64;
const RETRY_SECONDS = 10;

/** Streams of server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface Streams {
  /**
   * Sends what happens in an operation to its end.
   * @throws {invalid} a Last-Event-ID of no event
   * @throws {throttled} the token or the address has too many streams open
   */
  readonly open: (res: Answer, watched: Watched) => void;
  /** Ends all of them: the service stops. */
  readonly close: () => void;
  readonly size: () => number;
}

export function createStreams(deadlines: Deadlines): Streams {
  const open = new Map<Answer, { readonly holders: readonly string[]; readonly end: () => void }>();

  const admit = (res: Answer): readonly string[] => {
    const token = `token ${res.locals.token?.id ?? ''}`;
    const address = `address ${clientAddress(res.req, res.locals.config.trustProxy)}`;
    const held = (holder: string): number =>
      [...open.values()].filter(({ holders }) => holders.includes(holder)).length;
    if (held(token) >= MOST_PER_TOKEN || held(address) >= MOST_PER_ADDRESS) {
      const detail = `a token may have ${MOST_PER_TOKEN} streams of events open, an address ${MOST_PER_ADDRESS}`;
      fail({ kind: 'throttled', detail, retryAfterSeconds: RETRY_SECONDS });
    }
    return [token, address];
  };

  return {
    open: (res, watched) => {
      let last = lastEventId(res.req.headers['last-event-id']);
      if (watched.isOver() && last > 0 && watched.eventsAfter(last).length === 0) {
        res.statusCode = 204;
        return void res.end();
      }
      const holders = admit(res);
      res.statusCode = 200;
      res.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
      // nginx holds back what it is not told to pass on.
      res.setHeader('X-Accel-Buffering', 'no');
      if (res.destroyed || res.req.method === 'HEAD') return void res.end();
      res.flushHeaders();

      // Nothing is written for a reader who does not read: what it missed stays in the history until it does.
      let isFull = false;
      const write = (text: string): void => {
        if (res.write(text)) return;
        isFull = true;
        res.once('drain', () => {
          isFull = false;
          pump();
        });
      };
      const pump = (): void => {
        if (res.writableEnded || res.destroyed) return;
        for (const event of watched.eventsAfter(last)) {
          if (isFull) return;
          last = event.id;
          write(textOf(event));
        }
        if (watched.isOver() && !isFull) res.end();
      };
      const beat = (): void => {
        if (!isFull) write(':\n\n');
        cancel = deadlines.after(HEARTBEAT_MS, beat);
      };
      let cancel = deadlines.after(HEARTBEAT_MS, beat);
      const stop = watched.onChange(pump);
      // One who does not read would hold the service up.
      const end = (): void => {
        if (isFull) res.destroy();
        else res.end();
      };
      open.set(res, { holders, end });
      res.once('close', () => {
        stop();
        cancel();
        open.delete(res);
      });
      pump();
    },
    close: () => {
      for (const { end } of [...open.values()]) end();
    },
    size: () => open.size,
  };
}

/** JSON has no line breaks. */
const textOf = ({ id, type, data }: HistoryEvent): string =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

function lastEventId(header: string | readonly string[] | undefined): number {
  if (header === undefined) return 0;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  return fail({ kind: 'invalid', detail: 'the header Last-Event-ID must be the id of an event' });
}
