import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { Context } from '../context';
import { reading } from '../context';

/** A record set as Route 53 gives it, for those who only hand it on. */
export type DnsRecord = ResourceRecordSet;

/**
 * All record sets of exactly one name: Route 53 begins at the name, so one call finds them whatever else the zone holds.
 * A name has at most a handful of types.
 */
export async function recordsOf(context: Context, zone: string, name: string): Promise<readonly ResourceRecordSet[]> {
  const page = await reading(context, () =>
    context.session.route53(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: name, MaxItems: 20 }),
    ),
  );
  return (page.ResourceRecordSets ?? []).filter((record) => plainName(record.Name ?? '') === plainName(name));
}

/** Route 53 gives names back in lower case, with a final dot and `\052` for `*`. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));
}

/** The host a record is an alias of, without its final dot. */
export function aliasTarget(record: ResourceRecordSet): string | undefined {
  return record.AliasTarget?.DNSName?.toLowerCase().replace(/\.$/, '');
}

/** The records that stand in a new alias's way: a name with a CNAME can have nothing else. */
export function inTheWay(records: readonly ResourceRecordSet[]): readonly ResourceRecordSet[] {
  return records.filter(({ Type }) => Type === 'A' || Type === 'AAAA' || Type === 'CNAME');
}
