import { targetName, type TargetName } from './target';

type Reasons = Readonly<Partial<Record<Exclude<TargetName, 'sandbox'>, string>>>;

/** What only the sandbox has: failures on demand, laws of AWS that emulators do not enforce. */
export const SANDBOX_ONLY = {
  faults: { moto: 'has no failures on demand', ministack: 'has no failures on demand' },
  policies: { moto: 'enforces no IAM policies', ministack: 'enforces no IAM policies' },
  pages: { moto: 'does not serve distributions', ministack: 'does not serve distributions' },
  certificates: { moto: 'is given one certificate only', ministack: 'is given one certificate only' },
  calls: { moto: 'counts no calls', ministack: 'counts no calls' },
  clock: { moto: 'has a clock of its own', ministack: 'has a clock of its own' },
  preflights: {
    moto: 'lets a preflight for every method through',
    ministack: 'lets every preflight through, whatever the rules say',
  },
  stores: { moto: 'is no S3-compatible store of another make', ministack: 'is no S3-compatible store of another make' },
  seeds: {
    moto: 'is given no buckets by the rules of before 2018',
    ministack: 'is given no buckets by the rules of before 2018',
    plain: 'is a store whose users come without IAM',
  },
  namespaces: {
    moto: 'knows the namespace of an account by its name only: everybody reaches the buckets in it',
    ministack: 'knows no namespace of an account',
    plain: 'is a store, and has one namespace',
  },
  partitions: {
    moto: 'is spoken to in the partition aws',
    ministack: 'is spoken to in the partition aws',
    plain: 'is a store, and in no partition',
  },
  sharing: {
    moto: 'lets any number of distributions share one origin access control',
    ministack: 'lets any number of distributions share one origin access control',
  },
  accountBlock: {
    moto: 'knows no S3 Control on one address for all',
    ministack: 'knows no S3 Control on one address for all',
    plain: 'is a store without S3 Control',
  },
  abac: { moto: 'knows no ABAC of buckets', ministack: 'knows no ABAC of buckets', plain: 'is a store without ABAC' },
  quotas: { moto: 'has no quota of invalidations', ministack: 'has no quota of invalidations' },
} as const satisfies Readonly<Record<string, Reasons>>;

const ONE_ACCOUNT = 'gives every key to one account: nothing is somebody else’s';
const NO_IAM = 'has no IAM: no users, groups, policies and websites';
const NO_IDS = 'has accounts without ids';
const NO_WEBSITES = 'is a store without websites';
const NO_ACTION = (action: string): string => `answers ${action} with InvalidAction`;

