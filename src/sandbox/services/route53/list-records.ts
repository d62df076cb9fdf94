import type { RestReply } from '../../protocol/rest-reply';
import { type OperationTable, type Route53Call, pageSize, refuse, zoneArn, zoneOf } from './call';
import { normalName } from './names';
import type { RecordSet } from './record-shape';
import { compareRecords } from './state';

/** Source: Route 53 API reference, ListResourceRecordSets: at most 300 records an answer. */
const MAX_ITEMS = 300;

/** Where the listing begins: at a name, a type under that name, and an identifier under that type. */
function startOf(
  call: Route53Call,
): (Pick<RecordSet, 'Name' | 'SetIdentifier'> & { readonly Type: string }) | undefined {
  const name = call.query.get('name') ?? '';
  const type = call.query.get('type') ?? '';
  const identifier = call.query.get('identifier') ?? '';
  if (name === '' && type !== '') refuse('InvalidInput', 'The input is not valid: a type was given without a name.');
  if (type === '' && identifier !== '')
    refuse('InvalidInput', 'The input is not valid: an identifier was given without a type.');
  return name === '' ? undefined : { Name: normalName(name), Type: type, SetIdentifier: identifier };
}

function list(call: Route53Call): RestReply {
  const zone = zoneOf(call);
  const size = pageSize(call, MAX_ITEMS);
  const start = startOf(call);
  const rest = [...zone.records.values()]
    // A start that is only a prefix of an order compares like any record: its type need be none that exists.
    .filter((record) => start === undefined || compareRecords(record, start as RecordSet) >= 0)
    .sort(compareRecords);
  const shown = rest.slice(0, size);
  const next = rest[size];
  return {
    xml: {
      root: 'ListResourceRecordSetsResponse',
      value: {
        ResourceRecordSets: { ResourceRecordSet: shown },
        IsTruncated: next !== undefined,
        NextRecordName: next?.Name,
        NextRecordType: next?.Type,
        NextRecordIdentifier: next?.SetIdentifier,
        MaxItems: size,
      },
    },
  };
}

export const listOperations: OperationTable = {
  ListResourceRecordSets: { needs: (call) => ({ resource: zoneArn(call, call.labels['Id'] ?? '') }), run: list },
};
