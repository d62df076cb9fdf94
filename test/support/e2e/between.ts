import { createServer, request, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A place on the way to AWS where somebody else may act: before a call arrives, and before its answer does. */
export interface Between {
  /** For the `endpoint` of an account. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Passes calls on as they are, host and signature included. `act` is waited for. */
export async function standBetween(
  endpoint: string,
  act: (when: 'before' | 'after', call: IncomingMessage) => Promise<void>,
): Promise<Between> {
  const { hostname, port } = new URL(endpoint);
  const pass = async (call: IncomingMessage, body: Buffer): Promise<readonly [IncomingMessage, Buffer]> =>
    new Promise((resolve, reject) => {
      const { method, url: path, headers } = call;
      request({ hostname, port, method, path, headers, agent: false }, (answer) => {
        buffer(answer).then((text) => resolve([answer, text]), reject);
      })
        .on('error', reject)
        .end(body);
    });
  const server = createServer((call, reply) => {
    const answered = async (): Promise<void> => {
      const body = await buffer(call);
      await act('before', call);
      const [answer, text] = await pass(call, body);
      await act('after', call);
      reply.writeHead(answer.statusCode ?? 500, answer.headers);
      reply.end(text);
    };
    answered().catch((thrown: unknown) => reply.destroy(thrown instanceof Error ? thrown : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(own)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
