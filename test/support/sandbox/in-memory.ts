import { validateHeaderValue } from 'node:http';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HttpResponse } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { WireRequest } from '../../../src/sandbox/contract';
import { toSend } from '../../../src/sandbox/server';
import type { Sandbox } from '../../../src/sandbox/start';

/**
 * What the SDK sends to a sandbox of this process goes there without a connection: signed and serialized as ever, by the
 * very clients that the service makes, it only skips the two ends of a socket. Whatever else speaks to the sandbox (browsers,
 * `fetch`, presigned URLs) does so over HTTP. With MALLARD_SOCKETS=1 everything does.
 */

/** Whether everything goes as it would over a network, and nothing is read but by calls. */
export const usesSockets = process.env['MALLARD_SOCKETS'] === '1';

/** By `host:port`. */
const served = new Map<string, Sandbox>();
let isInstalled = false;

/** Gives the function that ends it. */
export function answerInMemory(sandbox: Sandbox): () => void {
  if (usesSockets) return () => undefined;
  install();
  const { host } = new URL(sandbox.endpoint);
  served.set(host, sandbox);
  return () => void served.delete(host);
}

type Handle = NodeHttpHandler['handle'];
type Request = Parameters<Handle>[0];
type Signal = NonNullable<Parameters<Handle>[1]>['abortSignal'];

/** For the rest of the test file. */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const overSockets = NodeHttpHandler.prototype.handle;
  NodeHttpHandler.prototype.handle = function handle(request, options) {
    const sandbox = served.get(`${request.hostname}:${String(request.port)}`);
    return sandbox === undefined
      ? overSockets.call(this, request, options)
      : exchange(sandbox, request, options?.abortSignal);
  };
}

const LOOPBACK = '127.0.0.1';

/** One turn of the event loop there and one back: calls that run side by side stay that. */
async function exchange(sandbox: Sandbox, request: Request, signal: Signal): ReturnType<Handle> {
  const wire = await toWire(request);
  throwIfAborted(signal);
  await nextTurn();
  // What was sent arrives, whether or not somebody waits for the answer.
  const reply = await untilAborted(sandbox.dispatch(wire, LOOPBACK), signal);
  await nextTurn();
  throwIfAborted(signal);
  if (reply === 'reset') {
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
  }
  const { status, headers, body } = toSend(wire.method, reply);
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { response: new HttpResponse({ statusCode: status, headers: lower, body: streamOf(body) }) };
}

function streamOf(bytes: Buffer): Readable {
  const stream = new Readable({ read: () => undefined });
  if (bytes.length > 0) stream.push(bytes);
  stream.push(null);
  return stream;
}

async function toWire(request: Request): Promise<WireRequest> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    // As Node's client does.
    validateHeaderValue(name, value);
    headers[name.toLowerCase()] = value.trim();
  }
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(request.query)) {
    for (const value of Array.isArray(values) ? values : [values ?? '']) query.append(name, value);
  }
  const body = await bytesOf(request.body);
  if (headers['content-length'] === undefined && request.body instanceof Readable) {
    headers['transfer-encoding'] = 'chunked';
  }
  return {
    method: request.method,
    rawPath: request.path,
    query,
    headers,
    host: (headers['host'] ?? '').toLowerCase(),
    body,
  };
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  if (!(body instanceof Readable)) throw new TypeError('a body of this kind is not sent in memory');
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

const isAborted = (signal: Signal): boolean => signal?.aborted === true;

function throwIfAborted(signal: Signal): void {
  if (isAborted(signal)) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

function untilAborted<T>(work: Promise<T>, signal: Signal): Promise<T> {
  if (signal === undefined || !(signal instanceof AbortSignal)) return work;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' }));
    signal.addEventListener('abort', abort, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
