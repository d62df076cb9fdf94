import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface Turns {
  /** Answers a request. */
  readonly handle: RequestListener;
  /** A request's turn has come. */
  readonly began: (req: IncomingMessage, res: ServerResponse) => void;
  /** Nothing is under way on the connection any more, and nothing waits. */
  readonly ended: (socket: Socket) => void;
  /** Does something later, when it is the turn of what has waited. */
  readonly later: (work: () => void) => void;
}

type Waiting = (readonly [IncomingMessage, ServerResponse])[];

/**
 * Answers the requests of one connection one after another. Node holds a connection back only by answers that wait to be
 * written, which those still being made do not: all that one caller sent at once would be under way together.
 */
export function inTurn({ handle, began, ended, later }: Turns): RequestListener {
  const lines = new WeakMap<Socket, Waiting>();

  const begin = (req: IncomingMessage, res: ServerResponse, waiting: Waiting): void => {
    const { socket } = req;
    res.once('close', () => {
      if (waiting.length === 0) return next(socket, waiting);
      later(() => {
        next(socket, waiting);
      });
    });
    began(req, res);
    handle(req, res);
  };

  const next = (socket: Socket, waiting: Waiting): void => {
    // Behind an answer that ends its connection nothing may be done any more (RFC 9112, 9.6).
    const turn = socket.writable ? waiting.shift() : undefined;
    if (turn) return begin(...turn, waiting);
    lines.delete(socket);
    ended(socket);
  };

  return (req, res) => {
    const { socket } = req;
    const waiting = lines.get(socket);
    if (waiting) return void waiting.push([req, res]);
    if (!socket.writable) return;
    const line: Waiting = [];
    lines.set(socket, line);
    begin(req, res, line);
  };
}
