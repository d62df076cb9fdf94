import type { Context } from '../../../shared/context';
import type { Replacement, Settable, Step } from './setting';
import { removeSetting } from './store-setting';

/** Replaces or removes a setting; the former one is put back by the undo. */
export function replaceSetting<Read, Wanted, Input>(
  setting: Settable<Read, Wanted, Input>,
  change: Replacement<Read, Wanted>,
): Step {
  const { context, bucket, before, after } = change;
  const touched = {
    action: after === null ? 'delete' : before === null ? 'create' : 'change',
    resource: `${setting.name} of bucket ${bucket}`,
    ...(after !== null && { document: setting.target(after) }),
  } as const;
  const to = async (value: Read | null): Promise<void> => {
    if (value !== null) await setting.put(context, bucket, value);
    else await removeSetting(context, bucket, setting);
  };
  const step: Step = {
    title: setting.title(bucket, after),
    run: () => to(after === null ? null : setting.target(after)),
    undo: () => to(before),
  };
  return { ...(setting.refine?.(step, change) ?? step), touches: [touched] };
}

/** Sets a setting of a bucket that the plan makes itself: the undo is that of the bucket. */
export function setNew<Read, Wanted, Input>(
  setting: Settable<Read, Wanted, Input>,
  context: Context,
  bucket: string,
  wanted: Wanted,
): Step {
  const {
    title,
    touches = [],
    run,
  } = replaceSetting(setting, { context, bucket, before: null, after: wanted, all: {} });
  return { title, touches, run };
}
