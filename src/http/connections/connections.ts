import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../base/clock';
import type { ConnectionEnd } from '../../observability/metrics';
import { addressBlock } from '../middleware/client-address';
import { createPool, type Pool, type Pooled } from './connection-pool';
import type { Answer, HttpMetrics } from '../types';

/** Milliseconds in which an answer that is ready must have been taken, to its last byte. */
const UNREAD_MS = 60_000;
/** Milliseconds that a closing server leaves to a connection on which nothing has come yet. */
const SILENT_MS = 1_000;

export interface ConnectionsOptions {
  readonly metrics: Pick<HttpMetrics, 'connectionsOpen' | 'connectionClosed'>;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Open at once, in all and from one address (undefined: as many as in all). */
  readonly limits: () => { readonly inAll: number; readonly perAddress: number | undefined };
  /** Milliseconds for the head of a request, and for all of it; Node sees to them until the server closes. */
  readonly timeouts: () => { readonly headersTimeout: number; readonly requestTimeout: number };
  /** The server takes no new connections. */
  readonly isClosing: () => boolean;
}

export interface Connections {
  /** Takes a new connection in; at a limit another one is closed for it, or it is refused. */
  readonly add: (socket: Socket) => void;
  /** A request begins to be answered. */
  readonly began: (socket: Socket, res: ServerResponse) => void;
  /** Nothing is under way on the connection any more. */
  readonly ended: (socket: Socket) => void;
  /** The answer that is being made on a connection. */
  readonly current: (socket: Socket) => ServerResponse | undefined;
  /** What is under way on the connection is the last on it. */
  readonly makeLast: (socket: Socket) => void;
  /** Ends a connection once what was written is out. */
  readonly end: (socket: Socket, reason: ConnectionEnd) => void;
  /** From now on every answer is the last of its connection. */
  readonly drain: () => void;
  /** Closes those that have outstayed their time; to be called every second. */
  readonly sweep: () => void;
}

/** What is known of a request is noted once its handling has begun. */
type UnderWay = ServerResponse & Partial<Pick<Answer, 'locals'>>;

interface Connection extends Pooled {
  readonly socket: Socket;
  readonly address: string;
  readonly neighbours: Pool<Connection>;
  current: UnderWay | undefined;
  /** An earlier request had a valid token. */
  wasKnown: boolean;
  isLast: boolean;
  /** When the present state began, monotonic milliseconds. */
  since: number;
  /** When it was first seen that bytes wait to be taken; undefined while none do. */
  unreadSince: number | undefined;
}

/**
 * Keeps every open connection, and chooses which of them has to go. At a limit the newcomer is let in and one that
 * nobody misses goes: whoever opens connections to keep others out closes their own. Only where all others are at work
 * for callers with a token is the newcomer refused.
 */
export function createConnections({ metrics, clock, limits, timeouts, isClosing }: ConnectionsOptions): Connections {
  const all = createPool<Connection>();
  const pools = new Map<string, Pool<Connection>>();
  const open = new Map<Socket, Connection>();
  let isDraining = false;

  const forget = (connection: Connection): void => {
    if (!open.delete(connection.socket)) return;
    all.remove(connection);
    connection.neighbours.remove(connection);
    if (connection.neighbours.size() === 0) pools.delete(connection.address);
    metrics.connectionsOpen(open.size);
  };
  const drop = (connection: Connection, reason: ConnectionEnd): void => {
    metrics.connectionClosed(reason);
    forget(connection);
    connection.socket.destroy();
  };
  const turnTo = (connection: Connection, current: UnderWay | undefined): void => {
    connection.wasKnown = connection.isKnown();
    connection.current = current;
    connection.since = clock.monotonic();
    connection.unreadSince = undefined;
    all.stirred(connection);
    connection.neighbours.stirred(connection);
  };
  const sayClose = (res: ServerResponse): void => {
    if (!res.headersSent) res.setHeader('Connection', 'close');
  };
  const makeLast = (connection: Connection): void => {
    connection.isLast = true;
    if (connection.current) sayClose(connection.current);
  };

  /** How long the present state may last while the server closes and Node does not look any more; milliseconds. */
  const patience = ({ current, socket }: Connection): number => {
    if (current) return current.req.complete ? Infinity : timeouts().requestTimeout;
    return socket.bytesRead === 0 ? SILENT_MS : timeouts().headersTimeout;
  };

  return {
    add: (socket) => {
      const address = addressBlock(socket.remoteAddress ?? 'unknown');
      const neighbours = pools.get(address) ?? createPool<Connection>();
      pools.set(address, neighbours);
      const connection: Connection = {
        socket,
        address,
        neighbours,
        current: undefined,
        wasKnown: false,
        isLast: isDraining,
        since: clock.monotonic(),
        unreadSince: undefined,
        isKnown: () => connection.wasKnown || connection.current?.locals?.token !== undefined,
        isBusy: () => connection.current !== undefined,
      };
      open.set(socket, connection);
      all.add(connection);
      neighbours.add(connection);
      metrics.connectionsOpen(open.size);
      socket.once('close', () => {
        forget(connection);
      });
      const { inAll, perAddress = Infinity } = limits();
      if (neighbours.size() > perAddress) {
        const other = neighbours.leastMissed(connection);
        drop(other ?? connection, other ? 'made-room-address' : 'refused-address');
      } else if (open.size > inAll) {
        const other = all.leastMissed(connection);
        drop(other ?? connection, other ? 'made-room' : 'refused');
      }
    },
    began: (socket, res) => {
      const connection = open.get(socket);
      if (!connection) return;
      turnTo(connection, res);
      if (connection.isLast || isClosing()) sayClose(res);
    },
    ended: (socket) => {
      const connection = open.get(socket);
      if (!connection) return;
      turnTo(connection, undefined);
      // The head of that answer was out before it became the last.
      if (connection.isLast || isClosing()) socket.destroySoon();
    },
    current: (socket) => open.get(socket)?.current,
    makeLast: (socket) => {
      const connection = open.get(socket);
      if (connection) makeLast(connection);
    },
    end: (socket, reason) => {
      metrics.connectionClosed(reason);
      socket.destroySoon();
    },
    drain: () => {
      isDraining = true;
      for (const connection of open.values()) makeLast(connection);
    },
    sweep: () => {
      const now = clock.monotonic();
      for (const connection of [...open.values()]) {
        const { socket, current, since } = connection;
        const isUnread = socket.writableEnded || current?.writableEnded === true;
        connection.unreadSince = isUnread ? (connection.unreadSince ?? now) : undefined;
        if (connection.unreadSince !== undefined && now - connection.unreadSince >= UNREAD_MS)
          drop(connection, 'unread');
        else if (isClosing() && now - since >= patience(connection)) drop(connection, 'timeout');
      }
    },
  };
}
