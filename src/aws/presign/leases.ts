import { createCache } from '../../base/cache';
import type { Clock } from '../../base/clock';
import { type AssumeRoleOptions, assumption, isTooLong } from '../credentials/assume-role';
import type { Lease } from '../credentials/source';
import type { SessionScope } from '../session-scope';

/** Credentials for a URL that should live `seconds`; they may live shorter when nothing longer was to be had. */
export type SigningLeases = (scope: SessionScope, seconds: number) => Promise<Lease>;

/**
 * Lengths of sessions that a role may allow, the longest first, in seconds.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_view-role-max-session.html; chained roles get an hour.
 */
const LENGTHS = [43_200, 28_800, 14_400, 7_200, 3_600];
const LONGEST = 43_200;
const SHORTEST = 900;

/**
 * A session is asked for so much longer than its first URL needs, so that it can sign others, and is given up after
 * that time: no refusal ever comes back from signing, so a session that was revoked would be used to its end.
 */
const SHARED_SECONDS = 900;

/** A length that was refused is not asked for again for so long; an operator may have raised the role's maximum. */
const REFUSAL_REMEMBERED_MS = 15 * 60_000;

/** Scopes, which is buckets, whose sessions are kept. */
const MOST_SCOPES = 200;

interface Held {
  readonly lease: Lease;
  readonly since: number;
}

interface Entry {
  held: Held | undefined;
  /** Sessions being fetched, by the seconds asked for. */
  readonly pending: Map<number, Promise<Lease>>;
}

/**
 * Keeps sessions of the account's role for signing. A kept one is used only when it lives as long as the URL should; else the
 * longest is asked for that the URL can use, in shorter and shorter lengths while STS refuses, `sessionSeconds` among them.
 * Failures are not kept.
 * @throws {misconfigured | unavailable | throttled} as `assumption`
 */
export function roleLeases(options: Omit<AssumeRoleOptions, 'scope'>): SigningLeases {
  const { account, clock } = options;
  const entries = createCache<Entry>({ most: MOST_SCOPES });
  const refused = rememberRefusals(clock);

  const assume = async (scope: SessionScope, lengths: readonly number[]): Promise<Lease> => {
    const assumeFor = assumption({ ...options, scope });
    const worthTrying = lengths.filter((seconds, index) => index === lengths.length - 1 || !refused.isKnown(seconds));
    let failure: unknown;
    for (const seconds of worthTrying) {
      try {
        return await assumeFor(seconds);
      } catch (thrown) {
        if (!isTooLong(thrown)) throw thrown;
        refused.note(seconds);
        failure = thrown;
      }
    }
    throw failure;
  };

  return async (scope, seconds) => {
    const key = scope.policy;
    const entry = entries.get(key) ?? { held: undefined, pending: new Map<number, Promise<Lease>>() };
    entries.set(key, entry);
    if (entry.held !== undefined && isEnough(entry.held, seconds, clock.now())) return entry.held.lease;

    const lengths = lengthsFor(seconds, account.sessionSeconds);
    const [longest = SHORTEST] = lengths;
    const underWay = entry.pending.get(longest);
    if (underWay !== undefined) return underWay;
    const since = clock.now();
    const fetching = assume(scope, lengths)
      .then((lease) => {
        if (endOf(lease) >= endOf(entry.held?.lease)) entry.held = { lease, since };
        return lease;
      })
      .finally(() => entry.pending.delete(longest));
    entry.pending.set(longest, fetching);
    return fetching;
  };
}

/** Lists what to ask STS for, in turn, in seconds. */
export function lengthsFor(seconds: number, sessionSeconds: number): readonly number[] {
  const within = (length: number): number => Math.min(LONGEST, Math.max(SHORTEST, length));
  const goal = within(seconds + SHARED_SECONDS);
  const all = new Set([goal, within(seconds), ...LENGTHS, sessionSeconds]);
  return [...all].filter((length) => length <= goal).sort((a, b) => b - a);
}

const endOf = (lease: Lease | undefined): number => lease?.validUntil ?? 0;

function isEnough({ lease, since }: Held, seconds: number, now: number): boolean {
  return endOf(lease) - now >= seconds * 1_000 && now - since <= SHARED_SECONDS * 1_000;
}

/** A length that is too long tells the same of every longer one. */
function rememberRefusals(clock: Clock): {
  readonly isKnown: (seconds: number) => boolean;
  readonly note: (seconds: number) => void;
} {
  let shortest = Infinity;
  let until = 0;
  return {
    isKnown: (seconds) => clock.now() < until && seconds >= shortest,
    note: (seconds) => {
      shortest = clock.now() < until ? Math.min(shortest, seconds) : seconds;
      until = clock.now() + REFUSAL_REMEMBERED_MS;
    },
  };
}
