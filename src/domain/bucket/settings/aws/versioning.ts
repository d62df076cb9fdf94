import { GetBucketVersioningCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { fail } from '../../../../base/errors';
import { owned } from '../../../shared/context';
import { readSetting } from './read';
import { setNew } from './replace';
import type { Settable } from './setting';

export type VersioningStatus = 'Enabled' | 'Suspended';

/**
 * A bucket that never had versioning cannot have it taken away again, only suspended: such a step belongs at the end of its
 * plan. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 */
export const versioning: Settable<VersioningStatus, VersioningStatus, { readonly Status: VersioningStatus }> = {
  name: 'versioning',
  member: 'Versioning',
  feature: { title: 'versioning' },
  order: { exclusive: () => 0, isLasting: (before) => before === null },

  check: ({ Status }) => Status,
  checkNew({ Status }, { objectLock }) {
    if (!objectLock || Status !== 'Suspended') return;
    fail({
      kind: 'invalid',
      pointer: '/Versioning/Status',
      detail: 'ObjectLockEnabledForBucket needs versioning: Versioning.Status cannot be Suspended',
    });
  },
  async read({ session }, Bucket) {
    const { Status } = await session.s3(new GetBucketVersioningCommand({ Bucket, ...owned(session) }));
    return Status ?? null;
  },
  show: (Status) => ({ Status }),
  title: (bucket, wanted) => `${wanted === 'Enabled' ? 'Turn on' : 'Suspend'} versioning of bucket ${bucket}`,
  target: (wanted) => wanted,
  put: ({ session }, Bucket, Status) =>
    session.s3(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status }, ...owned(session) })),
  // Object lock has turned it on already.
  ofNew: (context, bucket, wanted, { objectLock }) =>
    wanted === undefined || objectLock ? undefined : setNew(versioning, context, bucket, wanted),
  refine: (step, { context, bucket, before, after }) => ({
    ...step,
    alreadyDone: async () =>
      (await readSetting(context, bucket, versioning)) === after ? { result: undefined } : undefined,
    ...(before === null && {
      undo: async () => {
        const now = await readSetting(context, bucket, versioning);
        if (now === null) return;
        if (now === 'Enabled') await versioning.put(context, bucket, 'Suspended');
        fail({
          kind: 'unsupported',
          detail: `versioning of bucket ${bucket} is suspended: AWS cannot take it away again`,
        });
      },
    }),
  }),
};
