import type { StepFactory, StepHandle } from '../../../engine/plan';
import { requireBucket } from '../../shared/aws/bucket';
import type { Context } from '../../shared/context';
import type { Plain } from '../../shared/settings-shapes';
import { readSettings } from './aws/read';
import { replaceSetting } from './aws/replace';
import { isSettable, type Settable } from './aws/setting';
import { optionalSetting } from './aws/store-setting';
import { SETTINGS } from './aws/table';
import { samePlain } from './rules/plain';
import { confirmed, type Steps } from './confirmed';
import type { WantedSettings } from './wanted';

/** The part of a plan that is about a bucket's settings, which buckets and websites share: loops over the table. */

/** What stood before of the settings that are wanted, by name; part of a pre-image. */
export type SettingsSeen = Readonly<Record<string, Plain>>;

type Handles = readonly StepHandle<unknown>[];

/**
 * Looks at the settings that are wanted, in one parallel wave; what a store does not know is as absent.
 * @throws {not-found} without a bucket
 */
export async function lookAtSettings(context: Context, bucket: string, wanted: WantedSettings): Promise<SettingsSeen> {
  const asked = SETTINGS.filter(({ name }) => wanted[name] !== undefined);
  const { settings, warnings } = await readSettings(context, bucket, asked);
  // A call that the store does not know says nothing of the bucket.
  if (warnings.some((warning) => warning !== undefined)) await requireBucket(context, bucket);
  return settings;
}

/** A setting that is to become another, or is to go. */
interface Change {
  readonly setting: Settable;
  readonly before: Plain;
  readonly after: unknown;
}

/**
 * Changes what differs, and gives the steps. Settings go beside everything else but for their `order`: the exclusive ones
 * one after another, what may stop others and what is lasting at the end. `beside`: other steps of the plan.
 */
export function changeSettings(
  context: Context,
  bucket: string,
  { wanted, seen }: { readonly wanted: WantedSettings; readonly seen: SettingsSeen },
  step: StepFactory,
  beside: Handles,
): Steps {
  const act = ({ setting, before, after: value }: Change, after: Handles): Steps => {
    // What stands there already may stay beside what came later: S3 asks only when it is put.
    if (value !== null) setting.checkBeside?.(value, wanted);
    const change = { context, bucket, before, after: value, all: wanted };
    const spec = { ...replaceSetting(setting, change), after };
    return confirmed(setting, step(optionalSetting(context, bucket, setting, spec)), change, step);
  };
  const changes = changesOf(wanted, seen);
  const free = changes.filter((change) => rankOf(change) === undefined).flatMap((change) => act(change, []));
  const chain: Steps[number][] = [];
  for (const change of changes.filter((one) => rankOf(one) !== undefined).sort(byOrder)) {
    const { order } = change.setting;
    const isLate = isLasting(change) || order?.isStopping?.(change.after) === true;
    chain.push(...act(change, isLate ? [...beside, ...free, ...chain] : [...chain]));
  }
  return [...free, ...chain];
}

/** Lists what differs, in the order of the table. */
function changesOf(wanted: WantedSettings, seen: SettingsSeen): readonly Change[] {
  return SETTINGS.filter(isSettable)
    .map((setting): Change => ({ setting, before: seen[setting.name] ?? null, after: wanted[setting.name] }))
    .filter(({ after }) => after !== undefined)
    .filter(({ setting, before, after }) => {
      if (before === null || after === null) return before !== after;
      return !(setting.isSame?.(after, before) ?? samePlain(setting.target(after), before));
    });
}

const rankOf = ({ setting, after }: Change): number | undefined => setting.order?.exclusive?.(after);

const isLasting = ({ setting, before }: Change): boolean => setting.order?.isLasting?.(before) === true;

const byOrder = (one: Change, other: Change): number =>
  Number(isLasting(one)) - Number(isLasting(other)) || (rankOf(one) ?? 0) - (rankOf(other) ?? 0);
