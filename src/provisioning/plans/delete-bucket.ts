import type { Context } from '../context';
import { orUndefined } from '../context';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { fail } from '../../errors';
import { asBucket } from '../holder';
import { claimOnBucket, claimOnSettings, claimsInBucket } from '../names';
import type { AccessSeen } from '../reads/access';
import { lookAtAccess } from '../reads/access';
import type { BucketPresence } from '../reads/bucket';
import { bucketPresence, isEmpty, requirePresent } from '../reads/bucket';
import { deleteBucket as destroy } from '../steps/s3';
import { removeAccess } from './remove-access';

type Seen = { readonly bucket: BucketPresence; readonly empty: boolean; readonly access: AccessSeen };

/**
 * Takes a bucket away with its groups, policies and the users that belong to nothing else. Deleting the bucket comes
 * first and is the point of no return: only AWS can tell in one step that nothing is lost by it. Repeated after that
 * point, it finishes the rest. Four calls deep.
 */
export function deleteBucket(context: Context, bucket: string): Recipe<Seen, void> {
  const { account } = context.session;
  const holder = asBucket(bucket);
  const kind = 'delete-bucket';
  const title = `Delete bucket ${bucket}`;

  return {
    kind,
    title,
    claims: [claimOnBucket(account.name, bucket), claimOnSettings(account.name, bucket)],
    yieldsTo: [claimsInBucket(account.name, bucket)],
    recovery: 'forward-after-pivot',
    look: async () => {
      const [presence, empty, access] = await Promise.all([
        bucketPresence(context, bucket),
        isEmptyOrOutOfReach(context, bucket),
        lookAtAccess(context, holder),
      ]);
      return { bucket: presence, empty, access };
    },
    plan: ({ bucket: presence, empty, access }) => {
      if (presence !== 'absent' || isNothing(access)) requirePresent(presence, bucket);
      if (!empty) fail(notEmpty(bucket));
      return definePlan(kind, title, (step) => {
        const pivot = step(presence === 'present' ? destroy(context, bucket) : alreadyGone(bucket));
        removeAccess(context, holder, access, step, pivot);
        return answer({}, () => undefined);
      });
    },
  };
}

export const isNothing = ({ groups, policies, users }: AccessSeen): boolean =>
  groups.length === 0 && policies.length === 0 && users.length === 0;

export const notEmpty = (bucket: string) =>
  ({
    kind: 'not-empty',
    detail: `bucket ${bucket} is not empty (objects, versions and delete markers count); nothing was changed`,
  }) as const;

/** Stands in for the pivot when an earlier deletion got past it. */
export function alreadyGone(bucket: string) {
  return { title: `Bucket ${bucket} is gone already`, pivot: true, run: () => Promise.resolve() };
}

/** A bucket that is absent or somebody else's has nothing to lose by us; its presence decides about it. */
async function isEmptyOrOutOfReach(context: Context, bucket: string): Promise<boolean> {
  try {
    return (await orUndefined(isEmpty(context, bucket))) ?? true;
  } catch (thrown) {
    if ((await bucketPresence(context, bucket)) === 'foreign') return true;
    throw thrown;
  }
}
