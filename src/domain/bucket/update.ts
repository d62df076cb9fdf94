import type { Context } from '../shared/context';
import { definePlan } from '../../engine/plan';
import { DomainFailure, fail, toDomainError } from '../../base/errors';
import { claimOnSettings } from '../shared/names';
import { bucketTags, noBucket } from '../shared/aws/bucket';
import { isHosted } from '../shared/aws/hosting';
import type { WantedSettings } from './settings/rules/input';
import type { Tag, Warned } from '../shared/shapes';
import { domainOf } from '../shared/site-names';
import { replaceTags } from './aws/make-bucket';
import { optionalSetting } from './settings/aws/store-setting';
import { answerWithWarnings } from '../shared/store-features';
import { DISTRIBUTION_TAG, tagValue, tagsAfterUpdate } from '../shared/tags';
import type { HolderRecipe } from '../access/only-ours';
import { changeSettings, lookAtSettings, type SettingsSeen } from './settings/plan';

type Seen = {
  /** Null: nobody asked for them. */
  readonly tags: readonly { readonly Key: string; readonly Value: string }[] | null;
  readonly website: boolean;
  readonly settings: SettingsSeen;
};

/** What an update wants, checked. */
export interface BucketUpdate {
  readonly tags: readonly Tag[] | undefined;
  readonly settings: WantedSettings;
}

/** Applies the members that are present; every one goes back to what it was when another fails. */
export function updateBucket(
  context: Context,
  bucket: string,
  { tags: wanted, settings }: BucketUpdate,
): HolderRecipe<Seen, Warned> {
  const { account } = context.session;
  const kind = 'update-bucket';
  const title = `Update bucket ${bucket}`;
  const opens = settings.publicAccess !== undefined || settings.policy !== undefined;
  const mayBeSite = opens && account.iam && account.domains.has(domainOf(bucket));

  return {
    kind,
    title,
    claims: [claimOnSettings(account.name, bucket)],
    recovery: 'forward',
    repairs: wanted === undefined && Object.keys(settings).join() === 'policy',
    look: async (tagging) => {
      const [tags, hosted, seen] = await Promise.all([
        wanted !== undefined || mayBeSite ? (tagging ?? bucketTags(context, bucket)) : null,
        mayBeSite && isHosted(context, bucket),
        lookAtSettings(context, bucket, settings),
      ]).catch((thrown: unknown) => {
        const { kind: what, origin } = toDomainError(thrown);
        throw what === 'not-found' && origin !== undefined
          ? new DomainFailure({ ...noBucket(bucket), origin })
          : thrown;
      });
      const isNoted = tagValue(tags ?? [], DISTRIBUTION_TAG) !== undefined;
      return {
        tags: tags && tags.map(({ Key, Value }) => ({ Key, Value })),
        website: mayBeSite && (hosted || isNoted),
        settings: seen,
      };
    },
    plan: ({ tags, website, settings: seen }) => {
      if (website) {
        fail({
          kind: 'conflict',
          detail: `${bucket} is a website: its PublicAccessBlock and BucketPolicy are the website's own, and follow from the origin that the domain is configured with`,
        });
      }
      return definePlan(kind, title, (step) => {
        const before = tags ?? [];
        const tagging =
          wanted === undefined
            ? []
            : [
                step(
                  optionalSetting(
                    context,
                    bucket,
                    'tagging',
                    replaceTags(context, bucket, before, tagsAfterUpdate(before, wanted, context.org)),
                  ),
                ),
              ];
        const changes = changeSettings(context, bucket, { wanted: settings, seen }, step, tagging);
        return answerWithWarnings({}, [...tagging, ...changes], (_, warned) => warned);
      });
    },
  };
}
