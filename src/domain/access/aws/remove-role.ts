import {
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { type Context, gone } from '../../shared/context';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { oncePolicy, retry, standardPolicy } from '../../../engine/retry';
import type { PolicyUse } from './role';
import { settlingPolicy } from './remove-user';
import { settleAll } from './strip-user';

type Step<T> = StepSpec<Record<never, never>, T>;

/** Runs removals side by side, each retried by itself. */
function removeAll(context: Context, removals: readonly (() => Promise<unknown>)[]): Promise<void> {
  return settleAll(removals.map((removal) => retry(standardPolicy, context.clock, () => gone(removal()))));
}

/** What hangs on a group: ARNs of attached policies, names of inline ones. */
export interface GroupPolicies {
  readonly attached: readonly string[];
  readonly inline: readonly string[];
}

export function takePoliciesOff(context: Context, group: string, policies: GroupPolicies): Promise<void> {
  const { iam } = context.session;
  return removeAll(context, [
    ...policies.attached.map((PolicyArn) => () => iam(new DetachGroupPolicyCommand({ GroupName: group, PolicyArn }))),
    ...policies.inline.map((PolicyName) => () => iam(new DeleteGroupPolicyCommand({ GroupName: group, PolicyName }))),
  ]);
}

/** Takes every policy off a group, so that it can be deleted once its members have left. */
export function emptyGroup(
  context: Context,
  group: string,
  policies: GroupPolicies,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  return {
    title: `Take the policies off group ${group}`,
    after,
    // Every call in it is retried by itself.
    retry: oncePolicy,
    run: () => takePoliciesOff(context, group, policies),
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
export function free(context: Context, PolicyArn: string, use: PolicyUse): Promise<void> {
  const { iam } = context.session;
  return removeAll(context, [
    ...use.groups.map((GroupName) => () => iam(new DetachGroupPolicyCommand({ GroupName, PolicyArn }))),
    ...use.users.map((UserName) => () => iam(new DetachUserPolicyCommand({ UserName, PolicyArn }))),
    ...use.roles.map((RoleName) => () => iam(new DetachRolePolicyCommand({ RoleName, PolicyArn }))),
    ...use.versions.map((VersionId) => () => iam(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))),
  ]);
}

/** The same as a step. */
export function freePolicy(
  context: Context,
  policy: { readonly name: string; readonly arn: string; readonly use: PolicyUse },
  after: readonly StepHandle<unknown>[],
): Step<void> {
  return {
    title: `Free policy ${policy.name}`,
    after,
    retry: oncePolicy,
    run: () => free(context, policy.arn, policy.use),
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
