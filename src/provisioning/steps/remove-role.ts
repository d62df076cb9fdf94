import {
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Context } from '../context';
import { gone } from '../context';
import type { StepHandle, StepSpec } from '../../engine/plan';
import { retry, standardPolicy } from '../../engine/retry';
import type { PolicyUse } from '../reads/role';
import { settlingPolicy } from './remove-user';
import { settleAll } from './strip-user';

type Step<T> = StepSpec<Record<never, never>, T>;

/** Runs removals side by side, each retried by itself. */
function removeAll(context: Context, removals: readonly (() => Promise<unknown>)[]): Promise<void> {
  return settleAll(removals.map((removal) => retry(standardPolicy, context.clock, () => gone(removal()))));
}

/** Takes every policy off a group, so that it can be deleted once its members have left. */
export function emptyGroup(
  context: Context,
  group: string,
  policies: { readonly attached: readonly string[]; readonly inline: readonly string[] },
  after: readonly StepHandle<unknown>[],
): Step<void> {
  const { iam } = context.session;
  return {
    title: `Take the policies off group ${group}`,
    after,
    run: () =>
      removeAll(context, [
        ...policies.attached.map(
          (PolicyArn) => () => iam(new DetachGroupPolicyCommand({ GroupName: group, PolicyArn })),
        ),
        ...policies.inline.map(
          (PolicyName) => () => iam(new DeleteGroupPolicyCommand({ GroupName: group, PolicyName })),
        ),
      ]),
  };
}

/** Deletes an empty group. */
export function deleteGroup(context: Context, group: string, after: readonly StepHandle<unknown>[]): Step<void> {
  return {
    title: `Delete group ${group}`,
    after,
    retry: settlingPolicy,
    run: () => gone(context.session.iam(new DeleteGroupCommand({ GroupName: group }))),
  };
}

/** Detaches a policy from everybody and deletes its old versions. */
export function freePolicy(
  context: Context,
  policy: { readonly name: string; readonly arn: string; readonly use: PolicyUse },
  after: readonly StepHandle<unknown>[],
): Step<void> {
  const { iam } = context.session;
  const PolicyArn = policy.arn;
  return {
    title: `Free policy ${policy.name}`,
    after,
    run: () =>
      removeAll(context, [
        ...policy.use.groups.map((GroupName) => () => iam(new DetachGroupPolicyCommand({ GroupName, PolicyArn }))),
        ...policy.use.users.map((UserName) => () => iam(new DetachUserPolicyCommand({ UserName, PolicyArn }))),
        ...policy.use.roles.map((RoleName) => () => iam(new DetachRolePolicyCommand({ RoleName, PolicyArn }))),
        ...policy.use.versions.map((VersionId) => () => iam(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))),
      ]),
  };
}

/** Deletes a policy nobody uses any more. */
export function deletePolicy(
  context: Context,
  policy: { readonly name: string; readonly arn: string },
  after: readonly StepHandle<unknown>[],
): Step<void> {
  return {
    title: `Delete policy ${policy.name}`,
    after,
    retry: settlingPolicy,
    run: () => gone(context.session.iam(new DeletePolicyCommand({ PolicyArn: policy.arn }))),
  };
}
