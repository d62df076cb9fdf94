import type { Group, User } from '@aws-sdk/client-iam';
import type { Context } from '../../shared/context';
import { fail } from '../../../base/errors';
import { type Subject, isOwnGroup, ownGroups, wholeRoles } from '../../shared/subject';
import { fitsIam } from '../../shared/names';
import { groupName } from '../../shared/role';
import type { AccessKeyShape, ListedUserShape, UserDetails } from '../../shared/shapes';
import { bucketPresence, requireBucket, requirePresent } from '../../shared/aws/bucket';
import { groupShape, keyShape, sdkTags, userShape } from '../../shared/aws/iam-shapes';
import { inPool } from '../../shared/pool';
import { statusOf } from '../rules/user-status';
import { tellGroups } from './group-ownership';
import { attachedGroupPolicies, findGroup } from './role';
import { scopedGroups } from './scoped';
import { accessKeys, attachedUserPolicies, findUser, groupsOfUser, isHalfMade, isLegacyUser, noUser } from './user';

/**
 * Lists the users of all the subject's groups and its legacy user, once each, by name, with what each of them may do. One
 * call deep, one more for the tags and keys of each user.
 * @throws {not-found} when there is no such bucket
 * @throws {denied} when the bucket is somebody else's
 */
export async function listUsers(context: Context, subject: Subject): Promise<readonly ListedUserShape[]> {
  const { bucket } = subject;
  const names = wholeRoles(subject).map((role) => ({ GroupName: groupName(role), Path: '/' }));
  const [, legacy, known, whole, scoped] = await Promise.all([
    requireBucket(context, bucket),
    findLegacyUser(context, bucket),
    tellGroups(context, subject, names),
    Promise.all(names.map(({ GroupName }) => findGroup(context, GroupName))),
    subject.kind === 'website' ? scopedGroups(context, subject) : { groups: [] },
  ]);
  const own = whole.filter((found) => found !== undefined).filter(({ group }) => isOwnGroup(known, group));
  const users = new Map<string, { readonly user: User; readonly groups: string[] }>();
  for (const { name, members } of [...own, ...scoped.groups]) {
    for (const user of members) {
      const one = users.get(user.UserName ?? '') ?? { user, groups: [] };
      one.groups.push(name);
      users.set(user.UserName ?? '', one);
    }
  }
  if (legacy) users.set(bucket, users.get(bucket) ?? { user: legacy, groups: [] });
  const sorted = [...users].sort(([a], [b]) => (a < b ? -1 : 1));
  return inPool(sorted, ([name, { user, groups }]) => listed(context, name, user, groups));
}

/** Groups tell of their members neither tags nor keys. One that goes meanwhile is shown as its group has it. */
async function listed(
  context: Context,
  name: string,
  member: User,
  groups: readonly string[],
): Promise<ListedUserShape> {
  const [found, keys] = await Promise.all([findUser(context, name), accessKeys(context, name)]);
  const user = found ?? member;
  return {
    ...userShape(user, name),
    Groups: [...groups].sort(),
    Status: statusOf(sdkTags(user.Tags)).inactive ? 'Inactive' : 'Active',
    AccessKeys: keys.map((key) => keyShape(key, name)),
  };
}

/** Reads the user that the predecessor made for a bucket; undefined when there is none. */
async function findLegacyUser(context: Context, bucket: string): Promise<User | undefined> {
  if (!fitsIam('user', bucket)) return undefined;
  const [user, legacy] = await Promise.all([findUser(context, bucket), isLegacyUser(context, bucket)]);
  return legacy ? user : undefined;
}

/** A user that is proven to be the subject's, with what hangs on it. */
export interface Member {
  readonly user: User;
  /** All of them, the subject's own included. */
  readonly groups: readonly Group[];
  /** Oldest first. */
  readonly keys: readonly AccessKeyShape[];
  /** Managed policies attached to the user itself. */
  readonly direct: readonly NamedPolicy[];
  readonly legacy: boolean;
  /** With what was found out about the user's groups. */
  readonly subject: Subject;
}

export type NamedPolicy = UserDetails['Policies'][number];

/**
 * Reads a user of the subject with its keys and groups. One call deep, four for a user in a group of the predecessor's.
 * @throws {not-found} when there is no such bucket, or the user is not the subject's
 * @throws {denied} when the bucket is somebody else's
 */
export async function readMember(context: Context, subject: Subject, user: string): Promise<Member> {
  const { bucket } = subject;
  const [presence, found, groups, keys, direct, legacy] = await Promise.all([
    bucketPresence(context, bucket),
    findUser(context, user),
    groupsOfUser(context, user),
    accessKeys(context, user),
    attachedUserPolicies(context, user),
    user === bucket ? isLegacyUser(context, bucket) : Promise.resolve(false),
  ]);
  requirePresent(presence, bucket);
  const known = await tellGroups(context, subject, groups);
  const isMember =
    ownGroups(groups, known).length > 0 || legacy || (groups.length === 0 && isHalfMade(context, bucket, found));
  if (found === undefined || !isMember) fail(noUser(bucket, user));
  return { user: found, groups, keys: keys.map((key) => keyShape(key, user)), direct, legacy, subject: known };
}

/**
 * Shows a user of the subject with its keys, groups and policies. Two calls deep, five for one in a group of the
 * predecessor's.
 * @throws {not-found | denied} as `readMember`
 */
export async function showUser(context: Context, subject: Subject, user: string): Promise<UserDetails> {
  const { user: found, groups, keys, direct } = await readMember(context, subject, user);
  const viaGroups = await Promise.all(groups.map((group) => attachedGroupPolicies(context, group.GroupName ?? '')));
  return {
    User: userShape(found, user),
    AccessKeys: keys,
    Groups: groups.map((group) => groupShape(group, '')),
    Policies: distinct([...direct, ...viaGroups.flat()]),
  };
}

/** Keeps each policy once. */
export function distinct(policies: readonly NamedPolicy[]): readonly NamedPolicy[] {
  return [...new Map(policies.map((policy) => [policy.Arn, policy])).values()];
}
