import { connect } from 'node:net';

/**
 * Writes bytes to a server as they are, for requests no client library would send, and gives everything that comes back
 * until the connection ends. A generator is asked for more as long as the connection takes it.
 */
export function rawExchange(port: number, bytes: () => Iterator<string | Buffer>): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    const source = bytes();
    const pump = (): void => {
      for (;;) {
        if (socket.destroyed) return;
        const next = source.next();
        if (next.done === true) return;
        if (!socket.write(next.value, 'latin1')) {
          socket.once('drain', pump);
          return;
        }
      }
    };
    socket.setEncoding('latin1').on('data', (data: string) => {
      answer += data;
    });
    // A reset is one of the ways a server ends a connection.
    socket.on('error', () => undefined).once('close', () => resolve(answer));
    socket.once('connect', pump);
  });
}
