import { ListObjectsV2Command, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { type Context, owned, reading } from '../../shared/context';
import { type Got, optionally } from '../../shared/store-features';

/**
 * Tells whether a bucket holds nothing: no objects, no versions, no delete markers; on a store that cannot list
 * versions, no objects.
 * @throws {not-found} when there is no such bucket
 */
export async function isEmpty(context: Context, bucket: string): Promise<boolean> {
  return (await lookInside(context, bucket)).empty;
}

/**
 * Tells whether a bucket is empty, and why versions could not be listed if they could not. One call on AWS, two at once
 * on other stores.
 * @throws {not-found} when there is no such bucket
 */
export async function lookInside(
  context: Context,
  bucket: string,
): Promise<{ readonly empty: boolean; readonly versions: Got<boolean> }> {
  if (context.session.account.iam) {
    const empty = await holdsNoVersions(context, bucket);
    return { empty, versions: { value: empty } };
  }
  // Both always: a store that ignores `?versions` answers with a listing of objects, in which nobody finds versions.
  const [versions, noObjects] = await Promise.all([
    optionally(context, { title: 'listing of versions' }, () => holdsNoVersions(context, bucket)),
    holdsNoObjects(context, bucket),
  ]);
  return { empty: versions.value !== false && noObjects, versions };
}

async function holdsNoVersions(context: Context, bucket: string): Promise<boolean> {
  const page = await reading(context, () =>
    context.session.s3(new ListObjectVersionsCommand({ Bucket: bucket, MaxKeys: 1, ...owned(context.session) })),
  );
  return (page.Versions ?? []).length === 0 && (page.DeleteMarkers ?? []).length === 0;
}

async function holdsNoObjects(context: Context, bucket: string): Promise<boolean> {
  const page = await reading(context, () =>
    context.session.s3(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 1, ...owned(context.session) })),
  );
  return (page.Contents ?? []).length === 0 && (page.CommonPrefixes ?? []).length === 0;
}
