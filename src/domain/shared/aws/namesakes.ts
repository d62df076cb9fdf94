import { type Context, orUndefined } from '../context';
import { toDomainError } from '../../../base/errors';
import { scopeInName, sitesInName } from '../site-names';
import { DISTRIBUTION_TAG, tagValue } from '../tags';
import { bucketPresence, bucketTags, bucketsBeginning } from './bucket';
import { isHosted } from './hosting';

/**
 * Buckets and folders of websites whose groups and policies would have the same names: those of a bucket `s-docs`, and those
 * of the folder `/docs/` of a website `s`. IAM has one of each name, whatever its path and its case.
 */

/**
 * Finds the account's websites that have a folder whose names a bucket of that name would take. One call deep; no call
 * for a name without one of the account's domains in it.
 */
export async function sitesBefore(context: Context, name: string): Promise<readonly string[]> {
  const candidates = sitesInName(name, context.session.account.domains);
  const sites = await Promise.all(candidates.map(async (site) => ((await isSite(context, site)) ? [site] : [])));
  return sites.flat();
}

/** Tells whether a bucket is set up or noted as a website's; one of another account is none of ours. */
async function isSite(context: Context, bucket: string): Promise<boolean> {
  try {
    const [tags, hosted] = await Promise.all([orUndefined(bucketTags(context, bucket)), isHosted(context, bucket)]);
    return hosted || tagValue(tags ?? [], DISTRIBUTION_TAG) !== undefined;
  } catch (thrown) {
    if (toDomainError(thrown).kind === 'denied' && (await bucketPresence(context, bucket)) === 'foreign') return false;
    throw thrown;
  }
}

/** Finds the account's buckets that have the names of folders which a website may have. One call. */
export const bucketsAfter = (context: Context, site: string): Promise<readonly string[]> =>
  bucketsBeginning(context, `${site}-`);

/** Finds the bucket that has the names of one folder of a website; undefined without one. One call. */
export async function bucketOfFolder(context: Context, site: string, scope: string): Promise<string | undefined> {
  const name = `${site}-${scopeInName(scope)}`.toLowerCase();
  return (await bucketsAfter(context, site)).find((bucket) => bucket.toLowerCase() === name);
}
