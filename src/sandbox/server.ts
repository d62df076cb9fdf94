import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireRequest, WireResponse } from './contract';
import type { Dispatch } from './dispatch';

/** Loopback only, whatever is asked for: keys and policies here protect nothing. */
const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 512 * 1024 * 1024;

/** undefined when the body is over the limit; the rest is then read and dropped. Rejects when the client hangs up. */
function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= MAX_BODY_BYTES) pieces.push(piece);
      else pieces.length = 0;
    });
    message.on('end', () => resolve(size <= MAX_BODY_BYTES ? Buffer.concat(pieces) : undefined));
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new Error('the client hung up'));
    });
  });
}

function toWire(message: IncomingMessage, body: Buffer): WireRequest {
  const target = message.url ?? '/';
  const mark = target.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = (values ?? []).join(', ');
  return {
    method: message.method ?? 'GET',
    rawPath: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers,
    host: (headers['host'] ?? '').toLowerCase(),
    body,
  };
}

/** Picks what of an answer is sent: some have no body whatever the service gives. */
export function toSend(
  method: string,
  { status, headers, body }: WireResponse,
): WireResponse & { readonly body: Buffer } {
  if (method === 'HEAD' || status === 204 || status === 304) return { status, headers, body: Buffer.alloc(0) };
  const bytes = Buffer.from(body);
  // A HEAD answer keeps the length the service states: that of the body a GET would have had.
  return { status, headers: { ...headers, 'content-length': String(bytes.length) }, body: bytes };
}

async function answer(message: IncomingMessage, response: ServerResponse, dispatch: Dispatch): Promise<void> {
  const body = await readBody(message);
  if (body === undefined) {
    response.writeHead(400, { connection: 'close' }).end('EntityTooLarge');
    return;
  }
  const request = toWire(message, body);
  const reply = await dispatch(request, message.socket.remoteAddress ?? HOST);
  if (reply === 'reset') {
    message.socket.destroy();
    return;
  }
  const { status, headers, body: bytes } = toSend(request.method, reply);
  response.writeHead(status, headers);
  response.end(bytes.length > 0 ? bytes : undefined);
}

export interface RunningServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Serves on loopback; port 0 picks a free one. Rejects when the port is taken. */
export async function serve(
  dispatch: Dispatch,
  port: number,
  failed: (error: unknown) => void,
): Promise<RunningServer> {
  const server = createServer((message, response) => {
    // A client that hangs up while sending ends here; there is nobody left to answer.
    answer(message, response, dispatch).catch((error: unknown) => {
      failed(error);
      message.socket.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await listen(server, port);
  // A TCP server's address is never a pipe name.
  const bound = server.address() as AddressInfo;
  return {
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
