import { bucketInS3 } from '../../base/bucket-names';
import type { AccountConfig } from '../../config/types';
import type { Memory } from '../shared/memory';
import { type FileAnswer, lookup, type Place, type Target } from '../shared/operation';
import { whole } from '../shared/subject-rules';
import { s3Address, type S3Address } from './rules/address';
import { bookmark } from './rules/duck';
import { checkFolder } from './rules/folder';
import { checkClientQuery, type ClientQuery, startOf } from './start';

/** Making the text of a bookmark costs more than all the rest of its answer. */
const MOST_BOOKMARKS = 1_000;

/** Texts by account: its configuration is frozen, and a reloaded one is another object. */
const known = new WeakMap<AccountConfig, Map<string, string>>();

interface Bookmarked {
  readonly account: AccountConfig;
  readonly region: string;
  /** Asked for only when the text is made. */
  readonly address: () => S3Address;
  readonly folder: string | undefined;
  readonly accessKeyId: string | undefined;
}

/** Makes a Cyberduck bookmark; it holds no secret. */
export const bookmarkOf = lookup({
  ids: { bucket: 'bookmarkBucket', website: 'bookmarkWebsite' },
  subject: whole,
  check: (place, _, query: ClientQuery) => checkClientQuery(place, query),
  known: (place, memory, target, query): FileAnswer | undefined => {
    const region = query.user === undefined ? regionKnown(place, memory, target) : undefined;
    if (region === undefined) return undefined;
    const { account, partition } = place;
    return fileOf(target, {
      account,
      region,
      address: () => s3Address({ ...account, region, partition }),
      folder: checkFolder(query.path),
      accessKeyId: undefined,
    });
  },
  read: async (context, target, query): Promise<FileAnswer> => {
    const { account } = context.session;
    const { user, address, ...start } = await startOf(context, target, query);
    return fileOf(target, { account, ...start, address: () => address, accessKeyId: user?.accessKeyId });
  },
});

/** Tells where the bucket is, as far as was seen in the last seconds. */
function regionKnown({ account }: Place, { existence }: Memory, { kind, bucket }: Target): string | undefined {
  const facts = existence.factsOf(account.name, bucket);
  return kind === 'website' ? facts?.isSite && account.region : facts?.region;
}

const fileOf = (target: Target, made: Bookmarked): FileAnswer => ({
  name: `${target.bucket}.duck`,
  type: 'application/octet-stream',
  text: textOf(target, made),
});

function textOf({ kind, bucket }: Target, { account, region, address, folder, accessKeyId }: Bookmarked): string {
  const texts = known.get(account) ?? new Map<string, string>();
  known.set(account, texts);
  // None of them can hold a line break.
  const key = `${kind}\n${bucket}\n${region}\n${folder ?? ''}\n${accessKeyId ?? ''}`;
  const former = texts.get(key);
  if (former !== undefined) return former;
  const text = bookmark({
    account: account.name,
    name: bucket,
    bucket: bucketInS3(account, bucket),
    address: address(),
    path: folder,
    accessKeyId,
    ...(kind === 'website' && { webUrl: `https://${bucket}` }),
  });
  if (texts.size >= MOST_BOOKMARKS) texts.clear();
  texts.set(key, text);
  return text;
}
