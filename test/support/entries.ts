import { isFreed } from '../../src/engine/records';
import type { Entry, Register } from '../../src/engine/register';

/** Everything that a register holds below a prefix, in the order of its keys. */
export async function entriesOf(register: Register, prefix = ''): Promise<readonly Entry[]> {
  const listed = await register.list(prefix);
  const entries = await Promise.all(listed.map(({ key }) => register.get(key)));
  return entries.flatMap((entry) => entry ?? []);
}

/** Keys of the records that somebody holds. */
export async function heldIn(register: Register, prefix = ''): Promise<readonly string[]> {
  const entries = await entriesOf(register, prefix);
  return entries.filter(({ value }) => !isFreed(value)).map(({ key }) => key);
}
