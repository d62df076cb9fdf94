import { AwsRefusal, type Permission } from '../../contract';
import type { RestReply } from '../../protocol/rest-reply';
import type { XmlObject } from '../../protocol/xml';
import { type ChangeInfo, type Route53State, type Zone, newId } from './state';

/** What of Route 53 can be set. */
export interface Route53Options {
  /** From a change until it is INSYNC, on the sandbox's clock. AWS takes up to a minute. */
  readonly syncSeconds: number;
  /** Calls per second and account before Throttling; undefined sets no limit. AWS: 5. */
  readonly requestsPerSecond: number | undefined;
}

export const DEFAULT_OPTIONS: Route53Options = { syncSeconds: 2, requestsPerSecond: undefined };

/** Everything an operation may look at. */
export interface Route53Call {
  readonly state: Route53State;
  readonly accountId: string;
  readonly partition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly now: number;
  readonly options: Route53Options;
}

export interface Route53Operation {
  readonly needs: (call: Route53Call) => Pick<Permission, 'resource' | 'conditions'>;
  readonly run: (call: Route53Call) => RestReply;
}

export type OperationTable = Readonly<Record<string, Route53Operation>>;

/** Wire codes with their statuses. Source: Route 53 API reference, "Errors" of the operations. */
const STATUS = {
  HostedZoneAlreadyExists: 409,
  HostedZoneNotEmpty: 400,
  InvalidChangeBatch: 400,
  InvalidDomainName: 400,
  InvalidInput: 400,
  NoSuchChange: 404,
  NoSuchHostedZone: 404,
  Throttling: 400,
} as const;

export function refuse(code: keyof typeof STATUS, message: string): never {
  throw new AwsRefusal(STATUS[code], code, message);
}

export const zoneArn = ({ partition }: Pick<Route53Call, 'partition'>, id: string): string =>
  `arn:${partition}:route53:::hostedzone/${id}`;

/**
 * Finds the zone the call names, in the caller's own account.
 * @throws {NoSuchHostedZone} when there is none
 */
export function zoneOf(call: Route53Call): Zone {
  const id = call.labels['Id'] ?? '';
  const found = call.state.zones.get(id);
  if (found?.accountId !== call.accountId) return refuse('NoSuchHostedZone', `No hosted zone found with ID: ${id}`);
  return found;
}

/** Notes a change, PENDING at first. */
export function submit(call: Route53Call, comment: string | undefined): ChangeInfo {
  const info = {
    id: newId('C'),
    accountId: call.accountId,
    submittedAt: call.now,
    inSyncAt: call.now + call.options.syncSeconds * 1000,
    comment,
  };
  call.state.changes.set(info.id, info);
  return info;
}

export function changeView(info: ChangeInfo, now: number): XmlObject {
  return {
    Id: `/change/${info.id}`,
    Status: now < info.inSyncAt ? 'PENDING' : 'INSYNC',
    SubmittedAt: new Date(info.submittedAt).toISOString(),
    Comment: info.comment,
  };
}

/**
 * Reads `maxitems` of a listing.
 * @throws {InvalidInput} when it is no such number
 */
export function pageSize(call: Route53Call, most: number): number {
  const asked = call.query.get('maxitems') ?? '';
  if (asked === '') return most;
  // Larger pages than the largest are cut, not refused.
  if (/^\d{1,9}$/.test(asked) && Number(asked) >= 1) return Math.min(Number(asked), most);
  return refuse('InvalidInput', `Invalid max items: ${asked}`);
}
