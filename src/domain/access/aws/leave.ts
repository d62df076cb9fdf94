import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { type Context, gone } from '../../shared/context';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { oncePolicy } from '../../../engine/retry';
import { DomainFailure, fail, toDomainError } from '../../../base/errors';
import type { Belongings } from './belongings';
import { findUser } from './user';
import { removeUser } from './remove-user';
import { strip } from './strip-user';

type Step<T> = StepSpec<Record<never, never>, T>;

/** Takes a user out of a group; the undo puts it back, so that the user can still be found there. */
export function leaveGroup({ session }: Context, user: string, group: string): Step<void> {
  return {
    title: `Take user ${user} out of group ${group}`,
    run: () => gone(session.iam(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }))),
    undo: async () => {
      await session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
    },
  };
}

/** Detaches a managed policy from a user; the undo attaches it again. */
export function detachFromUser({ session }: Context, user: string, arn: string): Step<void> {
  return {
    title: `Detach policy ${arn.slice(arn.lastIndexOf('/') + 1)} from user ${user}`,
    run: () => gone(session.iam(new DetachUserPolicyCommand({ UserName: user, PolicyArn: arn }))),
    undo: async () => {
      await session.iam(new AttachUserPolicyCommand({ UserName: user, PolicyArn: arn }));
    },
  };
}

/** What besides keys and memberships keeps a user from being deleted. None of it can be brought back. */
export function stripRest(
  context: Context,
  user: string,
  rest: Pick<
    Belongings,
    'inline' | 'mfaDevices' | 'signingCertificates' | 'sshPublicKeys' | 'serviceCredentials' | 'loginProfile'
  >,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  return {
    title: `Delete the inline policies, devices, certificates and passwords of user ${user}`,
    after,
    retry: oncePolicy,
    run: async () => {
      try {
        await strip(context, user, { ...rest, keys: [], attached: [] });
      } catch (thrown) {
        // A refusal of one call says nothing about the others.
        const error = toDomainError(thrown);
        throw new DomainFailure({ ...error, origin: { ...error.origin, effect: 'unknown' } });
      }
    },
    undo: () =>
      fail({
        kind: 'conflict',
        detail: `what was deleted of user ${user} cannot be brought back; repeat the deletion`,
      }),
  };
}

/** DeleteUser, once nothing hangs on the user any more. */
export function deleteUserStep(context: Context, user: string, after: readonly StepHandle<unknown>[]): Step<void> {
  return {
    title: `Delete user ${user}`,
    after,
    retry: oncePolicy,
    pivot: true,
    run: () => removeUser(context, user),
    alreadyDone: async () => ((await findUser(context, user)) === undefined ? { result: undefined } : undefined),
  };
}
