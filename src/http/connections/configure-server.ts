import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { addressBlock } from '../middleware/client-address';
import { createConnections } from './connections';
import { inTurn } from './in-turn';
import { readInSlices } from '../body/read-in-slices';
import { problem, type Problem, type ProblemKind } from '../problem';
import type { Http } from '../server';
import { createTurnstile } from './turnstile';
import type { HttpOptions } from '../types';

/** Bounds for slow and greedy clients; milliseconds where not said otherwise. */
export interface ServerBounds {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often Node looks for requests that are too slow. It does so from `listen` on, by what this says then. */
  readonly connectionsCheckingInterval: number;
  readonly keepAliveTimeout: number;
  /** Connections open at once; for one more, another one is closed. */
  readonly connections: number;
  readonly maxRequestsPerSocket: number;
  /** 0: as many as fit into 16 KiB. Node drops those beyond a limit in silence, a second token among them. */
  readonly maxHeadersCount: number;
  /** Node's own refusal has no body. */
  readonly requireHostHeader: boolean;
}

const DEFAULTS: ServerBounds = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Node's default of 30 s would make the 10 s of the headers up to 40.
  connectionsCheckingInterval: 1_000,
  // Longer than load balancers keep theirs (60 s), so that none of them sends into a connection just closed.
  keepAliveTimeout: 65_000,
  connections: 4_096,
  maxRequestsPerSocket: 0,
  maxHeadersCount: 0,
  requireHostHeader: false,
};

/** Requests that came before they were asked for, of all connections: so many are begun in one turn of the event loop. */
const TURNS_AT_ONCE = 4;

/** A server's connections, for the one who stops it. */
export interface ConfiguredServer {
  /** Ends idle connections, and lets every answer from now on be the last of its connection. */
  readonly drain: () => void;
  /** Closes connections that have outstayed their time; to be called every second until the server is closed. */
  readonly sweep: () => void;
}

/**
 * Lets `http` answer, with one request under way for each connection. Sets the bounds, leaves it to the listener what
 * callers expect, and answers what is no HTTP request with a problem document, too.
 */
export function configureServer(
  server: Server,
  http: Pick<Http, 'handler' | 'requestLog'>,
  { config, metrics, clock, newId }: Pick<HttpOptions, 'config' | 'metrics' | 'clock' | 'newId'>,
  bounds: Partial<ServerBounds> = {},
): ConfiguredServer {
  const { connections: inAll, ...own } = { ...DEFAULTS, ...bounds };
  Object.assign(server, own);
  const connections = createConnections({
    metrics,
    clock,
    limits: () => ({ inAll, perAddress: config().limits.connectionsPerAddress }),
    timeouts: () => server,
    isClosing: () => !server.listening,
  });
  const later = createTurnstile(TURNS_AT_ONCE);
  const readers = new WeakMap<Socket, () => void>();
  server.on('connection', (socket) => {
    connections.add(socket);
    readers.set(
      socket,
      readInSlices(socket, () => mayBeRead(connections.current(socket)?.req)),
    );
  });
  server.on(
    'request',
    inTurn({
      handle: http.handler,
      began: (req, res) => {
        connections.began(req.socket, res);
      },
      ended: (socket) => {
        connections.ended(socket);
        const goOn = readers.get(socket);
        if (goOn && socket.readableLength > 0) later(goOn);
        else goOn?.();
      },
      later,
    }),
  );
  for (const expecting of ['checkContinue', 'checkExpectation']) {
    server.on(expecting, (req: IncomingMessage, res: ServerResponse) => server.emit('request', req, res));
  }
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    // The stream of an HTTP server over TCP is a socket.
    const socket = stream as Socket;
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const current = connections.current(socket);
    if (current?.req.complete === true) {
      // What is wrong came behind a request that is whole: its caller must not take a refusal for the answer to it.
      return connections.makeLast(socket);
    }
    const requestId = newId();
    const [kind, detail] = refusalOf(error.code);
    const refusal = problem(kind, detail);
    const client = addressBlock(socket.remoteAddress ?? 'unknown');
    http.requestLog.write({ requestId, status: refusal.status, client, problem: kind, code: error.code });
    // The answer is out already, or begun, while the request still came.
    if (current?.headersSent !== true) socket.write(rawProblem(refusal, requestId));
    connections.end(socket, kind === 'request-timeout' ? 'timeout' : 'malformed');
  });
  return {
    drain: () => {
      connections.drain();
      server.closeIdleConnections();
    },
    sweep: connections.sweep,
  };
}

/** While a request is answered, nothing but the rest of its own body is read, and no more of that than is taken. */
function mayBeRead(req: IncomingMessage | undefined): boolean {
  return req === undefined || (!req.complete && req.readableLength < req.readableHighWaterMark);
}

/** An answer for a connection on which no request was understood: no path, and the end of the connection. */
function rawProblem({ status, members }: Problem, requestId: string): string {
  const body = JSON.stringify({ ...members, instance: '', requestId });
  return [
    `HTTP/1.1 ${status} ${String(members['title'])}`,
    `X-Request-Id: ${requestId}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** Codes of https://nodejs.org/api/errors.html and of llhttp. */
function refusalOf(code: string | undefined): readonly [ProblemKind, string] {
  if (code === 'HPE_HEADER_OVERFLOW') return ['headers-too-large', 'the headers have more than 16 KiB'];
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return ['too-large', 'the chunk extensions are too large'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-timeout', 'the request did not arrive in time'];
  return ['invalid', 'this is no valid HTTP request'];
}
