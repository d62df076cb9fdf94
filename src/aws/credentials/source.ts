import type { Clock } from '../../base/clock';

/** Credentials as the SDK takes them. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Credentials and how long they are good: wall time in milliseconds since the epoch, undefined for ever. */
export interface Lease {
  readonly identity: Identity;
  readonly validUntil: number | undefined;
  /** For the operator: where they were found. No secrets. */
  readonly foundBy?: string | undefined;
}

/** Credentials that are fetched once, shared by all clients, and renewed before they end. */
export interface CredentialSource {
  /** Gives valid credentials; concurrent callers wait for one fetch, and are told how it failed. */
  readonly get: () => Promise<Identity>;
  /**
   * As `get`, with the end of the credentials: what is signed with `identity` is worth nothing after `validUntil`
   * (milliseconds since the epoch). Undefined: no end is known, which is so of keys that last and of temporary ones
   * whose issuer named no end (`identity.sessionToken` tells the latter).
   */
  readonly lease: () => Promise<Lease>;
  /** Counts fetches: names the credentials that `get` gave last. */
  readonly generation: () => number;
  /**
   * AWS did not accept the credentials of that generation: they are forgotten. True when the next attempt will be
   * signed with others and is worth making.
   */
  readonly reject: (generation: number) => boolean;
  /** AWS accepted a call. */
  readonly accept: () => void;
}

/** New credentials are fetched in the background when this little is left … */
const RENEW_MS = 5 * 60_000;
/** … and callers wait for them when this little is left: a call that is sent now must still arrive in time. */
const URGENT_MS = 60_000;
/** Pause between renewals while the credentials are still good. */
const PAUSE_MS = 10_000;
/** So many generations may be refused in a row before it is no matter of age. */
const REFUSALS = 3;

/**
 * Keeps credentials that `load` fetches, and fetches them again in time. `load` rejects with a `DomainFailure`; a
 * failed fetch is not kept.
 */
export function createCredentialSource(load: () => Promise<Lease>, clock: Clock): CredentialSource {
  let held: Lease | undefined;
  let pending: Promise<Lease> | undefined;
  let generation = 0;
  let refusals = 0;
  let renewalsAllowedFrom = 0;
  const current = (): Lease | undefined => held;

  const renew = (): Promise<Lease> => {
    pending ??= load()
      .then((lease) => {
        held = lease;
        generation += 1;
        return lease;
      })
      .finally(() => {
        pending = undefined;
      });
    return pending;
  };

  /**
   * While what is held still works. Not again at once, neither after a failure nor when nothing newer was to be had (a
   * metadata service gives the same credentials until it has others).
   */
  const renewAhead = async (): Promise<void> => {
    if (pending === undefined && clock.now() < renewalsAllowedFrom) return;
    renewalsAllowedFrom = clock.now() + PAUSE_MS;
    // Nobody is told of a failure: what is held still works, and at its end the next fetch tells its caller.
    await renew().catch(() => undefined);
  };

  const valid = async (): Promise<Lease> => {
    const lease = current();
    const left = (lease?.validUntil ?? Infinity) - clock.now();
    if (lease === undefined || left <= 0) return renew();
    if (left > RENEW_MS) return lease;
    if (left > URGENT_MS) void renewAhead();
    else await renewAhead();
    return current() ?? lease;
  };

  return {
    get: async () => (await valid()).identity,
    lease: valid,
    generation: () => generation,
    reject: (refused) => {
      if (refused !== generation || held === undefined) return true;
      const lasts = held.validUntil === undefined && held.identity.sessionToken === undefined;
      // Forgotten in any case: the file they came from may have others by the next request.
      held = undefined;
      if (lasts) return false;
      refusals += 1;
      return refusals <= REFUSALS;
    },
    accept: () => {
      refusals = 0;
    },
  };
}

/** Credentials that never change. */
export function fixedCredentials(identity: Identity, foundBy?: string): CredentialSource {
  const lease: Lease = { identity, validUntil: undefined, foundBy };
  return {
    get: () => Promise.resolve(identity),
    lease: () => Promise.resolve(lease),
    generation: () => 0,
    reject: () => false,
    accept: () => undefined,
  };
}