/** Tests an emulator cannot do, by name, each with what was seen (moto 5.2.5, ministack 1.5.33). */
const SKIPS: Readonly<Record<string, Reasons>> = {
  'has A and AAAA alias records of the distribution': {
    moto: 'gives alias targets back as they were sent, without the last dot',
  },
  'show tags, logging, emptiness, the A record and the distribution': {
    moto: 'gives alias targets back as they were sent, without the last dot',
  },
  'takes everything away and answers with what there was': {
    moto: 'gives alias targets back as they were sent, without the last dot',
  },
  // Users and what hangs on them.
  'that has: signing certificate': { ministack: NO_ACTION('UploadSigningCertificate') },
  'that has: SSH key': { ministack: NO_ACTION('UploadSSHPublicKey') },
  'that has: service credential': {
    moto: 'answers CreateServiceSpecificCredential with an HTML page of status 500',
    ministack: NO_ACTION('CreateServiceSpecificCredential'),
  },
  'is kept for one sign of somebody else alone: signing certificate': {
    ministack: NO_ACTION('UploadSigningCertificate'),
  },
  'is kept for one sign of somebody else alone: SSH key': { ministack: NO_ACTION('UploadSSHPublicKey') },
  'is kept for one sign of somebody else alone: service credential': {
    moto: 'answers CreateServiceSpecificCredential with an HTML page of status 500',
    ministack: NO_ACTION('CreateServiceSpecificCredential'),
  },
  'is kept for one sign of somebody else alone: a path': { ministack: NO_ACTION('UpdateUser') },
  'that got later: SSH key stays when its bucket is deleted, and is deleted by its name': {
    ministack: NO_ACTION('UploadSSHPublicKey'),
  },
  'shows when, where and for which service a key was last used': { ministack: 'keeps no last use of keys' },
  'tells when a key was last used': { ministack: 'keeps no last use of keys' },
  // A second account.
  '403 for a bucket of somebody else': { moto: ONE_ACCOUNT },
  'does not name buckets of somebody else': { moto: ONE_ACCOUNT },
  'a bucket of somebody else is 403 and stays': { moto: ONE_ACCOUNT },
  // A store without IAM; its answers to what needs one are in plain-stores.test.ts.
  'its policy and group': { plain: NO_IAM },
  'a policy of the name that it needs': { plain: NO_IAM },
  'a group of the name that it needs': { plain: NO_IAM },
  'the groups and policies of all three roles, and the users that belong to nothing else': { plain: NO_IAM },
  'policies with several versions': { plain: NO_IAM },
  'a policy that somebody attached to another user, who stays': { plain: NO_IAM },
  'the predecessor’s user, named like the bucket': { plain: NO_IAM },
  'users who belong elsewhere, too: out of this bucket, with their keys': { plain: NO_IAM },
  'a user named like the bucket who never had its policy': { plain: NO_IAM },
  'names that contain this one or begin with it': { plain: NO_IAM },
  'a group of that name under another path': { plain: NO_IAM },
  'finishes what is left of a bucket that is gone': { plain: NO_IAM },
  'a deletion and a new user at once: no user without a bucket, no bucket half gone': { plain: NO_IAM },
  'is a property list with the user’s key id and no secret': { plain: NO_IAM },
  '404 without the bucket, or for a user of another bucket': { plain: NO_IAM },
  'a policy that forbids the deletion is no hindrance': {
    plain: 'has no IAM whose failure would take the bucket back',
  },
  'the configured id is another name of the account': { plain: NO_IDS },
  'a new bucket with all settings is as deep as one without: 3; a public policy makes it 4': {
    plain: 'takes no tags at creation, and is asked what it kept of a lifecycle: one call deeper',
  },
  'a bucket in another region is signed for there': { plain: 'has no regions' },
  'a bucket of one account cannot be reached through another': { moto: ONE_ACCOUNT, plain: NO_IAM },
  // Websites.
  'an alias that another distribution holds is 409 naming it, and everything else is taken back': {
    moto: 'takes an alias that another distribution has',
    ministack: 'takes an alias that another distribution has',
  },
  'a page of the caller’s at the index key counts, whatever its tags were': {
    ministack: 'keeps the tags of an object that is overwritten',
  },
  // Object URLs.
  'cannot be another one than was signed': { moto: 'verifies no signature of a URL' },
  'of an upload are signed: another one with the same URL is refused': { moto: 'verifies no signature of a URL' },
  'takes no file that is too large': { moto: 'looks at no policy of a form' },
  'takes no other key, type, or field': { moto: 'looks at no policy of a form' },
  'a bucket of somebody else: 403 on both families of paths, also when its policy lets us read': {
    moto: ONE_ACCOUNT,
    ministack: 'pays no heed to x-amz-expected-bucket-owner once a policy lets one in',
    plain: NO_IDS,
  },
  'a bucket of somebody else, in an account that signs unseen: a URL on both families of paths, which AWS judges': {
    moto: ONE_ACCOUNT,
  },
  'work by URLs of a website': { plain: NO_WEBSITES },
  'of a website stores a file': { plain: NO_WEBSITES },
  'a website that is not there, or is a plain bucket: 404': { plain: NO_WEBSITES },
  // The rest.
  'has the shape of the contract of a new bucket, nulls included': {
    plain: NO_IAM,
    moto: 'leaves PermissionsBoundaryUsageCount out of a policy',
  },
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
