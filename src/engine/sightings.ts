import type { Clock } from '../base/clock';
import type { JsonValue } from '../base/json';
import { isJournal } from './journal';
import { CLAIMS_PREFIX, holderOf, isFreed, mayBeHeld, NOTICES_PREFIX, ownerOf } from './records';
import type { Listed, Register } from './register';

const OWNERS_PREFIX = `${NOTICES_PREFIX}owner/`;

/** A key below the claims, and for how long it has been as it is by the clock of whoever looks. */
export interface Sighting extends Listed {
  /** Monotonic milliseconds of the first look that saw this version. */
  readonly since: number;
}

/** What a record says of its holder. */
export interface Holding {
  readonly operationId: string | undefined;
  readonly owner: string | null | undefined;
  readonly isJournal: boolean;
  /** Key of the claim whose record has the journal. */
  readonly of: string | undefined;
}

/** What one look at the register has seen. */
export interface Look {
  readonly now: number;
  /** Records of resources that may be held. */
  readonly held: readonly Sighting[];
  /** Those that nobody holds. */
  readonly free: readonly Sighting[];
  readonly owners: ReadonlyMap<string, Sighting>;
  /** What processes ask of one another. */
  readonly notices: readonly Sighting[];
}

/** Looks again and again at the keys of a register, and remembers since when each has not changed. */
export interface Sightings {
  readonly look: () => Promise<Look>;
  /** What a record says; read once a version. Undefined when it is gone, or free. */
  readonly holding: (sighting: Sighting) => Promise<Holding | undefined>;
  /** Whether that has been read already. */
  readonly isKnown: (sighting: Sighting) => boolean;
}

export function createSightings(register: Register, clock: Pick<Clock, 'monotonic'>): Sightings {
  const seen = new Map<string, Sighting>();
  const known = new Map<string, { readonly version: string; readonly holding: Holding | undefined }>();

  return {
    look: async () => {
      const now = clock.monotonic();
      const listed = await register.list(CLAIMS_PREFIX);
      // What is new may have been written while the list was made; what has not changed has not until it was asked for.
      const listedAt = clock.monotonic();
      const keys = new Set(listed.map(({ key }) => key));
      for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
      const all = listed.map((entry): Sighting => {
        const before = seen.get(entry.key);
        const sighting = { ...entry, since: before?.version === entry.version ? before.since : listedAt };
        seen.set(entry.key, sighting);
        return sighting;
      });
      const records = all.filter(({ key }) => !key.startsWith(NOTICES_PREFIX));
      const owners = all.filter(({ key }) => key.startsWith(OWNERS_PREFIX));
      return {
        now,
        held: records.filter(mayBeHeld),
        free: records.filter((record) => !mayBeHeld(record)),
        owners: new Map(owners.map((owner) => [owner.key.slice(OWNERS_PREFIX.length), owner])),
        notices: all.filter(({ key }) => key.startsWith(NOTICES_PREFIX) && !key.startsWith(OWNERS_PREFIX)),
      };
    },
    isKnown: ({ key, version }) => known.get(key)?.version === version,
    holding: async ({ key, version }) => {
      const before = known.get(key);
      if (before?.version === version) return before.holding;
      const entry = await register.get(key);
      const holding = entry && holdingOf(entry.value);
      if (entry) known.set(key, { version: entry.version, holding });
      return holding;
    },
  };
}

function holdingOf(value: JsonValue): Holding | undefined {
  if (isFreed(value)) return undefined;
  const of = typeof value === 'object' && value !== null && 'of' in value ? value['of'] : undefined;
  return {
    operationId: holderOf(value),
    owner: ownerOf(value),
    isJournal: isJournal(value),
    of: typeof of === 'string' ? of : undefined,
  };
}
