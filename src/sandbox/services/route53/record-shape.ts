import { bool, integer, many, oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';

/** Records and batches of changes. Source: Route 53 API reference, ResourceRecordSet and ChangeBatch. */

const TYPES = [
  'SOA',
  'A',
  'TXT',
  'NS',
  'CNAME',
  'MX',
  'NAPTR',
  'PTR',
  'SRV',
  'SPF',
  'AAAA',
  'CAA',
  'DS',
  'TLSA',
  'SSHFP',
  'SVCB',
  'HTTPS',
] as const;

const recordSetShape = struct({
  Name: required(text),
  Type: required(oneOf(...TYPES)),
  SetIdentifier: optional(text),
  Weight: optional(integer),
  Region: optional(text),
  GeoLocation: optional(
    struct({ ContinentCode: optional(text), CountryCode: optional(text), SubdivisionCode: optional(text) }),
  ),
  Failover: optional(oneOf('PRIMARY', 'SECONDARY')),
  MultiValueAnswer: optional(bool),
  TTL: optional(integer),
  ResourceRecords: optional(struct({ ResourceRecord: many(struct({ Value: required(text) })) })),
  AliasTarget: optional(
    struct({ HostedZoneId: required(text), DNSName: required(text), EvaluateTargetHealth: required(bool) }),
  ),
  HealthCheckId: optional(text),
  TrafficPolicyInstanceId: optional(text),
  CidrRoutingConfig: optional(struct({ CollectionId: required(text), LocationName: required(text) })),
  GeoProximityLocation: optional(
    struct({
      AWSRegion: optional(text),
      LocalZoneGroup: optional(text),
      Coordinates: optional(struct({ Latitude: required(text), Longitude: required(text) })),
      Bias: optional(integer),
    }),
  ),
});

export type RecordSet = ShapeType<typeof recordSetShape>;

export const changeRequestShape = struct({
  ChangeBatch: required(
    struct({
      Comment: optional(text),
      Changes: required(
        struct({
          Change: many(
            struct({
              Action: required(oneOf('CREATE', 'DELETE', 'UPSERT')),
              ResourceRecordSet: required(recordSetShape),
            }),
            1,
            1000,
          ),
        }),
      ),
    }),
  ),
});

export type Change = ShapeType<typeof changeRequestShape>['ChangeBatch']['Changes']['Change'][number];

/** Gives what tells records of one zone apart. */
export function recordKey(record: Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>): string {
  return [record.Name, record.Type, record.SetIdentifier ?? ''].join(' ');
}
