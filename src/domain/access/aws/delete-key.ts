import { DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { fail } from '../../../base/errors';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { goneInTimePolicy } from '../../../engine/retry';
import type { Context } from '../../shared/context';
import { accessKeys } from './user';

/** Deletes an access key. It cannot be brought back, and the undo says so. */
export function deleteKey(
  context: Context,
  user: string,
  id: string,
  after: readonly StepHandle<unknown>[],
): StepSpec<Record<never, never>, void> {
  const isThere = async () => (await accessKeys(context, user)).some(({ AccessKeyId }) => AccessKeyId === id);
  return {
    title: `Delete access key ${id} of user ${user}`,
    touches: [{ action: 'delete', resource: `access key ${id} of user ${user}` }],
    after,
    // A key made a moment ago may answer "not there" and be valid all the same.
    retry: goneInTimePolicy,
    run: async (_, { memory }) => {
      await context.session.iam(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id }));
      memory.set('deleted', true);
    },
    irrevocable: true,
    alreadyDone: async () => ((await isThere()) ? undefined : { result: undefined }),
    undo: async (_, { memory }) => {
      if (memory.get('deleted') !== true && (await isThere())) return;
      fail({ kind: 'conflict', detail: `access key ${id} is deleted; a deleted key cannot be brought back` });
    },
  };
}
