import type { RestReply } from '../../protocol/rest-reply';
import { decodeXml } from '../../protocol/xml-shape';
import { type OperationTable, type Route53Call, changeView, refuse, submit, zoneArn, zoneOf } from './call';
import { type Change, type RecordSet, changeRequestShape, recordKey } from './record-shape';
import { normalChange, recordProblem, sameRecord } from './record-rules';
import { guardProblems } from './guards';
import type { Zone } from './state';

/** ChangeResourceRecordSets: a batch takes effect whole or not at all. */

function readBatch(call: Route53Call): { readonly changes: readonly Change[]; readonly comment: string | undefined } {
  const { ChangeBatch: batch } = decodeXml(call.body, 'ChangeResourceRecordSetsRequest', changeRequestShape);
  return { changes: batch.Changes.Change.map(normalChange), comment: batch.Comment };
}

const told = ({ Name, Type, SetIdentifier }: RecordSet): string =>
  `[name='${Name}', type='${Type}'${SetIdentifier === undefined ? '' : `, set-identifier='${SetIdentifier}'`}]`;

/** Carries one change out on `records`; gives what is wrong with it. */
function apply(change: Change, zone: Zone, records: Map<string, RecordSet>): string | undefined {
  const { Action: action, ResourceRecordSet: record } = change;
  const key = recordKey(record);
  const present = records.get(key);
  if (action === 'DELETE') {
    if (present === undefined) return `Tried to delete resource record set ${told(record)} but it was not found`;
    if (!sameRecord(present, record))
      return `Tried to delete resource record set ${told(record)} but the values provided do not match the current values`;
    if (record.Name === zone.name && record.Type === 'SOA') return 'A HostedZone must contain exactly one SOA record.';
    if (record.Name === zone.name && record.Type === 'NS')
      return 'A HostedZone must contain at least one NS record for the zone itself.';
    records.delete(key);
    return undefined;
  }
  if (action === 'CREATE' && present !== undefined)
    return `Tried to create resource record set ${told(record)} but it already exists`;
  records.set(key, record);
  return undefined;
}

function repeated(changes: readonly Change[]): string | undefined {
  const seen = new Set<string>();
  for (const { Action: action, ResourceRecordSet: record } of changes) {
    const key = `${action} ${recordKey(record)}`;
    if (seen.has(key))
      return `The request contains an invalid set of changes for a resource record set '${record.Type} ${record.Name}'`;
    seen.add(key);
  }
  return undefined;
}

function change(call: Route53Call): RestReply {
  const zone = zoneOf(call);
  const { changes, comment } = readBatch(call);
  const after = new Map(zone.records);
  const twice = repeated(changes);
  const problems = twice === undefined ? changes.map((one) => apply(one, zone, after)) : [twice];
  const standing = changes
    .filter(({ Action: action }) => action !== 'DELETE')
    .map(({ ResourceRecordSet: record }) => record);
  const said = [
    ...problems,
    ...guardProblems(zone, changes, after),
    ...standing.map((record) => recordProblem(record, zone, after, call.state)),
  ].filter((problem) => problem !== undefined);
  if (said.length > 0) refuse('InvalidChangeBatch', `[${said.join(', ')}]`);
  zone.records = after;
  return {
    xml: {
      root: 'ChangeResourceRecordSetsResponse',
      value: { ChangeInfo: changeView(submit(call, comment), call.now) },
    },
  };
}

export const changeOperations: OperationTable = {
  ChangeResourceRecordSets: {
    needs: (call) => {
      const { changes } = readBatch(call);
      const names = changes.map(({ ResourceRecordSet: { Name } }) => Name.slice(0, -1));
      return {
        resource: zoneArn(call, call.labels['Id'] ?? ''),
        conditions: {
          'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
          'route53:ChangeResourceRecordSetsRecordTypes': changes.map(({ ResourceRecordSet: { Type } }) => Type),
          'route53:ChangeResourceRecordSetsActions': changes.map(({ Action }) => Action),
        },
      };
    },
    run: change,
  },
  GetChange: {
    needs: (call) => ({ resource: `arn:${call.partition}:route53:::change/${call.labels['Id'] ?? ''}` }),
    run: (call) => {
      const id = call.labels['Id'] ?? '';
      const found = call.state.changes.get(id);
      if (found?.accountId !== call.accountId) return refuse('NoSuchChange', `Could not find resource with ID: ${id}`);
      return { xml: { root: 'GetChangeResponse', value: { ChangeInfo: changeView(found, call.now) } } };
    },
  },
};
