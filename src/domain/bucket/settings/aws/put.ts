import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeletePublicAccessBlockCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { type Context, owned } from '../../../shared/context';
import type { StepSpec } from '../../../../engine/plan';
import { fail } from '../../../../base/errors';
import { requireKept } from './kept-rules';
import { readSetting } from './read';
import type { LifecycleSet } from '../rules/kept-lifecycle';
import { plain } from '../rules/plain';
import type {
  CorsConfiguration,
  LifecycleRead,
  PublicAccessBlock,
  VersioningStatus,
} from '../../../shared/settings-shapes';
import { lifecycleInput } from './put-lifecycle';
import { asSecondCall } from './second-call';
import { removeSetting } from './store-setting';

/**
 * Steps that replace one setting of a bucket, each with the former one as its undo. Null: the setting is absent. Each sends
 * what may be sent twice.
 */
type Step = StepSpec<Record<never, never>, void>;

export function replaceCors(
  context: Context,
  bucket: string,
  before: CorsConfiguration | null,
  after: CorsConfiguration | null,
): Step {
  const { session } = context;
  const to = async (rules: CorsConfiguration | null): Promise<void> => {
    const of = { Bucket: bucket, ...owned(session) };
    // The SDK's types want mutable arrays; a copy is made for every attempt.
    if (rules !== null)
      await session.s3(new PutBucketCorsCommand({ ...of, CORSConfiguration: structuredClone(rules) as never }));
    else await removeSetting(context, bucket, 'cors', () => session.s3(new DeleteBucketCorsCommand(of)));
  };
  return {
    title: `${after === null ? 'Remove' : 'Set'} the CORS rules of bucket ${bucket}`,
    run: () => to(after),
    undo: () => to(before),
  };
}

/** Ends with `unsupported` when an S3-compatible store took the rules and kept less than them; the former ones are then back. */
export function replaceLifecycle(
  context: Context,
  bucket: string,
  before: LifecycleRead | null,
  after: LifecycleSet | null,
): Step {
  const { session } = context;
  const of = { Bucket: bucket, ...owned(session) };
  const put = async ({ rules, minimumSize }: LifecycleRead): Promise<void> => {
    await session.s3(new PutBucketLifecycleConfigurationCommand({ ...of, ...lifecycleInput(rules, minimumSize) }));
  };
  const remove = (): Promise<void> =>
    removeSetting(context, bucket, 'lifecycle', () => session.s3(new DeleteBucketLifecycleCommand(of)));
  const back = (): Promise<void> => (before === null ? remove() : put(before));
  const give = async ({ rules }: LifecycleSet): Promise<void> => {
    // A size limit that belonged to the former rules does not carry over.
    await put({ rules: rules.map(plain), minimumSize: null });
    if (session.account.iam) return;
    try {
      await requireKept(context, bucket, rules);
    } catch (thrown) {
      await asSecondCall(back());
      throw thrown;
    }
  };
  return {
    title:
      after === null ? `Remove the lifecycle of bucket ${bucket}` : `Give bucket ${bucket} the lifecycle ${after.name}`,
    run: () => (after === null ? remove() : give(after)),
    undo: back,
  };
}

export function replaceBlock(
  context: Context,
  bucket: string,
  before: PublicAccessBlock | null,
  after: PublicAccessBlock,
): Step {
  const { session } = context;
  const of = { Bucket: bucket, ...owned(session) };
  const put = async (block: PublicAccessBlock): Promise<void> => {
    await session.s3(new PutPublicAccessBlockCommand({ ...of, PublicAccessBlockConfiguration: { ...block } }));
  };
  const remove = (): Promise<void> =>
    removeSetting(context, bucket, 'publicAccess', () => session.s3(new DeletePublicAccessBlockCommand(of)));
  return {
    title: `Set the public access block of bucket ${bucket}`,
    run: () => put(after),
    undo: () => (before === null ? remove() : put(before)),
  };
}

/** The same for a bucket this plan has made: its undo is the bucket's. */
export function setNewBlock(context: Context, bucket: string, block: PublicAccessBlock): Step {
  const { title, run } = replaceBlock(context, bucket, null, block);
  return { title, run };
}

/**
 * Turns versioning on or off. A bucket that never had it cannot have it taken away again, only suspended: such a step
 * belongs at the end of its plan. https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 */
export function replaceVersioning(
  context: Context,
  bucket: string,
  before: VersioningStatus | null,
  after: VersioningStatus,
): Step {
  const { session } = context;
  const put = async (Status: VersioningStatus): Promise<void> => {
    await session.s3(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status }, ...owned(session) }),
    );
  };
  return {
    title: `${after === 'Enabled' ? 'Turn on' : 'Suspend'} versioning of bucket ${bucket}`,
    run: () => put(after),
    alreadyDone: async () =>
      (await readSetting(context, bucket, 'versioning')) === after ? { result: undefined } : undefined,
    undo: async () => {
      if (before !== null) return put(before);
      const now = await readSetting(context, bucket, 'versioning');
      if (now === null) return;
      if (now === 'Enabled') await put('Suspended');
      fail({
        kind: 'unsupported',
        detail: `versioning of bucket ${bucket} is suspended: AWS cannot take it away again`,
      });
    },
  };
}
