import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { bucketInS3, isInOwnNamespace } from '../../../base/bucket-names';
import { type Context, gone, owned } from '../../shared/context';
import { type DomainError, fail, isAmbiguous, toDomainError } from '../../../base/errors';
import type { StepScope, StepSpec } from '../../../engine/plan';
import { bucketPresence } from '../../shared/aws/bucket';
import { isEmpty } from './emptiness';
import type { Tag } from '../../shared/shapes';
import { lastingTags } from '../../shared/tags';
import { bucketMaker, isOursToUndo } from '../../access/aws/ownership';

type Step<T> = StepSpec<Record<never, never>, T>;

const taken = (bucket: string) => ({ kind: 'exists', detail: `a bucket ${bucket} exists already` }) as const;

/** What S3 says to a name that is not of the account's and region's own namespace. */
const NAMESPACE_REFUSALS: ReadonlySet<string> = new Set([
  'InvalidBucketNamespace',
  'InvalidNamespaceHeader',
  'MissingNamespaceHeader',
]);

const noNamespace = ({ session: { account } }: Context, { detail, origin }: DomainError) =>
  ({
    kind: 'misconfigured',
    setting: 'bucketNamespace',
    detail: `the names that the settings of account ${account.name} make are not of its namespace (settings id, region, bucketNamespace): ${detail}`,
    ...(origin && { origin }),
  }) as const;

export interface NewBucket {
  readonly bucket: string;
  /** The caller's, the org tag and the operation tag. */
  readonly tags: readonly Tag[];
  readonly objectLock: boolean;
  /** Wall time of the look wave in milliseconds. */
  readonly lookedAt: number;
}

/**
 * Makes the bucket, tagged at birth where the store allows.
 * @throws {exists} when somebody was faster
 * @throws {misconfigured} when S3 does not take the names that the account's settings make
 */
export function createBucket(context: Context, { bucket, tags, objectLock, lookedAt }: NewBucket): Step<void> {
  const { session } = context;
  const isAnswered = ({ memory }: StepScope) => memory.get('answered') === true;
  return {
    title: `Create bucket ${bucket}`,
    touches: [
      {
        action: 'create',
        resource: `bucket ${bucket}`,
        document: { Tags: lastingTags(tags), ObjectLockEnabledForBucket: objectLock },
      },
    ],
    run: async (_, { memory }) => {
      const location =
        // us-east-1 is the one region that must not be named.
        session.region === 'us-east-1' ? {} : { LocationConstraint: session.region as BucketLocationConstraint };
      const born = session.account.iam ? { Tags: tags.map((tag) => ({ ...tag })) } : {};
      const configuration = { ...location, ...born };
      try {
        await session.s3(
          new CreateBucketCommand({
            Bucket: bucket,
            ...(isInOwnNamespace(session.account, bucketInS3(session.account, bucket)) && {
              BucketNamespace: 'account-regional',
            }),
            ...(Object.keys(configuration).length > 0 && { CreateBucketConfiguration: configuration }),
            ...(objectLock && { ObjectLockEnabledForBucket: true }),
          }),
        );
        memory.set('answered', true);
      } catch (thrown) {
        const error = toDomainError(thrown);
        // An attempt whose reply was lost has landed since. On AWS its tags say so; other stores have only this word.
        if (memory.get('lost') === true && !session.account.iam && error.origin?.code === 'BucketAlreadyOwnedByYou')
          return;
        if (isAmbiguous(error)) memory.set('lost', true);
        if (NAMESPACE_REFUSALS.has(error.origin?.code ?? '')) fail(noNamespace(context, error));
        throw thrown;
      }
    },
    alreadyDone: async (_, scope) => {
      const maker = await bucketMaker(context, bucket, scope.operationId, { lookedAt, answered: isAnswered(scope) });
      // Sending CreateBucket again in us-east-1 would reset the ACLs of somebody else's new bucket.
      if (maker === 'somebody-else') fail(taken(bucket));
      return maker === 'this-operation' ? { result: undefined } : undefined;
    },
    undo: async (_, scope) => {
      const { operationId } = scope;
      if (!(await isOursToUndo(context, bucket, operationId, { lookedAt, answered: isAnswered(scope) }))) return;
      await gone(removeEmpty(context, bucket));
      context.deletedBuckets.add(operationId);
    },
  };
}

/**
 * Deletes a bucket that holds nothing. AWS checks that itself; some other stores delete what is in it (SeaweedFS for
 * years), so there it is looked at once more.
 * @throws {not-empty} when something is in it
 * @throws {not-found} when there is no such bucket
 */
async function removeEmpty(context: Context, bucket: string): Promise<void> {
  const { session } = context;
  if (!session.account.iam && !(await isEmpty(context, bucket))) {
    fail({ kind: 'not-empty', detail: `bucket ${bucket} is not empty (objects, versions and delete markers count)` });
  }
  await session.s3(new DeleteBucketCommand({ Bucket: bucket, ...owned(session) }));
}

/**
 * Makes sure that an S3-compatible store has turned object lock on: some ignore the wish, and it cannot be had later.
 * @throws {unsupported} when it is off
 */
export function confirmObjectLock({ session }: Context, bucket: string): Step<void> {
  return {
    title: `Confirm the object lock of bucket ${bucket}`,
    run: async () => {
      try {
        const { ObjectLockConfiguration: lock } = await session.s3(
          new GetObjectLockConfigurationCommand({ Bucket: bucket, ...owned(session) }),
        );
        if (lock?.ObjectLockEnabled === 'Enabled') return;
      } catch (thrown) {
        const { kind } = toDomainError(thrown);
        if (kind !== 'unsupported' && kind !== 'not-found') throw thrown;
      }
      fail({ kind: 'unsupported', detail: 'this store cannot lock objects: leave ObjectLockEnabledForBucket out' });
    },
  };
}

/**
 * Deletes a bucket. This is the point of no return of every deletion, as DeleteBucket is AWS's only atomic test of
 * emptiness. `maker`: the operation tag the bucket carries.
 * @throws {not-empty} when something has arrived meanwhile
 */
export function deleteBucket(context: Context, bucket: string, maker: string | undefined): Step<void> {
  return {
    title: `Delete bucket ${bucket}`,
    touches: [{ action: 'delete', resource: `bucket ${bucket}` }],
    pivot: true,
    run: async () => {
      await gone(removeEmpty(context, bucket));
      context.deletedBuckets.add(maker);
    },
    // A name that is somebody else's by now was freed by our deletion.
    alreadyDone: async () =>
      (await bucketPresence(context, bucket)) === 'present' ? undefined : { result: undefined },
  };
}
