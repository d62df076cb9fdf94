import type { Tag } from '../../shared/shapes';
import { STATUS_TAG, tagValue } from '../../shared/tags';

/**
 * What the status tag says: `Inactive`, and after it the ids of the keys that were turned off with the user. Those alone
 * come back to life with it; a key that was off before stays off.
 */
export interface UserStatus {
  readonly inactive: boolean;
  /** Ids of the keys that were turned off together with the user. */
  readonly turnedOff: readonly string[];
}

const WORD = 'Inactive';

/** Reads the status of a user from its tags. */
export function statusOf(tags: readonly Tag[]): UserStatus {
  const [word, ...turnedOff] = (tagValue(tags, STATUS_TAG) ?? '').split(' ');
  return word === WORD ? { inactive: true, turnedOff } : { inactive: false, turnedOff: [] };
}

/**
 * Makes the value of an Inactive user's tag; two ids of AWS's (20 characters) are far from the 256 that it may have.
 */
export const inactiveValue = (turnedOff: readonly string[]): string => [WORD, ...turnedOff].join(' ');

/** Makes the value that the tag has for a status; undefined when there is to be no tag. */
export const valueOf = ({ inactive, turnedOff }: UserStatus): string | undefined =>
  inactive ? inactiveValue(turnedOff) : undefined;
