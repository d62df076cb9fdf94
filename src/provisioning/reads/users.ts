import type { User } from '@aws-sdk/client-iam';
import type { Context } from '../context';
import { fail } from '../../errors';
import type { Holder } from '../holder';
import { isOwnGroup, ownGroups, wholeRoles } from '../holder';
import { groupName } from '../role';
import type { UserDetails, UserShape } from '../shapes';
import { bucketPresence, requireBucket, requirePresent } from './bucket';
import { groupShape, keyShape, userShape } from './iam-shapes';
import { attachedGroupPolicies, findGroup, scopedGroups } from './role';
import { accessKeys, attachedUserPolicies, findUser, groupsOfUser, isLegacyUser, noUser } from './user';

/** Users of all the holder's groups and its legacy user, once each, by name. Ends with `not-found`, `denied`. */
export async function listUsers(context: Context, holder: Holder): Promise<readonly UserShape[]> {
  const { bucket } = holder;
  const [, legacy, whole, scoped] = await Promise.all([
    requireBucket(context, bucket),
    findLegacyUser(context, bucket),
    Promise.all(wholeRoles(holder).map((role) => findGroup(context, groupName(role)))),
    holder.kind === 'website' ? scopedGroups(context, bucket) : [],
  ]);
  const members = [...whole, ...scoped].flatMap((found) =>
    found !== undefined && isOwnGroup(holder, found.group) ? found.members : [],
  );
  const users = new Map<string, User>();
  for (const user of [...members, ...(legacy ? [legacy] : [])]) users.set(user.UserName ?? '', user);
  return [...users]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, user]) => userShape(user, name, context.org));
}

/** The predecessor's user of a bucket; undefined when there is none. */
async function findLegacyUser(context: Context, bucket: string): Promise<User | undefined> {
  const [user, legacy] = await Promise.all([findUser(context, bucket), isLegacyUser(context, bucket)]);
  return legacy ? user : undefined;
}

/** A user of the holder with keys, groups and policies; at most two calls deep. Ends with `not-found`, `denied`. */
export async function showUser(context: Context, holder: Holder, user: string): Promise<UserDetails> {
  const { bucket } = holder;
  const [presence, found, groups, keys, direct, legacy] = await Promise.all([
    bucketPresence(context, bucket),
    findUser(context, user),
    groupsOfUser(context, user),
    accessKeys(context, user),
    attachedUserPolicies(context, user),
    user === bucket ? isLegacyUser(context, bucket) : Promise.resolve(false),
  ]);
  requirePresent(presence, bucket);
  if (found === undefined || (ownGroups(groups, holder).length === 0 && !legacy)) fail(noUser(bucket, user));
  const viaGroups = await Promise.all(groups.map((group) => attachedGroupPolicies(context, group.GroupName ?? '')));
  const policies = new Map([...direct, ...viaGroups.flat()].map((policy) => [policy.Arn, policy]));
  return {
    User: userShape(found, user, context.org),
    AccessKeys: keys.map((key) => keyShape(key, user)),
    Groups: groups.map((group) => groupShape(group, '')),
    Policies: [...policies.values()],
  };
}
