import { fail } from '../../../../base/errors';
import { checkCors } from './cors';
import { type LifecycleSet, lifecycleSet } from './kept-lifecycle';
import { type PolicyScope, type WantedPolicy, wantedPolicy } from './policy';
import type {
  CorsConfiguration,
  PublicAccessBlock,
  RemovableSetting,
  SettingsChange,
  SettingsInput,
  VersioningStatus,
} from '../../../shared/settings-shapes';
import type { UpdateBucketInput } from '../../../shared/shapes';

/** What a request wants of a bucket's settings, checked. Null takes away; absent members are left as they are. */
export interface WantedSettings {
  readonly cors?: CorsConfiguration | null;
  readonly versioning?: VersioningStatus;
  readonly lifecycle?: LifecycleSet | null;
  readonly publicAccess?: PublicAccessBlock;
  readonly policy?: WantedPolicy | null;
}

const isMeant = <T>(member: T | null | undefined): member is T => member !== undefined && member !== null;

/** Checks the settings of a request; makes no call. Ends with `invalid`. */
export function wantedSettings(input: SettingsChange, scope: PolicyScope): WantedSettings {
  const { CORS, Versioning, Lifecycle, PublicAccessBlock, BucketPolicy } = input;
  const removed = removedSettings(input);
  if (isMeant(CORS)) checkCors(CORS, '/CORS');
  if (isMeant(PublicAccessBlock)) checkBlock(PublicAccessBlock, scope);
  const policy = isMeant(BucketPolicy) ? wantedPolicy(BucketPolicy, scope) : undefined;
  return {
    ...(isMeant(CORS) && { cors: CORS }),
    ...(isMeant(Versioning) && { versioning: Versioning.Status }),
    ...(isMeant(Lifecycle) && { lifecycle: lifecycleSet(Lifecycle) }),
    ...(isMeant(PublicAccessBlock) && { publicAccess: PublicAccessBlock }),
    ...(policy !== undefined && { policy }),
    ...removed,
  };
}

/** Ends with `invalid` for a public policy beside a block that S3 would refuse it under. */
export function checkUnderBlock({ policy, publicAccess }: WantedSettings): void {
  if (policy?.isPublic !== true || publicAccess?.BlockPublicPolicy !== true) return;
  fail({
    kind: 'invalid',
    pointer: '/PublicAccessBlock/BlockPublicPolicy',
    detail:
      'BucketPolicy speaks to everyone and PublicAccessBlock forbids such policies: send BlockPublicPolicy false, or name the principals',
  });
}

/** Taking a setting away is said in so many words, as null may be said for any member that a client does not know of. */
const REMOVAL: Readonly<Record<RemovableSetting, WantedSettings>> = {
  CORS: { cors: null },
  Lifecycle: { lifecycle: null },
  BucketPolicy: { policy: null },
};

function removedSettings(input: SettingsChange): WantedSettings {
  const names = input.Remove ?? [];
  names.forEach((name, index) => {
    if (!isMeant(input[name])) return;
    fail({
      kind: 'invalid',
      pointer: `/Remove/${String(index)}`,
      detail: `${name} is both set and to be removed: send one of the two`,
    });
  });
  return names.reduce<WantedSettings>((wanted, name) => ({ ...wanted, ...REMOVAL[name] }), {});
}

/** Ends with `invalid` for an update that changes nothing, whatever the bucket is like. */
export function checkSomethingIsMeant({ Tags, Remove, ...settings }: UpdateBucketInput): void {
  if (isMeant(Tags) || (Remove ?? []).length > 0 || Object.values(settings).some(isMeant)) return;
  fail({
    kind: 'invalid',
    pointer: '',
    detail:
      'the body sets nothing and removes nothing: no member has a value; to take settings away, name them in `Remove`',
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
export function checkWebsiteSettings(input: SettingsChange): void {
  const member = (['PublicAccessBlock', 'BucketPolicy'] as const).find(
    (name) => isMeant(input[name]) || (input.Remove ?? []).some((removed) => removed === name),
  );
  if (member === undefined) return;
  fail({
    kind: 'invalid',
    pointer: `/${member}`,
    detail: `${member} of a website's bucket is the website's own: it follows from the origin that the domain is configured with`,
  });
}
