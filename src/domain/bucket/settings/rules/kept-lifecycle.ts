import { fail } from '../../../../base/errors';
import { lifecycleNames, type LifecycleRule, lifecycleRules } from './lifecycle';
import { samePlain } from './plain';
import type { Plain } from '../../../shared/settings-shapes';

/** A name of the registry in `lifecycle.ts`, or what is shown of a lifecycle that has one. */
export type LifecycleInput = string | { readonly Name: string | null; readonly Rules?: readonly unknown[] | null };

/** Rules as they were read, those of others included. */
export type LifecycleRead = {
  readonly rules: readonly Plain[];
  /** AWS's `TransitionDefaultMinimumObjectSize`, which belongs to the rules. */
  readonly minimumSize: string | null;
};

/** A set of the registry. */
export interface LifecycleSet {
  readonly name: string;
  readonly rules: readonly LifecycleRule[];
}

/**
 * Finds the set a caller names.
 * @throws {invalid} for an unknown name, and for rules that are no set of the registry
 */
export function lifecycleSet(input: LifecycleInput): LifecycleSet {
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

/** Finds the name in the registry of rules that S3 gave; null for others. */
export function nameOfRules(rules: readonly Plain[]): string | null {
  return lifecycleNames.find((name) => samePlain(rules, lifecycleRules(name))) ?? null;
}
