import type { Context } from '../../shared/context';
import type { StepFactory, StepHandle, StepSpec } from '../../../engine/plan';
import { requireBucket } from '../../shared/aws/bucket';
import type { StoreSetting } from './aws/known';
import { readSettings } from './aws/read';
import { checkUnderBlock, type WantedSettings } from './rules/input';
import { sameJson, samePlain } from './rules/plain';
import type { SettingName, SettingsRead } from '../../shared/settings-shapes';
import { replaceBlock, replaceCors, replaceLifecycle, replaceVersioning } from './aws/put';
import { replacePolicy } from './aws/put-policy';
import { optionalSetting } from './aws/store-setting';
import type { Warning } from '../../shared/store-features';

/** The sub-plan of a bucket's settings, which buckets and websites share. */

/** What stood before of the settings that are wanted; part of a pre-image. */
export type SettingsSeen = { readonly [K in Exclude<SettingName, 'encryption'>]?: SettingsRead[K] };

type Spec = StepSpec<Record<never, never>, void>;
type Steps = readonly StepHandle<Warning>[];

/**
 * Looks at the settings that are wanted, in one parallel wave; what a store does not know is as absent. Ends with `not-found`
 * without a bucket.
 */
export async function lookAtSettings(context: Context, bucket: string, wanted: WantedSettings): Promise<SettingsSeen> {
  const names = (['cors', 'versioning', 'lifecycle', 'publicAccess', 'policy'] as const).filter(
    (name) => wanted[name] !== undefined,
  );
  const { settings, warnings } = await readSettings(context, bucket, names);
  // A call that the store does not know says nothing of the bucket.
  if (warnings.some((warning) => warning !== undefined)) await requireBucket(context, bucket);
  return settings;
}

/**
 * Changes what differs, and gives the steps. CORS and lifecycle go beside everything else; block, policy and versioning
 * one after another, as S3 refuses changes of them that meet. `beside`: other steps of the plan.
 */
export function changeSettings(
  context: Context,
  bucket: string,
  { wanted, seen }: { readonly wanted: WantedSettings; readonly seen: SettingsSeen },
  step: StepFactory,
  beside: readonly StepHandle<unknown>[],
): Steps {
  const act = (feature: StoreSetting, spec: Spec | undefined, after: readonly StepHandle<unknown>[]): Steps =>
    spec === undefined ? [] : [step(optionalSetting(context, bucket, feature, { ...spec, after }))];
  const cors = act('cors', corsChange(context, bucket, wanted, seen), []);
  const lifecycle = act('lifecycle', lifecycleChange(context, bucket, wanted, seen), []);
  const free = [...beside, ...cors, ...lifecycle];

  // What cannot be undone exactly goes last of all; a policy that may shut this service out goes after what it might stop.
  const isLasting = (seen.versioning ?? null) === null;
  const versioning = (after: readonly StepHandle<unknown>[]) =>
    act('versioning', versioningChange(context, bucket, wanted, seen), after);
  const early = isLasting ? [] : versioning([]);
  const policy = (after: Steps) =>
    act(
      'policy',
      policyChange(context, bucket, wanted, seen),
      wanted.policy?.denies === true ? [...free, ...after] : after,
    );
  const block = (after: Steps) => act('publicAccessBlock', blockChange(context, bucket, wanted, seen), after);
  // A public policy needs a loose block when it is put, and also when an undo puts it back.
  const [one, other] = wanted.publicAccess?.BlockPublicPolicy === false ? [block, policy] : [policy, block];
  const first = [...early, ...one(early)];
  const chain = [...first, ...other(first)];
  return [...cors, ...lifecycle, ...chain, ...(isLasting ? versioning([...free, ...chain]) : [])];
}

export interface NewBucket {
  readonly made: StepHandle<unknown>;
  readonly blocked: StepHandle<unknown>;
  readonly objectLock: boolean;
  /** Everything else that is done to the bucket. */
  readonly others: readonly StepHandle<unknown>[];
}

/**
 * CORS, versioning and policy of a bucket that the plan makes itself, beside its other settings; gives the steps. Their
 * undo is the bucket's, but for a policy: that might stand in its way. A public policy waits for the access block, one that
 * denies something for everything else.
 */
export function newSettings(
  context: Context,
  bucket: string,
  wanted: WantedSettings,
  base: NewBucket,
  step: StepFactory,
): Steps {
  const { made, blocked, objectLock, others } = base;
  const act = (feature: StoreSetting, { title, run }: Spec): StepHandle<Warning> =>
    step(optionalSetting(context, bucket, feature, { title, run, after: [made] }));
  const { cors, versioning, policy } = wanted;
  const own = [
    ...(cors ? [act('cors', replaceCors(context, bucket, null, cors))] : []),
    // Object lock has turned it on already.
    ...(versioning !== undefined && !objectLock
      ? [act('versioning', replaceVersioning(context, bucket, null, versioning))]
      : []),
  ];
  if (!policy) return own;
  const loosened = wanted.publicAccess?.BlockPublicPolicy === false;
  const after = policy.denies ? [made, blocked, ...others, ...own] : policy.isPublic ? [blocked] : [made];
  return [
    ...own,
    step(
      optionalSetting(context, bucket, 'policy', {
        ...replacePolicy(context, bucket, { before: null, after: policy, loosened }),
        after,
      }),
    ),
  ];
}

function corsChange(
  context: Context,
  bucket: string,
  { cors }: WantedSettings,
  { cors: before = null }: SettingsSeen,
): Spec | undefined {
  return cors === undefined || samePlain(cors, before) ? undefined : replaceCors(context, bucket, before, cors);
}

function lifecycleChange(
  context: Context,
  bucket: string,
  { lifecycle }: WantedSettings,
  { lifecycle: before = null }: SettingsSeen,
): Spec | undefined {
  const isSame =
    lifecycle === undefined || (lifecycle === null ? before === null : samePlain(before?.rules, lifecycle.rules));
  return isSame ? undefined : replaceLifecycle(context, bucket, before, lifecycle);
}

function blockChange(
  context: Context,
  bucket: string,
  { publicAccess }: WantedSettings,
  { publicAccess: before = null }: SettingsSeen,
): Spec | undefined {
  return publicAccess === undefined || samePlain(publicAccess, before)
    ? undefined
    : replaceBlock(context, bucket, before, publicAccess);
}

function policyChange(
  context: Context,
  bucket: string,
  wanted: WantedSettings,
  { policy: before = null }: SettingsSeen,
): Spec | undefined {
  const { policy: after, publicAccess } = wanted;
  if (after === undefined || (after === null ? before === null : before !== null && sameJson(after.text, before)))
    return undefined;
  // What stands there already may stay under a block that came later: S3 asks only when a policy is put.
  checkUnderBlock(wanted);
  return replacePolicy(context, bucket, { before, after, loosened: publicAccess?.BlockPublicPolicy === false });
}

function versioningChange(
  context: Context,
  bucket: string,
  { versioning }: WantedSettings,
  { versioning: before = null }: SettingsSeen,
): Spec | undefined {
  return versioning === undefined || versioning === before
    ? undefined
    : replaceVersioning(context, bucket, before, versioning);
}
