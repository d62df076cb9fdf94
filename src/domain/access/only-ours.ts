import { type Context, orUndefined } from '../shared/context';
import type { Recipe } from '../../engine/recipe';
import type { JsonValue } from '../../base/json';
import { fail, toDomainError } from '../../base/errors';
import { refuseOtherOrg, untold } from '../shared/org';
import {
  type BucketPresence,
  bucketPresence,
  bucketTags,
  outOfReach,
  requirePresent,
  type Tagging,
} from '../shared/aws/bucket';
import { sdkTags } from '../shared/aws/iam-shapes';
import { findPolicy } from './aws/role';
import { policyArn, roleOf } from '../shared/role';
import type { Tag } from '../shared/shapes';
import { ORG_TAG, tagValue } from '../shared/tags';

/** Writes leave alone what is another org's; org.ts says how that is told. */

/** A write on a bucket or website that may be there. Its look is given the bucket's tags, which are being read anyhow. */
export interface GuardedRecipe<P extends JsonValue, T> extends Omit<Recipe<P, T>, 'look'> {
  readonly look: (tagging?: Tagging) => Promise<P>;
  /**
   * It changes nothing but the bucket's policy, which may be what hides the tags from us: then the admin policy that was made
   * with the bucket tells whose it is.
   */
  readonly repairs?: boolean;
}

/**
 * Guards a recipe so that it only touches a bucket of ours. The tags that tell are read beside the recipe's own look,
 * so that this costs no time, and under the same claims.
 * @throws {conflict} when the bucket is another org's
 * @throws {denied} when AWS does not let its tags be read
 */
export function onlyOurs<P extends JsonValue, T>(
  context: Context,
  bucket: string,
  recipe: GuardedRecipe<P, T>,
): Recipe<P, T> {
  return {
    ...recipe,
    look: async () => {
      const tagging = bucketTags(context, bucket);
      // Whose the bucket is decides before anything that the look may have found wrong.
      const [tags, seen] = await Promise.allSettled([tagging, recipe.look(tagging)]);
      if (tags.status === 'fulfilled') refuseOtherOrg(`bucket ${bucket}`, tags.value, context.org);
      else await refuseUntold(context, bucket, tags.reason, recipe.repairs === true);
      if (seen.status === 'rejected') throw seen.reason;
      return seen.value;
    },
  };
}

/**
 * Decides about a bucket whose tags could not be read; one that is not there is nobody's and passes.
 * @throws {denied} when nothing else tells whose it is
 * @throws what reading the tags threw, when that was no refusal
 */
async function refuseUntold(context: Context, bucket: string, thrown: unknown, repairs: boolean): Promise<void> {
  const error = toDomainError(thrown);
  if (error.kind === 'not-found') return;
  if (error.kind !== 'denied') throw thrown;
  if (repairs && (await isToldByAdminPolicy(context, bucket))) return;
  const presence = await bucketPresence(context, bucket);
  if (presence === 'absent') return;
  requirePresent(presence, bucket);
  fail(untold(bucket, error));
}

/**
 * Tells whether the bucket's admin policy carries our org tag: bucket users cannot set it, and bucket policies do not
 * hide it.
 */
async function isToldByAdminPolicy(context: Context, bucket: string): Promise<boolean> {
  const { session, org } = context;
  if (!session.account.iam) return false;
  const policy = await findPolicy(context, policyArn(session, roleOf(bucket, 'BktAdm')));
  return tagValue(sdkTags(policy?.Tags), ORG_TAG) === org;
}

/**
 * Looks what is in the place of a bucket that is to be made.
 * @throws {conflict} when a bucket of another org is there
 * @throws {exists} when its groups would be another bucket's
 */
export async function placeOfNew(context: Context, bucket: string): Promise<BucketPresence> {
  const presence = await bucketPresence(context, bucket);
  if (presence === 'elsewhere') fail({ kind: 'exists', detail: outOfReach(bucket) });
  // The name is taken, whatever the tags are: they only tell by whom.
  if (presence === 'present')
    refuseOtherOrg(`bucket ${bucket}`, (await tagsIfTold(context, bucket)) ?? [], context.org);
  return presence;
}

async function tagsIfTold(context: Context, bucket: string): Promise<readonly Tag[] | undefined> {
  try {
    return await orUndefined(bucketTags(context, bucket));
  } catch (thrown) {
    if (toDomainError(thrown).kind === 'denied') return undefined;
    throw thrown;
  }
}
