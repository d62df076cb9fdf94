import type { Context } from '../context';
import type { Holder } from '../holder';
import { isOwnGroup, wholeRoles } from '../holder';
import { groupName, policyArn, policyName } from '../role';
import type { GroupFound, PolicyUse } from './role';
import { findGroup, groupPolicies, policyUse, scopedGroups, scopedPolicies } from './role';
import { isLegacyUser } from './user';

/** Groups, policies and users of a holder, as plain data for the journal. */
export type AccessSeen = {
  readonly groups: readonly GroupSeen[];
  readonly policies: readonly PolicySeen[];
  /** Members of the holder's groups and the predecessor's user, once each. */
  readonly users: readonly string[];
  readonly legacy: boolean;
};

export type GroupSeen = {
  readonly name: string;
  readonly members: readonly string[];
  readonly attached: readonly string[];
  readonly inline: readonly string[];
};

export type PolicySeen = {
  readonly name: string;
  readonly arn: string;
  readonly use: { readonly [K in keyof PolicyUse]: readonly string[] };
};

const NO_ACCESS: AccessSeen = { groups: [], policies: [], users: [], legacy: false };

/** Everything IAM has of a holder: one call deep for whole roles, two for scoped ones. */
export async function lookAtAccess(context: Context, holder: Holder): Promise<AccessSeen> {
  if (!context.session.account.iam) return NO_ACCESS;
  const roles = wholeRoles(holder);
  const [legacy, groups, policies, scoped, scopedOnes] = await Promise.all([
    isLegacyUser(context, holder.bucket),
    Promise.all(roles.map((role) => lookAtGroup(context, holder, findGroup(context, groupName(role)), groupName(role)))),
    Promise.all(roles.map((role) => lookAtPolicy(context, policyName(role), policyArn(context.session, role)))),
    holder.kind === 'website' ? lookAtScopedGroups(context, holder) : [],
    holder.kind === 'website' ? lookAtScopedPolicies(context, holder.bucket) : [],
  ]);
  const allGroups = [...groups, ...scoped].filter((group) => group !== undefined);
  const members = allGroups.flatMap((group) => group.members);
  return {
    groups: allGroups,
    policies: [...policies, ...scopedOnes].filter((policy) => policy !== undefined),
    users: [...new Set([...members, ...(legacy ? [holder.bucket] : [])])],
    legacy,
  };
}

/** What is there of a group; undefined when it is absent or somebody else's. */
async function lookAtGroup(
  context: Context,
  holder: Holder,
  finding: Promise<GroupFound | undefined>,
  name: string,
): Promise<GroupSeen | undefined> {
  const [found, policies] = await Promise.all([finding, groupPolicies(context, name)]);
  if (found === undefined || !isOwnGroup(holder, { GroupName: name, Path: found.group.Path })) return undefined;
  return {
    name,
    members: found.members.flatMap(({ UserName }) => UserName ?? []),
    attached: policies.attached.map(({ Arn }) => Arn),
    inline: policies.inline,
  };
}

async function lookAtPolicy(context: Context, name: string, arn: string): Promise<PolicySeen | undefined> {
  const use = await policyUse(context, arn);
  return use && { name, arn, use: { ...use } };
}

async function lookAtScopedGroups(context: Context, holder: Holder) {
  const found = await scopedGroups(context, holder.bucket);
  return Promise.all(
    found.map((group) => lookAtGroup(context, holder, Promise.resolve(group), group.group.GroupName ?? '')),
  );
}

async function lookAtScopedPolicies(context: Context, site: string) {
  const policies = await scopedPolicies(context, site);
  return Promise.all(policies.map(({ name, arn }) => lookAtPolicy(context, name, arn)));
}
