import { Worker } from 'node:worker_threads';
import { hashSync } from 'bcryptjs';
import source from 'thread:../../../src/http/auth/bcrypt.thread';
import { createBcryptThread } from '../../../src/http/auth/bcrypt-thread';

const good = hashSync('second', 4);
const plains = ['first', 'second', 'third'];

/** Threads that a test has started. */
const threads: Worker[] = [];
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.terminate())));
const begin = (code: string): Worker => {
  const thread = new Worker(code, { eval: true });
  threads.push(thread);
  return thread;
};

test('tells which text a hash is of, many at once, by one thread that starts with the first question', async () => {
  const thread = createBcryptThread(() => begin(source));
  expect(threads).toHaveLength(0);
  const questions = [...plains.map((plain) => hashSync(plain, 4)), hashSync('another', 4)];
  expect(await Promise.all(questions.map((header) => thread.match(header, plains)))).toEqual([0, 1, 2, -1]);
  expect(await thread.match(good, [])).toBe(-1);
  expect(threads).toHaveLength(1);
});

test('a thread that computes for ever holds up nobody but who asked it', async () => {
  const thread = createBcryptThread(() => begin('for (;;);'));
  const asked = thread.match(good, plains);
  for (const n of [0, 1]) await threads[n]?.terminate();
  await expect(asked).rejects.toThrow('the thread that compares tokens ended');
});

test('a thread that ends is started anew, and what it was asked is asked once more', async () => {
  const codes = ['process.exit(1)', source];
  const thread = createBcryptThread(() => begin(codes.shift() ?? source));
  expect(await thread.match(good, plains)).toBe(1);
  expect(threads).toHaveLength(2);
  const { 1: second } = threads;
  await second?.terminate();
  expect(await thread.match(good, plains)).toBe(1);
  expect(threads).toHaveLength(3);
});

test('a question over which two threads ended is given up, and the next one has a thread again', async () => {
  const dying =
    'require("node:worker_threads").parentPort.once("message", () => { throw new Error("out of memory"); })';
  const codes = [dying, dying];
  const thread = createBcryptThread(() => begin(codes.shift() ?? source));
  await expect(thread.match(good, plains)).rejects.toMatchObject({
    message: 'the thread that compares tokens ended',
    cause: { message: 'out of memory' },
  });
  expect(await thread.match(good, plains)).toBe(1);
});

test('a thread that cannot be started is an error of that question alone', async () => {
  let attempts = 0;
  const thread = createBcryptThread(() => {
    if (attempts++ === 0) throw new Error('no memory for a thread');
    return begin(source);
  });
  await expect(thread.match(good, plains)).rejects.toMatchObject({ cause: { message: 'no memory for a thread' } });
  expect(await thread.match(good, plains)).toBe(1);
});
