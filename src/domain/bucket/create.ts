import { fail } from '../../base/errors';
import { answer } from '../../engine/plan';
import { placeOfNew } from '../access/only-ours';
import { findGroup, findPolicy } from '../access/aws/role';
import { checkBucketName, printable } from '../shared/names';
import { operation, type Place } from '../shared/operation';
import { groupName, policyArn, policyName, roleOf } from '../shared/role';
import type { BucketCreated, CreateBucketInput } from '../shared/shapes';
import { answerWithWarnings } from '../shared/store-features';
import { isOwnStore, wholeNew } from '../shared/subject-rules';
import { OPERATION_TAG, checkTags, tagsAtBirth } from '../shared/tags';
import { lookAtSitesBefore, refuseBesideSite } from './apart-from-sites';
import { type BucketParts, bucketParts, newRole } from './parts';
import { policyScope } from './settings/rules/policy';
import { checkNewSettings, checkTogether, settledSettings, wantedSettings } from './settings/wanted';

/**
 * Refuses what cannot become a bucket.
 * @throws {invalid} when a name, tag, region or setting cannot be
 * @throws {exists} for the service's own stores
 */
function checkCreate({ config, account, partition }: Place, input: CreateBucketInput): void {
  const { Bucket, CreateBucketConfiguration } = input.BucketInput;
  checkBucketName(account, Bucket);
  checkTags(input.Tags ?? [], config.org);
  checkNewSettings(input, { objectLock: input.BucketInput.ObjectLockEnabledForBucket ?? false });
  const location = CreateBucketConfiguration?.LocationConstraint;
  if (location !== undefined && location !== account.region) {
    fail({
      kind: 'invalid',
      pointer: '/BucketInput/CreateBucketConfiguration/LocationConstraint',
      detail: `LocationConstraint "${printable(location)}" is not the account's region; leave it out or say "${account.region}"`,
    });
  }
  if (isOwnStore({ config, account }, Bucket)) fail(taken(Bucket));
  checkTogether(wantedSettings(input, policyScope(account, Bucket, partition)));
}

/**
 * Makes a finished bucket: tagged, encrypted, private, logged, with its admin policy and group. Three calls deep: look
 * → bucket, policy, group → all the rest; four with a bucket policy that is public or denies something.
 */
export const createBucket = operation({
  ids: { account: 'createBucket' },
  kind: 'create-bucket',
  version: 1,
  subject: wholeNew,
  recovery: 'forward',
  names: ({ BucketInput }: CreateBucketInput) => ({ bucket: BucketInput.Bucket }),
  title: ({ bucket }) => `Create bucket ${bucket}`,
  check: (place, _, input) => checkCreate(place, input),
  look: async (context, { bucket }, input) => {
    const { account } = context.session;
    const admin = roleOf(bucket, 'BktAdm');
    const lookedAt = context.clock.now();
    const [presence, policy, group, sites, wanted] = await Promise.all([
      placeOfNew(context, bucket),
      account.iam && findPolicy(context, policyArn(context.session, admin)),
      account.iam && findGroup(context, groupName(admin)),
      lookAtSitesBefore(context, bucket),
      settledSettings(context, bucket, input),
    ]);
    return { bucket: presence, sites, policy: Boolean(policy), group: Boolean(group), wanted, lookedAt };
  },
  plan: (context, { target: { bucket }, input, seen, id }, step) => {
    const { account } = context.session;
    const admin = roleOf(bucket, 'BktAdm');
    if (seen.bucket !== 'absent') fail(taken(bucket));
    refuseBesideSite(bucket, seen.sites);
    if (seen.policy) fail({ kind: 'exists', detail: `a policy ${policyName(admin)} exists already` });
    if (seen.group) fail({ kind: 'exists', detail: `a group ${groupName(admin)} exists already` });
    checkTogether(seen.wanted);

    const parts: BucketParts = {
      tags: tagsAtBirth(input.Tags ?? [], context.org, { [OPERATION_TAG]: id }),
      objectLock: input.BucketInput.ObjectLockEnabledForBucket ?? false,
      lookedAt: seen.lookedAt,
      publicPolicy: false,
      settings: seen.wanted,
    };
    const { optional } = bucketParts(context, bucket, parts, step);
    const Bucket = `/${bucket}`;
    // A store without IAM has neither policies nor groups.
    if (!account.iam) {
      return answerWithWarnings({}, optional, (_, warned): BucketCreated => ({
        Bucket,
        Policy: undefined,
        Group: undefined,
        ...warned,
      }));
    }
    return answer(newRole(context, admin, step), ({ policy, group }): BucketCreated => ({
      Bucket,
      Policy: policy,
      Group: group.group,
    }));
  },
});

const taken = (bucket: string) => ({ kind: 'exists', detail: `a bucket ${bucket} exists already` }) as const;
