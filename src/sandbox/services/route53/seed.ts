import { normalName } from './names';
import { type Protection, type Route53State, type Zone, birthRecords } from './state';

/** A hosted zone that is there from the start. */
export interface SeedZone {
  readonly accountId: string;
  /** `Z…`, without `/hostedzone/`. */
  readonly id: string;
  readonly name: string;
  /** Default: a public one. */
  readonly privateZone?: boolean;
  /** Change guardrails that are on, e.g. `ACTIVE_RECORD_CHECK`. */
  readonly guardrails?: readonly string[];
  readonly protections?: readonly Protection[];
}

/** Adds what is not there yet, so that stored state is kept over restarts. Throws TypeError on a malformed id. */
export function seedZones(state: Route53State, seeds: readonly SeedZone[]): void {
  for (const { accountId, id, name, privateZone = false, guardrails, protections } of seeds) {
    if (!/^Z[A-Z0-9]{1,31}$/.test(id)) throw new TypeError(`${id} is not the id of a hosted zone`);
    if (state.zones.has(id)) continue;
    const kept = normalName(name);
    const zone: Zone = {
      id,
      accountId,
      name: kept,
      callerReference: `seed-${id}`,
      comment: '',
      privateZone,
      ...(guardrails !== undefined && { guardrails }),
      ...(protections !== undefined && { protections }),
      records: birthRecords(kept),
    };
    state.zones.set(id, zone);
  }
}

/** Tells whether any zone holds this record. */
export function holdsRecord(
  state: Route53State,
  wanted: { readonly Name: string; readonly Type: string; readonly Value: string },
): boolean {
  const name = normalName(wanted.Name);
  const same = (value: string): boolean => normalName(value) === normalName(wanted.Value);
  return [...state.zones.values()].some((zone) =>
    [...zone.records.values()].some(
      (record) =>
        record.Name === name &&
        record.Type === wanted.Type &&
        (record.ResourceRecords?.ResourceRecord ?? []).some(({ Value }) => same(Value)),
    ),
  );
}
