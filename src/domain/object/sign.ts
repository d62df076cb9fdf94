import type { ObjectUse } from '../../aws/presign/types';
import { fail, toDomainError } from '../../base/errors';
import { bucketPlace, bucketTags, requirePresent } from '../shared/aws/bucket';
import { type Context, reading } from '../shared/context';
import type { BucketFacts } from '../shared/existence';
import type { Target } from '../shared/operation';
import { refuseOtherOrg, untold } from '../shared/org';
import { objectPolicies } from '../shared/session-policies';
import { requireSite } from '../website/known-site';
import type { LifeQuery, ObjectUrl } from './rules/shapes';

/** Seconds a URL lives unless the caller says otherwise; openapi.yaml tells the same. */
const DEFAULT_SECONDS = 86_400;

/**
 * Signs the URL of one object. Signing is a read: it changes nothing and is no operation of the engine.
 * @throws {not-found} when there is no such bucket or website
 * @throws {conflict} when the bucket is another org's, and the URL is for more than a download
 * @throws {denied} when AWS does not show the bucket, and the account does not sign unseen
 */
export async function sign(
  context: Context,
  { kind, bucket }: Target,
  key: string,
  use: ObjectUse,
  { expiration }: LifeQuery,
): Promise<ObjectUrl> {
  if (kind === 'website') await requireSite(context, bucket);
  // Whoever holds a URL of another kind writes.
  const [located, ours] = await Promise.allSettled([
    locate(context, bucket),
    use.kind === 'download' ? undefined : requireOurs(context, bucket),
  ]);
  // Where there is no bucket, nothing can be said of its tags.
  if (located.status === 'rejected') throw located.reason;
  if (ours.status === 'rejected') throw ours.reason;
  const { url, fields, expiresAt, limitedBy } = await reading(context, () =>
    context.presign({
      bucket,
      key,
      region: located.value,
      seconds: expiration === undefined ? DEFAULT_SECONDS : Number(expiration),
      use,
      scope: objectPolicies(bucket, context.session),
    }),
  );
  return { url, fields, headers: headersOf(use), expiresAt, limitedBy };
}

/** Gives what is believed of a bucket, of one that may not be looked at, too, where the account signs unseen. */
function factsOf({ session: { account }, memory }: Context, bucket: string): BucketFacts {
  return {
    ...(account.presignUnseen && memory.unseen.factsOf(account.name, bucket)),
    ...memory.existence.factsOf(account.name, bucket),
  };
}

/** Gives the bucket's region. */
async function locate(context: Context, bucket: string): Promise<string> {
  const { account } = context.session;
  const known = factsOf(context, bucket).region;
  if (known !== undefined) return known;
  const { presence, region = account.region } = await bucketPlace(context, bucket);
  const isUnseen = presence === 'foreign' && account.presignUnseen;
  if (!isUnseen) requirePresent(presence, bucket);
  context.memory[isUnseen ? 'unseen' : 'existence'].seen(account.name, bucket, { region });
  return region;
}

async function requireOurs(context: Context, bucket: string): Promise<void> {
  const { account } = context.session;
  if (factsOf(context, bucket).isOurs) return;
  try {
    refuseOtherOrg(`bucket ${bucket}`, await bucketTags(context, bucket), context.org);
    context.memory.existence.seen(account.name, bucket, { isOurs: true });
  } catch (thrown) {
    const error = toDomainError(thrown);
    if (error.kind !== 'denied') throw thrown;
    if (!account.presignUnseen) fail(untold(bucket, error));
    context.memory.unseen.seen(account.name, bucket, { isOurs: true });
  }
}

/** A form has its type and metadata among the fields. */
function headersOf(use: ObjectUse): ObjectUrl['headers'] {
  if (use.kind !== 'upload') return undefined;
  const headers = {
    ...(use.contentType !== undefined && { 'Content-Type': use.contentType }),
    ...use.metadata,
  };
  return Object.keys(headers).length === 0 ? undefined : headers;
}
