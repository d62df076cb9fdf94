import {
  GetGroupCommand,
  GetPolicyCommand,
  type Group,
  ListAttachedGroupPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListGroupPoliciesCommand,
  ListPolicyVersionsCommand,
  type Policy,
  type User,
} from '@aws-sdk/client-iam';
import { type Context, orUndefined, reading } from '../../shared/context';
import { fitsIam } from '../../shared/names';
import { allPages } from '../../shared/aws/iam-pages';

/** Reads on a bucket's roles: the group and the policy of exactly that name under the IAM path `/`. */

export interface GroupFound {
  /** By which it was asked for. */
  readonly name: string;
  readonly group: Group;
  readonly members: readonly User[];
}

/** Reads a group with all its members; undefined when there is none. */
export async function findGroup(context: Context, name: string): Promise<GroupFound | undefined> {
  if (!fitsIam('group', name)) return undefined;
  const found = await orUndefined(readGroup(context, name));
  return found && isOtherCase(found.group.GroupName, name) ? undefined : found;
}

async function readGroup(context: Context, name: string): Promise<GroupFound> {
  let group: Group | undefined;
  const members = await allPages(
    async (marker) => {
      const page = await reading(context, () =>
        context.session.iam(new GetGroupCommand({ GroupName: name, MaxItems: 1000, ...marker })),
      );
      group ??= page.Group;
      return page;
    },
    (page) => page.Users,
  );
  return { name, group: group ?? { Path: '/', GroupName: name, GroupId: '', Arn: '', CreateDate: undefined }, members };
}

/** IAM's names differ in more than case; those of buckets need not, and what is another bucket's is not to be taken for it. */
const isOtherCase = (found: string | undefined, asked: string): boolean => found !== undefined && found !== asked;

const isPossible = (policyArn: string): boolean => fitsIam('policy', policyArn.slice(policyArn.lastIndexOf('/') + 1));

/** Reads a customer managed policy with its tags; undefined when there is none. */
export async function findPolicy(context: Context, arn: string): Promise<Policy | undefined> {
  if (!isPossible(arn)) return undefined;
  const answer = await orUndefined(
    reading(context, () => context.session.iam(new GetPolicyCommand({ PolicyArn: arn }))),
  );
  return isOtherCase(answer?.Policy?.Arn, arn) ? undefined : answer?.Policy;
}

/** Lists what else hangs on a group: ARNs of attached policies, names of inline ones; empty without the group. */
export async function groupPolicies(
  context: Context,
  name: string,
): Promise<{ readonly attached: readonly { Arn: string; PolicyName: string }[]; readonly inline: readonly string[] }> {
  if (!fitsIam('group', name)) return { attached: [], inline: [] };
  const [attached, inline] = await Promise.all([
    attachedGroupPolicies(context, name),
    orUndefined(
      allPages(
        (marker) =>
          reading(context, () => context.session.iam(new ListGroupPoliciesCommand({ GroupName: name, ...marker }))),
        (page) => page.PolicyNames,
      ),
    ),
  ]);
  return { attached, inline: inline ?? [] };
}

/** Lists the managed policies attached to a group; empty without the group. */
export async function attachedGroupPolicies(
  context: Context,
  name: string,
): Promise<readonly { Arn: string; PolicyName: string }[]> {
  if (!fitsIam('group', name)) return [];
  const attached = await orUndefined(
    allPages(
      (marker) =>
        reading(context, () =>
          context.session.iam(new ListAttachedGroupPoliciesCommand({ GroupName: name, ...marker })),
        ),
      (page) => page.AttachedPolicies,
    ),
  );
  return (attached ?? []).map(({ PolicyArn, PolicyName }) => ({ Arn: PolicyArn ?? '', PolicyName: PolicyName ?? '' }));
}

/** Everything that keeps a policy from being deleted. */
export interface PolicyUse {
  readonly versions: readonly string[];
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

/** Reads a policy's non-default versions and the entities it is attached to; undefined without the policy. */
export async function policyUse(context: Context, arn: string): Promise<PolicyUse | undefined> {
  if (!isPossible(arn)) return undefined;
  const versions = orUndefined(
    allPages(
      (marker) =>
        reading(context, () => context.session.iam(new ListPolicyVersionsCommand({ PolicyArn: arn, ...marker }))),
      (page) => page.Versions,
    ),
  );
  const entities = orUndefined(
    allPages(
      (marker) =>
        reading(context, () => context.session.iam(new ListEntitiesForPolicyCommand({ PolicyArn: arn, ...marker }))),
      (page) => [page],
    ),
  );
  const [foundVersions, pages] = await Promise.all([versions, entities]);
  if (foundVersions === undefined || pages === undefined) return undefined;
  const present = (names: readonly (string | undefined)[]) => names.filter((name) => name !== undefined);
  return {
    versions: present(
      foundVersions.filter((version) => version.IsDefaultVersion !== true).map(({ VersionId }) => VersionId),
    ),
    users: present(pages.flatMap((page) => (page.PolicyUsers ?? []).map(({ UserName }) => UserName))),
    groups: present(pages.flatMap((page) => (page.PolicyGroups ?? []).map(({ GroupName }) => GroupName))),
    roles: present(pages.flatMap((page) => (page.PolicyRoles ?? []).map(({ RoleName }) => RoleName))),
  };
}
