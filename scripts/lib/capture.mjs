// What a short command prints.
import { spawnSync } from 'node:child_process';
import { root } from './project.mjs';

/** Its output without the last line break; undefined when it cannot be run or fails. */
export function capture(command, args, cwd = root) {
  const { status, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}
