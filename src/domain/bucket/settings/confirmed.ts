import type { StepFactory, StepHandle } from '../../../engine/plan';
import { optional, type Warning } from '../../shared/store-features';
import { isSettable, type Replacement, type Setting } from './aws/setting';

export type Steps = readonly StepHandle<Warning>[];

/** Gives the step of a setting, with the one that looks whether a store has kept it where there is such a step. */
export function confirmed(
  setting: Setting,
  put: StepHandle<Warning>,
  change: Replacement,
  step: StepFactory,
  isNew = false,
): Steps {
  const spec = isSettable(setting) ? setting.confirm?.(change, { isNew }) : undefined;
  if (spec === undefined) return [put];
  const { title, run } = spec;
  const look = optional(change.context, setting.feature, {
    title,
    needs: { put },
    run: async (done, scope) => {
      if (done.put === undefined) await run({}, scope);
    },
  });
  return [put, step(look)];
}
