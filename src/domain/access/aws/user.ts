import {
  type AccessKeyMetadata,
  GetUserCommand,
  type Group,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  type User,
} from '@aws-sdk/client-iam';
import { type Context, orUndefined, reading } from '../../shared/context';
import { fail } from '../../../base/errors';
import { type Subject, ownGroups } from '../../shared/subject';
import { fitsIam, printable } from '../../shared/names';
import { isPolicyOfBucket } from '../../shared/policies';
import { policyArn, roleOf } from '../../shared/role';
import { BUCKET_TAG, OPERATION_TAG, ORG_TAG, tagValue } from '../../shared/tags';
import { allPages } from '../../shared/aws/iam-pages';
import { sdkTags } from '../../shared/aws/iam-shapes';
import { defaultDocument } from '../../shared/aws/policy-document';
import { tellGroups } from './group-ownership';

/** Reads an IAM user with its tags; undefined when there is none. */
export async function findUser(context: Context, user: string): Promise<User | undefined> {
  const answer = await orUndefined(reading(context, () => context.session.iam(new GetUserCommand({ UserName: user }))));
  return answer?.User;
}

/** Lists all groups of a user; empty without the user. */
export async function groupsOfUser(context: Context, user: string): Promise<readonly Group[]> {
  const groups = await orUndefined(
    allPages(
      (marker) =>
        reading(context, () => context.session.iam(new ListGroupsForUserCommand({ UserName: user, ...marker }))),
      (page) => page.Groups,
    ),
  );
  return groups ?? [];
}

/** Lists all access keys of a user, oldest first; empty without the user. */
export async function accessKeys(context: Context, user: string): Promise<readonly AccessKeyMetadata[]> {
  const keys = await orUndefined(
    allPages(
      (marker) => reading(context, () => context.session.iam(new ListAccessKeysCommand({ UserName: user, ...marker }))),
      (page) => page.AccessKeyMetadata,
    ),
  );
  return [...(keys ?? [])].sort((a, b) => (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0));
}

/** Lists the managed policies attached to the user directly; empty without the user. */
export async function attachedUserPolicies(
  context: Context,
  user: string,
): Promise<readonly { Arn: string; PolicyName: string }[]> {
  const attached = await orUndefined(
    allPages(
      (marker) =>
        reading(context, () => context.session.iam(new ListAttachedUserPoliciesCommand({ UserName: user, ...marker }))),
      (page) => page.AttachedPolicies,
    ),
  );
  return (attached ?? []).map(({ PolicyArn, PolicyName }) => ({ Arn: PolicyArn ?? '', PolicyName: PolicyName ?? '' }));
}

type AttachedPolicies = Awaited<ReturnType<typeof attachedUserPolicies>>;

/** Lists the managed policies attached to the user named like the bucket; empty where IAM can have none of that name. */
export const attachedToNamesake = async (context: Context, bucket: string): Promise<AttachedPolicies> =>
  fitsIam('user', bucket) ? attachedUserPolicies(context, bucket) : [];

/**
 * Tells whether the user named like the bucket is the one the predecessor made: the bucket's admin policy, or a policy
 * that speaks of this bucket alone, is attached to it. Anything else of that name is a stranger.
 */
export async function isLegacyUser(
  context: Context,
  bucket: string,
  attaching: Promise<AttachedPolicies> = attachedToNamesake(context, bucket),
): Promise<boolean> {
  const attached = await attaching;
  const own = policyArn(context.session, roleOf(bucket, 'BktAdm'));
  return attached.some(({ Arn }) => Arn === own) || (await policiesOfBucket(context, bucket, attached)).length > 0;
}

/** Picks the ARNs of those policies that speak of the bucket alone. */
export async function policiesOfBucket(
  context: Context,
  bucket: string,
  policies: readonly { readonly Arn: string }[],
): Promise<readonly string[]> {
  const { partition, accountId } = context.session;
  const judged = await Promise.all(
    policies
      // Policies of AWS's own account never speak of one bucket.
      .filter(({ Arn }) => Arn.startsWith(`arn:${partition}:iam::${accountId}:policy/`))
      .map(async ({ Arn }) => {
        const document = await defaultDocument(context, Arn);
        return document !== undefined && isPolicyOfBucket(document, bucket, context.session) ? [Arn] : [];
      }),
  );
  return judged.flat();
}

/** How a user belongs to a bucket. */
export interface Membership {
  /** All groups of the user, the bucket's own included. */
  readonly groups: readonly Group[];
  readonly legacy: boolean;
  /** With what was found out about the user's groups: `ownGroups` with it tells the subject's own. */
  readonly subject: Subject;
}

/**
 * Tells whether a user that is in no group was made by us for this bucket: its creation, or its deletion, was killed
 * before the end. Only who administers IAM may set these tags.
 */
export function isHalfMade({ org }: Context, bucket: string, user: User | undefined): boolean {
  const tags = sdkTags(user?.Tags);
  return (
    tagValue(tags, BUCKET_TAG) === bucket &&
    tagValue(tags, ORG_TAG) === org &&
    tagValue(tags, OPERATION_TAG) !== undefined
  );
}

/**
 * Proves that a user is the subject's: a member of one of its own groups, its legacy user, or one of its own left
 * half-made.
 * @throws {not-found} when it is none of these, whoever's it may be
 */
export async function membership(context: Context, subject: Subject, user: string): Promise<Membership> {
  const { bucket } = subject;
  const [groups, legacy] = await Promise.all([
    groupsOfUser(context, user),
    user === bucket ? isLegacyUser(context, bucket) : Promise.resolve(false),
  ]);
  const known = await tellGroups(context, subject, groups);
  const isMember =
    ownGroups(groups, known).length > 0 ||
    legacy ||
    (groups.length === 0 && isHalfMade(context, bucket, await findUser(context, user)));
  if (!isMember) fail(noUser(bucket, user));
  return { groups, legacy, subject: known };
}

/** Makes the error for a user that the bucket does not have. */
export const noUser = (bucket: string, user: string) =>
  ({ kind: 'not-found', detail: `there is no user ${printable(user)} of bucket ${bucket}` }) as const;
