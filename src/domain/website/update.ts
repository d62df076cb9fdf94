import { answer, type StepFactory, type StepHandle } from '../../engine/plan';
import { replaceTags } from '../bucket/settings/aws/tags';
import { changeSettings, lookAtSettings } from '../bucket/settings/plan';
import {
  checkSomethingIsMeant,
  checkWebsiteSettings,
  wantedSettings,
  websiteWarnings,
} from '../bucket/settings/wanted';
import { policyScope } from '../bucket/settings/rules/policy';
import { type Context, orUndefined } from '../shared/context';
import { operation } from '../shared/operation';
import type { UpdateBucketInput } from '../shared/shapes';
import { requireSiteDomain } from '../shared/site-names';
import { warned } from '../shared/store-features';
import { settingsOf } from '../shared/subject-rules';
import { checkTags, tagsAfterUpdate, tagsWithDistribution } from '../shared/tags';
import { requireOwnWebsite } from './aws/website';
import { replaceDistributionTags } from './distribution/aws/change';
import { forwardsOrigin } from './distribution/rules/config';

const wantedOf = ({ session: { account, partition } }: Context, site: string, input: UpdateBucketInput) =>
  wantedSettings(input, policyScope(account, site, partition));

/** Tags on bucket and distribution, and the settings of the bucket; every one goes back to what it was when another fails. */
export const updateWebsite = operation({
  ids: { website: 'updateWebsite' },
  kind: 'update-website',
  version: 1,
  subject: settingsOf,
  recovery: 'forward',
  title: ({ bucket }, _input: UpdateBucketInput) => `Update website ${bucket}`,
  check: ({ config, account, partition }, { bucket }, input) => {
    checkSomethingIsMeant(input);
    checkTags(input.Tags ?? [], config.org);
    checkWebsiteSettings(input);
    wantedSettings(input, policyScope(account, bucket, partition));
  },
  look: async (context, { bucket: site }, input, tagging) => {
    const domain = requireSiteDomain(context.session.account, site);
    const [{ tags, distribution, distributionTags }, settings] = await Promise.all([
      requireOwnWebsite(context, site, domain, context.memory.sites, tagging),
      orUndefined(lookAtSettings(context, site, wantedOf(context, site, input))),
    ]);
    const { ARN: arn, DomainName: host, DistributionConfig: config } = distribution?.distribution ?? {};
    return {
      tags,
      distribution:
        distribution && arn !== undefined ? { id: distribution.id, host, arn, tags: distributionTags } : null,
      settings: settings ?? {},
      // Journals of former days have none; nobody is warned then.
      ...(config && { forwardsOrigin: forwardsOrigin(config) }),
    };
  },
  plan: (context, { target: { bucket: site }, input, seen }, step) => {
    const { distribution } = seen;
    const tagging: StepHandle<unknown>[] = [];
    const tag: StepFactory = (spec) => {
      const handle = step(spec);
      tagging.push(handle);
      return handle;
    };
    if (input.Tags) {
      const after = tagsAfterUpdate(seen.tags, input.Tags, context.org);
      // Tags that were lost or wrong are put right on the way: they save the next reader a scan, and tell the records.
      const noted = distribution ? tagsWithDistribution(after, distribution.id, distribution.host) : after;
      tag(replaceTags(context, site, seen.tags, noted));
      if (distribution) {
        const { arn, tags } = distribution;
        replaceDistributionTags(
          context,
          { site, arn, before: tags, after: tagsAfterUpdate(tags, input.Tags, context.org) },
          tag,
        );
      }
    }
    const wanted = wantedOf(context, site, input);
    changeSettings(context, site, { wanted, seen: seen.settings }, step, tagging);
    return answer({}, () => warned(websiteWarnings(wanted, { forwardsOrigin: seen.forwardsOrigin ?? true })));
  },
});
