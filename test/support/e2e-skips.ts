import { targetName } from './e2e-target';
import type { TargetName } from './e2e-target';

type Reasons = Readonly<Partial<Record<Exclude<TargetName, 'sandbox'>, string>>>;

/** What only the sandbox has: failures on demand, laws of AWS that emulators do not enforce. */
export const SANDBOX_ONLY = {
  faults: { moto: 'has no failures on demand', ministack: 'has no failures on demand' },
  policies: { moto: 'enforces no IAM policies', ministack: 'enforces no IAM policies' },
  pages: { moto: 'does not serve distributions', ministack: 'does not serve distributions' },
  certificates: { moto: 'is given one certificate only', ministack: 'is given one certificate only' },
  calls: { moto: 'counts no calls', ministack: 'counts no calls' },
  clock: { moto: 'has a clock of its own', ministack: 'has a clock of its own' },
  quotas: { moto: 'has no quota of invalidations', ministack: 'has no quota of invalidations' },
} as const satisfies Readonly<Record<string, Reasons>>;

const ONE_ACCOUNT = 'gives every key to one account: nothing is somebody else’s';
const NO_ACTION = (action: string): string => `answers ${action} with InvalidAction`;

/** Tests an emulator cannot do, by name, each with what was seen (moto 5.2.5, ministack 1.5.33). */
const SKIPS: Readonly<Record<string, Reasons>> = {
  'has A and AAAA alias records of the distribution': { moto: 'gives alias targets back as they were sent, without the last dot' },
  'show tags, logging, emptiness, the A record and the distribution': { moto: 'gives alias targets back as they were sent, without the last dot' },
  'takes everything away and answers with what there was': { moto: 'ignores PathPrefix in ListGroups, so that groups are found twice' },
// Users and what hangs on them.
  'that has: signing certificate': { ministack: NO_ACTION('UploadSigningCertificate') },
  'that has: SSH key': { ministack: NO_ACTION('UploadSSHPublicKey') },
  'that has: service credential': {
    moto: 'answers CreateServiceSpecificCredential with an HTML page of status 500',
    ministack: NO_ACTION('CreateServiceSpecificCredential'),
  },
  // A second account.
  '403 for a bucket of somebody else': { moto: ONE_ACCOUNT },
  'does not name buckets of somebody else': { moto: ONE_ACCOUNT },
  'a bucket of somebody else is 403 and stays': { moto: ONE_ACCOUNT },
  'a bucket of one account cannot be reached through another': { moto: ONE_ACCOUNT },
  // Websites.
  'an alias that another distribution holds is 409 naming it, and everything else is taken back': {
    moto: 'takes an alias that another distribution has',
    ministack: 'takes an alias that another distribution has',
  },
  'a page of the caller’s at the index key counts, whatever its tags were': {
    ministack: 'keeps the tags of an object that is overwritten',
  },
  // The rest.
  'has the shape of the contract of a new bucket, nulls included': { moto: 'leaves PermissionsBoundaryUsageCount out of a policy' },
  'two services that share nothing but AWS: at most one 202, whole; the loser destroys nothing': {
    moto: 'drops the tags given at creation: nobody can tell whose the bucket is',
  },
  'an access log bucket that is missing is the operator’s mistake, and nothing is left behind': {
    ministack: 'takes a log bucket that does not exist',
  },
};

/** Why a test is not run here; undefined when it is. */
function skipReason(name: string, more: Reasons = {}): string | undefined {
  return targetName === 'sandbox' ? undefined : (SKIPS[name]?.[targetName] ?? more[targetName]);
}

export interface SkippableOptions {
  /** Reasons that a whole group of tests shares. */
  readonly more?: Reasons;
  readonly timeoutMs?: number;
}

/** A test that the table of skips knows by its name; a skipped one shows the reason. */
export function skippable(name: string, run: () => Promise<void>, { more, timeoutMs }: SkippableOptions = {}): void {
  const reason = skipReason(name, more);
  if (reason === undefined) test(name, run, timeoutMs);
  else test.skip(`${name} [${targetName} ${reason}]`, run);
}
