import type { Context } from '../shared/context';
import { answer, type StepFactory, type StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import { type Subject, subjectIn, homePath, isOwnPolicy, ownGroups } from '../shared/subject';
import type { ChangeUserInput } from './keys/rules/shapes';
import { operation, type Target } from '../shared/operation';
import { refuseOtherOrg } from '../shared/org';
import { userOf } from '../shared/subject-rules';
import { groupShape, sdkTags, userShape } from '../shared/aws/iam-shapes';
import { attachedGroupPolicies } from '../access/aws/role';
import { policiesOfBucket } from '../access/aws/user';
import { distinct, type Member, type NamedPolicy, readMember } from '../access/aws/users';
import { requireOurs } from '../access/aws/user-verdict';
import { groupName, policyArn, policyName, type Role, scopedRoot } from '../shared/role';
import type { RoleGroup, UserDetails } from '../shared/shapes';
import { detachFromUser, removeFromGroup } from '../access/aws/membership-steps';
import type { GroupMade } from '../access/aws/ensure-role';
import { joinGroup } from '../access/aws/make-user';
import { statusOf } from '../access/rules/user-status';
import { bucketRoles, websiteRoles } from './create';
import { setUserStatus, type StatusSeen } from './set-status';
import { restoredGroup, restoredUser, type Stored, stored } from '../access/stored';
import { siteArn } from './site-arn';
import { claimsOnRoles, lookAtRoles, type RoleSeen, wholeRole } from '../access/whole-role';

type GroupSeen = {
  readonly name: string;
  /** One of the subject's. */
  readonly own: boolean;
  readonly policies: readonly { readonly Arn: string; readonly PolicyName: string }[];
};

type Seen = {
  /** The user as answers show it, with the policies attached to itself alone. */
  readonly details: Stored;
  readonly status: StatusSeen;
  readonly groups: readonly GroupSeen[];
  /** The subject's own policies that are attached to the user itself, as the predecessor did. */
  readonly direct: readonly string[];
  /** Folder the user is limited to. */
  readonly scope: string | null;
  /** In the order of the roles asked for. */
  readonly roles: readonly RoleSeen[];
  /** ARN of the site's distribution, where its admin role is asked for. */
  readonly distributionArn: string | null;
};

/**
 * Changes what a user may do: turns it off or on, moves it to other groups of its subject, or both. Whatever it is of other
 * buckets stays. The answer is put together of what was seen and done: IAM may show the old state for some seconds.
 */
export const changeUser = operation({
  ids: { bucket: 'changeUser', website: 'changeWebsiteUser' },
  kind: 'change-user',
  version: 1,
  subject: userOf,
  recovery: 'forward',
  title: ({ kind, bucket, user }, _input: ChangeUserInput) => `Change user ${user} of ${kind} ${bucket}`,
  check: (_, __, input) => checkChange(input),
  look: async (context, target, input): Promise<Seen> => {
    const { user } = target;
    const subject = subjectIn(target);
    const needsSite = input.Groups?.includes('WebAdmGrp') === true;
    const [member, distributionArn] = await Promise.all([
      readMember(context, subject, user),
      needsSite ? siteArn(context, target) : undefined,
    ]);
    refuseOtherOrg(`user ${user}`, sdkTags(member.user.Tags), context.org);
    if (input.Status !== undefined) await requireOurs(context, member.subject, user, member.user);
    const own = ownGroups(member.groups, member.subject);
    const scope = input.Groups === undefined ? null : scopeOfMember(member.subject, user, own);
    const [groups, direct, roles] = await Promise.all([
      Promise.all(member.groups.map((group) => seenGroup(context, group, own))),
      input.Groups === undefined ? [] : ownDirect(context, subject, member),
      lookAtRoles(context, subject, rolesOf(target, input, scope)),
    ]);
    const { inactive, turnedOff } = statusOf(sdkTags(member.user.Tags));
    return {
      details: stored(detailsOf(user, member)),
      status: {
        before: { inactive, turnedOff },
        keys: member.keys.map(({ AccessKeyId, Status }) => ({ id: AccessKeyId, active: Status !== 'Inactive' })),
      },
      groups,
      direct,
      scope,
      roles,
      distributionArn: distributionArn ?? null,
    };
  },
  claimsAfterLook: (context, { target, input, seen }) =>
    claimsOnRoles(context, rolesOf(target, input, seen.scope), seen.roles),
  plan: (context, { target, input, seen }, step) => {
    const { user } = target;
    const roles = rolesOf(target, input, seen.scope);
    const statuses =
      input.Status === undefined ? undefined : setUserStatus(context, user, seen.status, input.Status, step);
    const moved = input.Groups === undefined ? STAYING : move(context, user, seen, roles, step);
    return answer(moved.made, (made): UserDetails => {
      const before = restoredUser(seen.details);
      const kept = seen.groups.filter(({ name }) => !moved.left.has(name));
      const joined = roles.flatMap((role, n) =>
        seen.groups.some(({ name }) => name === groupName(role)) ? [] : [{ role, n }],
      );
      return {
        User: before.User,
        AccessKeys: before.AccessKeys.map((key) => ({
          ...key,
          Status: statuses?.get(key.AccessKeyId) ?? key.Status,
        })),
        Groups: [
          ...before.Groups.filter(({ GroupName }) => !moved.left.has(GroupName)),
          ...joined.map(
            ({ role, n }) =>
              made[groupName(role)]?.group ?? restoredGroup(seen.roles[n]?.shape ?? { GroupName: groupName(role) }),
          ),
        ],
        Policies: distinct([
          ...before.Policies.filter(({ Arn }) => !seen.direct.includes(Arn)),
          ...kept.flatMap(({ policies }) => policies),
          ...joined.flatMap(({ role, n }) => [...(seen.roles[n]?.policies ?? []), ownPolicy(context, role)]),
        ]),
      };
    });
  },
});

/**
 * Refuses a change that says nothing.
 * @throws {invalid} when it names neither a status nor a group
 */
function checkChange({ Status, Groups }: ChangeUserInput): void {
  if (Status === undefined && Groups === undefined) {
    fail({ kind: 'invalid', detail: 'the body must have at least one of Status, Groups' });
  }
  if (Groups?.length === 0) {
    fail({
      kind: 'invalid',
      pointer: '/Groups',
      detail: 'Groups must name at least one group, or be left out; delete the user to take it out of all',
    });
  }
}

const rolesOf = (target: Target, { Groups }: ChangeUserInput, scope: string | null): readonly Role[] =>
  Groups === undefined ? [] : rolesFor(subjectIn(target), target.user, Groups, scope);

interface Moved {
  /** Names of the groups that are left. */
  readonly left: ReadonlySet<string>;
  /** The groups that are made, by name. */
  readonly made: Readonly<Record<string, StepHandle<GroupMade>>>;
}

const STAYING: Moved = { left: new Set(), made: {} };

/**
 * Moves a user into the groups asked for first, then out of the subject's others: at every moment it is in one of them.
 */
function move(context: Context, user: string, seen: Seen, roles: readonly Role[], step: StepFactory): Moved {
  const made: Record<string, StepHandle<GroupMade>> = {};
  const wanted = new Set(roles.map(groupName));
  const joins = roles.flatMap((role, n) => {
    const name = groupName(role);
    const { ready, group } = wholeRole(context, role, seen.roles[n], seen.distributionArn ?? undefined, step);
    if (group !== undefined) made[name] = group;
    return seen.groups.some((one) => one.name === name) ? ready : [step(joinGroup(context, user, name, ready))];
  });
  const left = new Set(seen.groups.flatMap(({ name, own }) => (own && !wanted.has(name) ? [name] : [])));
  for (const name of left) step(removeFromGroup(context, user, name, joins));
  for (const arn of seen.direct) step(detachFromUser(context, user, arn, joins));
  return { left, made };
}

const ownPolicy = ({ session }: Context, role: Role): NamedPolicy => ({
  Arn: policyArn(session, role),
  PolicyName: policyName(role),
});

async function seenGroup(context: Context, group: Member['groups'][number], own: Member['groups']): Promise<GroupSeen> {
  const name = group.GroupName ?? '';
  return { name, own: own.includes(group), policies: await attachedGroupPolicies(context, name) };
}

function detailsOf(user: string, member: Member): UserDetails {
  return {
    User: userShape(member.user, user),
    AccessKeys: member.keys,
    Groups: member.groups.map((group) => groupShape(group, '')),
    Policies: member.direct,
  };
}

/** A role that is attached to the user itself would outlive any change of groups. */
async function ownDirect(context: Context, subject: Subject, { direct, legacy }: Member): Promise<readonly string[]> {
  const named = direct.flatMap(({ Arn }) => (isOwnPolicy(subject, context.session, Arn) ? [Arn] : []));
  const others = legacy ? await policiesOfBucket(context, subject.bucket, direct) : [];
  return [...new Set([...named, ...others])];
}

/** Gives the folder a website's user is limited to: that of its groups, when all of them are of one folder. */
function scopeOfMember(subject: Subject, user: string, own: Member['groups']): string | null {
  if (own.some((group) => homePath(subject, group) !== (group.Path ?? '/'))) {
    fail({
      kind: 'conflict',
      detail: `user ${user} is in a folder's group of the old service, whose name does not tell the folder; make a new user with a Path instead`,
    });
  }
  const paths = [...new Set(own.map(({ Path = '/' }) => Path))];
  const [path, ...others] = paths;
  if (path === undefined || paths.includes('/')) return null;
  if (others.length > 0) {
    fail({
      kind: 'conflict',
      detail: `user ${user} works in several folders of ${subject.bucket}; its Groups cannot be changed as one: make a user for each`,
    });
  }
  return path.slice(scopedRoot(subject.bucket).length, -1);
}

/**
 * Works out the roles that are asked for.
 * @throws {invalid} when a user of one folder asks for more than that
 */
function rolesFor(subject: Subject, user: string, groups: readonly RoleGroup[], scope: string | null): readonly Role[] {
  const input = { User: { UserName: user, ...(scope !== null && { Path: `/${scope}/` }) }, Groups: groups };
  return subject.kind === 'website' ? websiteRoles(subject.bucket, input) : bucketRoles(subject.bucket, input);
}
