import { createDeadlines } from '../../src/base/deadlines';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { performWrites } from '../../src/http/writes';
import type { Answer } from '../../src/http/types';
import { httpConfig } from '../support/http';

/** An answer on a connection that takes nothing until it is let. */
function slowAnswer() {
  const socket = new Socket();
  let take: () => void = () => undefined;
  socket._write = (_chunk, _encoding, done) => {
    take = done;
  };
  socket._writev = (_chunks, done) => {
    take = done;
  };
  const res = new ServerResponse(new IncomingMessage(socket));
  res.assignSocket(socket);
  return { res: Object.assign(res, { locals: { config: httpConfig() } }) as unknown as Answer, take: () => take() };
}

test('writes are at work until their answers are out, so that nobody closes their connections before', async () => {
  const { perform, idle } = performWrites(
    { ready: () => true, deadlines: createDeadlines({ monotonic: () => 0 }) },
    () => 'log-id',
  );
  const { res, take } = slowAnswer();
  const written = new Promise<void>((resolve) => res.once('prefinish', resolve));
  const performed = perform(res, {
    run: async () => ({ operationId: 'op-1', outcome: { state: 'succeeded', value: 'made' } }),
    respond: (value) => res.end(value),
  });
  let isIdle = false;
  const idling = idle().then(() => (isIdle = true));
  await written;
  await new Promise(setImmediate);
  expect(isIdle).toBe(false);
  take();
  await performed;
  await idling;
  expect(res.writableFinished).toBe(true);
});
