import { readFileSync } from 'node:fs';
import type { LogDestination } from '../observability/log';

export type Signal = 'SIGTERM' | 'SIGINT' | 'SIGHUP';

/** The process as the program sees it. */
export interface Host {
  /** Without interpreter and script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Where the log goes. Default: stdout, buffered. */
  readonly logTo?: LogDestination;
  readonly onSignal: (signal: Signal, listener: () => void) => void;
  /** What nobody caught: exceptions and rejections. */
  readonly onCrash: (listener: (thrown: unknown) => void) => void;
  readonly exit: (code: number) => void;
}

export function processHost(): Host {
  return {
    args: process.argv.slice(2),
    env: process.env,
    readFile: (path) => readFileSync(path, 'utf8'),
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    onSignal: (signal, listener) => void process.on(signal, listener),
    onCrash: (listener) => {
      process.on('uncaughtException', listener);
      process.on('unhandledRejection', listener);
    },
    exit: (code) => process.exit(code),
  };
}
