import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { type Context, orUndefined, owned, reading } from '../../../shared/context';
import type { LifecycleRule } from '../rules/lifecycle';

/** What makes a rule worth having; a rule for replaced versions means nothing where there are none. */
const ACTIONS = ['Transitions', 'Expiration', 'AbortIncompleteMultipartUpload'] as const;

/**
 * Asks a store which actions of the rules it has taken are missing from those it keeps: some silently leave out what they
 * cannot do (Garage: transitions).
 */
export async function droppedOf(
  context: Context,
  bucket: string,
  rules: readonly LifecycleRule[],
): Promise<readonly string[]> {
  const { session } = context;
  const told = await orUndefined(
    reading(context, () =>
      session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket, ...owned(session) })),
    ),
  );
  const kept = told?.Rules ?? [];
  return rules.flatMap((rule) =>
    ACTIONS.filter((action) => rule[action] !== undefined && !kept.some((one) => hasAction(one[action]))),
  );
}

const hasAction = (action: unknown): boolean => (Array.isArray(action) ? action.length > 0 : action !== undefined);
