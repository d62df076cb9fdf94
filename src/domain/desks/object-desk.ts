import { lookup } from 'mime-types';
import type { ObjectUse } from '../../aws/presign/types';
import type { Sessions } from '../../aws/types';
import type { AccountConfig } from '../../config/types';
import { fail, toDomainError } from '../../base/errors';
import { reading } from '../shared/context';
import type { Desk } from './desk';
import { type BucketFacts, createExistence } from '../shared/existence';
import { requireSite } from './site-desk';
import { checkKey, checkNewKey } from '../object/rules/keys';
import type { ObjectHolder, ObjectProvisioning, ObjectUrl, UploadInput } from './object-service';
import { refuseOtherOrg, untold } from '../shared/org';
import { bucketPlace, bucketTags, requirePresent } from '../shared/aws/bucket';
import { objectPolicies } from '../shared/session-policies';

/** What S3 itself says of an object whose type nobody told. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** URLs of objects. Signing is a read: it changes nothing and is no operation. */
export function objectDesk(desk: Desk, sessions: Pick<Sessions, 'presign'>): ObjectProvisioning {
  /** What is known of buckets that may not be looked at; their objects may be allowed all the same. */
  const unseen = createExistence(desk.clock);
  const factsOf = ({ name, presignUnseen }: AccountConfig, bucket: string): BucketFacts => ({
    ...(presignUnseen && unseen.factsOf(name, bucket)),
    ...desk.existence.factsOf(name, bucket),
  });

  /** The bucket's region. Ends with `not-found`, or with `denied` unless the account signs unseen. */
  const locate = async (account: AccountConfig, bucket: string): Promise<string> => {
    const known = factsOf(account, bucket).region;
    if (known !== undefined) return known;
    const { presence, region = account.region } = await bucketPlace(await desk.forReading(account), bucket);
    const isUnseen = presence === 'foreign' && account.presignUnseen;
    if (!isUnseen) requirePresent(presence, bucket);
    (isUnseen ? unseen : desk.existence).seen(account.name, bucket, { region });
    return region;
  };

  /** Ends with `conflict` for a bucket of another org; with `denied` when that cannot be told, unless the account signs unseen. */
  const requireOurs = async (account: AccountConfig, bucket: string): Promise<void> => {
    if (factsOf(account, bucket).isOurs) return;
    try {
      refuseOtherOrg(`bucket ${bucket}`, await bucketTags(await desk.forReading(account), bucket), desk.org());
      desk.existence.seen(account.name, bucket, { isOurs: true });
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.kind !== 'denied') throw thrown;
      if (!account.presignUnseen) fail(untold(bucket, error));
      unseen.seen(account.name, bucket, { isOurs: true });
    }
  };

  const sign = async (
    account: AccountConfig,
    holder: ObjectHolder,
    key: string,
    use: ObjectUse,
    seconds: number,
  ): Promise<ObjectUrl> => {
    const { bucket } = holder;
    desk.checkHolder(account, holder);
    if (holder.kind === 'website') await requireSite(desk, account, bucket);
    // Whoever holds a URL of another kind writes.
    const [located, ours] = await Promise.allSettled([
      locate(account, bucket),
      use.kind === 'download' ? undefined : requireOurs(account, bucket),
    ]);
    // Where there is no bucket, nothing can be said of its tags.
    if (located.status === 'rejected') throw located.reason;
    if (ours.status === 'rejected') throw ours.reason;
    const region = located.value;
    const scope = objectPolicies(bucket, desk.partitionOf(account));
    const { url, fields, expiresAt, limitedBy } = await reading(desk, () =>
      sessions.presign(account, { bucket, key, region, seconds, use, scope }),
    );
    return { url, fields, headers: headersOf(use), expiresAt, limitedBy };
  };

  return {
    uploadUrl: async (account, holder, input, seconds) => {
      const { filename } = input;
      const use = useOf(input);
      checkNewKey(filename, use.kind === 'form');
      return sign(account, holder, filename, use, seconds);
    },
    downloadUrl: async (account, holder, key, { seconds, disposition }) => {
      checkKey(key);
      return sign(account, holder, key, { kind: 'download', disposition }, seconds);
    },
    deleteUrl: async (account, holder, key, seconds) => {
      checkKey(key);
      return sign(account, holder, key, { kind: 'delete' }, seconds);
    },
  };
}

/** Ends with `invalid` for a limit without a form: the URL of a PUT cannot hold one. */
function useOf({ filename, contentType: asked, form = false, contentLength: maxBytes }: UploadInput): ObjectUse {
  const contentType = asked === true ? guess(filename) : asked === false ? undefined : asked;
  if (form) return { kind: 'form', contentType, maxBytes };
  if (maxBytes !== undefined) {
    fail({
      kind: 'invalid',
      pointer: '/contentLength',
      detail: '"contentLength" limits uploads by form only: send "form": true with it, or leave it out',
    });
  }
  return { kind: 'upload', contentType };
}

/** The type that goes with the name's ending. */
function guess(filename: string): string {
  const type = lookup(filename);
  return type === false ? UNKNOWN_TYPE : type;
}

/** A form has its type among the fields. */
function headersOf(use: ObjectUse): ObjectUrl['headers'] {
  return use.kind === 'upload' && use.contentType !== undefined ? { 'Content-Type': use.contentType } : undefined;
}
