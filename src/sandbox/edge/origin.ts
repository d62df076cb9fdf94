import { AwsRefusal, type WireResponse } from '../contract';
import { partitionOf } from '../partitions';
import type { Behavior } from '../services/cloudfront/behavior-shape';
import { type Distribution, distributionArn } from '../services/cloudfront/state';
import { type BucketAt, restEndpointOf, websiteEndpointOf } from '../services/cloudfront/origin-rules';
import type { Origin } from '../services/cloudfront/origin-shape';
import { itemsOf } from '../services/cloudfront/counted';
import { crossOrigin, preflight } from './cross-origin';
import { edgeErrorPage, restErrorDocument } from './pages';
import { type SiteCall, type WebsiteDeps, serveWebsite } from './website';

/** Fetching from a distribution's origin: an S3 website endpoint or an S3 bucket of this sandbox. */

/**
 * What CloudFront asks an origin for, which is less than the viewer sent: no conditions, no ranges, no cookies, and no
 * headers but those that the behaviour forwards.
 */
export interface OriginCall {
  readonly method: 'GET' | 'OPTIONS';
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly ip: string;
  readonly requestId: string;
}

/** The origin of a behaviour; of an origin group its first member. */
function originOf(distribution: Distribution, behavior: Behavior): Origin | undefined {
  const { config } = distribution;
  const group = itemsOf('OriginGroup', config.OriginGroups).find(({ Id }) => Id === behavior.TargetOriginId);
  const id = itemsOf('OriginGroupMember', group?.Members)[0]?.OriginId ?? behavior.TargetOriginId;
  return itemsOf('Origin', config.Origins).find((origin) => origin.Id === id);
}

function customHeaders(origin: Origin): Readonly<Record<string, string>> {
  const own = itemsOf('OriginCustomHeader', origin.CustomHeaders).map(
    ({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue] as const,
  );
  return { 'user-agent': 'Amazon CloudFront', ...Object.fromEntries(own) };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsRefusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** With an origin access control CloudFront signs as itself; without one it is a stranger. */
function fromBucket(
  deps: WebsiteDeps,
  distribution: Distribution,
  origin: Origin,
  at: BucketAt,
  call: OriginCall,
  path: string,
): WireResponse {
  const { accountId, id } = distribution;
  const signs = (origin.OriginAccessControlId ?? '') !== '';
  const reader = signs
    ? ({ kind: 'cloudfront', accountId, distributionArn: distributionArn(distribution, id) } as const)
    : ({ kind: 'anonymous', ip: call.ip } as const);
  try {
    const key = decoded(path).slice(1);
    // The root of a bucket is a listing, which no website of this service lets anyone have.
    if (key === '') throw new AwsRefusal(403, 'AccessDenied', 'Access Denied');
    return deps.objects.read({
      reader,
      ...at,
      key,
      headers: customHeaders(origin),
      endpoint: 'rest',
      requestId: call.requestId,
    });
  } catch (thrown) {
    if (!(thrown instanceof AwsRefusal)) throw thrown;
    return restErrorDocument(thrown, call.requestId);
  }
}

/** Gives the origin's answer; 502 for origins that are not in this sandbox. */
export function fetchOrigin(
  deps: WebsiteDeps,
  distribution: Distribution,
  behavior: Behavior,
  call: OriginCall,
): WireResponse {
  const origin = originOf(distribution, behavior);
  const path = `${origin?.OriginPath ?? ''}${call.path}`;
  const name = origin?.DomainName ?? '';
  const site = websiteEndpointOf(name);
  const rest = restEndpointOf(name);
  const at = site ?? rest;
  const owner = at && deps.state.buckets.get(at.bucket, partitionOf(at.region).name);
  if (origin !== undefined && owner !== undefined && call.method === 'OPTIONS')
    return preflight(owner, call.headers, call.requestId);
  if (origin !== undefined && site !== undefined) {
    const request = {
      method: 'GET',
      rawPath: path,
      query: call.query,
      headers: { host: name, ...customHeaders(origin) },
      host: name,
      body: Buffer.alloc(0),
    };
    const sent = { request, ip: call.ip, requestId: call.requestId } satisfies SiteCall;
    return crossOrigin(owner, call.headers, serveWebsite(deps, site, sent));
  }
  if (origin !== undefined && rest !== undefined)
    return crossOrigin(owner, call.headers, fromBucket(deps, distribution, origin, rest, call, path));
  return edgeErrorPage(
    502,
    `CloudFront wasn't able to resolve the origin domain name ${name}: the sandbox reaches only S3 of its own.`,
    call.requestId,
  );
}
