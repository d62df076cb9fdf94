import { type Context, orUndefined } from '../shared/context';
import { answer, definePlan, type StepFactory, type StepHandle } from '../../engine/plan';
import type { DomainConfig } from '../../config/types';
import { claimOnSettings } from '../shared/names';
import { requireOwnWebsite } from './aws/website';
import type { SiteMemory } from '../shared/site-memory';
import { replaceDistributionTags } from './distribution/aws/change';
import { replaceTags } from '../bucket/aws/make-bucket';
import { tagsAfterUpdate, tagsWithDistribution } from '../shared/tags';
import type { HolderRecipe } from '../access/only-ours';
import { changeSettings, lookAtSettings, type SettingsSeen } from '../bucket/settings/plan';
import type { BucketUpdate } from '../bucket/update';

type TagSeen = { readonly Key: string; readonly Value: string };
type Seen = {
  readonly tags: readonly TagSeen[];
  readonly distribution: {
    readonly id: string;
    readonly domainName: string | null;
    readonly arn: string;
    readonly tags: readonly TagSeen[];
  } | null;
  readonly settings: SettingsSeen;
};

/**
 * Replaces the caller's tags on bucket and distribution and sets what is wanted of the bucket; each goes back to what it
 * was when another fails.
 */
export function updateWebsite(
  context: Context,
  site: string,
  domain: DomainConfig,
  { tags: wanted, settings }: BucketUpdate,
  memory: SiteMemory,
): HolderRecipe<Seen, void> {
  const kind = 'update-website';
  const title = `Update website ${site}`;
  return {
    kind,
    title,
    claims: [claimOnSettings(context.session.account.name, site)],
    recovery: 'forward',
    look: async (tagging) => {
      const [{ tags, distribution, distributionTags }, seen] = await Promise.all([
        requireOwnWebsite(context, site, domain, memory, tagging),
        orUndefined(lookAtSettings(context, site, settings)),
      ]);
      const arn = distribution?.distribution.ARN;
      return {
        tags: plain(tags),
        distribution:
          distribution === undefined || arn === undefined
            ? null
            : {
                id: distribution.id,
                domainName: distribution.distribution.DomainName ?? null,
                arn,
                tags: plain(distributionTags),
              },
        settings: seen ?? {},
      };
    },
    plan: ({ tags: before, distribution, settings: seen }) =>
      definePlan(kind, title, (step) => {
        const tagging: StepHandle<unknown>[] = [];
        const tag: StepFactory = (spec) => {
          const handle = step(spec);
          tagging.push(handle);
          return handle;
        };
        if (wanted !== undefined) {
          const after = tagsAfterUpdate(before, wanted, context.org);
          // Tags that were lost or wrong are put right on the way: they save the next reader a scan, and tell the records.
          const noted =
            distribution === null
              ? after
              : tagsWithDistribution(after, distribution.id, distribution.domainName ?? undefined);
          tag(replaceTags(context, site, before, noted));
          if (distribution !== null) {
            const { arn, tags } = distribution;
            replaceDistributionTags(
              context,
              { site, arn, before: tags, after: tagsAfterUpdate(tags, wanted, context.org) },
              tag,
            );
          }
        }
        changeSettings(context, site, { wanted: settings, seen }, step, tagging);
        return answer({}, () => undefined);
      }),
  };
}

const plain = (tags: readonly TagSeen[]) => tags.map(({ Key, Value }) => ({ Key, Value }));
