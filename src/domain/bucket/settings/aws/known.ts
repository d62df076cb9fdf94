import { fail, isRefusedAsIs, toDomainError } from '../../../../base/errors';
import { noBucket } from '../../../shared/aws/bucket';
import { type Context, reading } from '../../../shared/context';
import type { StoreSetting } from './setting';

/**
 * Looks whether an S3-compatible store ignores a sub-resource. Such a store takes `PUT /bucket?cors` for CreateBucket and
 * makes a bucket again that somebody has just deleted; some (Garage) answer success to that. A store that says itself that it
 * does not know the call, or the setting, will say so again to the one that is meant.
 * @throws {unsupported} when it is ignored
 * @throws {not-found} when there is no such bucket
 * @throws {denied} when that cannot be seen
 */
export async function requireKnown(context: Context, bucket: string, setting: StoreSetting): Promise<void> {
  try {
    await reading(context, () => setting.read(context, bucket));
  } catch (thrown) {
    const error = toDomainError(thrown);
    const { kind, origin } = error;
    const isIgnored = origin?.instead !== undefined;
    if ((kind === 'unsupported' && !isIgnored) || isRefusedAsIs(error)) return;
    if (kind !== 'not-found') throw thrown;
    // Every setting has a code of its own for "never set".
    const isMissing = origin?.code === undefined || origin.code === 'NoSuchBucket';
    if (isMissing) fail({ ...noBucket(bucket), ...(origin && { origin }) });
  }
}
