import type { Context } from '../shared/context';
import { fail } from '../../base/errors';
import { sitesBefore } from '../shared/aws/namesakes';

/**
 * What makes a bucket sees to it that no website has its name before a hyphen: shared/aws/namesakes.ts says what would
 * come of it.
 */

/** Finds the websites whose folders would have the names of a new bucket's groups. */
export async function lookAtSitesBefore(context: Context, name: string): Promise<readonly string[]> {
  return context.session.account.iam ? sitesBefore(context, name) : [];
}

/**
 * Refuses a new bucket whose name begins with that of a website.
 * @throws {conflict} when there is such a website
 */
export function refuseBesideSite(name: string, [site]: readonly string[]): void {
  if (site === undefined) return;
  fail({
    kind: 'conflict',
    detail: `${name} begins with the name of the website ${site}: its groups would have the names of those of the folder /${name.slice(site.length + 1)}/ of that website. Choose a name that does not begin with ${site}-`,
  });
}
