import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { digestOf } from '../../../src/config/normalise';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start';
import { DOMAIN, SANDBOX_CERTIFICATE } from './site';
import { accounts } from './target';
import { ORG, TOKEN } from './world';

/** The program as it is shipped, in a process of its own that can be killed, on an AWS that survives it. */

const program = join(__dirname, '../../../dist/main.js');
const ZONE = 'Z0KILLEXAMPLEORG';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One process. */
export interface Running {
  /** Undefined when the process ended before the answer had come. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<Answer | undefined>;
  readonly kill: () => void;
  /** Resolves when the log has said `message` so many times. */
  readonly logged: (message: string, times: number) => Promise<void>;
  readonly lines: readonly string[];
  readonly ended: Promise<unknown>;
  /** Ends it by SIGTERM. */
  readonly stop: () => Promise<void>;
}

export interface Mortal {
  readonly sandbox: Sandbox;
  readonly start: () => Promise<Running>;
  /** Records of operations in the folder. */
  readonly records: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** A sandbox in this process and a folder for operations; its services come and go. */
export async function startMortal(): Promise<Mortal> {
  const { demo } = accounts;
  const sandbox = await startSandbox({
    accounts: [{ ...demo, name: 'demo' }],
    cloudfront: { deploySeconds: 0 },
    hostedZones: [{ accountId: demo.id, id: ZONE, name: DOMAIN }],
    certificates: [{ accountId: demo.id, arn: SANDBOX_CERTIFICATE, domainName: `*.${DOMAIN}` }],
  });
  const folder = mkdtempSync(join(tmpdir(), 'mallard-kill-'));
  const operations = join(folder, 'operations');
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      listenAddress: '127.0.0.1:0',
      org: ORG,
      tokens: [{ id: 'all', sha256: digestOf(TOKEN) }],
      operations: { store: 'file', path: operations },
      accounts: {
        demo: {
          id: demo.id,
          region: 'us-east-1',
          akid: demo.accessKeyId,
          secret: demo.secretAccessKey,
          endpoint: sandbox.endpoint,
          pathStyle: true,
          domains: { [DOMAIN]: { hostedZoneID: ZONE } },
        },
      },
    }),
  );
  const alive = new Set<Running>();
  return {
    sandbox,
    start: async () => {
      const running = await startProgram(config);
      alive.add(running);
      void running.ended.then(() => alive.delete(running));
      return running;
    },
    records: () => readdirSync(operations).filter((name) => name.endsWith('.json')),
    stop: async () => {
      for (const running of [...alive]) {
        running.kill();
        await running.ended;
      }
      await sandbox.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

async function startProgram(config: string): Promise<Running> {
  const child: ChildProcess = spawn(process.execPath, [program, '--config', config], {
    env: { PATH: process.env['PATH'], AWS_EC2_METADATA_DISABLED: 'true', NO_PROXY: '127.0.0.1' },
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
  await logged('listening', 1);
  const listening = lines.find((line) => line.includes('"msg":"listening"')) ?? '';
  const { address } = JSON.parse(listening) as { readonly address: string };
  return {
    lines,
    ended,
    logged,
    kill: () => void child.kill('SIGKILL'),
    send: async (method, path, body) => {
      const headers = {
        authorization: `Bearer ${TOKEN}`,
        'x-auth-token': TOKEN,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      try {
        const reply = await fetch(`http://${address}/v1/s3${path}`, {
          method,
          headers,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        return { status: reply.status, text: await reply.text() };
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
