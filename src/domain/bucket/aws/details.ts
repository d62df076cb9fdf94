import { DomainFailure, toDomainError } from '../../../base/errors';
import { BUCKET_TAGS, noBucket, taggingOf } from '../../shared/aws/bucket';
import { type Context, reading } from '../../shared/context';
import type { SettingName } from '../../shared/settings-shapes';
import type { BucketDetails, LoggingShape } from '../../shared/shapes';
import { optionally, warned } from '../../shared/store-features';
import { visibleTags } from '../../shared/tags';
import { logging } from '../settings/aws/logging';
import { showSettings } from '../settings/aws/read';
import { settingsOf } from '../settings/aws/table';
import { lookInside } from './emptiness';

/** Reads the access logging of a bucket; undefined when it is off. */
export async function bucketLogging(context: Context, bucket: string): Promise<LoggingShape | undefined> {
  return (await reading(context, () => logging.read(context, bucket))) ?? undefined;
}

/**
 * Reads tags, access logging, emptiness and the settings to be included, in one parallel wave.
 * @throws {not-found | denied} when the bucket is not there, or somebody else's
 */
export async function showBucket(
  context: Context,
  bucket: string,
  include: readonly SettingName[] = [],
): Promise<BucketDetails> {
  const [tags, logs, inside, { shown, warnings }] = await Promise.all([
    optionally(context, BUCKET_TAGS, () => taggingOf(context, bucket)),
    optionally(context, logging.feature, () => bucketLogging(context, bucket)),
    lookInside(context, bucket),
    showSettings(context, bucket, settingsOf(include)),
  ]).catch((thrown: unknown) => {
    const { kind, origin } = toDomainError(thrown);
    throw kind === 'not-found' && origin !== undefined ? new DomainFailure({ ...noBucket(bucket), origin }) : thrown;
  });
  return {
    Tags: visibleTags(tags.value ?? []),
    Logging: logs.value,
    Empty: inside.empty,
    settings: shown,
    ...warned([tags.warning, logs.warning, inside.versions.warning, ...warnings]),
  };
}
