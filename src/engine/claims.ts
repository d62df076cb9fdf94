import type { Clock } from '../base/clock';
import { fail, toDomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import type { Entry, Register } from './register';
import { retry, stubbornPolicy } from './retry';

/** What a claim says of its holder. Readers ignore further members: the journal is written into the same record. */
export type ClaimRecord = {
  readonly operationId: string;
  readonly kind: string;
  /** The process that runs the operation, where several share one register. */
  readonly owner?: string;
  /** ISO-8601, UTC. */
  readonly startedAt: string;
};

/** The claims of one run. Methods reject with a `busy` `DomainFailure`, or with what the register threw. */
export interface Claims {
  readonly holds: (key: string) => boolean;
  /** Keys held; the record of the first is the run's own. */
  readonly keys: () => readonly string[];
  /**
   * Takes all of `keys`, or none of them.
   * @throws {busy} when another run holds one
   */
  readonly take: (keys: readonly string[]) => Promise<void>;
  /** Like `take`, but waits for the holders: about `CLAIM_WAIT_MS` in the whole run. */
  readonly takeWaiting: (keys: readonly string[]) => Promise<void>;
  /**
   * Checks that no other run holds one of `keys`: exactly that key, or with a `/` at its end anything below it.
   * @throws {busy} when one does
   */
  readonly yieldTo: (keys: readonly string[]) => Promise<void>;
  /**
   * Replaces the run's own record.
   * @throws {busy} when the record is not the run's own any more
   */
  readonly rewrite: (record: ClaimRecord & { readonly [key: string]: JsonValue }) => Promise<void>;
  /**
   * Gives everything back, the run's own record first: from then on there is nothing to recover. To be called after a
   * failed `take`, too: a write whose reply was lost is looked for and taken away.
   */
  readonly release: () => Promise<void>;
}

export const CLAIMS_PREFIX = 'claims/';

/** How long a run waits, in all, for claims that it asks for after its look. */
export const CLAIM_WAIT_MS = 20_000;
const WAIT_BASE_MS = 100;
const WAIT_CAP_MS = 2_000;

const BUSY_RETRY_SECONDS = 2;

/** Between a conflict and the look at what caused it a record may go or change; that often it is tried again. */
const CONFLICT_ROUNDS = 3;

/**
 * Makes the claims of one run. `self` is what they say of it; `taken`: version by key of claims that a former process took for the same run, the run's own record
 * first. Default: it holds none yet.
 */
export function createClaims(
  register: Register,
  clock: Clock,
  self: ClaimRecord,
  taken: ReadonlyMap<string, string> = new Map(),
): Claims {
  /** Version by key, in the order of taking; undefined when the write's reply was lost. */
  const held = new Map<string, string | undefined>(taken);
  let waitUntil: number | undefined;
  const isOurs = (entry: Entry): boolean => holderOf(entry) === self.operationId;

  const takeOne = async (key: string): Promise<void> => {
    for (let round = 0; round < CONFLICT_ROUNDS; round += 1) {
      // Until the journal is written there is nothing to recover; then it names every claim.
      const written = await register.put(CLAIMS_PREFIX + key, self, { ifAbsent: true }, false);
      if (written.ok) return void held.set(key, written.version);
      const entry = await register.get(CLAIMS_PREFIX + key);
      // A store may refuse the repetition of a write whose reply it lost: then the claim is ours already.
      if (entry && isOurs(entry)) return void held.set(key, entry.version);
      if (entry) return busy(entry);
    }
    return busy({ key: CLAIMS_PREFIX + key });
  };

  const releaseOne = async (key: string): Promise<void> => {
    let version = held.get(key);
    for (let round = 0; round < CONFLICT_ROUNDS; round += 1) {
      if (version !== undefined && (await register.delete(CLAIMS_PREFIX + key, { ifMatch: version })).ok) return;
      // Gone, another run's by now, or ours in a version we have not seen because a reply was lost.
      const entry = await register.get(CLAIMS_PREFIX + key);
      if (!entry || !isOurs(entry)) return;
      version = entry.version;
    }
    fail({ kind: 'contended', detail: `the claim on ${key} keeps changing` });
  };

  /** Keys that cannot be given back stay held; gives what the register said of them. */
  const giveBack = async (keys: readonly string[]): Promise<readonly unknown[]> => {
    const failures: unknown[] = [];
    const one = async (key: string): Promise<void> => {
      try {
        await retry(stubbornPolicy, clock, () => releaseOne(key));
        held.delete(key);
      } catch (thrown) {
        failures.push(thrown);
      }
    };
    await Promise.all(keys.map(one));
    return failures;
  };

  /** Sorted and one by one: of two runs that want the same keys, the one that gets the lowest gets them all. */
  const take = async (keys: readonly string[]): Promise<void> => {
    const taken: string[] = [];
    for (const key of [...new Set(keys)].sort()) {
      if (held.has(key)) continue;
      try {
        await takeOne(key);
        taken.push(key);
      } catch (thrown) {
        if (isBusy(thrown)) await giveBack(taken);
        else held.set(key, undefined);
        throw thrown;
      }
    }
  };

  const takeWaiting = async (keys: readonly string[]): Promise<void> => {
    const deadline = (waitUntil ??= clock.monotonic() + CLAIM_WAIT_MS);
    const policy = {
      attempts: Number.POSITIVE_INFINITY,
      baseMs: WAIT_BASE_MS,
      capMs: WAIT_CAP_MS,
      retries: (error: { readonly kind: string }) => error.kind === 'busy' && clock.monotonic() < deadline,
    };
    await retry(policy, clock, () => take(keys));
  };

  const yieldTo = async (keys: readonly string[]): Promise<void> => {
    const find = async (key: string): Promise<readonly Entry[]> => {
      const found = key.endsWith('/') ? await register.list(CLAIMS_PREFIX + key) : [{ key: CLAIMS_PREFIX + key }];
      const entries = await Promise.all(found.map((listed) => register.get(listed.key)));
      return entries.flatMap((entry) => entry ?? []);
    };
    const found = await Promise.all(keys.map(find));
    const other = found.flat().find((entry) => !isOurs(entry));
    if (other) busy(other);
  };

  const rewrite: Claims['rewrite'] = async (record) => {
    const [own] = held;
    if (own?.[1] === undefined) return fail({ kind: 'unforeseen', detail: 'a run that holds nothing has no record' });
    const [key, version] = own;
    const written = await register.put(CLAIMS_PREFIX + key, record, { ifMatch: version });
    if (!written.ok) return busy((await register.get(CLAIMS_PREFIX + key)) ?? { key: CLAIMS_PREFIX + key });
    held.set(key, written.version);
  };

  const release = async (): Promise<void> => {
    const [own, ...others] = held.keys();
    if (own === undefined) return;
    const failures = [...(await giveBack([own])), ...(await giveBack(others))];
    if (failures.length > 0) throw failures[0];
  };

  return { holds: (key) => held.has(key), keys: () => [...held.keys()], take, takeWaiting, yieldTo, rewrite, release };
}

/** Tells whether what was thrown means that another run holds a claim. */
export function isBusy(thrown: unknown): boolean {
  return toDomainError(thrown).kind === 'busy';
}

function holderOf(entry: Pick<Entry, 'value'>): string | undefined {
  const { value } = entry;
  if (typeof value !== 'object' || value === null || !('operationId' in value)) return undefined;
  return typeof value['operationId'] === 'string' ? value['operationId'] : undefined;
}

/**
 * Refuses because of a claim that another run holds.
 * @throws {busy} naming what is held and by whom
 */
function busy(entry: { readonly key: string; readonly value?: JsonValue }): never {
  const holder = entry.value === undefined ? undefined : holderOf({ value: entry.value });
  return fail({
    kind: 'busy',
    detail: `Another operation is at work on ${entry.key.slice(CLAIMS_PREFIX.length)}. Try again in a moment.`,
    retryAfterSeconds: BUSY_RETRY_SECONDS,
    ...(holder !== undefined && { holder }),
  });
}
