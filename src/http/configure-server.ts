import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { problem, type ProblemKind } from './problem';

/** Bounds for slow and greedy clients; milliseconds where not said otherwise. */
export interface ServerBounds {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  readonly keepAliveTimeout: number;
  /** Connections open at once; further ones are closed. */
  readonly maxConnections: number;
  readonly maxRequestsPerSocket: number;
}

const DEFAULTS: ServerBounds = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  // Longer than load balancers keep theirs (60 s), so that none of them sends into a connection just closed.
  keepAliveTimeout: 65_000,
  maxConnections: 4_096,
  maxRequestsPerSocket: 0,
};

/**
 * Sets the bounds, lets a closing server get rid of its keep-alive connections, and answers what is no HTTP request with a
 * problem document, too.
 */
export function configureServer(server: Server, bounds: Partial<ServerBounds> = {}): void {
  Object.assign(server, { ...DEFAULTS, ...bounds });
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    // `close()` ends connections that are idle at that moment; those busy then would stay until they time out.
    res.once('finish', () => {
      if (!server.listening) req.socket.destroySoon();
    });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(rawProblem(error.code));
  });
}

/** An answer for a connection on which no request was understood: no id, no path, and the end of the connection. */
function rawProblem(code: string | undefined): string {
  const [kind, detail] = refusalOf(code);
  const { status, members } = problem(kind, detail);
  const body = JSON.stringify({ ...members, instance: '', requestId: '' });
  return [
    `HTTP/1.1 ${status} ${String(members['title'])}`,
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
