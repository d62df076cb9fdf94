import {
  DeleteBucketLifecycleCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
  type PutBucketLifecycleConfigurationCommandInput,
} from '@aws-sdk/client-s3';
import { fail } from '../../../../base/errors';
import { owned } from '../../../shared/context';
import type { Plain } from '../../../shared/settings-shapes';
import {
  type LifecycleInput,
  type LifecycleRead,
  type LifecycleSet,
  lifecycleSet,
  nameOfRules,
} from '../rules/kept-lifecycle';
import { plain, samePlain } from '../rules/plain';
import { droppedOf } from './kept-rules';
import type { Settable } from './setting';
import { removeSetting } from './store-setting';

/** Lifecycle rules; callers name a set of the registry. */
export const lifecycle: Settable<LifecycleRead, LifecycleSet, LifecycleInput> = {
  name: 'lifecycle',
  member: 'Lifecycle',
  // A lifecycle may move objects into a class of AWS's that the store has not.
  feature: { title: 'lifecycle rules of this kind', lackingCodes: ['InvalidStorageClass'] },
  isRemovable: true,

  check: lifecycleSet,
  async read({ session }, Bucket) {
    const answer = await session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket, ...owned(session) }));
    const { Rules = [], TransitionDefaultMinimumObjectSize: minimumSize = null } = answer;
    return Rules.length === 0 ? null : { rules: Rules.map(plain), minimumSize };
  },
  show: ({ rules }) => ({ Name: nameOfRules(rules), Rules: rules }),
  title: (bucket, wanted) =>
    wanted === null ? `Remove the lifecycle of bucket ${bucket}` : `Give bucket ${bucket} the lifecycle ${wanted.name}`,
  // A size limit that belonged to the former rules does not carry over.
  target: ({ rules }) => ({ rules: rules.map(plain), minimumSize: null }),
  isSame: ({ rules }, before) => samePlain(before.rules, rules),
  put: ({ session }, Bucket, { rules, minimumSize }) =>
    session.s3(
      new PutBucketLifecycleConfigurationCommand({ Bucket, ...owned(session), ...lifecycleInput(rules, minimumSize) }),
    ),
  remove: ({ session }, Bucket) => session.s3(new DeleteBucketLifecycleCommand({ Bucket, ...owned(session) })),
  onWebsite: ({ name, rules }) => {
    const archived = rules
      .flatMap(({ Transitions = [] }) => Transitions)
      .find(({ StorageClass }) => isArchive(StorageClass));
    const expired = rules.find(({ Expiration }) => Expiration !== undefined)?.Expiration;
    if (archived !== undefined)
      return `Lifecycle: ${name} archives the files of this website ${days(archived.Days)} after their upload, and visitors cannot read what is archived.`;
    if (expired !== undefined)
      return `Lifecycle: ${name} deletes the files of this website ${days(expired.Days)} after their upload, the start page included.`;
    return undefined;
  },
  /** An S3-compatible store may take the rules and keep less than them: then the former ones are put back. */
  confirm({ context, bucket, before, after }, { isNew }) {
    if (after === null || context.session.account.iam) return undefined;
    return {
      title: `Confirm the lifecycle of bucket ${bucket}`,
      run: async () => {
        const dropped = await droppedOf(context, bucket, after.rules);
        if (dropped.length === 0) return;
        if (before !== null) await lifecycle.put(context, bucket, before);
        else if (!isNew) await removeSetting(context, bucket, lifecycle);
        fail({
          kind: 'unsupported',
          detail: `this store has no lifecycle rules of this kind: it took them and left ${dropped.join(', ')} out`,
        });
      },
    };
  },
};

/** Classes from which an object must be restored before it can be read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html */
const isArchive = (storageClass: string): boolean => storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE';

const days = (count: number): string => `${String(count)} day${count === 1 ? '' : 's'}`;

type Input = Pick<
  PutBucketLifecycleConfigurationCommandInput,
  'LifecycleConfiguration' | 'TransitionDefaultMinimumObjectSize'
>;

/** Makes rules that were read and kept as JSON ready to be put: their dates become dates again. */
export function lifecycleInput(rules: readonly Plain[], minimumSize: string | null): Input {
  return {
    LifecycleConfiguration: { Rules: JSON.parse(JSON.stringify(rules), withDates) as LifecycleRule[] },
    ...(minimumSize !== null && {
      TransitionDefaultMinimumObjectSize: minimumSize as NonNullable<Input['TransitionDefaultMinimumObjectSize']>,
    }),
  };
}

/** `Date` is the one member of a rule, in Expiration and Transitions, that the SDK wants as a date. */
function withDates(name: string, value: unknown): unknown {
  return name === 'Date' && typeof value === 'string' ? new Date(value) : value;
}
