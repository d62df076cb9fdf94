import type { Context } from '../context';
import { answer, definePlan } from '../../engine/plan';
import type { Recipe } from '../../engine/recipe';
import { claimOnSettings } from '../names';
import { bucketTags } from '../reads/bucket';
import type { UpdateBucketInput } from '../shapes';
import { replaceTags } from '../steps/s3';
import { tagsAfterUpdate } from '../tags';

type Seen = { readonly tags: readonly { readonly Key: string; readonly Value: string }[] };

/** Applies the members that are present; every one goes back to what it was when a later one fails. */
export function updateBucket(context: Context, bucket: string, input: UpdateBucketInput): Recipe<Seen, void> {
  const kind = 'update-bucket';
  const title = `Update bucket ${bucket}`;
  return {
    kind,
    title,
    claims: [claimOnSettings(context.session.account.name, bucket)],
    recovery: 'forward',
    look: async () => ({ tags: (await bucketTags(context, bucket)).map(({ Key, Value }) => ({ Key, Value })) }),
    plan: ({ tags: before }) =>
      definePlan(kind, title, (step) => {
        if (input.Tags !== undefined) {
          step(replaceTags(context, bucket, before, tagsAfterUpdate(before, input.Tags, context.org)));
        }
        return answer({}, () => undefined);
      }),
  };
}
