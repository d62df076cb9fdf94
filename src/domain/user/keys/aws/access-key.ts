import { CreateAccessKeyCommand, DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import { type Context, gone } from '../../../shared/context';
import type { StepHandle, StepSpec } from '../../../../engine/plan';
import { freshEntityPolicy, freshUndoPolicy, goneInTimePolicy } from '../../../../engine/retry';
import { fail, isAmbiguous, toDomainError } from '../../../../base/errors';
import type { KeyStatus } from '../rules/shapes';
import { accessKeys } from '../../../access/aws/user';
import { keyShape } from '../../../shared/aws/iam-shapes';
import type { NewAccessKeyShape } from '../../../shared/shapes';
import { secret } from '../../../../base/secret';

export { deleteKey } from '../../../access/aws/delete-key';

type Step<T> = StepSpec<Record<never, never>, T>;

export interface NewKey {
  readonly user: string;
  /** Ids of the keys the user had before the plan. */
  readonly before: readonly string[];
  readonly after?: readonly StepHandle<unknown>[];
}

/** Listings in a row that must agree before they are believed. */
const STABLE = 2;
const LISTINGS = 6;
const PAUSE_MS = 500;

/**
 * Makes an access key. AWS shows its secret once, so a key whose reply was lost is of no use to anybody: it is found
 * by comparing with the keys there were before, removed, and another is made.
 */
export function createKey(context: Context, { user, before, after }: NewKey): Step<NewAccessKeyShape> {
  const { session } = context;
  return {
    title: `Create an access key for user ${user}`,
    ...(after && { after }),
    retry: freshEntityPolicy,
    undoRetry: freshUndoPolicy,
    run: async (_, { memory }) => {
      if (memory.get('replyLost') === true) await discardNewKeys(context, user, before);
      memory.set('replyLost', false);
      try {
        const { AccessKey } = await session.iam(new CreateAccessKeyCommand({ UserName: user }));
        const { AccessKeyId, SecretAccessKey } = AccessKey ?? {};
        if (AccessKeyId === undefined || SecretAccessKey === undefined) {
          return fail({ kind: 'unforeseen', detail: 'CreateAccessKey answered without a key' });
        }
        return { ...keyShape({ ...AccessKey }, user), SecretAccessKey: secret(SecretAccessKey) };
      } catch (thrown) {
        memory.set('replyLost', isAmbiguous(toDomainError(thrown)));
        throw thrown;
      }
    },
    undo: async ({ result }) => {
      if (result === undefined) return discardNewKeys(context, user, before);
      await session.iam(removal(user, result.AccessKeyId));
    },
  };
}

/**
 * Turns a key that the look has seen on or off; the undo turns it back. NoSuchEntity for such a key is IAM's lag: it may
 * have been made a moment ago.
 */
export function turnKey(
  { session }: Context,
  user: string,
  id: string,
  to: KeyStatus,
  after: readonly StepHandle<unknown>[],
): Step<void> {
  const turn = async (Status: KeyStatus): Promise<void> => {
    await session.iam(new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status }));
  };
  return {
    title: `Turn ${to === 'Active' ? 'on' : 'off'} access key ${id} of user ${user}`,
    after,
    retry: freshEntityPolicy,
    run: () => turn(to),
    undo: () => turn(to === 'Active' ? 'Inactive' : 'Active'),
  };
}

/** Takes a key away whose secret never reached anybody. */
export function withdrawKey(context: Context, user: string, id: string): Step<void> {
  return {
    title: `Withdraw access key ${id} of user ${user}, whose secret reached nobody`,
    retry: goneInTimePolicy,
    run: async () => {
      await context.session.iam(removal(user, id));
    },
  };
}

const removal = (user: string, id: string) => new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id });

/** Deletes every key that was not there before; IAM is listed until it says the same twice. */
async function discardNewKeys(context: Context, user: string, before: readonly string[]): Promise<void> {
  let last = '';
  let agreed = 0;
  let fresh: readonly string[] = [];
  for (let listing = 0; listing < LISTINGS && agreed < STABLE; listing += 1) {
    if (listing > 0) await context.clock.sleep(PAUSE_MS);
    const ids = (await accessKeys(context, user)).flatMap(({ AccessKeyId }) => AccessKeyId ?? []);
    fresh = ids.filter((id) => !before.includes(id));
    agreed = last === ids.join() ? agreed + 1 : 1;
    last = ids.join();
  }
  await Promise.all(fresh.map((id) => gone(context.session.iam(removal(user, id)))));
}
