import type { Sessions } from '../../aws/types';
import type { Clock } from '../../base/clock';
import type { AccountConfig, Config, DomainConfig } from '../../config/types';
import type { Engine } from '../../engine/perform';
import type { Deliver, Performed, Recipe } from '../../engine/recipe';
import type { JsonValue } from '../../engine/register';
import { fail } from '../../base/errors';
import { type Context, reading } from '../shared/context';
import { createDeparted } from '../shared/departed';
import { createExistence, type Existence } from '../shared/existence';
import { checkBucketName, checkUserName, printable } from '../shared/names';
import { type HolderRecipe, onlyOurs } from '../access/only-ours';
import { ownStores } from '../shared/own-stores';
import { type CertificateMemory, createCertificateMemory } from '../website/certificate/rules/memory';
import { createSiteMemory, type SiteMemory } from '../shared/site-memory';
import {
  bucketPolicies,
  cleanerPolicies,
  readPolicies,
  type SessionPolicies,
  websitePolicies,
} from '../shared/session-policies';
import { domainFor, noWebsite } from '../shared/site-names';

export interface ProvisioningOptions {
  /** Read at every request: SIGHUP may replace it. */
  readonly config: () => Config;
  readonly sessions: Pick<Sessions, 'open' | 'partitionOf' | 'presign'>;
  readonly engine: Engine;
  readonly clock: Clock;
  /** A new unique id. */
  readonly newId: () => string;
}

/** A holder, or a bucket that is asked for in another way. */
interface Place {
  readonly kind: string;
  readonly bucket: string;
}

/** What every request goes past: refusals that need no call, sessions, and the one way into the engine. */
export interface Desk {
  readonly org: () => string;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly existence: Existence;
  readonly sites: SiteMemory;
  readonly certificates: CertificateMemory;
  readonly partitionOf: (account: AccountConfig) => string;
  readonly isOwnStore: (bucket: string) => boolean;
  readonly forReading: (account: AccountConfig) => Promise<Context>;
  readonly forBucket: (account: AccountConfig, bucket: string) => Promise<Context>;
  readonly forSite: (account: AccountConfig, site: string) => Promise<Context>;
  readonly forCleaner: (account: AccountConfig) => Promise<Context>;
  /** Ends with `invalid` for an impossible name, `not-found` for the service's own stores. */
  readonly checkReachable: (bucket: string) => void;
  /** The domain of a site that may be asked for; ends with `not-found`, or `unsupported` without IAM. */
  readonly checkSite: (account: AccountConfig, site: string) => DomainConfig;
  /** Ends with `unsupported` for accounts without IAM. */
  readonly requireIam: (account: AccountConfig) => void;
  /** Ends as `checkReachable` does, for websites as `checkSite`. */
  readonly checkHolder: (account: AccountConfig, holder: Place) => void;
  /** Ends as `checkHolder` does, with `invalid` for an impossible name, and with `unsupported` for accounts without IAM. */
  readonly checkUser: (account: AccountConfig, holder: Place, user: string) => void;
  /** Runs a write on a bucket or website that may be there, unless it is another org's: then it ends with `conflict`. */
  readonly write: <P extends JsonValue, T>(
    context: Context,
    bucket: string,
    recipe: HolderRecipe<P, T>,
    deliver?: Deliver<T>,
  ) => Promise<Performed<T>>;
  /** The same for what is not there yet, and for what is no bucket's: the recipe itself sees to it that nobody else's is touched. */
  readonly create: <P extends JsonValue, T>(
    context: Context,
    bucket: string,
    recipe: Recipe<P, T>,
  ) => Promise<Performed<T>>;
}

export function createDesk({ config, sessions, engine, clock, newId }: ProvisioningOptions): Desk {
  const existence = createExistence(clock);
  const departed = createDeparted();
  const org = () => config().org;
  const partitionOf = (account: AccountConfig) => sessions.partitionOf(account);
  const isOwnStore = (bucket: string) => ownStores(config()).has(bucket);
  const open = async (account: AccountConfig, scope: SessionPolicies): Promise<Context> => ({
    // A session may cost calls of its own: AssumeRole, GetCallerIdentity.
    session: await reading({ clock }, () => sessions.open(account, scope)),
    org: org(),
    clock,
    departed,
  });
  const checkReachable = (bucket: string): void => {
    checkBucketName(bucket);
    if (isOwnStore(bucket)) {
      fail({ kind: 'not-found', detail: `there is no bucket ${printable(bucket)} in this account` });
    }
  };
  const requireIam = (account: AccountConfig): void => {
    if (account.iam) return;
    fail({
      kind: 'unsupported',
      detail: `account ${account.name} is an S3-compatible store without IAM: it has neither users nor websites`,
    });
  };
  const checkSite = (account: AccountConfig, site: string): DomainConfig => {
    checkReachable(site);
    requireIam(account);
    return domainFor(account.domains, site) ?? fail(noWebsite(site));
  };
  const checkHolder = (account: AccountConfig, { kind, bucket }: Place): void => {
    if (kind === 'website') checkSite(account, bucket);
    else checkReachable(bucket);
  };
  /** What is believed about the bucket is forgotten before and after, also after what went on in the background. */
  const run = async <P extends JsonValue, T>(
    context: Context,
    bucket: string,
    recipe: Recipe<P, T>,
    deliver?: Deliver<T>,
  ): Promise<Performed<T>> => {
    const { name } = context.session.account;
    existence.forget(name, bucket);
    try {
      const performed = await engine.perform(recipe, deliver);
      void performed.ended?.then(() => existence.forget(name, bucket));
      return performed;
    } finally {
      existence.forget(name, bucket);
    }
  };

  return {
    org,
    clock,
    newId,
    existence,
    sites: createSiteMemory(),
    certificates: createCertificateMemory(() => clock.monotonic()),
    partitionOf,
    isOwnStore,
    forReading: (account) => open(account, readPolicies),
    forBucket: (account, bucket) => open(account, bucketPolicies(bucket, partitionOf(account), org())),
    forSite: (account, site) => open(account, websitePolicies(site, partitionOf(account), org())),
    forCleaner: (account) => open(account, cleanerPolicies(partitionOf(account), org())),
    checkReachable,
    checkSite,
    requireIam,
    checkHolder,
    checkUser: (account, holder, user) => {
      checkReachable(holder.bucket);
      checkUserName(user);
      requireIam(account);
      checkHolder(account, holder);
    },
    write: (context, bucket, recipe, deliver) => run(context, bucket, onlyOurs(context, bucket, recipe), deliver),
    create: run,
  };
}
