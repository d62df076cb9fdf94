import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineWriter, type WriteBytes } from '../../src/observability/line-writer';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** A descriptor that takes what `take` lets it, and remembers. */
function descriptor(take: (bytes: Uint8Array) => number): { readonly write: WriteBytes; readonly chunks: string[] } {
  const chunks: string[] = [];
  return {
    chunks,
    write: (_fd, bytes) => {
      const count = take(bytes);
      chunks.push(Buffer.from(bytes.subarray(0, count)).toString('latin1'));
      return count;
    },
  };
}

test('lines of one turn go out in one write, on the next', async () => {
  const { write, chunks } = descriptor((bytes) => bytes.length);
  const writer = lineWriter(1, write);
  writer.write('a\n');
  writer.write('b\n');
  expect(chunks).toEqual([]);
  await nextTurn();
  expect(chunks).toEqual(['a\nb\n']);
  writer.write('c\n');
  await nextTurn();
  expect(chunks).toEqual(['a\nb\n', 'c\n']);
});

test('what the descriptor takes in parts arrives whole and in order', async () => {
  const { write, chunks } = descriptor(() => 1);
  const writer = lineWriter(1, write);
  writer.write('äbc\n');
  writer.write('d\n');
  await nextTurn();
  expect(Buffer.from(chunks.join(''), 'latin1').toString('utf8')).toBe('äbc\nd\n');
});

test('flush writes at once, and nothing twice', async () => {
  const { write, chunks } = descriptor((bytes) => bytes.length);
  const writer = lineWriter(1, write);
  writer.write('a\n');
  writer.flushSync();
  expect(chunks).toEqual(['a\n']);
  await nextTurn();
  expect(chunks).toEqual(['a\n']);
});

test('a busy reader gets the rest later, in order', () => {
  let busy = 3;
  const { write, chunks } = descriptor((bytes) => {
    if (busy-- > 0) throw failure('EAGAIN');
    return bytes.length;
  });
  const writer = lineWriter(1, write, 0);
  writer.write('a\n');
  writer.flushSync();
  writer.write('b\n');
  writer.flushSync();
  expect(chunks).toEqual(['a\n', 'b\n']);
});

test('a reader that was busy on its turn is tried again without a flush', async () => {
  let busy = true;
  const { write, chunks } = descriptor((bytes) => {
    if (busy) throw failure('EAGAIN');
    return bytes.length;
  });
  const writer = lineWriter(1, write);
  jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  try {
    writer.write('a\n');
    await nextTurn();
    writer.write('b\n');
    busy = false;
    jest.runOnlyPendingTimers();
    expect(chunks).toEqual(['a\nb\n'].flatMap((text) => [text.slice(0, 2), text.slice(2)]));
  } finally {
    jest.useRealTimers();
  }
});

test('flush gives up on a reader who never reads', () => {
  let attempts = 0;
  const writer = lineWriter(
    1,
    () => {
      attempts++;
      throw failure('EAGAIN');
    },
    0,
  );
  writer.write('a\n');
  writer.flushSync();
  expect(attempts).toBe(50);
});

test.each(['ENOSPC', 'EPIPE', 'EIO'])('%s costs lines, not the process; later lines are tried again', async (code) => {
  let broken = true;
  const { write, chunks } = descriptor((bytes) => {
    if (broken) throw failure(code);
    return bytes.length;
  });
  const writer = lineWriter(1, write);
  writer.write('lost\n');
  await nextTurn();
  writer.write('lost, too\n');
  writer.flushSync();
  broken = false;
  writer.write('kept\n');
  await nextTurn();
  expect(chunks).toEqual(['kept\n']);
});

test('what waits is bounded', () => {
  let busy = true;
  const { write, chunks } = descriptor((bytes) => {
    if (busy) throw failure('EAGAIN');
    return bytes.length;
  });
  const writer = lineWriter(1, write);
  const megabyte = `${'x'.repeat(1024 * 1024 - 1)}\n`;
  for (let i = 0; i < 20; i++) writer.write(megabyte);
  busy = false;
  writer.flushSync();
  expect(chunks.join('').length).toBe(8 * 1024 * 1024);
});

test('writes to a real file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mallard-log-'));
  const path = join(folder, 'out');
  const fd = openSync(path, 'w');
  try {
    const writer = lineWriter(fd);
    writer.write('ä\n');
    writer.flushSync();
    expect(readFileSync(path, 'utf8')).toBe('ä\n');
  } finally {
    closeSync(fd);
    rmSync(folder, { recursive: true });
  }
});
