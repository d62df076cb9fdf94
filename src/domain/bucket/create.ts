import type { Context } from '../shared/context';
import { answer, definePlan, type StepFactory } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { fail } from '../../base/errors';
import { checkBucketName, claimOnBucket, claimOnSettings, claimsInBucket, printable } from '../shared/names';
import { groupName, policyArn, policyName, roleOf } from '../shared/role';
import type { BucketPresence } from '../shared/aws/bucket';
import { findGroup, findPolicy } from '../access/aws/role';
import { checkWithObjectLock, type WantedSettings } from './settings/rules/input';
import type { BucketCreated, CreateBucketInput } from '../shared/shapes';
import { OPERATION_TAG, checkTags, tagsAtBirth } from '../shared/tags';
import { answerWithWarnings } from '../shared/store-features';
import { claimsBesideSites, lookAtSitesBefore, refuseBesideSite } from './apart-from-sites';
import { placeOfNew } from '../access/only-ours';
import { type BucketParts, bucketParts, newRole } from './parts';
import { newSettings } from './settings/plan';

/** What was there before: the pre-image. */
type Seen = {
  readonly bucket: BucketPresence;
  /** Websites whose name it begins with. */
  readonly sites: readonly string[];
  readonly policy: boolean;
  readonly group: boolean;
  readonly lookedAt: number;
};

/** Ends with `invalid` for input that cannot become a bucket; makes no call. */
export function checkCreateBucket(context: Pick<Context, 'org'>, region: string, input: CreateBucketInput): void {
  const { Bucket, CreateBucketConfiguration } = input.BucketInput;
  checkBucketName(Bucket);
  checkTags(input.Tags ?? [], context.org);
  checkWithObjectLock(input, input.BucketInput.ObjectLockEnabledForBucket ?? false);
  const location = CreateBucketConfiguration?.LocationConstraint;
  if (location !== undefined && location !== region) {
    fail({
      kind: 'invalid',
      pointer: '/BucketInput/CreateBucketConfiguration/LocationConstraint',
      detail: `LocationConstraint "${printable(location)}" is not the account's region; leave it out or say "${region}"`,
    });
  }
}

/**
 * A finished bucket: tagged, encrypted, private, logged, with its admin policy and group.
 * Three calls deep: look → bucket, policy, group → all the rest; four with a bucket policy that is public or denies something.
 */
export function createBucket(
  context: Context,
  input: CreateBucketInput,
  settings: WantedSettings,
): Recipe<Seen, BucketCreated> {
  const { session, org, clock } = context;
  const bucket = input.BucketInput.Bucket;
  const { account } = session;
  const kind = 'create-bucket';
  const title = `Create bucket ${bucket}`;
  const admin = roleOf(bucket, 'BktAdm');
  const objectLock = input.BucketInput.ObjectLockEnabledForBucket ?? false;
  const beside = claimsBesideSites(context, bucket);

  return {
    kind,
    title,
    claims: [claimOnBucket(account.name, bucket), claimOnSettings(account.name, bucket), ...beside.claims],
    yieldsTo: [claimsInBucket(account.name, bucket), ...beside.yieldsTo],
    recovery: 'forward',
    look: async () => {
      const lookedAt = clock.now();
      const [presence, policy, group, sites] = await Promise.all([
        placeOfNew(context, bucket),
        account.iam && findPolicy(context, policyArn(session, admin)),
        account.iam && findGroup(context, groupName(admin)),
        lookAtSitesBefore(context, bucket),
      ]);
      return { bucket: presence, sites, policy: Boolean(policy), group: Boolean(group), lookedAt };
    },
    plan: (seen, operationId) => {
      if (seen.bucket !== 'absent') fail({ kind: 'exists', detail: `a bucket ${bucket} exists already` });
      refuseBesideSite(bucket, seen.sites);
      if (seen.policy) fail({ kind: 'exists', detail: `a policy ${policyName(admin)} exists already` });
      if (seen.group) fail({ kind: 'exists', detail: `a group ${groupName(admin)} exists already` });
      const parts: BucketParts = {
        tags: tagsAtBirth(input.Tags ?? [], org, { [OPERATION_TAG]: operationId }),
        objectLock,
        lookedAt: seen.lookedAt,
        lifecycle: settings.lifecycle?.name,
        publicPolicy: false,
        block: settings.publicAccess,
      };
      const wholeBucket = (step: StepFactory) => {
        const { made, blocked, optional } = bucketParts(context, bucket, parts, step);
        return [
          ...optional,
          ...newSettings(context, bucket, settings, { made, blocked, objectLock, others: optional }, step),
        ];
      };

      if (!account.iam) {
        return definePlan(kind, title, (step) => {
          const steps = wholeBucket(step);
          return answerWithWarnings({}, steps, (_, warned) => ({
            Bucket: `/${bucket}`,
            Policy: undefined,
            Group: undefined,
            ...warned,
          }));
        });
      }
      return definePlan(kind, title, (step) => {
        wholeBucket(step);
        const { policy, group } = newRole(context, admin, step);
        return answer({ policy, group }, (results) => ({
          Bucket: `/${bucket}`,
          Policy: results.policy,
          Group: results.group.group,
        }));
      });
    },
  };
}
