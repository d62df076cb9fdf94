import { type Context, orUndefined } from '../shared/context';
import { answer } from '../../engine/plan';
import { fail } from '../../base/errors';
import { asBucket } from '../shared/subject';
import { operation } from '../shared/operation';
import { type AccessSeen, deletable, lookAtAccess } from '../access/aws/access';
import { type BucketPresence, bucketPresence, bucketTags, requirePresent } from '../shared/aws/bucket';
import { isEmpty } from './aws/emptiness';
import { isHosted } from '../shared/aws/hosting';
import { domainFor, domainOf } from '../shared/site-names';
import { deleteBucket as destroy } from './aws/make-bucket';
import { DISTRIBUTION_TAG, OPERATION_TAG, tagValue } from '../shared/tags';
import type { Spared } from '../shared/shapes';
import { whole } from '../shared/subject-rules';
import { accessEnd, removeAccess } from '../access/remove-access';

type Seen = {
  readonly bucket: BucketPresence;
  readonly empty: boolean;
  /** `unreachable`: of a domain that the account has no longer configured. */
  readonly website: 'none' | 'site' | 'unreachable';
  /** The operation tag; null without one. */
  readonly maker: string | null;
  readonly access: AccessSeen;
};

/**
 * Takes a bucket away with its groups, policies and users, as far as they are surely its own and nobody else's. Deleting the bucket comes
 * first and is the point of no return: only AWS can tell in one step that nothing is lost by it. Repeated after that
 * point, it finishes the rest. Four calls deep.
 */
export const deleteBucket = operation({
  ids: { bucket: 'deleteBucket' },
  kind: 'delete-bucket',
  version: 1,
  subject: whole,
  recovery: 'forward-after-pivot',
  title: ({ bucket }) => `Delete bucket ${bucket}`,
  look: async (context, { bucket }, _input, tagging = bucketTags(context, bucket)): Promise<Seen> => {
    const { account } = context.session;
    const reachable = <T>(read: Promise<T>) => unlessOutOfReach(context, bucket, read);
    const mayBeSite = account.iam && domainFor(account.domains, bucket) !== undefined;
    const [presence, empty, tags, hosted, access] = await Promise.all([
      bucketPresence(context, bucket),
      reachable(isEmpty(context, bucket)),
      reachable(tagging),
      mayBeSite && reachable(isHosted(context, bucket)),
      lookAtAccess(context, asBucket(bucket)),
    ]);
    const noted = tagValue(tags ?? [], DISTRIBUTION_TAG);
    const isSite = hosted === true || (mayBeSite && noted !== undefined);
    return {
      bucket: presence,
      empty: empty ?? true,
      website: isSite ? 'site' : account.iam && (await isServed(context, bucket, noted)) ? 'unreachable' : 'none',
      maker: tagValue(tags ?? [], OPERATION_TAG) ?? null,
      access,
    };
  },
  plan: (context, { target: { bucket }, seen }, step) => {
    const { access } = seen;
    if (seen.bucket !== 'absent' || isNothing(access)) requirePresent(seen.bucket, bucket);
    if (seen.website !== 'none') fail(isWebsite(context.session.account.name, bucket, seen.website));
    if (!seen.empty) fail(notEmpty(bucket));
    const pivot = step(
      seen.bucket === 'present' ? destroy(context, bucket, seen.maker ?? undefined) : alreadyGone(bucket),
    );
    return answer(removeAccess(context, asBucket(bucket), access, step, pivot), (ends): Spared => {
      const { kept, left } = accessEnd(access, ends);
      return { kept, left };
    });
  },
});

const isWebsite = (account: string, bucket: string, website: 'site' | 'unreachable') =>
  ({
    kind: 'conflict',
    detail:
      website === 'site'
        ? `${bucket} is a website: DELETE /v1/s3/${account}/websites/${bucket} takes it away with its distribution and DNS records`
        : `${bucket} is a website of a domain that is not among this account's: configure ${domainOf(bucket)}, and delete it as a website`,
  }) as const;

/** Tells whether nothing of the subject's is there that would be deleted. */
export const isNothing = ({ groups, policies, folders, users }: AccessSeen): boolean =>
  [deletable(groups), deletable(policies), folders.groups, folders.policies, users].every(({ length }) => length === 0);

/** Makes the error for a bucket that holds something. */
export const notEmpty = (bucket: string) =>
  ({
    kind: 'not-empty',
    detail: `bucket ${bucket} is not empty (objects, versions and delete markers count); nothing was changed`,
  }) as const;

/** Stands in for the pivot when an earlier deletion got past it. */
export function alreadyGone(bucket: string) {
  return {
    title: `Bucket ${bucket} is gone already`,
    pivot: true,
    run: () => Promise.resolve(),
    alreadyDone: () => Promise.resolve({ result: undefined }),
  };
}

/**
 * Tells whether a bucket is behind the distribution that its tags name: bucket users may edit those, so they prove
 * nothing.
 */
async function isServed(context: Context, bucket: string, noted: string | undefined): Promise<boolean> {
  if (noted === undefined) return false;
  // Loaded when first needed: most buckets have nothing to do with CloudFront.
  const { notedDistribution, isLive } = await import('../website/distribution/aws/find');
  return isLive((await notedDistribution(context, bucket, noted))?.distribution.DistributionConfig);
}

/** Gives what a read says; undefined for a bucket that is absent or somebody else's: its presence decides about it. */
async function unlessOutOfReach<T>(context: Context, bucket: string, read: Promise<T>): Promise<T | undefined> {
  try {
    return await orUndefined(read);
  } catch (thrown) {
    if ((await bucketPresence(context, bucket)) === 'foreign') return undefined;
    throw thrown;
  }
}
