import { DomainFailure, fail, toDomainError } from '../../base/errors';
import { bucketTags, noBucket } from '../shared/aws/bucket';
import { isHosted } from '../shared/aws/hosting';
import type { Context } from '../shared/context';
import { operation } from '../shared/operation';
import type { UpdateBucketInput } from '../shared/shapes';
import { domainOf } from '../shared/site-names';
import { answerWithWarnings } from '../shared/store-features';
import { settingsOf } from '../shared/subject-rules';
import { checkTags, DISTRIBUTION_TAG, tagValue, tagsAfterUpdate } from '../shared/tags';
import { optionalSetting } from './settings/aws/store-setting';
import { replaceTags, tagging as tagSetting } from './settings/aws/tags';
import { changeSettings, lookAtSettings } from './settings/plan';
import { policyScope } from './settings/rules/policy';
import { checkSomethingIsMeant, isRepair, settledSettings, touchesWebsite, wantedSettings } from './settings/wanted';

const wantedOf = ({ session: { account, partition } }: Context, bucket: string, input: UpdateBucketInput) =>
  wantedSettings(input, policyScope(account, bucket, partition));

/** Applies the members that are present; every one goes back to what it was when another fails. */
export const updateBucket = operation({
  ids: { bucket: 'updateBucket' },
  kind: 'update-bucket',
  version: 1,
  subject: settingsOf,
  recovery: 'forward',
  title: ({ bucket }, _input: UpdateBucketInput) => `Update bucket ${bucket}`,
  check: ({ config, account, partition }, { bucket }, input) => {
    checkSomethingIsMeant(input);
    checkTags(input.Tags ?? [], config.org);
    wantedSettings(input, policyScope(account, bucket, partition));
  },
  repairs: (context, { bucket }, input) => input.Tags === undefined && isRepair(wantedOf(context, bucket, input)),
  look: async (context, { bucket }, input, tagging) => {
    const { account } = context.session;
    const wanted = wantedOf(context, bucket, input);
    const mayBeSite = touchesWebsite(wanted) && account.iam && account.domains.has(domainOf(bucket));
    const [tags, hosted, settings, settled] = await Promise.all([
      input.Tags !== undefined || mayBeSite ? (tagging ?? bucketTags(context, bucket)) : null,
      mayBeSite && isHosted(context, bucket),
      lookAtSettings(context, bucket, wanted),
      settledSettings(context, bucket, input),
    ]).catch((thrown: unknown) => {
      const { kind, origin } = toDomainError(thrown);
      throw kind === 'not-found' && origin !== undefined ? new DomainFailure({ ...noBucket(bucket), origin }) : thrown;
    });
    const isNoted = tagValue(tags ?? [], DISTRIBUTION_TAG) !== undefined;
    return { tags, website: mayBeSite && (hosted || isNoted), settings, wanted: settled };
  },
  plan: (context, { target: { bucket }, input, seen }, step) => {
    if (seen.website) {
      fail({
        kind: 'conflict',
        detail: `${bucket} is a website: its PublicAccessBlock and BucketPolicy are the website's own, and follow from the origin that the domain is configured with`,
      });
    }
    const before = seen.tags ?? [];
    const after = input.Tags && tagsAfterUpdate(before, input.Tags, context.org);
    const tagging = after
      ? [step(optionalSetting(context, bucket, tagSetting, replaceTags(context, bucket, before, after)))]
      : [];
    const changes = changeSettings(context, bucket, { wanted: seen.wanted, seen: seen.settings }, step, tagging);
    return answerWithWarnings({}, [...tagging, ...changes], (_, warned) => warned);
  },
});
