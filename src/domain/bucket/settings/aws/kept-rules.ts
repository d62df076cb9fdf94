import { GetBucketLifecycleConfigurationCommand } from '@aws-sdk/client-s3';
import { type Context, orUndefined, owned, reading } from '../../../shared/context';
import { fail } from '../../../../base/errors';
import type { LifecycleRule } from '../rules/lifecycle';

/** What makes a rule worth having; a rule for replaced versions means nothing where there are none. */
const ACTIONS = ['Transitions', 'Expiration', 'AbortIncompleteMultipartUpload'] as const;

/**
 * Some S3-compatible stores take a lifecycle and silently leave out what they cannot do (Garage: transitions). Ends with
 * `unsupported` when an action of `rules` is missing from what the store tells.
 */
export async function requireKept(context: Context, bucket: string, rules: readonly LifecycleRule[]): Promise<void> {
  const { session } = context;
  const told = await orUndefined(
    reading(context, () =>
      session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket, ...owned(session) })),
    ),
  );
  const kept = told?.Rules ?? [];
  const dropped = rules.flatMap((rule) =>
    ACTIONS.filter((action) => rule[action] !== undefined && !kept.some((one) => hasAction(one[action]))),
  );
  if (dropped.length === 0) return;
  fail({
    kind: 'unsupported',
    detail: `this store has no lifecycle rules of this kind: it took them and left ${dropped.join(', ')} out`,
  });
}

const hasAction = (action: unknown): boolean => (Array.isArray(action) ? action.length > 0 : action !== undefined);
