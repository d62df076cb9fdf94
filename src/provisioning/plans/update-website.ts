import type { Context } from '../context';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import type { DomainConfig } from '../../config/types';
import { fail } from '../../errors';
import { claimOnSettings } from '../names';
import { distributionTags } from '../reads/distribution';
import { findWebsite } from '../reads/website';
import type { SiteMemory } from '../site-memory';
import { noWebsite } from '../site-names';
import type { UpdateBucketInput } from '../shapes';
import { replaceDistributionTags } from '../steps/distribution';
import { replaceTags } from '../steps/s3';
import { DISTRIBUTION_TAG, tagsAfterUpdate, tagsWith } from '../tags';

type TagSeen = { readonly Key: string; readonly Value: string };
type Seen = {
  readonly tags: readonly TagSeen[];
  readonly distribution: { readonly id: string; readonly arn: string; readonly tags: readonly TagSeen[] } | null;
};

/** Replaces the caller's tags on bucket and distribution; each goes back to what it was when the other fails. */
export function updateWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  input: UpdateBucketInput,
  memory: SiteMemory,
): Recipe<Seen, void> {
  const kind = 'update-website';
  const title = `Update website ${site}`;
  return {
    kind,
    title,
    claims: [claimOnSettings(context.session.account.name, site)],
    recovery: 'forward',
    look: async () => {
      const { tags, distribution, hosted } = await findWebsite(context, site, domain, memory);
      if (tags === undefined || (!hosted && distribution === undefined)) return fail(noWebsite(site));
      const arn = distribution?.distribution.ARN;
      return {
        tags: plain(tags),
        distribution:
          distribution === undefined || arn === undefined
            ? null
            : { id: distribution.id, arn, tags: plain(await distributionTags(context, arn)) },
      };
    },
    plan: ({ tags: before, distribution }) =>
      definePlan(kind, title, (step) => {
        const wanted = input.Tags;
        if (wanted !== undefined) {
          const after = tagsAfterUpdate(before, wanted, context.org);
          // A tag that was lost or wrong is put right on the way: it saves the next reader a scan.
          const noted = distribution === null ? after : tagsWith(after, DISTRIBUTION_TAG, distribution.id);
          step(replaceTags(context, site, before, noted));
          if (distribution !== null) {
            const { arn, tags } = distribution;
            replaceDistributionTags(context, { site, arn, before: tags, after: tagsAfterUpdate(tags, wanted, context.org) }, step);
          }
        }
        return answer({}, () => undefined);
      }),
  };
}

const plain = (tags: readonly TagSeen[]) => tags.map(({ Key, Value }) => ({ Key, Value }));
