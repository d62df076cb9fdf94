import {
  AddUserToGroupCommand,
  CreateUserCommand,
  DeleteUserCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import type { AccountConfig } from '../../../config/types';
import type { Context } from '../../shared/context';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { freshEntityPolicy, freshUndoPolicy } from '../../../engine/retry';
import { fail, toDomainError } from '../../../base/errors';
import { sdkTags, userShape } from '../../shared/aws/iam-shapes';
import { findUser } from './user';
import type { Tag, UserShape } from '../../shared/shapes';
import { lastingTags, narrowTags } from '../../shared/tags';
import { madeBy, notShown } from './ownership';

type Step<T> = StepSpec<Record<never, never>, T>;

/**
 * Makes the IAM user. `tags`: the caller's, the org tag, and the system tags, the operation's among them. IAM takes fewer
 * characters in tags than S3 does; the user's copy has `_` for the rest.
 */
export function createUser(context: Context, name: string, tags: readonly Tag[]): Step<UserShape> {
  const { session } = context;
  const boundary = session.account.permissionsBoundary;
  const find = async (operationId: string) => {
    const user = await findUser(context, name);
    return user && { user, isOurs: madeBy(sdkTags(user.Tags), operationId) === 'this-operation' };
  };
  return {
    title: `Create user ${name}`,
    touches: [
      {
        action: 'create',
        resource: `user ${name}`,
        document: {
          Tags: lastingTags(narrowTags(tags)),
          ...(boundary !== undefined && { PermissionsBoundary: boundary }),
        },
      },
    ],
    run: async () => {
      const { User } = await session
        .iam(
          new CreateUserCommand({
            UserName: name,
            Tags: narrowTags(tags),
            ...(boundary !== undefined && { PermissionsBoundary: boundary }),
          }),
        )
        .catch((thrown: unknown) => blameBoundary(session.account, thrown));
      return userShape(User && { ...User, Tags: User.Tags ?? narrowTags(tags) }, name);
    },
    alreadyDone: async (_, { operationId }) => {
      const found = await find(operationId);
      return found?.isOurs === true ? { result: userShape(found.user, name) } : undefined;
    },
    undoRetry: freshUndoPolicy,
    undo: async (_, { operationId }) => {
      const { isOurs } = (await find(operationId)) ?? notShown(name);
      if (isOurs) await session.iam(new DeleteUserCommand({ UserName: name }));
    },
  };
}

/** Tells the operator when the boundary cannot be had: it is all that CreateUser names and does not make itself. */
function blameBoundary({ name, permissionsBoundary: boundary }: AccountConfig, thrown: unknown): never {
  const { kind, detail, origin } = toDomainError(thrown);
  const isUnusable =
    kind === 'not-found' || (kind === 'invalid' && boundary !== undefined && detail.includes(boundary));
  if (boundary === undefined || !isUnusable) throw thrown;
  return fail({
    kind: 'misconfigured',
    setting: `accounts.${name}.permissionsBoundary`,
    detail: `The permissions boundary of the account ${name} cannot be used (setting permissionsBoundary): ${detail}`,
    ...(origin && { origin }),
  });
}

/** Adds a user this plan has made to a group this plan may have made. */
export function joinGroup(
  context: Context,
  user: string,
  group: string,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  const { session } = context;
  return {
    title: `Add user ${user} to group ${group}`,
    touches: [{ action: 'create', resource: `membership of user ${user} in group ${group}` }],
    after,
    retry: freshEntityPolicy,
    run: async () => {
      await session.iam(new AddUserToGroupCommand({ UserName: user, GroupName: group }));
    },
    undoRetry: freshUndoPolicy,
    undo: async () => {
      await session.iam(new RemoveUserFromGroupCommand({ UserName: user, GroupName: group }));
    },
  };
}
