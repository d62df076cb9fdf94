import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that is gone when this process ends. */
export function scratchDir() {
  const path = mkdtempSync(join(tmpdir(), 'mallard-bench-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true }));
  return path;
}
