import { CreateAccessKeyCommand, DeleteAccessKeyCommand, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import type { Context } from '../../../shared/context';
import type { StepHandle, StepSpec } from '../../../../engine/plan';
import { freshEntityPolicy, freshUndoPolicy, goneInTimePolicy, type RetryPolicy } from '../../../../engine/retry';
import { type DomainError, fail, isAmbiguous, toDomainError } from '../../../../base/errors';
import type { KeyStatus } from '../rules/shapes';
import { again, discardNewKeys } from './discard-new-keys';
import { keyShape } from '../../../shared/aws/iam-shapes';
import type { NewAccessKeyShape } from '../../../shared/shapes';
import { type AsJson, throughJson } from '../../../../base/json';
import { secret } from '../../../../base/secret';

type Step<T> = StepSpec<Record<never, never>, T>;

export interface NewKey {
  readonly user: string;
  /** Ids of the keys the user had before the plan. */
  readonly before: readonly string[];
  readonly after?: readonly StepHandle<unknown>[];
  /** The plan has just made the user: IAM may not know it yet for some seconds. */
  readonly isFreshUser?: true;
}

/**
 * For making a key: where a reply was lost, some attempts only list, or delete what came of it. The time is what ends them.
 */
const freshUserPolicy: RetryPolicy = { ...freshEntityPolicy, attempts: 4 * freshEntityPolicy.attempts };

/** The user was seen: what does not heal within some seconds is told to the caller, who waits with the old keys in hand. */
const knownUserPolicy: RetryPolicy = { ...freshUserPolicy, capMs: 1_000, withinMs: 5_000 };

/** The last creation without a reply. `isOpen`: what came of it may be there yet. */
type Lost = {
  readonly error: AsJson<Exclude<DomainError, { readonly kind: 'unforeseen' }>>;
  readonly times: number;
  readonly isOpen: boolean;
};

const stillListing = (user: string): DomainError => ({
  kind: 'contended',
  detail: `IAM may still hide an access key of user ${user} whose secret reached nobody`,
});

/**
 * Makes an access key. AWS shows its secret once, so a key whose reply was lost is of no use to anybody: it is found
 * by comparing with the keys there were before, removed, and another is made, by one attempt each.
 */
export function createKey(context: Context, { user, before, after, isFreshUser }: NewKey): Step<NewAccessKeyShape> {
  const { session } = context;
  return {
    title: `Create an access key for user ${user}`,
    touches: [{ action: 'create', resource: `access key of user ${user}` }],
    ...(after && { after }),
    retry: isFreshUser ? freshUserPolicy : knownUserPolicy,
    undoRetry: freshUndoPolicy,
    run: async (_, { memory }) => {
      const lost = memory.get('lost') as Lost | undefined;
      if (lost?.isOpen === true) {
        const name = `listed after ${String(lost.times)}`;
        const hasDeleted = await discardNewKeys(context, { user, before, memory, name, because: lost.error });
        memory.set('lost', { ...lost, isOpen: false });
        if (hasDeleted) again(lost.error);
      }
      try {
        const { AccessKey } = await session.iam(new CreateAccessKeyCommand({ UserName: user }));
        const { AccessKeyId, SecretAccessKey } = AccessKey ?? {};
        if (AccessKeyId === undefined || SecretAccessKey === undefined) {
          return fail({ kind: 'unforeseen', detail: 'CreateAccessKey answered without a key' });
        }
        return { ...keyShape({ ...AccessKey }, user), SecretAccessKey: secret(SecretAccessKey) };
      } catch (thrown) {
        const error = toDomainError(thrown);
        // After anything unforeseen there is no other attempt.
        if (isAmbiguous(error) && error.kind !== 'unforeseen') {
          memory.set('lost', { error: throughJson(error), times: (lost?.times ?? 0) + 1, isOpen: true });
        }
        throw thrown;
      }
    },
    undo: async ({ result }, { memory }) => {
      if (result !== undefined) await session.iam(removal(user, result.AccessKeyId));
      else
        await discardNewKeys(context, {
          user,
          before,
          memory,
          name: 'listed by the undo',
          because: stillListing(user),
        });
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
    touches: [{ action: 'change', resource: `access key ${id} of user ${user}`, document: { Status: to } }],
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
    touches: [{ action: 'delete', resource: `access key ${id} of user ${user}` }],
    retry: goneInTimePolicy,
    run: async () => {
      await context.session.iam(removal(user, id));
    },
  };
}

const removal = (user: string, id: string) => new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id });
