import type { Context } from '../../shared/context';
import { groupOf, type Subject, isOwnGroup, type Proven, wholeRoles } from '../../shared/subject';
import { groupName, policyArn, policyName } from '../../shared/role';
import type { LeftThing } from '../../shared/shapes';
import { tellGroups } from './group-ownership';
import { type PersonalPolicy, personalPolicy } from './personal-policy';
import { findGroup, type GroupFound, groupPolicies, type PolicyUse } from './role';
import { groupVerdict, type PolicyFound, policyFound, policyVerdict } from './role-verdict';
import { folderGroups, folderPolicies, type PolicyNamed } from './scoped';
import { attachedToNamesake, isLegacyUser } from './user';

/** Groups, policies and users of a subject, as plain data for the journal. */
export type AccessSeen = {
  readonly groups: readonly GroupSeen[];
  readonly policies: readonly PolicySeen[];
  /** Roles of a site's folders, by name: what hangs on them is read while the site is being taken away. */
  readonly folders: Folders;
  /** Members of the subject's groups and the predecessor's user, once each. */
  readonly users: readonly string[];
  readonly legacy: boolean;
  /** The policy that goes with the predecessor's user; absent where there is none, and in journals of former days. */
  readonly personal?: PersonalPolicy;
  /** Groups of the predecessor's that only their policies prove to be the subject's, and those that they prove not to be. */
  readonly proven: Proven;
};

export type Folders = { readonly groups: readonly string[]; readonly policies: readonly PolicyNamed[] };

export type GroupSeen = {
  readonly name: string;
  readonly members: readonly string[];
  readonly attached: readonly string[];
  readonly inline: readonly string[];
  /** Why it is not deleted; null when it is. */
  readonly stays: string | null;
};

export type PolicySeen = {
  readonly name: string;
  readonly arn: string;
  readonly use: { readonly [K in keyof PolicyUse]: readonly string[] };
  /** It speaks of the subject alone. */
  readonly own: boolean;
  readonly stays: string | null;
};

const NONE_PROVEN: Proven = { own: [], foreign: [] };
const NO_FOLDERS: Folders = { groups: [], policies: [] };
const NO_ACCESS: AccessSeen = {
  groups: [],
  policies: [],
  folders: NO_FOLDERS,
  users: [],
  legacy: false,
  proven: NONE_PROVEN,
};

/** Picks the groups or policies that are deleted with their subject. */
export const deletable = <T extends { readonly stays: string | null }>(things: readonly T[]): readonly T[] =>
  things.filter(({ stays }) => stays === null);

/** Lists what is not deleted with its subject, as answers tell of it. */
export function leftOf(
  kind: 'group' | 'policy',
  things: Iterable<{ readonly name: string; readonly stays: string | null }>,
): readonly LeftThing[] {
  return [...things].flatMap(({ name, stays }) =>
    stays === null ? [] : [{ Resource: `${kind} ${name}`, because: stays }],
  );
}

/**
 * Reads everything IAM has of a subject: one call deep, two more for what this service has not made or others have
 * changed, five where the predecessor left roles of folders.
 */
export async function lookAtAccess(context: Context, subject: Subject): Promise<AccessSeen> {
  if (!context.session.account.iam) return NO_ACCESS;
  const roles = wholeRoles(subject);
  const names = roles.map((role) => ({ GroupName: groupName(role), Path: '/' }));
  const attached = attachedToNamesake(context, subject.bucket);
  const [legacy, personal, known, groups, policies, former, formerPolicies] = await Promise.all([
    isLegacyUser(context, subject.bucket, attached),
    attached.then((all) => personalPolicy(context, subject.bucket, all)),
    tellGroups(context, subject, names),
    Promise.all(names.map(({ GroupName }) => lookAtGroup(context, subject, findGroup(context, GroupName), GroupName))),
    Promise.all(roles.map((role) => lookAtPolicy(context, policyName(role), policyArn(context.session, role)))),
    subject.kind === 'website' ? lookAtFolderGroups(context, subject) : { named: [], groups: [], proven: NONE_PROVEN },
    subject.kind === 'website' ? lookAtFolderPolicies(context, subject) : { named: [], policies: [] },
  ]);
  const foreign = known.proven?.foreign ?? [];
  const present = [...groups, ...former.groups].filter((group) => group !== undefined);
  const allGroups = present.filter(({ name }) => !foreign.includes(name));
  const users = [...new Set([...allGroups.flatMap((group) => group.members), ...(legacy ? [subject.bucket] : [])])];
  // A policy is whose the group of its name is.
  const allPolicies = [...policies, ...formerPolicies.policies]
    .filter((policy) => policy !== undefined)
    .filter(({ name }) => !foreign.includes(groupOf(name)));
  const subjects = { groups: [...allGroups.map(({ name }) => name), ...former.named], users };
  const judged = await Promise.all(allPolicies.map((policy) => judgedPolicy(context, subject, policy, subjects)));
  const strange = judged.filter(({ own }) => !own).map(({ arn }) => arn);
  return {
    groups: await Promise.all(allGroups.map((group) => judgedGroup(context, subject, group, strange))),
    policies: judged,
    folders: { groups: former.named, policies: formerPolicies.named },
    users,
    legacy,
    ...(personal && { personal }),
    proven: { own: former.proven.own, foreign },
  };
}

/** Reads what is there of a group; undefined when it is absent or somebody else's. */
async function lookAtGroup(
  context: Context,
  subject: Subject,
  finding: Promise<GroupFound | undefined>,
  name: string,
): Promise<GroupOnLook | undefined> {
  const [found, policies] = await Promise.all([finding, groupPolicies(context, name)]);
  if (found === undefined || !isOwnGroup(subject, { GroupName: name, Path: found.group.Path })) return undefined;
  return {
    name,
    members: found.members.flatMap(({ UserName }) => UserName ?? []),
    attached: policies.attached,
    inline: policies.inline,
  };
}

type GroupOnLook = Omit<GroupSeen, 'attached' | 'stays'> & {
  readonly attached: readonly { readonly Arn: string; readonly PolicyName: string }[];
};

async function judgedGroup(
  context: Context,
  subject: Subject,
  group: GroupOnLook,
  strange: readonly string[],
): Promise<GroupSeen> {
  const stays = await groupVerdict(context, subject, group, strange);
  return { ...group, attached: group.attached.map(({ Arn }) => Arn), stays: stays ?? null };
}

type PolicyOnLook = { readonly name: string; readonly arn: string; readonly found: PolicyFound };

async function lookAtPolicy(context: Context, name: string, arn: string): Promise<PolicyOnLook | undefined> {
  const found = await policyFound(context, arn);
  return found && { name, arn, found };
}

async function judgedPolicy(
  context: Context,
  subject: Subject,
  { name, arn, found }: PolicyOnLook,
  subjects: { readonly groups: readonly string[]; readonly users: readonly string[] },
): Promise<PolicySeen> {
  return {
    name,
    arn,
    use: { ...found.use },
    ...(await policyVerdict(context, subject, { name, arn }, found, subjects)),
  };
}

async function lookAtFolderGroups(context: Context, subject: Subject) {
  const { named, groups, subject: known } = await folderGroups(context, subject);
  const seen = groups.map((found) => lookAtGroup(context, known, Promise.resolve(found), found.name));
  return { named, groups: await Promise.all(seen), proven: known.proven ?? NONE_PROVEN };
}

async function lookAtFolderPolicies(context: Context, subject: Subject) {
  const { named, former } = await folderPolicies(context, subject);
  return { named, policies: await Promise.all(former.map(({ name, arn }) => lookAtPolicy(context, name, arn))) };
}
