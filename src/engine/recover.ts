import type { Clock } from '../base/clock';
import { inParallel } from '../base/in-parallel';
import { letGo } from './claims';
import { isJournal, type JournalRecord } from './journal';
import { GONE, type Lease, ownerKey } from './lease';
import { claimOf, CLAIMS_PREFIX, type ClaimRecord, holderOf, isFreed, mayBeHeld, ownerOf } from './records';
import type { Register } from './register';
import { createSightings, type Holding, type Look, type Sighting } from './sightings';

/** A run whose process has ended before it did, or may not go on with it. */
export interface InterruptedRun {
  readonly record: JournalRecord;
  /** Version by key of its claims, its own record first. */
  readonly taken: ReadonlyMap<string, string>;
}

export interface Recovery {
  /**
   * Looks once at everything that is claimed, and takes up at most so many runs that nobody goes on with: each is entered in
   * the name of this process and holds every claim that its journal names. Claims without a journal are of runs that had no
   * effect yet, and are freed.
   */
  readonly scan: (most?: number) => Promise<readonly InterruptedRun[]>;
  /** What processes ask of one another, as the last look saw it. */
  readonly notices: () => readonly Sighting[];
}

export interface RecoveryOptions {
  readonly register: Register;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Where several processes share the register; absent: whatever this one does not run is left over. */
  readonly lease?: { readonly lease: Lease; readonly leaseMs: number } | undefined;
  /** Whether this process has the operation under way. */
  readonly isRunning: (operationId: string) => boolean;
  /** Whether this process can go on with a run; one of a newer version is left for a newer process. */
  readonly accepts: (record: JournalRecord) => Promise<boolean>;
  /** Whether it is recorded how the run ended: then only its claims were not given back. */
  readonly hasEnded?: (record: JournalRecord) => Promise<boolean>;
}

/** Freed records are of no use to anybody after so long: no look lasts a day. */
const SWEPT_AFTER_MS = 86_400_000;
const SWEPT_AT_ONCE = 100;
/** Records that are read, or taken over, at once: where each is a request, hundreds one after the other would take a minute. */
const RECORDS_AT_ONCE = 8;

/** What became of the sign of life of each dead process in one look. */
type Fenced = Map<string, ReturnType<Register['put']>>;

