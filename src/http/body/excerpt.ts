import { document } from '../contract/document';

/** So many values are checked to the last mistake; each may have several. */
const MOST_VALUES = 1_000;
/** How much of each list is kept, the first that makes the whole small enough. */
const WIDTHS = [Infinity, 100, 30, 10, 3];

export interface Excerpt {
  readonly value: unknown;
  /** Nothing was left out. */
  readonly isWhole: boolean;
}

/**
 * Cuts a body down to the beginning of each list in it, and of the members that no schema names, so that not thousands
 * of mistakes are written down when a few are told. What is wrong with the excerpt is wrong with the body, too: nothing
 * is left out that a schema asks for. undefined: no such part is small enough.
 */
export function excerptOf(value: unknown): Excerpt | undefined {
  for (const width of WIDTHS) {
    const budget = { left: MOST_VALUES };
    const part = copy(value, width, budget);
    if (budget.left >= 0) return { value: width === Infinity ? value : part, isWhole: width === Infinity };
  }
  return undefined;
}

/** Gives up, with something to be thrown away, when the budget is used up. */
function copy(value: unknown, width: number, budget: { left: number }): unknown {
  if (--budget.left < 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.slice(0, Math.min(width, MOST_VALUES)).map((item: unknown) => copy(item, width, budget));
  const members: Record<string, unknown> = {};
  let unnamed = 0;
  for (const [name, member] of Object.entries(value)) {
    if (budget.left < 0) break;
    if (named().has(name) || ++unnamed <= width) members[name] = copy(member, width, budget);
  }
  return members;
}

let names: ReadonlySet<string> | undefined;

/** Every name of a member in any schema of openapi.yaml. */
function named(): ReadonlySet<string> {
  if (names !== undefined) return names;
  const found = new Set<string>();
  const pending: unknown[] = [document];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const [key, child] of Object.entries<unknown>({ ...node })) {
      if (key === 'properties' && typeof child === 'object' && child !== null)
        for (const name of Object.keys(child)) found.add(name);
      if (typeof child === 'object') pending.push(child);
    }
  }
  return (names = found);
}
