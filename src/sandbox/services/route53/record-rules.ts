import { isIP } from 'node:net';
import { isDomainName, liesIn, normalName } from './names';
import { type Change, type RecordSet, recordKey } from './record-shape';
import { refuse } from './call';
import type { Route53State, Zone } from './state';

/** What a change must be like, and which records may stand beside each other. */

/** Every CloudFront alias targets one of these zones, which hold the names under a suffix. Source: Route 53 API reference, AliasTarget. */
const CLOUDFRONT_ZONES: ReadonlyMap<string, string> = new Map([
  ['Z2FDTNDATAQYW2', 'cloudfront.net.'],
  ['Z3RFFRIM2A3IF5', 'cloudfront.cn.'],
]);

/**
 * Gives the change with names as they are kept.
 * @throws {InvalidInput} when Route 53 would not take it
 */
export function normalChange(change: Change): Change {
  const { Action: action, ResourceRecordSet: record } = change;
  const where = `Change with [Action=${action}, Name=${record.Name}, Type=${record.Type}, SetIdentifier=${record.SetIdentifier ?? 'null'}]`;
  const values = record.ResourceRecords?.ResourceRecord.length ?? 0;
  const alias = record.AliasTarget;
  const plain = record.TTL !== undefined && values > 0;
  if ((alias === undefined) !== plain || (alias !== undefined && (record.TTL !== undefined || values > 0))) {
    refuse(
      'InvalidInput',
      `Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found ${alias === undefined ? 'none' : 'more than one'} in ${where}`,
    );
  }
  if (record.TTL !== undefined && (record.TTL < 0 || record.TTL > 2_147_483_647))
    refuse('InvalidInput', `Invalid TTL in ${where}`);
  const routed = [
    record.Weight,
    record.Region,
    record.GeoLocation,
    record.Failover,
    record.MultiValueAnswer,
    record.CidrRoutingConfig,
    record.GeoProximityLocation,
  ];
  if ((record.SetIdentifier !== undefined) !== routed.some((policy) => policy !== undefined)) {
    refuse(
      'InvalidInput',
      `Invalid request: Expected both or neither of [SetIdentifier] and a routing policy in ${where}`,
    );
  }
  return {
    Action: action,
    ResourceRecordSet: {
      ...record,
      Name: normalName(record.Name),
      AliasTarget: alias === undefined ? undefined : { ...alias, DNSName: normalName(alias.DNSName) },
    },
  };
}

function addressProblem(record: RecordSet): string | undefined {
  const version = record.Type === 'A' ? 4 : record.Type === 'AAAA' ? 6 : undefined;
  const bad = (record.ResourceRecords?.ResourceRecord ?? []).find(
    ({ Value }) => version !== undefined && isIP(Value) !== version,
  );
  if (bad === undefined || version === undefined) return undefined;
  const code = version === 4 ? 'ARRDATAIllegalIPv4Address' : 'AAAARRDATAIllegalIPv6Address';
  return `Invalid Resource Record: 'FATAL problem: ${code} (Value is not a valid IPv${version} address) encountered with '${bad.Value}''`;
}

function aliasProblem(
  record: RecordSet,
  zone: Zone,
  after: ReadonlyMap<string, RecordSet>,
  state: Route53State,
): string | undefined {
  const alias = record.AliasTarget;
  if (alias === undefined) return undefined;
  const told = `Tried to create an alias that targets ${alias.DNSName}, type ${record.Type} in zone ${alias.HostedZoneId}, but`;
  const distributions = CLOUDFRONT_ZONES.get(alias.HostedZoneId);
  if (distributions !== undefined) {
    if (!liesIn(alias.DNSName, distributions))
      return `${told} the alias target name does not lie within the target zone`;
    if (alias.EvaluateTargetHealth) return 'EvaluateTargetHealth must be false for aliases of CloudFront distributions';
    return undefined;
  }
  const target = alias.HostedZoneId === zone.id ? zone : state.zones.get(alias.HostedZoneId);
  // Any other id is a zone of AWS's own, of which the sandbox knows nothing.
  if (target === undefined) return undefined;
  const records = target === zone ? after : target.records;
  const found = [...records.values()].some((one) => one.Name === alias.DNSName && one.Type === record.Type);
  return found ? undefined : `${told} that target was not found`;
}

/** Tells what is wrong with a record that is to stand in the zone; undefined when nothing is. */
export function recordProblem(
  record: RecordSet,
  zone: Zone,
  after: ReadonlyMap<string, RecordSet>,
  state: Route53State,
): string | undefined {
  const { Name: name, Type: type } = record;
  if (!isDomainName(name)) return `FATAL problem: DomainLabelEmpty (Domain label is empty) encountered with '${name}'`;
  if (!liesIn(name, zone.name)) return `RRSet with DNS name ${name} is not permitted in zone ${zone.name}`;
  if (type === 'CNAME' && name === zone.name)
    return `RRSet of type CNAME with DNS name ${name} is not permitted at apex in zone ${zone.name}`;
  const beside = [...after.values()].filter((other) => other.Name === name && recordKey(other) !== recordKey(record));
  const clash =
    type === 'CNAME' ? beside.some((other) => other.Type !== 'CNAME') : beside.some((other) => other.Type === 'CNAME');
  if (clash)
    return `RRSet of type ${type} with DNS name ${name} is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}`;
  const mixed = beside.some(
    (other) => other.Type === type && (other.SetIdentifier === undefined) !== (record.SetIdentifier === undefined),
  );
  if (mixed)
    return `RRSet with DNS name ${name}, type ${type} cannot be created as a non-routed and a routed record of the same name exist`;
  return addressProblem(record) ?? aliasProblem(record, zone, after, state);
}

/** Tells whether a deletion names a record exactly: every member, values in any order. */
export function sameRecord(left: RecordSet, right: RecordSet): boolean {
  const canonical = (record: RecordSet): string => {
    const values = (record.ResourceRecords?.ResourceRecord ?? []).map(({ Value }) => Value).sort();
    const members = Object.entries({ ...record, ResourceRecords: values }).filter(([, value]) => value !== undefined);
    return JSON.stringify(members.sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return canonical(left) === canonical(right);
}
