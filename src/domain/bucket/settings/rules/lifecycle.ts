import { fail } from '../../../../base/errors';
import { printable } from '../../../shared/names';

/** The registry of named lifecycle rule sets; AWS's own words, without the SDK's types. */

export interface LifecycleRule {
  readonly ID: string;
  readonly Status: 'Enabled';
  /** Empty prefix: every object. A rule without Filter would be the legacy form. */
  readonly Filter: { readonly Prefix: '' };
  readonly Transitions?: readonly {
    readonly Days: number;
    readonly StorageClass: 'DEEP_ARCHIVE' | 'GLACIER' | 'INTELLIGENT_TIERING';
  }[];
  readonly Expiration?: { readonly Days: number };
  readonly NoncurrentVersionExpiration?: { readonly NoncurrentDays: number };
  readonly AbortIncompleteMultipartUpload?: { readonly DaysAfterInitiation: number };
}

const rule = (ID: string, action: Omit<LifecycleRule, 'ID' | 'Status' | 'Filter'>): LifecycleRule => ({
  ID,
  Status: 'Enabled',
  Filter: { Prefix: '' },
  ...action,
});

const toClass = (id: string, Days: number, StorageClass: 'DEEP_ARCHIVE' | 'GLACIER' | 'INTELLIGENT_TIERING') =>
  rule(id, { Transitions: [{ Days, StorageClass }] });

/** Days are whole days after an object was created (for versions: after it was replaced). */
const REGISTRY: Readonly<Record<string, readonly LifecycleRule[]>> = {
  'deep-archive': [toClass('deep-archive', 1, 'DEEP_ARCHIVE')],
  glacier: [toClass('glacier', 1, 'GLACIER')],
  'intelligent-tiering': [toClass('intelligent-tiering', 0, 'INTELLIGENT_TIERING')],
  'expire-30': [rule('expire-30', { Expiration: { Days: 30 }, NoncurrentVersionExpiration: { NoncurrentDays: 30 } })],
  'abort-multipart': [rule('abort-multipart', { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } })],
};

/** Names of all sets in the registry. */
export const lifecycleNames: readonly string[] = Object.keys(REGISTRY);

/**
 * Gives the rules registered under `name`.
 * @throws {invalid} listing the known names
 */
export function lifecycleRules(name: string): readonly LifecycleRule[] {
  const rules = Object.hasOwn(REGISTRY, name) ? REGISTRY[name] : undefined;
  return (
    rules ??
    fail({
      kind: 'invalid',
      detail: `"${printable(name)}" is no known Lifecycle; known are ${lifecycleNames.join(', ')}`,
    })
  );
}
