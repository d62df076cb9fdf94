import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problem, type Problem, type ProblemKind } from './problem';
import type { HttpOptions } from './types';

/** Bounds for slow and greedy clients; milliseconds where not said otherwise. */
export interface ServerBounds {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often Node looks for requests that are too slow. It does so from `listen` on, by what this says then. */
  readonly connectionsCheckingInterval: number;
  readonly keepAliveTimeout: number;
  /** Connections open at once; further ones are closed. */
  readonly maxConnections: number;
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
  maxConnections: 4_096,
  maxRequestsPerSocket: 0,
  maxHeadersCount: 0,
  requireHostHeader: false,
};

/**
 * Sets the bounds, lets a closing server get rid of its keep-alive connections, leaves it to the listener what callers
 * expect, and answers what is no HTTP request with a problem document, too.
 */
export function configureServer(
  server: Server,
  { log, newId }: Pick<HttpOptions, 'log' | 'newId'>,
  bounds: Partial<ServerBounds> = {},
): void {
  Object.assign(server, { ...DEFAULTS, ...bounds });
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    // `close()` ends connections that are idle at that moment; those busy then would stay until they time out.
    res.once('finish', () => {
      if (!server.listening) req.socket.destroySoon();
    });
  });
  for (const expecting of ['checkContinue', 'checkExpectation']) {
    server.on(expecting, (req: IncomingMessage, res: ServerResponse) => server.emit('request', req, res));
  }
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const requestId = newId();
    const [kind, detail] = refusalOf(error.code);
    const refusal = problem(kind, detail);
    log.info({ requestId, status: refusal.status, problem: kind, code: error.code }, 'request');
    socket.end(rawProblem(refusal, requestId));
  });
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
