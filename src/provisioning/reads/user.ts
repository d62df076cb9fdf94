import type { AccessKeyMetadata, Group, User } from '@aws-sdk/client-iam';
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam';
import type { Context } from '../context';
import { orUndefined, reading } from '../context';
import { fail } from '../../errors';
import type { Holder } from '../holder';
import { ownGroups } from '../holder';
import { printable } from '../names';
import { isPolicyOfBucket } from '../policies';
import { policyArn, roleOf } from '../role';
import { allPages } from './iam-pages';

/** An IAM user with tags; undefined when there is none. */
export async function findUser(context: Context, user: string): Promise<User | undefined> {
  const answer = await orUndefined(
    reading(context, () => context.session.iam(new GetUserCommand({ UserName: user }))),
  );
  return answer?.User;
}

/** All groups of a user; empty without the user. */
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

/** All access keys of a user, oldest first; empty without the user. */
export async function accessKeys(context: Context, user: string): Promise<readonly AccessKeyMetadata[]> {
  const keys = await orUndefined(
    allPages(
      (marker) =>
        reading(context, () => context.session.iam(new ListAccessKeysCommand({ UserName: user, ...marker }))),
      (page) => page.AccessKeyMetadata,
    ),
  );
  return [...(keys ?? [])].sort((a, b) => (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0));
}

/** Managed policies attached to the user directly; empty without the user. */
export async function attachedUserPolicies(
  context: Context,
  user: string,
): Promise<readonly { Arn: string; PolicyName: string }[]> {
  const attached = await orUndefined(
    allPages(
      (marker) =>
        reading(context, () =>
          context.session.iam(new ListAttachedUserPoliciesCommand({ UserName: user, ...marker })),
        ),
      (page) => page.AttachedPolicies,
    ),
  );
  return (attached ?? []).map(({ PolicyArn, PolicyName }) => ({ Arn: PolicyArn ?? '', PolicyName: PolicyName ?? '' }));
}

/**
 * Whether the user named like the bucket is the one the predecessor made: the bucket's admin policy, or a policy that
 * speaks of this bucket alone, is attached to it. Anything else of that name is a stranger.
 */
export async function isLegacyUser(context: Context, bucket: string): Promise<boolean> {
  const attached = await attachedUserPolicies(context, bucket);
  const { partition, accountId } = context.session;
  const own = policyArn(context.session, roleOf(bucket, 'BktAdm'));
  if (attached.some(({ Arn }) => Arn === own)) return true;
  const verdicts = await Promise.all(
    attached
      // Policies of AWS's own account never speak of one bucket.
      .filter(({ Arn }) => Arn.startsWith(`arn:${partition}:iam::${accountId}:policy/`))
      .map(async ({ Arn }) => {
        const document = await orUndefined(defaultDocument(context, Arn));
        return document !== undefined && isPolicyOfBucket(document, bucket, partition);
      }),
  );
  return verdicts.includes(true);
}

/** Text of a managed policy's default version. */
async function defaultDocument(context: Context, arn: string): Promise<string> {
  const { Policy } = await reading(context, () => context.session.iam(new GetPolicyCommand({ PolicyArn: arn })));
  const { PolicyVersion } = await reading(context, () =>
    context.session.iam(new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: Policy?.DefaultVersionId ?? 'v1' })),
  );
  // IAM sends documents percent-encoded (RFC 3986).
  return decodeURIComponent(PolicyVersion?.Document ?? '');
}

/** How a user belongs to a bucket. */
export interface Membership {
  /** All groups of the user, the bucket's own included. */
  readonly groups: readonly Group[];
  readonly legacy: boolean;
}

/**
 * Proves that a user is the holder's: a member of one of its own groups, or its legacy user.
 * Ends with `not-found` otherwise, whoever else the user may be.
 */
export async function membership(context: Context, holder: Holder, user: string): Promise<Membership> {
  const { bucket } = holder;
  const [groups, legacy] = await Promise.all([
    groupsOfUser(context, user),
    user === bucket ? isLegacyUser(context, bucket) : Promise.resolve(false),
  ]);
  if (ownGroups(groups, holder).length === 0 && !legacy) fail(noUser(bucket, user));
  return { groups, legacy };
}

export const noUser = (bucket: string, user: string) =>
  ({ kind: 'not-found', detail: `there is no user ${printable(user)} of bucket ${bucket}` }) as const;
