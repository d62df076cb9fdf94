import type { Context } from '../shared/context';
import type { StepFactory, StepHandle } from '../../engine/plan';
import { fail } from '../../base/errors';
import { type Subject, isOwnGroup } from '../shared/subject';
import { claimOnGroup } from '../shared/names';
import { isPolicyOfFolder, rolePolicy } from '../shared/policies';
import { refuseOtherOrg } from '../shared/org';
import { groupShape, sdkTags } from '../shared/aws/iam-shapes';
import { groupDocuments, tellGroups } from './aws/group-ownership';
import { bucketOfFolder } from '../shared/aws/namesakes';
import { attachedGroupPolicies, findGroup, findPolicy } from './aws/role';
import { isPolicyOfHolder } from './aws/role-verdict';
import { groupName, policyArn, policyName, type Role } from '../shared/role';
import { attachRole, createRoleGroup, createRolePolicy, type GroupMade } from './aws/ensure-role';
import { type Stored, stored } from './stored';

/** A role that users join: what is there of it, and the steps that make the rest. */

export type RoleSeen = {
  readonly group: 'absent' | 'own' | 'foreign';
  /** The group's shape; null when it is absent. */
  readonly shape: Stored;
  /** The bucket that has the names of the role's folder; null without one. */
  readonly namesake: string | null;
  readonly policy: boolean;
  readonly attached: boolean;
  /** Every policy attached to the group. */
  readonly policies: readonly { readonly Arn: string; readonly PolicyName: string }[];
};

/** Looks at roles of one subject and one folder. */
export async function lookAtRoles(
  context: Context,
  subject: Subject,
  roles: readonly Role[],
): Promise<readonly RoleSeen[]> {
  const scope = roles.find((role) => role.scope !== undefined)?.scope;
  const [namesake, ...seen] = await Promise.all([
    scope === undefined ? undefined : bucketOfFolder(context, subject.bucket, scope),
    ...roles.map((role) => lookAtRole(context, subject, role)),
  ]);
  return seen.map((role) => ({ ...role, namesake: namesake ?? null }));
}

/** Looks at the group and the policy of one role. */
export async function lookAtRole(context: Context, subject: Subject, role: Role): Promise<RoleSeen> {
  const arn = policyArn(context.session, role);
  const name = groupName(role);
  const [group, policy, policies] = await Promise.all([
    findGroup(context, name),
    findPolicy(context, arn),
    attachedGroupPolicies(context, name),
  ]);
  // Nobody is given rights by a policy that another org may change.
  refuseOtherOrg(`policy ${policyName(role)}`, sdkTags(policy?.Tags), context.org);
  const known =
    group === undefined ? subject : await tellGroups(context, subject, [{ GroupName: name, Path: group.group.Path }]);
  const own = group !== undefined && isOwnGroup(known, { GroupName: name, Path: group.group.Path });
  // What the predecessor made for a folder grants what it should by a policy under another path.
  const granted = own && role.scope !== undefined && group.group.Path === '/';
  if (granted && !(await isForFolder(context, name, subject.bucket, role.scope))) fail(takenByOther('group', name));
  const attached = policies.some(({ Arn }) => Arn === arn);
  // Attached, it would give the role's members whatever others let it say.
  if (policy !== undefined && !granted && !attached) {
    const found = { name: policyName(role), arn, tags: sdkTags(policy.Tags), version: policy.DefaultVersionId ?? 'v1' };
    if (!(await isPolicyOfHolder(context, subject, found))) fail(takenByOther('policy', found.name));
  }
  return {
    group: group === undefined ? 'absent' : own ? 'own' : 'foreign',
    shape: group === undefined ? null : stored(groupShape(group.group, name)),
    namesake: null,
    policy: granted || policy !== undefined,
    attached: granted || attached,
    policies: policies.map(({ Arn, PolicyName }) => ({ Arn, PolicyName })),
  };
}

/** Tells whether a policy of the group is for one folder of the bucket, and for nothing else. */
async function isForFolder(context: Context, group: string, bucket: string, scope: string): Promise<boolean> {
  const documents = await groupDocuments(context, group);
  return documents.some((document) => isPolicyOfFolder(document, bucket, scope, context.session));
}

const takenByOther = (kind: 'group' | 'policy', name: string) =>
  ({ kind: 'exists', detail: `the ${kind} ${name} exists already and is not this bucket's` }) as const;

/**
 * Gives the claims on the roles that are not whole yet: each is made by one run at a time; whoever waits finds it made.
 */
export function claimsOnRoles(
  { session }: Context,
  roles: readonly Role[],
  seen: readonly RoleSeen[],
): readonly string[] {
  return roles.flatMap((role, n) => (isWhole(seen[n]) ? [] : claimOnGroup(session.account.name, groupName(role))));
}

const isWhole = (seen: RoleSeen | undefined): boolean => seen?.group === 'own' && seen.policy && seen.attached;

/** `ready`: the steps after which the group grants what it should; `group`: the one that makes it, when there is none. */
export interface WholeRole {
  readonly ready: readonly StepHandle<unknown>[];
  readonly group: StepHandle<GroupMade> | undefined;
}

/**
 * Adds the steps for what a role still lacks.
 * @throws {exists} when the group of its name is somebody else's
 * @throws {conflict} when a bucket has the names of its folder, or when it needs a policy on a distribution that is not
 *   there
 */
export function wholeRole(
  context: Context,
  role: Role,
  seen: RoleSeen | undefined,
  distributionArn: string | undefined,
  step: StepFactory,
): WholeRole {
  const { account, partition } = context.session;
  if (typeof seen?.namesake === 'string' && seen.group !== 'own') {
    const { bucket, scope = '' } = role;
    fail({
      kind: 'conflict',
      detail: `there is a bucket ${seen.namesake}, whose groups have the names of those of the folder /${scope}/ of ${bucket}: users of that folder cannot be had beside it. Choose another folder`,
    });
  }
  if (seen?.group === 'foreign') {
    fail(takenByOther('group', groupName(role)));
  }
  if (seen?.attached === true && seen.policy) return { ready: [], group: undefined };
  const newPolicy = () => {
    // Made here, where a refusal costs nothing.
    const document = rolePolicy(role, {
      partition,
      account,
      ...(distributionArn !== undefined && {
        distribution: { arn: distributionArn, actions: account.distributionActions },
      }),
    });
    return step(createRolePolicy(context, role, 'shared', { needs: {}, make: () => document }));
  };
  const policy = seen?.policy === true ? undefined : newPolicy();
  const group = seen?.group === 'own' ? undefined : step(createRoleGroup(context, role, 'shared'));
  const parts = [policy, group].filter((part) => part !== undefined);
  return { ready: [step(attachRole(context, role, parts))], group };
}
