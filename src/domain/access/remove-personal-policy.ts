import type { StepFactory, StepHandle } from '../../engine/plan';
import { gonePolicy, isDeleteConflict, oncePolicy, type RetryPolicy, settlingPolicy } from '../../engine/retry';
import type { Context } from '../shared/context';
import type { LeftThing } from '../shared/shapes';
import { deletePersonalPolicy, type PersonalPolicy, seePersonalPolicy } from './aws/personal-policy';
import { deletePolicyVersion } from './aws/remove-role';
import type { UserSeen } from './aws/see-user';

/** What became of the policy: deleted, or why it stays; neither when its user stays. */
export type PersonalEnd = { readonly deleted: boolean; readonly stays: string | null };

/** Undefined when something hung on the policy to the end. */
export type PersonalResult = PersonalEnd | null | undefined;

/** A version that may not be deleted keeps the policy, which says so. */
const goneOrDenied: RetryPolicy = {
  ...gonePolicy,
  isDone: (error) => gonePolicy.isDone?.(error) === true || error.kind === 'denied',
};

type Seen = { readonly goes: boolean; readonly versions: readonly string[]; readonly stays: string | null };

/**
 * Adds the steps that take the policy of a user named like its bucket away, once that user is gone. Nobody's access is taken
 * away by that: whoever has got the policy meanwhile keeps it. Two calls deep. `user`: the step that saw whether the user
 * goes; absent: it does.
 */
export function removePersonalPolicy(
  context: Context,
  policy: PersonalPolicy,
  step: StepFactory,
  after: readonly StepHandle<unknown>[],
  user?: StepHandle<Pick<UserSeen, 'because'> | null>,
): StepHandle<PersonalResult> {
  const { name, arn, stays } = policy;
  const see = async (): Promise<Seen> => {
    if (stays !== null) return { goes: false, versions: [], stays };
    const now = await seePersonalPolicy(context, policy);
    return { goes: now.stays === null, ...now };
  };
  const look = {
    title: `See whether policy ${name} is nobody else's`,
    after,
    // Every read in it is retried by itself.
    retry: oncePolicy,
    more: (add: StepFactory, { versions }: Seen) => {
      for (const version of versions) add({ ...deletePolicyVersion(context, arn, version, []), retry: goneOrDenied });
    },
  };
  const seen =
    user === undefined
      ? step({ ...look, run: see })
      : step({
          ...look,
          needs: { user },
          run: async ({ user: found }) =>
            found === null || found.because === null ? see() : { goes: false, versions: [], stays: null },
        });
  return step({
    title: `Delete policy ${name}`,
    ...(stays === null && { touches: [{ action: 'delete', resource: `policy ${name}` }] }),
    needs: { seen },
    retry: { ...settlingPolicy, isDone: isDeleteConflict },
    run: async ({ seen: { goes, stays: because } }): Promise<PersonalResult> => {
      if (!goes) return { deleted: false, stays: because };
      const left = await deletePersonalPolicy(context, policy);
      return { deleted: left === null, stays: left };
    },
  });
}

/** Tells of the policy where it stays without its user. */
export function personalLeft(policy: PersonalPolicy | undefined, end: PersonalResult): readonly LeftThing[] {
  if (policy === undefined) return [];
  const because = end
    ? end.stays
    : 'Its user is gone, and something else hangs on it still: a version that this service may not delete, say.';
  return because === null ? [] : [{ Resource: `policy ${policy.name}`, because }];
}
