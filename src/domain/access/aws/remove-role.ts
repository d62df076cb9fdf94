import {
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { gonePolicy, settlingPolicy } from '../../../engine/retry';
import type { Context } from '../../shared/context';

type Step = StepSpec<Record<never, never>, void>;
type After = readonly StepHandle<unknown>[];

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** Makes a step that removes what may be gone already. */
const removal = (
  title: string,
  resource: string,
  after: After,
  send: () => Promise<unknown>,
  retry = gonePolicy,
): Step => ({
  title,
  touches: [{ action: 'delete', resource }],
  after,
  retry,
  run: async () => {
    await send();
  },
});

/** Detaches a managed policy from a group. */
export const detachFromGroup = ({ session }: Context, PolicyArn: string, group: string, after: After): Step =>
  removal(
    `Detach policy ${nameOf(PolicyArn)} from group ${group}`,
    `attachment of policy ${nameOf(PolicyArn)} to group ${group}`,
    after,
    () => session.iam(new DetachGroupPolicyCommand({ GroupName: group, PolicyArn })),
  );

/** Deletes an inline policy of a group. */
export const deleteGroupPolicy = ({ session }: Context, group: string, policy: string, after: After): Step =>
  removal(
    `Delete the inline policy ${policy} of group ${group}`,
    `inline policy ${policy} of group ${group}`,
    after,
    () => session.iam(new DeleteGroupPolicyCommand({ GroupName: group, PolicyName: policy })),
  );

/** Deletes a group that is empty. */
export const deleteGroup = ({ session }: Context, group: string, after: After): Step =>
  removal(
    `Delete group ${group}`,
    `group ${group}`,
    after,
    () => session.iam(new DeleteGroupCommand({ GroupName: group })),
    settlingPolicy,
  );

/** Detaches a managed policy from a user. */
export const freeFromUser = ({ session }: Context, PolicyArn: string, user: string, after: After): Step =>
  removal(
    `Detach policy ${nameOf(PolicyArn)} from user ${user}`,
    `attachment of policy ${nameOf(PolicyArn)} to user ${user}`,
    after,
    () => session.iam(new DetachUserPolicyCommand({ UserName: user, PolicyArn })),
  );

/** Detaches a managed policy from an IAM role. */
export const freeFromRole = ({ session }: Context, PolicyArn: string, role: string, after: After): Step =>
  removal(
    `Detach policy ${nameOf(PolicyArn)} from role ${role}`,
    `attachment of policy ${nameOf(PolicyArn)} to role ${role}`,
    after,
    () => session.iam(new DetachRolePolicyCommand({ RoleName: role, PolicyArn })),
  );

/** Deletes a version of a policy that is not the default one. */
export const deletePolicyVersion = ({ session }: Context, PolicyArn: string, version: string, after: After): Step =>
  removal(
    `Delete version ${version} of policy ${nameOf(PolicyArn)}`,
    `version ${version} of policy ${nameOf(PolicyArn)}`,
    after,
    () => session.iam(new DeletePolicyVersionCommand({ PolicyArn, VersionId: version })),
  );

/** Deletes a policy that nobody uses any more. */
export const deletePolicy = ({ session }: Context, PolicyArn: string, after: After): Step =>
  removal(
    `Delete policy ${nameOf(PolicyArn)}`,
    `policy ${nameOf(PolicyArn)}`,
    after,
    () => session.iam(new DeletePolicyCommand({ PolicyArn })),
    settlingPolicy,
  );
