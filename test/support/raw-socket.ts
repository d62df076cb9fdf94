import { connect, type Socket } from 'node:net';

/** A connection as a caller may make it that no client library would: bytes as they are, and nothing ended of itself. */
export interface RawSocket {
  readonly socket: Socket;
  readonly write: (bytes: string) => void;
  /** Resolves when what came back holds `text`. */
  readonly seen: (text: string) => Promise<void>;
  /** Everything that came back, once the other side has ended the connection. */
  readonly ended: Promise<string>;
  readonly received: () => string;
}

/** Opens one; `from` is the address of this computer that it comes from. */
export async function rawSocket(port: number, from = '127.0.0.1'): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true });
  let received = '';
  const waiting: { readonly text: string; readonly tell: () => void }[] = [];
  socket.setEncoding('latin1').on('data', (data: string) => {
    received += data;
    for (const { text, tell } of waiting) if (received.includes(text)) tell();
  });
  const ended = new Promise<string>((resolve) => {
    for (const event of ['end', 'close']) socket.once(event, () => resolve(received));
  });
  // A reset is one of the ways a server ends a connection.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    write: (bytes) => void socket.write(bytes, 'latin1'),
    seen: (text) => (received.includes(text) ? Promise.resolve() : new Promise((tell) => waiting.push({ text, tell }))),
    ended,
    received: () => received,
  };
}

/** Lets the event loop turn until `isSo`. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
