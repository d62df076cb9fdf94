import { randomInt } from 'node:crypto';
import { compareText, sortKey } from './names';
import { type RecordSet, recordKey } from './record-shape';

/** What Route 53 remembers: plain data. Times are milliseconds since the epoch. */

/** Of all record sets of one name and type. */
export interface Protection {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

export interface Zone {
  readonly id: string;
  readonly accountId: string;
  /** Normal: lower case, with the last dot. */
  readonly name: string;
  readonly callerReference: string;
  readonly comment: string;
  readonly privateZone: boolean;
  /** Names of the change guardrails that are on; absent: none. */
  readonly guardrails?: readonly string[];
  /** Record sets that no change may touch; absent: none. */
  readonly protections?: readonly Protection[];
  /** By `recordKey`; replaced as a whole, so that a batch takes effect at once or not at all. */
  records: ReadonlyMap<string, RecordSet>;
}

export interface ChangeInfo {
  readonly id: string;
  readonly accountId: string;
  readonly submittedAt: number;
  readonly inSyncAt: number;
  readonly comment: string | undefined;
}

export interface Route53State {
  readonly zones: Map<string, Zone>;
  readonly changes: Map<string, ChangeInfo>;
}

export function createRoute53State(): Route53State {
  return { zones: new Map(), changes: new Map() };
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export function newId(first: 'Z' | 'C'): string {
  return first + Array.from({ length: 20 }, () => UPPER.charAt(randomInt(UPPER.length))).join('');
}

/** The four servers every zone of the sandbox names; nobody answers there. */
export const NAME_SERVERS = [
  'ns-1.awsdns-01.org.',
  'ns-2.awsdns-02.co.uk.',
  'ns-3.awsdns-03.com.',
  'ns-4.awsdns-04.net.',
] as const;

const NOTHING = {
  SetIdentifier: undefined,
  Weight: undefined,
  Region: undefined,
  GeoLocation: undefined,
  Failover: undefined,
  MultiValueAnswer: undefined,
  AliasTarget: undefined,
  HealthCheckId: undefined,
  TrafficPolicyInstanceId: undefined,
  CidrRoutingConfig: undefined,
  GeoProximityLocation: undefined,
};

/** Makes the NS and SOA records a zone is born with. */
export function birthRecords(name: string): ReadonlyMap<string, RecordSet> {
  const record = (type: 'NS' | 'SOA', ttl: number, values: readonly string[]): RecordSet => ({
    ...NOTHING,
    Name: name,
    Type: type,
    TTL: ttl,
    ResourceRecords: { ResourceRecord: values.map((Value) => ({ Value })) },
  });
  const records = [
    record('NS', 172_800, NAME_SERVERS),
    record('SOA', 900, [`${NAME_SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`]),
  ];
  return new Map(records.map((one) => [recordKey(one), one]));
}

/** Orders records as listings do: names by reversed labels, then type, then set identifier. */
export function compareRecords(
  left: Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>,
  right: Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>,
): number {
  return (
    compareText(sortKey(left.Name), sortKey(right.Name)) ||
    compareText(left.Type, right.Type) ||
    compareText(left.SetIdentifier ?? '', right.SetIdentifier ?? '')
  );
}

type FrozenZone = Omit<Zone, 'records'> & { readonly records: readonly RecordSet[] };

export interface Route53Snapshot {
  readonly zones: readonly FrozenZone[];
  readonly changes: readonly ChangeInfo[];
}

export function takeSnapshot(state: Route53State): Route53Snapshot {
  return {
    zones: [...state.zones.values()].map((zone) => ({ ...zone, records: [...zone.records.values()] })),
    changes: [...state.changes.values()],
  };
}

/** Replaces everything in `state`. */
export function restoreSnapshot(state: Route53State, snapshot: Route53Snapshot): void {
  state.zones.clear();
  state.changes.clear();
  for (const zone of snapshot.zones) {
    state.zones.set(zone.id, { ...zone, records: new Map(zone.records.map((one) => [recordKey(one), one])) });
  }
  for (const change of snapshot.changes) state.changes.set(change.id, change);
}
