import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Other people's programs that the tests run: the AWS CLI, rclone. */

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The full path of a program: from PATH, else from the project's venv; undefined when it is nowhere. */
function programPath(name: string): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), join(process.cwd(), '.venv', 'bin')];
  return places.map((place) => join(place, name)).find((path) => existsSync(path));
}

/** Runs a program to its end with nothing but `env` and PATH around it, so that no file of the user's matters. */
export function runProgram(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
}

/** A test that needs a program. In CI a missing one is a failure; elsewhere the test is skipped by name. */
export function withProgram(
  name: string,
  title: string,
  run: (path: string) => Promise<void>,
  timeoutMs: number,
): void {
  const path = programPath(name);
  if (path === undefined && process.env['CI'] === undefined) {
    test.skip(`${title} [${name} is not installed]`, () => undefined);
    return;
  }
  test(
    title,
    async () => {
      if (path === undefined) throw new Error(`${name} is not installed`);
      await run(path);
    },
    timeoutMs,
  );
}
