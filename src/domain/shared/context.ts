import type { PresignRequest, Presigned } from '../../aws/presign/types';
import type { AwsSession } from '../../aws/types';
import type { Clock } from '../../base/clock';
import { isTransient, retry, type RetryPolicy } from '../../engine/retry';
import { toDomainError } from '../../base/errors';
import type { Memory } from './memory';
import type { DeletedBuckets } from './deleted-buckets';

/** What plans, steps and reads work with. */
export interface Context {
  readonly session: AwsSession;
  /** Value of the org tag. */
  readonly org: string;
  readonly clock: Clock;
  readonly deletedBuckets: DeletedBuckets;
  readonly memory: Memory;
  /** The service's own buckets, which no request reaches, by what callers would call them. */
  readonly isOwnStore: (bucket: string) => boolean;
  /** When the account's cleaner runs next by itself, as ISO-8601 time; undefined when it does not. */
  readonly nextCleaning: () => string | undefined;
  /** Signs the URL of an object in the session's account. */
  readonly presign: (request: PresignRequest) => Promise<Presigned>;
}

/** Reads outside of steps: a pause may heal them, and sending them twice harms nobody. */
const readPolicy: RetryPolicy = { attempts: 4, baseMs: 150, capMs: 2_000, retries: isTransient };

/** Runs a read, again after transient errors. */
export function reading<T>({ clock }: Pick<Context, 'clock'>, read: () => Promise<T>): Promise<T> {
  return retry(readPolicy, clock, read);
}

/** Gives what the call gives; undefined when AWS says there is no such thing. */
export async function orUndefined<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (toDomainError(thrown).kind === 'not-found') return undefined;
    throw thrown;
  }
}

/** Runs a removal; "not there" is as good as done. */
export async function gone(removal: Promise<unknown>): Promise<void> {
  await orUndefined(removal);
}

/**
 * Gives `ExpectedBucketOwner` for a call on an existing bucket: a bucket of the same name that changed hands answers
 * 403. Empty for S3-compatible stores: their accounts have no such ids.
 */
export function owned(session: AwsSession): { readonly ExpectedBucketOwner?: string } {
  return session.accountId === '' || !session.account.iam ? {} : { ExpectedBucketOwner: session.accountId };
}
