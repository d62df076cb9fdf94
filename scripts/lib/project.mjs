// Where the project is, and how its scripts speak. Nothing under scripts/lib/ needs node_modules.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** An absolute path of a file of the project. */
export const inProject = (...parts) => join(root, ...parts);

/** One line for people. On stderr: stdout belongs to the service's JSON log. */
export function say(line) {
  process.stderr.write(`mallard: ${line}\n`);
}
