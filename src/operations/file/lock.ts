import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

const NAME = '.lock';
/** The shortest of what systems take for the path of a socket, its end included. */
const LONGEST_PATH = 103;
const ANSWER_MS = 2_000;
const TRIES = 3;

export interface Lock {
  readonly release: () => Promise<void>;
}

/**
 * Makes this process the only one that uses a folder. The lock is a socket on which its owner listens: it dies with the
 * process, however that ends, and no clock or process id has to be believed. What a dead owner leaves of it is a name that
 * nobody listens on. It is seen by every process on the same machine, containers that share the folder included.
 *
 * @throws an Error when another process has the folder, or sockets cannot be made there
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = join(folder, NAME);
  if (Buffer.byteLength(path) > LONGEST_PATH)
    throw new Error(`its path is too long for the lock in it: at most ${String(LONGEST_PATH - NAME.length - 1)} bytes`);
  const own = randomUUID();
  for (let round = 0; round < TRIES; round += 1) {
    const server = await listen(path, own);
    // Whoever found the same dead lock at the same moment may have replaced ours.
    if (server && (await ownerOf(path)) === own) return { release: () => close(server) };
    if (server) await close(server);
    else if ((await ownerOf(path)) !== undefined) break;
    else await rm(path, { force: true });
  }
  throw new Error('another process uses it');
}

/** Undefined when the name is taken, by the living or the dead. */
function listen(path: string, own: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(own);
    });
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });
}

/** What the owner says of itself; undefined when nobody listens. One that is too busy to answer is alive. */
function ownerOf(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    let isThere = false;
    const socket = connect(path, () => (isThere = true));
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(isThere ? said : undefined));
  });
}

/** Node takes the socket's name away with it. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
