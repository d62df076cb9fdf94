import {
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3';
import { type Context, owned, reading } from '../../../shared/context';
import { toDomainError } from '../../../../base/errors';
import { plain } from '../rules/plain';
import type { CorsConfiguration, Plain, SettingName, SettingsRead } from '../../../shared/settings-shapes';
import { optionally, type StoreFeature, type Warning } from '../../../shared/store-features';

/** Null: the answer holds no setting. AWS says 404 where there is none; other stores may send a document without content. */
type Reader<T> = (context: Context, bucket: string) => Promise<T | null>;

const READERS: { readonly [K in SettingName]: Reader<SettingsRead[K]> } = {
  cors: async ({ session }, Bucket) => {
    const { CORSRules } = await session.s3(new GetBucketCorsCommand({ Bucket, ...owned(session) }));
    // AWS's rules, as JSON.
    return isEmpty(CORSRules) ? null : { CORSRules: plain(CORSRules) as CorsConfiguration['CORSRules'] };
  },
  versioning: async ({ session }, Bucket) => {
    const { Status } = await session.s3(new GetBucketVersioningCommand({ Bucket, ...owned(session) }));
    return Status ?? null;
  },
  lifecycle: async ({ session }, Bucket) => {
    const answer = await session.s3(new GetBucketLifecycleConfigurationCommand({ Bucket, ...owned(session) }));
    return isEmpty(answer.Rules)
      ? null
      : { rules: listOf(answer.Rules), minimumSize: answer.TransitionDefaultMinimumObjectSize ?? null };
  },
  policy: async ({ session }, Bucket) => {
    const { Policy } = await session.s3(new GetBucketPolicyCommand({ Bucket, ...owned(session) }));
    return Policy ?? null;
  },
  publicAccess: async ({ session }, Bucket) => {
    const { PublicAccessBlockConfiguration: block } = await session.s3(
      new GetPublicAccessBlockCommand({ Bucket, ...owned(session) }),
    );
    if (block === undefined) return null;
    return {
      BlockPublicAcls: block.BlockPublicAcls ?? false,
      IgnorePublicAcls: block.IgnorePublicAcls ?? false,
      BlockPublicPolicy: block.BlockPublicPolicy ?? false,
      RestrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    };
  },
  encryption: async ({ session }, Bucket) => {
    const { ServerSideEncryptionConfiguration: encryption } = await session.s3(
      new GetBucketEncryptionCommand({ Bucket, ...owned(session) }),
    );
    return isEmpty(encryption?.Rules) ? null : { Rules: listOf(encryption?.Rules) };
  },
};

const isEmpty = (rules: readonly object[] | undefined): boolean => (rules ?? []).length === 0;
const listOf = (rules: readonly object[] | undefined): readonly Plain[] => (rules ?? []).map(plain);

/** One setting; null where it was never set. Ends with `not-found` without a bucket. */
export async function readSetting<K extends SettingName>(
  context: Context,
  bucket: string,
  name: K,
): Promise<SettingsRead[K] | null> {
  const read: Reader<SettingsRead[K]> = READERS[name];
  try {
    return await reading(context, () => read(context, bucket));
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    // Every setting has a code of its own for "never set"; a bucket that is not there has this one.
    if (kind === 'not-found' && origin?.code !== undefined && origin.code !== 'NoSuchBucket') return null;
    throw thrown;
  }
}

const FEATURES: Readonly<Record<SettingName, StoreFeature>> = {
  cors: 'cors',
  versioning: 'versioning',
  lifecycle: 'lifecycle',
  policy: 'policy',
  publicAccess: 'publicAccessBlock',
  encryption: 'encryption',
};

export type SettingsOf<K extends SettingName> = { readonly [N in K]: SettingsRead[N] };

/** The named settings, in one parallel wave, with warnings for those a store does not know. Ends with `not-found` without a bucket. */
export async function readSettings<K extends SettingName>(
  context: Context,
  bucket: string,
  names: readonly K[],
): Promise<{ readonly settings: SettingsOf<K>; readonly warnings: readonly Warning[] }> {
  const read = await Promise.all(
    names.map(async (name) => ({
      name,
      got: await optionally(context, FEATURES[name], () => readSetting(context, bucket, name)),
    })),
  );
  return {
    // Exactly the names that were asked for.
    settings: Object.fromEntries(read.map(({ name, got }) => [name, got.value ?? null])) as SettingsOf<K>,
    warnings: read.map(({ got }) => got.warning),
  };
}
