import type { JsonValue } from '../../base/json';
import type { GroupShape, UserDetails, UserShape } from '../shared/shapes';

/** A shape of answers as the journal keeps it: times are text. */
export type Stored = JsonValue;

/** Members of AWS's shapes that are times. */
const TIMES: ReadonlySet<string> = new Set(['CreateDate', 'PasswordLastUsed']);

/** Makes a shape fit for the journal. */
export function stored(shape: object): Stored {
  return JSON.parse(JSON.stringify(shape)) as JsonValue;
}

/** Members that were undefined are absent from what comes back. */
function revived(value: Stored): unknown {
  const revive = (member: string, found: unknown): unknown =>
    TIMES.has(member) && typeof found === 'string' ? new Date(found) : found;
  return JSON.parse(JSON.stringify(value), revive);
}

// What a plan reads back, its own look has stored.
/** Makes a user of what the journal has kept. */
export const restoredUser = (value: Stored): UserDetails => revived(value) as UserDetails;
/** Makes a group of what the journal has kept. */
export const restoredGroup = (value: Stored): GroupShape => revived(value) as GroupShape;
/** Makes a user as lists show it of what the journal has kept. */
export const restoredUserShape = (value: Stored): UserShape => revived(value) as UserShape;
