import { GetBucketLoggingCommand, PutBucketLoggingCommand } from '@aws-sdk/client-s3';
import { DomainFailure, isRefusedAsIs, toDomainError } from '../../../../base/errors';
import { type Context, owned } from '../../../shared/context';
import { accessLogBucket, accessLogPrefix } from '../../../shared/own-stores';
import type { LoggingShape } from '../../../shared/shapes';
import { plain } from '../rules/plain';
import type { Setting, Step } from './setting';

/** Every new bucket has it where the account is configured so; it is always shown. */
export const logging: Setting<LoggingShape> = {
  name: 'logging',
  member: 'Logging',
  feature: { title: 'access logging' },

  async read({ session }, Bucket) {
    const { LoggingEnabled } = await session.s3(new GetBucketLoggingCommand({ Bucket, ...owned(session) }));
    if (LoggingEnabled === undefined) return null;
    const { TargetBucket, TargetGrants, TargetPrefix } = LoggingEnabled;
    return plain({ TargetBucket, TargetGrants, TargetPrefix }) as LoggingShape;
  },
  ofNew(context, bucket) {
    const { account, accountId } = context.session;
    const logs = accessLogBucket(account, accountId);
    if (logs === undefined) return undefined;
    return enableLogging(context, bucket, { bucket: logs, prefix: accessLogPrefix(account, bucket) });
  },
};

/**
 * Logs accesses into another bucket.
 * @throws {misconfigured} when that is missing or refuses, which is the operator's mistake
 */
export function enableLogging(context: Context, bucket: string, target: { bucket: string; prefix: string }): Step {
  const { session } = context;
  return {
    title: `Log access to bucket ${bucket} into ${target.bucket}`,
    touches: [
      {
        action: 'create',
        resource: `logging of bucket ${bucket}`,
        document: { TargetBucket: target.bucket, TargetPrefix: target.prefix },
      },
    ],
    run: async () => {
      try {
        await session.s3(
          new PutBucketLoggingCommand({
            Bucket: bucket,
            BucketLoggingStatus: { LoggingEnabled: { TargetBucket: target.bucket, TargetPrefix: target.prefix } },
            ...owned(session),
          }),
        );
      } catch (thrown) {
        const error = toDomainError(thrown);
        const isTheirs = error.kind === 'denied' || error.kind === 'not-found' || isRefusedAsIs(error);
        if (!isTheirs) throw thrown;
        throw new DomainFailure({
          kind: 'misconfigured',
          setting: 'accessLog',
          detail: `the access log bucket of account ${session.account.name} cannot be used (setting accessLog): ${error.detail}`,
          ...(error.origin && { origin: error.origin }),
        });
      }
    },
  };
}
