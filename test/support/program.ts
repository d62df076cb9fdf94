import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../../src/app';
import { type Clock, systemClock } from '../../src/base/clock';
import type { Host, Signal } from '../../src/main/host';
import type { Parts } from '../../src/main/parts';
import { run } from '../../src/main/run';
import * as sandboxModule from '../../src/sandbox/index';

/** The program in this process, on a host whose parts a test can see. Whoever imports this has its programs ended after each test. */

/** Of the files of one test file. */
export const folder = mkdtempSync(join(tmpdir(), 'mallard-main-'));
afterAll(() => rmSync(folder, { recursive: true }));

export interface TestProcess {
  readonly code: Promise<number | undefined>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly lines: () => readonly Record<string, unknown>[];
  readonly line: (msg: string) => Record<string, unknown> | undefined;
  readonly signal: (signal: Signal) => void;
  readonly crash: (thrown: unknown) => void;
  /** Resolves with the code the program left with. */
  readonly exited: Promise<number>;
}

/** A clock whose sleeps never end: the grace of these tests is not over before the test is. */
export const endless: Clock = { ...systemClock, sleep: () => new Promise(() => undefined) };

/** Programs that a failed test has left running. */
const running = new Set<TestProcess>();
afterEach(async () => {
  for (const program of running) {
    program.signal('SIGTERM');
    await program.exited;
  }
});

export function start(
  args: readonly string[],
  env: Record<string, string> = {},
  parts: Partial<Parts> = {},
): TestProcess {
  let out = '';
  let err = '';
  let log = '';
  const signals = new Map<Signal, () => void>();
  let crash: (thrown: unknown) => void = () => undefined;
  let exit: (code: number) => void = () => undefined;
  const exited = new Promise<number>((resolve) => (exit = resolve));
  const host: Host = {
    args,
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
    stdout: (text) => void (out += text),
    stderr: (text) => void (err += text),
    logTo: { write: (line) => void (log += line) },
    onSignal: (signal, listener) => void signals.set(signal, listener),
    onCrash: (listener) => void (crash = listener),
    exit: (code) => exit(code),
  };
  const version = { version: '1.2.3', githash: 'abc', buildstamp: '2026-01-01T00:00:00Z' };
  const code = run(host, {
    createApp,
    loadSandbox: () => Promise.resolve(sandboxModule),
    clock: endless,
    version,
    ...parts,
  });
  const lines = (): readonly Record<string, unknown>[] =>
    log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const program: TestProcess = {
    code,
    stdout: () => out,
    stderr: () => err,
    lines,
    line: (msg) => lines().find((line) => line['msg'] === msg),
    signal: (signal) => signals.get(signal)?.(),
    crash: (thrown) => crash(thrown),
    exited,
  };
  // Only a program that runs answers signals.
  void code.then((ended) => ended ?? running.add(program));
  void exited.then(() => running.delete(program));
  return program;
}

export function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

export const plain = {
  org: 'acme',
  token: 'psk-of-the-program-0123456789',
  listenAddress: '127.0.0.1:0',
  accounts: { demo: { region: 'us-east-1', id: '111111111111', akid: 'A', secret: 'B' } },
};

/** An app that only remembers what is asked of it, for what a real one would not do on demand. */
export function stubApp(overrides: Partial<App> = {}): {
  readonly createApp: typeof createApp;
  readonly reloads: unknown[];
} {
  const reloads: unknown[] = [];
  const app: App = {
    handler: () => undefined,
    start: () => Promise.resolve({ address: '127.0.0.1:1' }),
    stop: () => Promise.resolve(),
    leftBehind: () => [],
    reload: (config) => void reloads.push(config),
    ...overrides,
  };
  return { createApp: () => app, reloads };
}
