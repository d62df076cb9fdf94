import { createHash } from 'node:crypto';
import { GetObjectTaggingCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { type Context, orUndefined, owned, reading } from '../../shared/context';
import { GREETING_BYTES, GREETING_TAG, greetingPage } from '../rules/greeting';

/** One of our greeting pages as it lies in the bucket. */
export type GreetingSeen = {
  readonly key: string;
  readonly etag: string;
  /** Absent where the bucket keeps no versions, and where the page is older than versioning. */
  readonly versionId?: string;
};

/** What a site's bucket holds: `greetings` are ours and do not count; `empty` tells whether there is nothing else. */
export interface SiteContents {
  readonly empty: boolean;
  readonly greetings: readonly GreetingSeen[];
}

/** More than a site can have of our pages, and little enough for one page of the listing. */
const LOOKED_AT = 200;

/** Where the predecessor put its pages, of which nobody says how large they were. */
const INDEX_PAGE = /(^|\/)index\.html$/;

/**
 * Tells whether a bucket holds nothing but our own pages. One call deep while our pages are as we wrote them (their
 * ETag is the MD5 of what we write); a page of an older wording is told by its tag.
 * @throws {not-found} when there is no such bucket
 */
export async function siteContents(context: Context, site: string): Promise<SiteContents> {
  const { session } = context;
  const page = await reading(context, () =>
    session.s3(new ListObjectVersionsCommand({ Bucket: site, MaxKeys: LOOKED_AT, ...owned(session) })),
  );
  const versions = page.Versions ?? [];
  const mayBeOurs = versions.filter(({ Key = '', Size = 0 }) => Size <= GREETING_BYTES || INDEX_PAGE.test(Key));
  const others = (page.DeleteMarkers ?? []).length + versions.length - mayBeOurs.length;
  if (page.IsTruncated === true || others > 0) return { empty: false, greetings: [] };

  const ourEtag = `"${createHash('md5').update(greetingPage(site)).digest('hex')}"`;
  const verdicts = await Promise.all(
    mayBeOurs.map(async ({ Key = '', ETag = '', VersionId }) => ({
      page: { key: Key, etag: ETag, ...(VersionId !== undefined && VersionId !== 'null' && { versionId: VersionId }) },
      ours: ETag === ourEtag || (await isGreeting(context, site, Key, VersionId)),
    })),
  );
  return {
    empty: verdicts.every(({ ours }) => ours),
    greetings: verdicts.filter(({ ours }) => ours).map((one) => one.page),
  };
}

/** Tells whether the object at `key` carries the tag of our pages; false when it is gone. */
export async function isGreeting(context: Context, site: string, key: string, versionId?: string): Promise<boolean> {
  const { session } = context;
  const answer = await orUndefined(
    reading(context, () =>
      session.s3(
        new GetObjectTaggingCommand({
          Bucket: site,
          Key: key,
          ...(versionId !== undefined && versionId !== 'null' && { VersionId: versionId }),
          ...owned(session),
        }),
      ),
    ),
  );
  return (answer?.TagSet ?? []).some(({ Key, Value }) => Key === GREETING_TAG.Key && Value === GREETING_TAG.Value);
}
