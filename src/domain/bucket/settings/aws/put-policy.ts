import { DeleteBucketPolicyCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type Context, owned } from '../../../shared/context';
import { type DomainError, DomainFailure, toDomainError } from '../../../../base/errors';
import type { StepSpec } from '../../../../engine/plan';
import { isTransient, type RetryPolicy, standardPolicy } from '../../../../engine/retry';
import type { WantedPolicy } from '../rules/policy';
import { removeSetting } from './store-setting';

/** A public access block that was just loosened takes a moment to reach everywhere; until then S3 answers AccessDenied. */
const afterLoosening: RetryPolicy = {
  ...standardPolicy,
  attempts: 6,
  baseMs: 300,
  retries: (error) => isTransient(error) || error.kind === 'denied',
};

export interface PolicyChange {
  /** JSON text; null: there was none. */
  readonly before: string | null;
  readonly after: WantedPolicy | null;
  /** Whether this plan loosens the public access block first. */
  readonly loosened: boolean;
}

/** Replaces or removes the bucket policy; the undo puts the former one back. */
export function replacePolicy(
  context: Context,
  bucket: string,
  { before, after, loosened }: PolicyChange,
): StepSpec<Record<never, never>, void> {
  const { session } = context;
  const of = { Bucket: bucket, ...owned(session) };
  const put = async (Policy: string): Promise<void> => {
    await session.s3(new PutBucketPolicyCommand({ ...of, Policy }));
  };
  const remove = (): Promise<void> =>
    removeSetting(context, bucket, 'policy', () => session.s3(new DeleteBucketPolicyCommand(of)));
  return {
    title: `${after === null ? 'Remove' : 'Set'} the policy of bucket ${bucket}`,
    ...(after?.isPublic === true && loosened && { retry: afterLoosening }),
    run: () => (after === null ? remove() : explained(put(after.text), after.isPublic ? hinted : (error) => error)),
    // The block that stood in this policy's way is loosened again by now, but not everywhere: that is worth another attempt.
    undo: () =>
      before === null
        ? remove()
        : explained(put(before), (error) => (error.kind === 'denied' ? { ...error, kind: 'contended' } : error)),
  };
}

async function explained(call: Promise<void>, explain: (error: DomainError) => DomainError): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    throw new DomainFailure(explain(toDomainError(thrown)));
  }
}

function hinted(error: DomainError): DomainError {
  if (error.kind !== 'denied') return error;
  const detail = `${error.detail} A public access block may be in the way of a public policy: the bucket's (PublicAccessBlock.BlockPublicPolicy), or that of the whole AWS account.`;
  return { ...error, detail };
}
