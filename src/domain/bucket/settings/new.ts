import type { StepFactory, StepHandle } from '../../../engine/plan';
import type { Context } from '../../shared/context';
import type { Warning } from '../../shared/store-features';
import { setNew } from './aws/replace';
import { isSettable, type NewBucketFacts, type Setting, type Step } from './aws/setting';
import { optionalSetting } from './aws/store-setting';
import { SETTINGS } from './aws/table';
import { confirmed, type Steps } from './confirmed';
import type { WantedSettings } from './wanted';

export interface NewBucket extends NewBucketFacts {
  readonly made: StepHandle<unknown>;
  /** What else is done to the bucket. */
  readonly others: readonly StepHandle<unknown>[];
}

export interface NewSettings {
  /** The step that sets each, by its name. */
  readonly byName: ReadonlyMap<string, StepHandle<Warning>>;
  readonly all: Steps;
}

/**
 * Makes the settings of a bucket that the plan makes itself: those that every bucket has and those that are wanted. They go
 * beside one another, after the bucket and what they need; what may stop others goes last.
 */
export function newSettings(
  context: Context,
  bucket: string,
  wanted: WantedSettings,
  { made, others, ...facts }: NewBucket,
  step: StepFactory,
): NewSettings {
  const byName = new Map<string, StepHandle<Warning>>();
  const all: StepHandle<Warning>[] = [];
  for (const setting of [...SETTINGS].sort((one, other) => lateness(one, wanted) - lateness(other, wanted))) {
    const value = wanted[setting.name] ?? undefined;
    const spec = newStep(setting, context, bucket, { value, facts, wanted });
    if (spec === undefined) continue;
    const needs = needsOf(setting, value).flatMap((name) => byName.get(name) ?? []);
    const isLate = lateness(setting, wanted) > 0;
    const after = isLate ? [made, ...others, ...all] : needs.length > 0 ? needs : [made];
    const put = step(optionalSetting(context, bucket, setting, { ...spec, after }));
    byName.set(setting.name, put);
    const change = { context, bucket, before: null, after: value ?? null, all: wanted };
    all.push(...confirmed(setting, put, change, step, true));
    const tried = setting.tryOut?.(context, bucket, put, step);
    if (tried !== undefined) all.push(tried);
  }
  return { byName, all };
}

interface Wish {
  readonly value: unknown;
  readonly facts: NewBucketFacts;
  readonly wanted: WantedSettings;
}

function newStep(setting: Setting, context: Context, bucket: string, { value, facts, wanted }: Wish): Step | undefined {
  if (setting.ofNew) return setting.ofNew(context, bucket, value, facts, wanted);
  return isSettable(setting) && value !== undefined ? setNew(setting, context, bucket, value) : undefined;
}

/** Names of the settings that one needs before, in a new bucket as well. */
const needsOf = (setting: Setting, value: unknown): readonly string[] =>
  isSettable(setting) && value !== undefined ? (setting.order?.needs?.(value) ?? []) : [];

/** 1 for what may stop others. */
const lateness = (setting: Setting, wanted: WantedSettings): number =>
  Number(isSettable(setting) && setting.order?.isStopping?.(wanted[setting.name] ?? null) === true);
