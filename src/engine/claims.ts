import type { Clock } from '../base/clock';
import { type DomainError, fail, toDomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import { claimOf, CLAIMS_PREFIX, type ClaimRecord, freed, holderOf, isFreed, mayBeHeld, ownerOf } from './records';
import type { Condition, Entry, Register } from './register';
import { retry, stubbornPolicy } from './retry';

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
  /**
   * Takes again what the operation has held before; nothing is written over what others have left since.
   * @throws {busy} when another run holds one
   * @throws {conflict} when another run has held one since
   */
  readonly takeAgain: (keys: readonly string[]) => Promise<void>;
  /** Like `take`, but waits for the holders: about `CLAIM_WAIT_MS` in the whole run. */
  readonly takeWaiting: (keys: readonly string[]) => Promise<void>;
  /**
   * Checks that no other run holds one of `keys`: exactly that key, or with a `/` at its end anything below it.
   * @throws {busy} when one does
   */
  readonly yieldTo: (keys: readonly string[]) => Promise<void>;
  /**
   * Milliseconds on the monotonic clock: others had nothing to do with what was claimed or yielded to since then, and perhaps
   * not for much longer. -Infinity: nobody of whom the register knows.
   */
  readonly touchedByOthers: () => number;
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

const WORKED_ON: DomainError = {
  kind: 'conflict',
  detail:
    'Others have worked on what this operation left: what is there now may be theirs. Look at it, and delete what is left over.',
};

/** How long a run waits, in all, for claims that it asks for after its look. */
export const CLAIM_WAIT_MS = 20_000;
const WAIT_BASE_MS = 100;
const WAIT_CAP_MS = 2_000;

const BUSY_RETRY_SECONDS = 2;

/** Between a conflict and the look at what caused it a record may go or change; that often it is tried again. */
const CONFLICT_ROUNDS = 3;

/** How the last part of a key begins that no other run will ever use: its record is deleted, not freed. */
export const ONCE = 'work:';
const isForOnce = (key: string): boolean => key.slice(key.lastIndexOf('/') + 1).startsWith(ONCE);

/**
 * Makes the claims of one run. `self` is what they say of it; `taken`: version by key of claims that a former process took for
 * the same run, the run's own record first. Default: it holds none yet.
 */
export function createClaims(
  register: Register,
  clock: Clock,
  self: ClaimRecord,
  taken: ReadonlyMap<string, string> = new Map(),
): Claims {
  /** Version by key, in the order of taking; undefined when the write's reply was lost. */
  const held = new Map<string, string | undefined>(taken);
  /** JSON of the run's own records whose replies were lost. */
  const unanswered = new Set<string>();
  let touchedAt = -Infinity;
  let waitUntil: number | undefined;
  // Whoever took the run over holds the same claims for the same operation.
  const isOurs = ({ value }: Pick<Entry, 'value'>): boolean =>
    holderOf(value) === self.operationId && ownerOf(value) === self.owner;

  const read = async (key: string): Promise<Entry | undefined> => {
    const entry = await register.get(CLAIMS_PREFIX + key);
    // What the register knows from its own writes alone cannot have changed while somebody looked.
    if (entry && entry.ageMs !== Infinity) touchedAt = Math.max(touchedAt, clock.monotonic() - entry.ageMs);
    return entry;
  };

  const takeOne = async (key: string, seen: Entry | undefined, isAgain: boolean): Promise<void> => {
    let entry = seen;
    for (let round = 0; round < CONFLICT_ROUNDS; round += 1) {
      // What was there before this run has written is of another run of the operation, which goes on.
      if (entry && round > 0 && isOurs(entry)) return void held.set(key, entry.version);
      if (entry && !isFreed(entry.value)) return busy(entry);
      if (isAgain && entry && isFreed(entry.value) && entry.value.freed !== self.operationId) fail(WORKED_ON);
      const condition: Condition = entry ? { ifMatch: entry.version } : { ifAbsent: true };
      // Of the order of keys: the first that is held has the journal.
      const value = claimOf(self, [...held.keys()][0] ?? key);
      // Until the journal is written there is nothing to recover; then it names every claim.
      const written = await register.put(CLAIMS_PREFIX + key, value, condition, false);
      if (written.ok) return void held.set(key, written.version);
      // A store may refuse the repetition of a write whose reply it lost: then the claim is ours already.
      entry = await read(key);
    }
    return busy(entry && !isFreed(entry.value) ? entry : { key: CLAIMS_PREFIX + key });
  };

  const releaseOne = async (key: string): Promise<void> => {
    let version = held.get(key);
    for (let round = 0; round < CONFLICT_ROUNDS; round += 1) {
      // Where the reply is lost, the next look tells.
      held.set(key, undefined);
      if (version !== undefined && (await letGo(register, key, version, self.operationId)).ok) return;
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
  const take = async (keys: readonly string[], isAgain = false): Promise<void> => {
    const wanted = [...new Set(keys)].sort().filter((key) => !held.has(key));
    const seen = await Promise.all(wanted.map(read));
    const inTheWay = seen.find((entry) => entry && !isFreed(entry.value));
    if (inTheWay) busy(inTheWay);
    const got: string[] = [];
    for (const [index, key] of wanted.entries()) {
      try {
        await takeOne(key, seen[index], isAgain);
        got.push(key);
      } catch (thrown) {
        if (isRefusal(thrown)) await giveBack(got);
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
      if (!key.endsWith('/')) return [(await read(key)) ?? []].flat();
      const listed = await register.list(CLAIMS_PREFIX + key);
      const now = clock.monotonic();
      for (const { ageMs } of listed) if (ageMs !== Infinity) touchedAt = Math.max(touchedAt, now - ageMs);
      const held = listed.filter(mayBeHeld);
      const entries = await Promise.all(held.map((one) => register.get(one.key)));
      return entries.flatMap((entry) => entry ?? []);
    };
    const found = await Promise.all(keys.map(find));
    const other = found.flat().find((entry) => !isFreed(entry.value) && !isOurs(entry));
    if (other) busy(other);
  };

  const rewrite: Claims['rewrite'] = async (record) => {
    const [own] = held;
    if (own?.[1] === undefined) return fail({ kind: 'unforeseen', detail: 'a run that holds nothing has no record' });
    const [key, version] = own;
    const put = (ifMatch: string) =>
      register.put(CLAIMS_PREFIX + key, record, { ifMatch }).catch((thrown: unknown) => {
        unanswered.add(JSON.stringify(record));
        throw thrown;
      });
    let written = await put(version);
    if (!written.ok) {
      const entry = await register.get(CLAIMS_PREFIX + key);
      // An earlier record of this very run, whose reply was lost; another run may have its id.
      if (!entry || !unanswered.has(JSON.stringify(entry.value))) return busy(entry ?? { key: CLAIMS_PREFIX + key });
      written = await put(entry.version);
      if (!written.ok) return fail({ kind: 'contended', detail: `the record of ${key} keeps changing` });
    }
    unanswered.clear();
    held.set(key, written.version);
  };

  const release = async (): Promise<void> => {
    const [own, ...others] = held.keys();
    if (own === undefined) return;
    const failures = [...(await giveBack([own])), ...(await giveBack(others))];
    if (failures.length > 0) throw failures[0];
  };

  return {
    holds: (key) => held.has(key),
    keys: () => [...held.keys()],
    take: (keys) => take(keys),
    takeAgain: (keys) => take(keys, true),
    takeWaiting,
    yieldTo,
    touchedByOthers: () => touchedAt,
    rewrite,
    release,
  };
}

/** Frees a record in the version that was read; one that was for one run alone is deleted. */
export function letGo(register: Register, key: string, version: string, operationId: string) {
  const condition = { ifMatch: version };
  return isForOnce(key)
    ? register.delete(CLAIMS_PREFIX + key, condition)
    : register.put(CLAIMS_PREFIX + key, freed(operationId), condition, false);
}

/** Tells whether what was thrown is a refusal because of other runs, and no failure of the register. */
export const isRefusal = (thrown: unknown): boolean => isBusy(thrown) || toDomainError(thrown) === WORKED_ON;

/** Tells whether what was thrown means that another run holds a claim. */
export function isBusy(thrown: unknown): boolean {
  return toDomainError(thrown).kind === 'busy';
}

/**
 * Refuses because of a claim that another run holds.
 * @throws {busy} naming what is held and by whom
 */
function busy(entry: { readonly key: string; readonly value?: JsonValue }): never {
  const holder = entry.value === undefined ? undefined : holderOf(entry.value);
  return fail({
    kind: 'busy',
    detail: `Another operation is at work on ${entry.key.slice(CLAIMS_PREFIX.length)}. Try again in a moment.`,
    retryAfterSeconds: BUSY_RETRY_SECONDS,
    ...(holder !== undefined && { holder }),
  });
}
