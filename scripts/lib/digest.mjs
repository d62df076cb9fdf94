// Content hashes: a touched or checked-out file with the same bytes is no change.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.mjs';

/** Files below `path` (a file or a folder of the project), sorted; none when it is not there. */
function filesUnder(path) {
  const stat = statSync(inProject(path), { throwIfNoEntry: false });
  if (stat === undefined) return [];
  if (stat.isFile()) return [path];
  return readdirSync(inProject(path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(inProject('').length + 1))
    .sort();
}

/**
 * SHA-256 (hex) over names and contents of everything below `paths`, and over `extra`.
 * @param {readonly string[]} paths relative to the project
 * @param {readonly string[]} extra
 */
export function digestOf(paths, extra = []) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(inProject(file)))
      .update('\0');
  }
  for (const text of extra) hash.update(`${text}\0`);
  return hash.digest('hex');
}

/** The text of a stamp file, undefined when there is none. */
export function readStamp(path) {
  try {
    return readFileSync(inProject(path), 'utf8').trim();
  } catch {
    return undefined;
  }
}
