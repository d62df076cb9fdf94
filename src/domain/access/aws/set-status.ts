import { TagUserCommand, UntagUserCommand } from '@aws-sdk/client-iam';
import type { Context } from '../../shared/context';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { STATUS_TAG } from '../../shared/tags';
import { type UserStatus, valueOf } from '../rules/user-status';

/** Writes the status tag of a user; the undo writes what it said before. */
export function markUser(
  { session }: Context,
  user: string,
  before: UserStatus,
  status: UserStatus,
  after: readonly StepHandle<unknown>[],
): StepSpec<Record<never, never>, void> {
  const write = async (value: string | undefined): Promise<void> => {
    await (value === undefined
      ? session.iam(new UntagUserCommand({ UserName: user, TagKeys: [STATUS_TAG] }))
      : session.iam(new TagUserCommand({ UserName: user, Tags: [{ Key: STATUS_TAG, Value: value }] })));
  };
  return {
    title: `Mark user ${user} as ${status.inactive ? 'Inactive' : 'Active'}`,
    touches: [{ action: 'change', resource: `tags of user ${user}` }],
    after,
    run: () => write(valueOf(status)),
    undo: () => write(valueOf(before)),
  };
}
