import { fail } from '../../../../base/errors';
import { lifecycleNames, type LifecycleRule, lifecycleRules } from './lifecycle';
import { samePlain } from './plain';
import type { Plain, SettingsInput } from '../../../shared/settings-shapes';

/** A set of the registry. */
export interface LifecycleSet {
  readonly name: string;
  readonly rules: readonly LifecycleRule[];
}

/** The set a caller names; ends with `invalid` for an unknown name, and for rules that are no set of the registry. */
export function lifecycleSet(input: NonNullable<SettingsInput['Lifecycle']>): LifecycleSet {
  if (typeof input === 'string') return { name: input, rules: lifecycleRules(input) };
  const { Name: name, Rules } = input;
  if (name === null) {
    return fail({
      kind: 'invalid',
      pointer: '/Lifecycle/Name',
      detail: `rules without a name cannot be set here: leave Lifecycle out to keep them, or name one of ${lifecycleNames.join(', ')}`,
    });
  }
  const rules = lifecycleRules(name);
  if (Rules !== undefined && Rules !== null && !samePlain(Rules, rules)) {
    fail({
      kind: 'invalid',
      pointer: '/Lifecycle/Rules',
      detail: `the rules of ${name} are fixed: leave Rules out, or send them as they are shown`,
    });
  }
  return { name, rules };
}

/** The name in the registry of rules that S3 gave; null for others. */
export function nameOfRules(rules: readonly Plain[]): string | null {
  return lifecycleNames.find((name) => samePlain(rules, lifecycleRules(name))) ?? null;
}
