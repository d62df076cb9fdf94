import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PINNER = 'taskset';

/** Processors this process may run on, by number; undefined where processes cannot be pinned. */
function allowed() {
  if (spawnSync(PINNER, ['--version']).status !== 0) return undefined;
  const list = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

/** One processor for what is measured and another one for what loads it; undefined for either: not pinned. */
export function twoProcessors() {
  const [load, measured] = allowed() ?? [];
  return measured === undefined ? { measured: load, load: undefined } : { measured, load };
}

/** A Node command line, on that one processor when one is given. */
export function nodeCommand(args, cpu) {
  const command = [process.execPath, ...args];
  return cpu === undefined ? command : [PINNER, '-c', String(cpu), ...command];
}
