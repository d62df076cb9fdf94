import {
  GetObjectLockConfigurationCommand,
  type ObjectLockConfiguration,
  PutObjectLockConfigurationCommand,
} from '@aws-sdk/client-s3';
import { fail } from '../../../../base/errors';
import { type Context, owned } from '../../../shared/context';
import { samePlain } from '../rules/plain';
import { readSetting } from './read';
import type { Settable } from './setting';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockConfiguration.html */
type ObjectLock = {
  readonly ObjectLockEnabled: 'Enabled';
  /** Absent: nothing is retained by default; of a request: it stays as it is. */
  readonly Rule?: {
    readonly DefaultRetention: {
      readonly Mode: 'GOVERNANCE' | 'COMPLIANCE';
      readonly Days?: number;
      readonly Years?: number;
    };
  };
};

const ON: ObjectLock = { ObjectLockEnabled: 'Enabled' };

/**
 * What is taken away is the default retention: object lock itself stays on for good. A bucket with versioning may get it later.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
 */
export const objectLock: Settable<ObjectLock, ObjectLock, ObjectLock> = {
  name: 'objectLock',
  member: 'ObjectLock',
  feature: { title: 'object lock' },
  isRemovable: true,
  // After versioning, which it needs.
  order: { exclusive: () => 4, isLasting: (before) => before === null },

  check(input) {
    const { Days, Years } = input.Rule?.DefaultRetention ?? {};
    if (input.Rule && (Days === undefined) === (Years === undefined)) {
      fail({
        kind: 'invalid',
        pointer: '/ObjectLock/Rule/DefaultRetention',
        detail: 'DefaultRetention has either Days or Years',
      });
    }
    return input;
  },
  checkNew(_input, facts) {
    if (facts.objectLock) return;
    fail({
      kind: 'invalid',
      pointer: '/ObjectLock',
      detail: 'ObjectLock needs a bucket that is made with it: send BucketInput.ObjectLockEnabledForBucket true',
    });
  },
  async read({ session }, Bucket) {
    const { ObjectLockConfiguration: lock } = await session.s3(
      new GetObjectLockConfigurationCommand({ Bucket, ...owned(session) }),
    );
    return lock?.ObjectLockEnabled === 'Enabled' ? shownLock(lock) : null;
  },
  show: (lock) => lock,
  title: (bucket, wanted) =>
    `${wanted === null ? 'Remove the default retention' : 'Set the object lock'} of bucket ${bucket}`,
  target: (wanted) => wanted,
  isSame: (wanted, before) => wanted.Rule === undefined || samePlain(wanted, before),
  put,
  remove: (context, bucket) => put(context, bucket, ON),
  refine: (step, { context, bucket, before }) => ({
    ...step,
    ...(before === null && {
      undo: async () => {
        const now = await readSetting(context, bucket, objectLock);
        if (now === null) return;
        if (now.Rule !== undefined) await put(context, bucket, ON);
        fail({ kind: 'unsupported', detail: `object lock of bucket ${bucket} stays on: AWS cannot turn it off again` });
      },
    }),
  }),
};

/** Some stores (moto) give 0 for the one of Days and Years that was not set; AWS leaves it out. */
function shownLock({ Rule }: ObjectLockConfiguration): ObjectLock {
  const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
  if (Mode === undefined) return ON;
  const DefaultRetention = { Mode, ...(Days ? { Days } : {}), ...(Years ? { Years } : {}) };
  return { ...ON, Rule: { DefaultRetention } };
}

function put({ session }: Context, Bucket: string, ObjectLockConfiguration: ObjectLock): Promise<unknown> {
  return session.s3(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration, ...owned(session) }));
}
