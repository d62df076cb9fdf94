import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  DetachUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { freshEntityPolicy, gonePolicy } from '../../../engine/retry';
import { type Context, orUndefined } from '../../shared/context';

type Step = StepSpec<Record<never, never>, void>;
type After = readonly StepHandle<unknown>[];

/** Takes a user out of a group; the undo puts it back, so that the user can still be found there. */
export function removeFromGroup({ session }: Context, user: string, group: string, after: After = []): Step {
  return {
    title: `Take user ${user} out of group ${group}`,
    touches: [{ action: 'delete', resource: `membership of user ${user} in group ${group}` }],
    after,
    retry: gonePolicy,
    run: async () => {
      await session.iam(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }));
    },
    undo: async () => {
      await session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
    },
  };
}

/** Detaches a managed policy from a user; the undo attaches it again. */
export function detachFromUser({ session }: Context, user: string, arn: string, after: After = []): Step {
  return {
    title: `Detach policy ${arn.slice(arn.lastIndexOf('/') + 1)} from user ${user}`,
    touches: [
      { action: 'delete', resource: `attachment of policy ${arn.slice(arn.lastIndexOf('/') + 1)} to user ${user}` },
    ],
    after,
    retry: gonePolicy,
    run: async () => {
      await session.iam(new DetachUserPolicyCommand({ UserName: user, PolicyArn: arn }));
    },
    undo: async () => {
      await session.iam(new AttachUserPolicyCommand({ UserName: user, PolicyArn: arn }));
    },
  };
}

/** Makes a group again that is gone, without any policy, where its name and path tell whose it is. */
export function restoreGroup({ session }: Context, group: string, path: string): Step {
  return {
    title: `Make group ${group} again`,
    touches: [{ action: 'create', resource: `group ${group}` }],
    retry: { ...freshEntityPolicy, isDone: ({ kind }) => kind === 'exists' },
    run: async () => {
      await session.iam(new CreateGroupCommand({ GroupName: group, Path: path }));
    },
  };
}

/** Puts a user back into a group. Without `restored`, the step that made the group again, the group may be gone: then false. */
export function addBackToGroup(
  { session }: Context,
  user: string,
  group: string,
  restored?: StepHandle<void>,
): StepSpec<Record<never, never>, boolean> {
  const join = async () => {
    await session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
    return true;
  };
  return {
    title: `Put user ${user} back into group ${group}`,
    touches: [{ action: 'create', resource: `membership of user ${user} in group ${group}` }],
    ...(restored
      ? { after: [restored], retry: freshEntityPolicy, run: join }
      : { run: async () => (await orUndefined(join())) ?? false }),
  };
}

/** Attaches a managed policy to a user again; false when either is gone. */
export function attachBackToUser(
  { session }: Context,
  user: string,
  arn: string,
): StepSpec<Record<never, never>, boolean> {
  const name = arn.slice(arn.lastIndexOf('/') + 1);
  const attach = async () => {
    await session.iam(new AttachUserPolicyCommand({ UserName: user, PolicyArn: arn }));
    return true;
  };
  return {
    title: `Attach policy ${name} to user ${user} again`,
    touches: [{ action: 'create', resource: `attachment of policy ${name} to user ${user}` }],
    run: async () => (await orUndefined(attach())) ?? false,
  };
}
