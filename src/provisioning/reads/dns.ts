import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { ListResourceRecordSetsCommand } from '@aws-sdk/client-route-53';
import type { Context } from '../context';
import { reading } from '../context';
import type { DomainError } from '../../errors';
import { DomainFailure, toDomainError } from '../../errors';
import { domainOf } from '../site-names';

/** A record set as Route 53 gives it, for those who only hand it on. */
export type DnsRecord = ResourceRecordSet;

/**
 * All record sets of exactly one name: Route 53 begins at the name, so one call finds them whatever else the zone holds.
 * A name has at most a handful of types.
 */
export async function recordsOf(context: Context, zone: string, name: string): Promise<readonly ResourceRecordSet[]> {
  const page = await inZone(domainOf(name), () =>
    reading(context, () =>
      context.session.route53(
        new ListResourceRecordSetsCommand({ HostedZoneId: zone, StartRecordName: name, MaxItems: 20 }),
      ),
    ),
  );
  return (page.ResourceRecordSets ?? []).filter((record) => plainName(record.Name ?? '') === plainName(name));
}

/** A call on the zone of a domain; ends with `misconfigured` when there is no such zone, which only the operator has named. */
export async function inZone<T>(domain: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const error = toDomainError(thrown);
    throw error.origin?.code === 'NoSuchHostedZone' ? wrongZone(domain, error) : thrown;
  }
}

/** What the call gives, or undefined without the zone: no record is left in it. */
export async function unlessNoZone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (toDomainError(thrown).origin?.code === 'NoSuchHostedZone') return undefined;
    throw thrown;
  }
}

/** The zone that is configured for a domain is not the domain's. */
export function wrongZone(domain: string, { detail, origin }: DomainError): DomainFailure {
  const setting = `domains.${domain}.hostedZoneID`;
  return new DomainFailure({
    kind: 'misconfigured',
    setting,
    detail: `the hosted zone of ${domain} (setting ${setting}) cannot be used: ${detail}`,
    ...(origin && { origin }),
  });
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
