import type { RestReply } from '../../protocol/rest-reply';
import type { XmlObject } from '../../protocol/xml';
import { bool, decodeXml, optional, required, struct, text } from '../../protocol/xml-shape';
import { type OperationTable, type Route53Call, changeView, pageSize, refuse, submit, zoneArn, zoneOf } from './call';
import { compareText, isDomainName, normalName, sortKey } from './names';
import { NAME_SERVERS, type Zone, birthRecords, newId } from './state';

/** Hosted zones. */

const createShape = struct({
  Name: required(text),
  VPC: optional(struct({ VPCRegion: optional(text), VPCId: optional(text) })),
  CallerReference: required(text),
  HostedZoneConfig: optional(struct({ Comment: optional(text), PrivateZone: optional(bool) })),
  DelegationSetId: optional(text),
});

const MAX_ITEMS = 100;

const DELEGATION: XmlObject = { NameServers: { NameServer: [...NAME_SERVERS] } };

function zoneView(zone: Zone): XmlObject {
  return {
    Id: `/hostedzone/${zone.id}`,
    Name: zone.name,
    CallerReference: zone.callerReference,
    Config: {
      Comment: zone.comment === '' ? undefined : zone.comment,
      PrivateZone: zone.privateZone,
      HostedZoneTier: (zone.guardrails ?? []).length > 0 ? 'ADVANCED' : 'STANDARD',
    },
    ResourceRecordSetCount: zone.records.size,
    Features:
      zone.guardrails === undefined
        ? undefined
        : { ChangeGuardrails: { ChangeGuardrail: zone.guardrails.map((Name) => ({ Name, Status: 'ENABLED' })) } },
  };
}

function owned(call: Route53Call): Zone[] {
  return [...call.state.zones.values()].filter(({ accountId }) => accountId === call.accountId);
}

function create(call: Route53Call): RestReply {
  const given = decodeXml(call.body, 'CreateHostedZoneRequest', createShape);
  if (!isDomainName(given.Name)) refuse('InvalidDomainName', `${given.Name} is not a valid domain name.`);
  if (owned(call).some(({ callerReference }) => callerReference === given.CallerReference)) {
    refuse('HostedZoneAlreadyExists', `A hosted zone has already been created with the specified caller reference.`);
  }
  const name = normalName(given.Name);
  const zone: Zone = {
    id: newId('Z'),
    accountId: call.accountId,
    name,
    callerReference: given.CallerReference,
    comment: given.HostedZoneConfig?.Comment ?? '',
    privateZone: given.VPC !== undefined,
    records: birthRecords(name),
  };
  call.state.zones.set(zone.id, zone);
  return {
    status: 201,
    headers: { location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}` },
    xml: {
      root: 'CreateHostedZoneResponse',
      value: {
        HostedZone: zoneView(zone),
        ChangeInfo: changeView(submit(call, undefined), call.now),
        DelegationSet: DELEGATION,
        VPC: given.VPC,
      },
    },
  };
}

function remove(call: Route53Call): RestReply {
  const zone = zoneOf(call);
  const born = new Set(birthRecords(zone.name).keys());
  if ([...zone.records.keys()].some((key) => !born.has(key))) {
    refuse(
      'HostedZoneNotEmpty',
      'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
    );
  }
  call.state.zones.delete(zone.id);
  return {
    xml: { root: 'DeleteHostedZoneResponse', value: { ChangeInfo: changeView(submit(call, undefined), call.now) } },
  };
}

function list(call: Route53Call): RestReply {
  const size = pageSize(call, MAX_ITEMS);
  const marker = call.query.get('marker') ?? '';
  const all = owned(call).sort((left, right) => compareText(left.id, right.id));
  const rest = all.filter(({ id }) => id >= marker);
  const next = rest[size];
  return {
    xml: {
      root: 'ListHostedZonesResponse',
      value: {
        HostedZones: { HostedZone: rest.slice(0, size).map(zoneView) },
        Marker: marker === '' ? undefined : marker,
        IsTruncated: next !== undefined,
        NextMarker: next?.id,
        MaxItems: size,
      },
    },
  };
}

function listByName(call: Route53Call): RestReply {
  const size = pageSize(call, MAX_ITEMS);
  const name = call.query.get('dnsname') ?? '';
  const id = (call.query.get('hostedzoneid') ?? '').replace(/^\/hostedzone\//, '');
  const keyOf = (zone: Zone): string => `${sortKey(zone.name)} ${zone.id}`;
  const from = name === '' ? '' : `${sortKey(name)} ${id}`;
  const rest = owned(call)
    .sort((left, right) => compareText(keyOf(left), keyOf(right)))
    .filter((zone) => keyOf(zone) >= from);
  const next = rest[size];
  return {
    xml: {
      root: 'ListHostedZonesByNameResponse',
      value: {
        HostedZones: { HostedZone: rest.slice(0, size).map(zoneView) },
        DNSName: name === '' ? undefined : name,
        HostedZoneId: id === '' ? undefined : id,
        IsTruncated: next !== undefined,
        NextDNSName: next?.name,
        NextHostedZoneId: next?.id,
        MaxItems: size,
      },
    },
  };
}

const onAnything = (): { readonly resource: string } => ({ resource: '*' });
const onZone = (call: Route53Call): { readonly resource: string } => ({
  resource: zoneArn(call, call.labels['Id'] ?? ''),
});

export const zoneOperations: OperationTable = {
  CreateHostedZone: { needs: onAnything, run: create },
  GetHostedZone: {
    needs: onZone,
    run: (call) => ({
      xml: { root: 'GetHostedZoneResponse', value: { HostedZone: zoneView(zoneOf(call)), DelegationSet: DELEGATION } },
    }),
  },
  DeleteHostedZone: { needs: onZone, run: remove },
  ListHostedZones: { needs: onAnything, run: list },
  ListHostedZonesByName: { needs: onAnything, run: listByName },
  GetHostedZoneCount: {
    needs: onAnything,
    run: (call) => ({ xml: { root: 'GetHostedZoneCountResponse', value: { HostedZoneCount: owned(call).length } } }),
  },
};
