import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
} from '@aws-sdk/client-route-53';
import { type Context, reading } from '../../../shared/context';
import { type DomainError, DomainFailure, toDomainError } from '../../../../base/errors';
import { domainOf } from '../../../shared/site-names';

/** A record set as Route 53 gives it, for those who only hand it on. */
export type DnsRecord = ResourceRecordSet;

/**
 * Reads all record sets of exactly one name: Route 53 begins at the name, so one call finds them whatever else the zone
 * holds. A name has a handful of types; only weighted and other routed records can fill a page with one name.
 */
export async function recordsOf(context: Context, zone: string, name: string): Promise<readonly ResourceRecordSet[]> {
  const found: ResourceRecordSet[] = [];
  let from: Start | undefined = { StartRecordName: name };
  while (from !== undefined) {
    const page: ListResourceRecordSetsCommandOutput = await inZone(domainOf(name), () =>
      recordPage(context, zone, { MaxItems: 20, ...from }),
    );
    found.push(...(page.ResourceRecordSets ?? []).filter((record) => isOfName(record, name)));
    const goesOn = page.IsTruncated === true && plainName(page.NextRecordName ?? '') === plainName(name);
    from = goesOn
      ? {
          StartRecordName: page.NextRecordName,
          StartRecordType: page.NextRecordType,
          ...(page.NextRecordIdentifier !== undefined && { StartRecordIdentifier: page.NextRecordIdentifier }),
        }
      : undefined;
  }
  return found;
}

type Start = Pick<ListResourceRecordSetsCommandInput, 'StartRecordName' | 'StartRecordType' | 'StartRecordIdentifier'>;

const recordPage = (context: Context, HostedZoneId: string, from: Start & { readonly MaxItems: number }) =>
  reading(context, () => context.session.route53(new ListResourceRecordSetsCommand({ HostedZoneId, ...from })));

const isOfName = ({ Name = '' }: ResourceRecordSet, name: string): boolean => plainName(Name) === plainName(name);

/**
 * Makes a call on the zone of a domain.
 * @throws {misconfigured} when there is no such zone, which only the operator has named
 */
export async function inZone<T>(domain: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const error = toDomainError(thrown);
    throw error.origin?.code === 'NoSuchHostedZone' ? wrongZone(domain, error) : thrown;
  }
}

/** Gives what the call gives; undefined without the zone, as no record is left in it then. */
export async function unlessNoZone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (thrown) {
    if (toDomainError(thrown).origin?.code === 'NoSuchHostedZone') return undefined;
    throw thrown;
  }
}

/** Makes the error for a domain whose configured zone is not the domain's. */
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

/** The zone of every CloudFront alias. https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
export const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** Types of records whose value is a host: `example.com.`, or with a priority before it, `1 example.com. alpn=h2` (RFC 9460). */
const HOST_IN_VALUE: Readonly<Record<string, RegExp>> = {
  CNAME: /^(\S+)$/,
  HTTPS: /^\d+\s+(\S+)/,
  SVCB: /^\d+\s+(\S+)/,
};

/**
 * Reads the host that a record sends visitors to, in lower case and without its final dot; undefined for addresses and
 * the like.
 */
export function targetOf({ Type, AliasTarget, ResourceRecords }: ResourceRecordSet): string | undefined {
  const host = AliasTarget?.DNSName ?? HOST_IN_VALUE[Type ?? '']?.exec(ResourceRecords?.[0]?.Value ?? '')?.[1];
  return host?.toLowerCase().replace(/\.$/, '');
}

/** Tells whether a record sends visitors to some distribution, whosever it is. */
export function pointsAtCloudFront(record: ResourceRecordSet): boolean {
  if (record.AliasTarget !== undefined) return record.AliasTarget.HostedZoneId === CLOUDFRONT_ZONE;
  return targetOf(record)?.endsWith('.cloudfront.net') ?? false;
}

/**
 * Tells whether two record sets stand in one place: a name has one of each type, and routed ones have an identifier
 * besides.
 */
export function isSamePlace(one: ResourceRecordSet, other: ResourceRecordSet): boolean {
  return one.Type === other.Type && one.SetIdentifier === other.SetIdentifier;
}

/** Picks the records that stand in a new alias's way: a name with a CNAME can have nothing else. */
export function inTheWay(records: readonly ResourceRecordSet[]): readonly ResourceRecordSet[] {
  return records.filter(({ Type }) => Type === 'A' || Type === 'AAAA' || Type === 'CNAME');
}

/** Picks the records that say where visitors of a name go. */
export function leading(records: readonly ResourceRecordSet[]): readonly ResourceRecordSet[] {
  return records.filter(({ Type }) => ['A', 'AAAA', 'CNAME', 'HTTPS', 'SVCB'].includes(Type ?? ''));
}
