import type { Entry, Register } from '../../src/engine/register';

/** Everything that a register holds below a prefix, in the order of its keys. */
export async function entriesOf(register: Register, prefix = ''): Promise<readonly Entry[]> {
  const listed = await register.list(prefix);
  const entries = await Promise.all(listed.map(({ key }) => register.get(key)));
  return entries.flatMap((entry) => entry ?? []);
}