/** Makes the recovery of a process, which has seen nothing yet. */
export function createRecovery(options: RecoveryOptions): Recovery {
  const { register, clock, isRunning, accepts, hasEnded = () => Promise.resolve(false) } = options;
  const { lease, leaseMs } = options.lease ?? { lease: undefined, leaseMs: 0 };
  const sightings = createSightings(register, clock);
  let notices: readonly Sighting[] = [];

  // Nobody else can be at work where nobody else has the register.
  const isStill = ({ now }: Look, { since }: Sighting): boolean => !lease || now - since >= leaseMs;

  /** Whether nobody goes on with what a process of that name holds. */
  const isDead = (look: Look, owner: string | null, record: Sighting): boolean => {
    if (owner === null) return true;
    // Of this process, which does not go on with it: a record that could not be given back, or gone on with.
    if (owner === lease?.owner()) return isStill(look, record);
    const sign = look.owners.get(owner);
    if (sign && !mayBeHeld(sign)) return true;
    return isStill(look, record) && (sign === undefined || isStill(look, sign));
  };

  /** What a record says that nobody goes on with. What changes is alive: only where somebody has just left it is read, too. */
  const abandoned = async (look: Look, record: Sighting, someoneLeft: boolean): Promise<Holding | undefined> => {
    if (!isStill(look, record) && !someoneLeft && !sightings.isKnown(record)) return undefined;
    const holding = await sightings.holding(record);
    if (holding?.operationId === undefined || isRunning(holding.operationId)) return undefined;
    if (!lease) return holding;
    return holding.owner !== undefined && isDead(look, holding.owner, record) ? holding : undefined;
  };

  /**
   * Whatever the dead process still sends as a sign of life is refused from now on, and it knows. False: it has just given
   * another one, or another process was faster.
   */
  const fence = async ({ owners }: Look, owner: string | null | undefined, fenced: Fenced): Promise<boolean> => {
    const sign = typeof owner === 'string' ? owners.get(owner) : undefined;
    if (typeof owner !== 'string' || owner === lease?.owner() || !sign || !mayBeHeld(sign)) return true;
    // It may have left more than one operation.
    const fencing = fenced.get(owner) ?? register.put(ownerKey(owner), GONE, { ifMatch: sign.version });
    fenced.set(owner, fencing);
    return (await fencing).ok;
  };

  const takeOver = async (
    look: Look,
    { key, version }: Sighting,
    fenced: Fenced,
  ): Promise<InterruptedRun | undefined> => {
    const entry = await register.get(key);
    // Of another version nobody has said that it is left: it may be the one of whoever was faster.
    if (!entry || entry.version !== version || !isJournal(entry.value)) return undefined;
    const before = entry.value;
    if (isRunning(before.operationId)) return undefined;
    if (await hasEnded(before)) {
      await freeAll(key, entry.version, before);
      return undefined;
    }
    if (!(await accepts(before))) return undefined;
    if (!lease) return { record: before, taken: await hold(register, key, entry.version, before) };
    // The next look tells.
    if (!(await fence(look, before.owner, fenced))) return undefined;
    await lease.ensure();
    const record: JournalRecord = { ...before, owner: lease.owner() };
    // Of several who see it at once, one.
    const written = await register.put(key, record, { ifMatch: entry.version });
    return written.ok ? { record, taken: await hold(register, key, written.version, record) } : undefined;
  };

  /** Frees what a run has not given back that has ended, its own record first. */
  const freeAll = async (ownKey: string, version: string, { operationId, claims }: JournalRecord): Promise<void> => {
    await letGo(register, ownKey.slice(CLAIMS_PREFIX.length), version, operationId);
    for (const claim of claims) {
      const entry = await register.get(CLAIMS_PREFIX + claim);
      if (entry && entry.key !== ownKey && holderOf(entry.value) === operationId)
        await letGo(register, claim, entry.version, operationId);
    }
  };

  /** Frees a claim that has no journal, where no run that has one needs it. */
  const free = async (record: Sighting, { of, operationId = '' }: Holding): Promise<void> => {
    const journal = of === undefined ? undefined : await register.get(CLAIMS_PREFIX + of);
    if (journal && isJournal(journal.value) && journal.value.operationId === operationId) return;
    await letGo(register, record.key.slice(CLAIMS_PREFIX.length), record.version, operationId);
  };

  const sweep = async (look: Look): Promise<void> => {
    // A process that lives and has something to do gives a sign more often, and one that has not takes another name by then.
    const signs = [...look.owners.values()];
    // A register that does not tell ages is this process's own: what it has not seen change is as it was at its start.
    const age = ({ ageMs, since }: Sighting): number => (ageMs === Infinity ? look.now - since : ageMs);
    const known = await Promise.all(
      look.held.filter(sightings.isKnown).map(async (record) => ((await sightings.holding(record)) ? [] : [record])),
    );
    const old = [...look.free, ...known.flat(), ...signs].filter((record) => age(record) > SWEPT_AFTER_MS);
    await Promise.all(
      old.slice(0, SWEPT_AT_ONCE).map(({ key, version }) => register.delete(key, { ifMatch: version })),
    );
  };

  return {
    notices: () => notices,
    scan: async (most = Infinity) => {
      const look = await sightings.look();
      ({ notices } = look);
      const someoneLeft = [...look.owners.values()].some((sign) => !mayBeHeld(sign) && !isStill(look, sign));
      const found = await inParallel(RECORDS_AT_ONCE, look.held, async (record) => ({
        record,
        holding: await abandoned(look, record, someoneLeft),
      }));
      const left = found.flatMap(({ record, holding }) => (holding ? [{ record, holding }] : []));
      await inParallel(
        RECORDS_AT_ONCE,
        left.filter(({ holding }) => !holding.isJournal),
        ({ record, holding }) => free(record, holding),
      );
      const journals = left.filter(({ holding }) => holding.isJournal);
      const runs: InterruptedRun[] = [];
      const fenced: Fenced = new Map();
      const failures: unknown[] = [];
      while (runs.length < most && journals.length > 0 && failures.length === 0) {
        const next = journals.splice(0, Math.min(RECORDS_AT_ONCE, most - runs.length));
        const taken = await Promise.allSettled(next.map(({ record }) => takeOver(look, record, fenced)));
        for (const one of taken)
          if (one.status === 'rejected') failures.push(one.reason);
          else if (one.value) runs.push(one.value);
      }
      // What has been taken over is gone on with, whatever became of the others.
      if (runs.length === 0 && failures.length > 0) throw failures[0];
      await sweep(look);
      return runs;
    },
  };
}

/** Sees to it that a run holds every claim that its journal names: until it has ended nobody else may write there. */
async function hold(
  register: Register,
  ownKey: string,
  version: string,
  record: JournalRecord,
): Promise<ReadonlyMap<string, string>> {
  const own = ownKey.slice(CLAIMS_PREFIX.length);
  const taken = new Map([[own, version]]);
  const { operationId, kind, startedAt, owner } = record;
  const self: ClaimRecord = { operationId, kind, startedAt, ...(owner !== undefined && { owner }) };
  for (const key of record.claims.filter((other) => other !== own)) {
    const entry = await register.get(CLAIMS_PREFIX + key);
    const isOurs = entry && holderOf(entry.value) === operationId;
    if (entry && !isOurs && !isFreed(entry.value)) continue;
    if (isOurs && ownerOf(entry.value) === owner) {
      taken.set(key, entry.version);
      continue;
    }
    const condition = entry ? { ifMatch: entry.version } : ({ ifAbsent: true } as const);
    const written = await register.put(CLAIMS_PREFIX + key, claimOf(self, own), condition, false);
    if (written.ok) taken.set(key, written.version);
  }
  return taken;
}
