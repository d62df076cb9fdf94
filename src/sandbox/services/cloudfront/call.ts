import type { Permission } from '../../contract';
import type { RestReply } from '../../protocol/rest-reply';
import type { CertificateLookup } from './certificates';
import type { CloudFrontOptions } from './options';
import { refuse } from './refusals';
import { type CloudFrontState, type Distribution, type Tag, distributionArn } from './state';

/** Everything an operation may look at. */
export interface CloudFrontCall {
  readonly state: CloudFrontState;
  readonly accountId: string;
  readonly partition: string;
  /** What distributions are called under, e.g. `cloudfront.net`. */
  readonly domain: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  readonly ifMatch: string | undefined;
  readonly now: number;
  readonly options: CloudFrontOptions;
  readonly certificate: CertificateLookup;
  /** Drops cached answers at the edge. */
  readonly invalidate: (distributionId: string, paths: readonly string[]) => void;
}

type Needed = Pick<Permission, 'action' | 'resource' | 'conditions'>;

export interface CloudFrontOperation {
  /** What the caller must be allowed to do; the action is the operation's own name where only a resource is given. */
  readonly needs: (call: CloudFrontCall) => string | readonly Needed[];
  readonly run: (call: CloudFrontCall) => RestReply;
}

export type OperationTable = Readonly<Record<string, CloudFrontOperation>>;

export const label = (call: CloudFrontCall, name: string): string => call.labels[name] ?? '';

/**
 * Finds a distribution of the caller's own account; it sees no others.
 * @throws {NoSuchDistribution} when there is none
 */
export function distributionOf(call: CloudFrontCall, id: string): Distribution {
  const found = call.state.distributions.get(id);
  if (found?.accountId !== call.accountId)
    return refuse('NoSuchDistribution', 'The specified distribution does not exist.');
  return found;
}

export const onDistribution =
  (name: string) =>
  (call: CloudFrontCall): string =>
    distributionArn(call, label(call, name));

/** Gives `aws:RequestTag/…` and `aws:TagKeys` of a call. */
export function requestTags(tags: readonly Tag[]): Readonly<Record<string, string | readonly string[]>> {
  if (tags.length === 0) return {};
  return {
    'aws:TagKeys': tags.map((tag) => tag.Key),
    ...Object.fromEntries(tags.map((tag) => [`aws:RequestTag/${tag.Key}`, tag.Value])),
  };
}

export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
