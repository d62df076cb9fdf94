import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TOKEN } from './world';

/** The program as it is shipped, in a process of its own that can be killed and paused. */

const program = join(__dirname, '../../../dist/main.js');

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** One process. */
export interface Running {
  /** Undefined when the process ended before the answer had come. */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer | undefined>;
  readonly kill: () => void;
  /** SIGSTOP, until `goOn`. */
  readonly pause: () => void;
  readonly goOn: () => void;
  /** Resolves when the log has said `message` so many times. */
  readonly logged: (message: string, times: number) => Promise<void>;
  /** Resolves when that is so, looked at whenever the log has another line; rejects when it is not after so long. */
  readonly until: (isSo: () => boolean, withinMs: number) => Promise<void>;
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  readonly isAlive: () => boolean;
  /** Ends it by SIGTERM. */
  readonly stop: () => Promise<void>;
}

/** Starts it; `preload` names a file that Node loads first. Resolves when it listens. */
export async function startProgram(
  config: string,
  { preload, env = {} }: { readonly preload?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Running> {
  const options = preload === undefined ? [] : ['--require', preload];
  const child: ChildProcess = spawn(process.execPath, [...options, program, '--config', config], {
    env: { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true', NO_PROXY: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  if (!child.stdout) throw new Error('the program has no output');
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    for (const watch of watchers) watch();
  });
  const times = (message: string): number => lines.filter((line) => line.includes(`"msg":"${message}"`)).length;
  const logged = (message: string, count: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        if (times(message) < count) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
      void ended.then(() => reject(new Error(`ended before it said "${message}":\n${lines.join('\n')}`)));
    });
  const until: Running['until'] = (isSo, withinMs) =>
    new Promise((resolve, reject) => {
      const end = (tell: () => void): void => {
        clearTimeout(late);
        watchers.delete(watch);
        tell();
      };
      const watch = (): void => {
        if (isSo()) end(resolve);
      };
      const late = setTimeout(() => end(() => reject(new Error(`not within ${String(withinMs)} ms`))), withinMs);
      watchers.add(watch);
      watch();
    });
  await logged('listening', 1);
  const listening = lines.find((line) => line.includes('"msg":"listening"')) ?? '';
  const { address } = JSON.parse(listening) as { readonly address: string };
  return {
    lines,
    ended,
    logged,
    until,
    kill: () => void child.kill('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    send: async (method, path, body, more = {}) => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        'x-auth-token': TOKEN,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more,
      };
      try {
        const reply = await fetch(`http://${address}${path.startsWith('/metrics') ? '' : '/v1/s3'}${path}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return { status: reply.status, text: await reply.text(), headers: reply.headers };
      } catch {
        return undefined;
      }
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
