import type { Context } from '../shared/context';
import { fail } from '../../base/errors';
import { sitesBefore } from '../shared/aws/namesakes';

/** What makes a bucket sees to it that no website has its name before a hyphen: reads/namesakes.ts says what would come of it. */

/** The websites that are in the way. */
export async function lookAtSitesBefore(context: Context, name: string): Promise<readonly string[]> {
  return context.session.account.iam ? sitesBefore(context, name) : [];
}

/** Ends with `conflict` when there is one. */
export function refuseBesideSite(name: string, [site]: readonly string[]): void {
  if (site === undefined) return;
  fail({
    kind: 'conflict',
    detail: `${name} begins with the name of the website ${site}: its groups would have the names of those of the folder /${name.slice(site.length + 1)}/ of that website. Choose a name that does not begin with ${site}-`,
  });
}
