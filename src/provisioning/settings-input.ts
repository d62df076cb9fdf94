import { fail } from '../errors';
import { checkCors } from './settings-cors';
import type { LifecycleSet } from './settings-lifecycle';
import { lifecycleSet } from './settings-lifecycle';
import type { PolicyScope, WantedPolicy } from './settings-policy';
import { wantedPolicy } from './settings-policy';
import type { CorsConfiguration, PublicAccessBlock, SettingsInput, VersioningStatus } from './settings-shapes';

/** What a request wants of a bucket's settings, checked. Null takes away; absent members are left as they are. */
export interface WantedSettings {
  readonly cors?: CorsConfiguration | null;
  readonly versioning?: VersioningStatus;
  readonly lifecycle?: LifecycleSet | null;
  readonly publicAccess?: PublicAccessBlock;
  readonly policy?: WantedPolicy | null;
}

/** Checks the settings of a request; makes no call. Ends with `invalid`. */
export function wantedSettings(input: SettingsInput, scope: PolicyScope): WantedSettings {
  const { CORS, Versioning, Lifecycle, PublicAccessBlock, BucketPolicy } = input;
  if (CORS) checkCors(CORS, '/CORS');
  if (PublicAccessBlock) checkBlock(PublicAccessBlock, scope);
  const policy = BucketPolicy === undefined || BucketPolicy === null ? BucketPolicy : wantedPolicy(BucketPolicy, scope);
  return {
    ...(CORS !== undefined && { cors: CORS }),
    ...(Versioning !== undefined && { versioning: Versioning.Status }),
    ...(Lifecycle !== undefined && { lifecycle: Lifecycle === null ? null : lifecycleSet(Lifecycle) }),
    ...(PublicAccessBlock !== undefined && { publicAccess: PublicAccessBlock }),
    ...(policy !== undefined && { policy }),
  };
}

/** Ends with `invalid` for a public policy beside a block that S3 would refuse it under. */
export function checkUnderBlock({ policy, publicAccess }: WantedSettings): void {
  if (policy?.isPublic !== true || publicAccess?.BlockPublicPolicy !== true) return;
  fail({
    kind: 'invalid',
    pointer: '/PublicAccessBlock/BlockPublicPolicy',
    detail: 'BucketPolicy speaks to everyone and PublicAccessBlock forbids such policies: send BlockPublicPolicy false, or name the principals',
  });
}

function checkBlock(block: PublicAccessBlock, { allowPublic }: PolicyScope): void {
  const open = Object.entries<boolean>(block).flatMap(([name, isOn]) => (isOn ? [] : [name]));
  if (open.length === 0 || allowPublic) return;
  fail({
    kind: 'invalid',
    pointer: `/PublicAccessBlock/${String(open[0])}`,
    detail: `${open.join(', ')} must be true: this account does not allow public access (its configuration has no allowPublicPolicies)`,
  });
}

/** Ends with `invalid` for what a new bucket with object lock cannot be. */
export function checkWithObjectLock(input: SettingsInput, objectLock: boolean): void {
  if (!objectLock || input.Versioning?.Status !== 'Suspended') return;
  fail({
    kind: 'invalid',
    pointer: '/Versioning/Status',
    detail: 'ObjectLockEnabledForBucket needs versioning: Versioning.Status cannot be Suspended',
  });
}

/** Ends with `invalid` for settings that a website's bucket has from its website. */
export function checkWebsiteSettings(input: SettingsInput): void {
  const member = (['PublicAccessBlock', 'BucketPolicy'] as const).find((name) => input[name] !== undefined);
  if (member === undefined) return;
  fail({
    kind: 'invalid',
    pointer: `/${member}`,
    detail: `${member} of a website's bucket is the website's own: it follows from the origin that the domain is configured with`,
  });
}
