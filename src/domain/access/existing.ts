import { fail } from '../../base/errors';
import { isMarked } from './rules/user-ownership';
import { type Stored, stored } from './stored';
import type { Tag, UserShape } from '../shared/shapes';
import type { Context } from '../shared/context';
import type { Target } from '../shared/operation';
import { otherOrg } from '../shared/org';

/** A user of another bucket that is to join the groups of this one. */

export type ExistingSeen = {
  /** As answers show it. */
  readonly shape: Stored;
  /** It carries our mark. */
  readonly ours: boolean;
  /** The org its tag names, when that is another than ours. */
  readonly org: string | null;
  /** Names of all its groups. */
  readonly groups: readonly string[];
};

/** Gives what the journal keeps of a user that is there, with all its tags and the names of its groups. */
export function seenExisting(
  { org }: Context,
  shape: UserShape,
  tags: readonly Tag[],
  groups: readonly string[],
): ExistingSeen {
  return { shape: stored(shape), ours: isMarked(tags, org), org: otherOrg(tags, org) ?? null, groups };
}

/**
 * Gives the user that is to join, once it is proven ours: whoever else has keys of it would get into the bucket.
 * @throws {not-found} when there is none
 * @throws {conflict} when it is another org's, or not surely of this service
 */
export function requireExisting({ user }: Target, seen: ExistingSeen | undefined): ExistingSeen {
  if (seen === undefined)
    return fail({ kind: 'not-found', detail: `there is no user ${user} in this account; without Existing it is made` });
  if (seen.ours) return seen;
  return fail({
    kind: 'conflict',
    detail:
      seen.org === null
        ? `user ${user} carries no mark of this service, so it joins no group here: an administrator may add it`
        : `user ${user} belongs to the org "${seen.org}"`,
  });
}
