import { type DomainError, DomainFailure, isAmbiguous, isRefusedAsIs, toDomainError } from '../../base/errors';
import { isTransient } from '../../engine/retry';

/** What failed calls to the bucket mean to a register. */

/** The setting that errors name. */
export const SETTING = 'operations.bucket';

/** Tells whether an answer says that the condition of a write does not hold: 412, or 404 where there is nothing to match. */
export const isRefusal = ({ kind, origin }: DomainError): boolean =>
  kind === 'conflict' || (kind === 'not-found' && origin?.code !== 'NoSuchBucket');

/** Tells whether a look at what is there, and perhaps another attempt, may help. */
export const mayHeal = (error: DomainError): boolean => isTransient(error) || isAmbiguous(error);

/** Gives a failure as the operator should read it: a bucket that is not there or may not be used is a mistake in the configuration. */
export function explained(thrown: unknown, bucket: string): DomainFailure {
  const error = toDomainError(thrown);
  const why = whyUnusable(error);
  if (why === undefined) return thrown instanceof DomainFailure ? thrown : new DomainFailure(error);
  return new DomainFailure({
    kind: 'misconfigured',
    setting: SETTING,
    detail: `The bucket ${bucket}, which is to keep operations, ${why}`,
    ...(error.origin && { origin: error.origin }),
  });
}

function whyUnusable(error: DomainError): string | undefined {
  const { kind, detail, origin } = error;
  if (origin?.code === 'NoSuchBucket') return 'does not exist: make it, or name another one.';
  if (kind === 'denied')
    return `may not be used. ${detail} It needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject on what is below operations.prefix.`;
  if (kind === 'misconfigured') return `cannot be used. ${detail}`;
  return kind === 'unsupported' || isRefusedAsIs(error) || kind === 'quota'
    ? `cannot keep them. ${detail} A store is needed that knows GetObject, PutObject, DeleteObject and ListObjectsV2.`
    : undefined;
}
