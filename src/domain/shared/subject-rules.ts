import { bucketInS3 } from '../../base/bucket-names';
import { fail } from '../../base/errors';
import type { DomainConfig } from '../../config/types';
import { ONCE } from '../../engine/claims';
import {
  type BucketHome,
  checkBucketName,
  checkKnownBucketName,
  checkUserName,
  claimBesideSite,
  claimInBucket,
  claimOnBucket,
  claimOnSettings,
  claimOnUser,
  canBeThere,
  claimsInBucket,
  printable,
} from './names';
import type { Place, SubjectRules, Target } from './operation';
import { ownStores } from './own-stores';
import { bucketPolicies, cleanerPolicies, type SessionPolicies, websitePolicies } from './session-policies';
import { requireSiteDomain, sitesInName } from './site-names';

/** What operations can be about: a bucket or website as a whole, its settings, a user, the whole account. */

/** Tells whether a bucket is one of the service's own stores. */
export const isOwnStore = ({ config, account }: Pick<Place, 'config' | 'account'>, bucket: string): boolean =>
  ownStores(config).has(bucketInS3(account, bucket));

/**
 * Refuses names that no bucket of callers can have.
 * @throws {invalid} when the name is impossible
 * @throws {not-found} for the service's own stores, and for names that only another namespace can have
 */
function checkReachable(place: Place, bucket: string): void {
  checkKnownBucketName(bucket);
  if (isOwnStore(place, bucket) || !canBeThere(place.account, bucket)) {
    fail({ kind: 'not-found', detail: `there is no bucket ${printable(bucket)} in this account` });
  }
}

/** @throws {unsupported} the account is a store without IAM */
export function requireIam({ account }: Pick<Place, 'account'>): void {
  if (account.iam) return;
  fail({
    kind: 'unsupported',
    detail: `account ${account.name} is an S3-compatible store without IAM: it has neither users nor websites`,
  });
}

/**
 * Gives the domain of a website that may be asked for.
 * @throws {not-found} when the name is outside of all configured domains
 * @throws {unsupported} when the account has no IAM
 */
function domainOfSite(place: Place, site: string): DomainConfig {
  // A site's name is one of DNS: none of the old ones.
  checkBucketName(place.account, site);
  checkReachable(place, site);
  requireIam(place);
  return requireSiteDomain(place.account, site);
}

function checkTarget(place: Place, { kind, bucket }: Target): void {
  if (kind === 'website') domainOfSite(place, bucket);
  else if (kind === 'bucket') checkReachable(place, bucket);
}

const policiesOf = ({ kind, bucket }: Target, home: BucketHome, org: string): SessionPolicies =>
  (kind === 'website' ? websitePolicies : bucketPolicies)(bucket, home, org);

/** A bucket or website from its making to its end. */
export const whole: SubjectRules = {
  check: checkTarget,
  claims: ({ name }, { bucket }) => ({
    claims: [claimOnBucket(name, bucket), claimOnSettings(name, bucket)],
    yieldsTo: [claimsInBucket(name, bucket)],
  }),
  policies: policiesOf,
  guarded: true,
};

/**
 * A bucket or website that is to be made: its own look sees to it that nobody else's is touched. Websites whose name it begins
 * with may not be made meanwhile: shared/aws/namesakes.ts says what would come of it.
 */
export const wholeNew: SubjectRules = {
  ...whole,
  check: () => undefined,
  claims: (account, target, nonce) => {
    const { claims, yieldsTo = [] } = whole.claims(account, target, nonce);
    const sites = account.iam ? sitesInName(target.bucket, account.domains) : [];
    return {
      claims: [...claims, ...sites.map((site) => claimBesideSite(account.name, site, target.bucket))],
      yieldsTo: [...yieldsTo, ...sites.map((site) => claimOnBucket(account.name, site))],
    };
  },
  guarded: false,
};

/** What can be changed of a bucket or website while others work in it. */
export const settingsOf: SubjectRules = {
  check: checkTarget,
  claims: ({ name }, { bucket }) => ({ claims: [claimOnSettings(name, bucket)] }),
  policies: policiesOf,
  guarded: true,
};

/** A piece of work inside of a website that any number of others may do beside it. */
export const insideOf: SubjectRules = {
  check: checkTarget,
  claims: ({ name }, { bucket }, nonce) => ({
    // No user can be called so.
    claims: [claimInBucket(name, bucket, `${ONCE}${nonce}`)],
    yieldsTo: [claimOnBucket(name, bucket)],
  }),
  policies: policiesOf,
  guarded: true,
};

/** One user: one writer, whichever bucket it is asked through; whoever takes the bucket away goes first. */
export const userOf: SubjectRules = {
  check: (place, target) => {
    checkTarget(place, target);
    requireIam(place);
    if (target.user !== '') checkUserName(target.user);
  },
  claims: ({ name }, { bucket, user }) => ({
    claims: [claimOnUser(name, user), claimInBucket(name, bucket, user)],
    yieldsTo: [claimOnBucket(name, bucket)],
  }),
  // Users lie in no distribution and in no zone.
  policies: ({ bucket }, home, org) => bucketPolicies(bucket, home, org),
  guarded: true,
};

/** All users of an account. */
export const iamAccount: SubjectRules = {
  check: requireIam,
  claims: ({ name }) => ({ claims: [`${name}/cleaner`] }),
  policies: (_, home, org) => cleanerPolicies(home, org),
  guarded: false,
};

/** All buckets of an account. */
export const bucketsOfAccount: SubjectRules = { ...iamAccount, check: () => undefined };
