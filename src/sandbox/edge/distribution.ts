/**
 * A distribution's host: viewer function, cache, origin, custom error pages.
 * Source: CloudFront Developer Guide, "How CloudFront delivers content" and "Request and response behavior".
 */
import { createHash } from 'node:crypto';
import type { WireRequest, WireResponse } from '../contract';
import type { Behavior } from '../services/cloudfront/behavior-shape';
import { itemsOf } from '../services/cloudfront/counted';
import type { CloudFrontState, Distribution } from '../services/cloudfront/state';
import { behaviorOf } from './behaviors';
import type { CachedAnswer, EdgeCache } from './cache';
import { fromEventRequest, fromEventResponse, toEventRequest, toEventResponse } from './function-events';
import { type FunctionEvent, type Outcome, runFunction } from './function-run';
import { fetchOrigin } from './origin';
import { edgeErrorPage } from './pages';
import { cachingOf, timeToLive } from './ttl';
import type { SiteCall, WebsiteDeps } from './website';
import { redirect } from './website-redirects';

export interface EdgeDeps extends WebsiteDeps {
  readonly cloudfront: CloudFrontState;
  readonly cache: EdgeCache;
  readonly now: () => number;
}

interface Ask {
  readonly distribution: Distribution;
  readonly behavior: Behavior;
  readonly call: SiteCall;
}

/** The function a behaviour runs at an event, if it has one. */
function run(deps: EdgeDeps, { distribution, behavior, call }: Ask, response?: WireResponse): Outcome | undefined {
  const eventType = response === undefined ? 'viewer-request' : 'viewer-response';
  const arn = itemsOf('FunctionAssociation', behavior.FunctionAssociations).find(
    ({ EventType }) => EventType === eventType,
  )?.FunctionARN;
  const live = deps.cloudfront.functions.get(arn ?? '')?.live;
  if (live === undefined) return undefined;
  const event: FunctionEvent = {
    version: '1.0',
    context: {
      eventType,
      distributionId: distribution.id,
      distributionDomainName: distribution.domainName,
      requestId: call.requestId,
    },
    viewer: { ip: call.ip },
    request: toEventRequest(call.request),
    ...(response === undefined ? {} : { response: toEventResponse(response) }),
  };
  return runFunction(Buffer.from(live.code, 'base64').toString('utf8'), event);
}

/** Only a viewer that says it came by plain HTTP is treated so: on loopback there is nothing else. */
function viewerPolicy({ behavior, call }: Ask): WireResponse | undefined {
  if (call.request.headers['x-forwarded-proto'] !== 'http' || behavior.ViewerProtocolPolicy === 'allow-all')
    return undefined;
  if (behavior.ViewerProtocolPolicy === 'https-only')
    return edgeErrorPage(403, 'Bad request: this distribution takes HTTPS only.', call.requestId);
  const query = call.request.query.size === 0 ? '' : `?${call.request.query.toString()}`;
  return { ...redirect(301, `https://${call.request.host}${call.request.rawPath}${query}`) };
}

/**
 * What whoever asks from a country that is shut out is told; without a country everybody is let in. Source: CloudFront
 * Developer Guide, "Restrict the geographic distribution of your content": 403, with the distribution's own page for it.
 */
function geoRefusal(deps: EdgeDeps, ask: Ask): WireResponse | undefined {
  const { distribution, call } = ask;
  const country = call.request.headers['cloudfront-viewer-country'];
  const restriction = distribution.config.Restrictions?.GeoRestriction;
  if (country === undefined || restriction === undefined || restriction.RestrictionType === 'none') return undefined;
  const isListed = (restriction.Items?.Location ?? []).includes(country.toUpperCase());
  if (isListed === (restriction.RestrictionType === 'whitelist')) return undefined;
  const page = edgeErrorPage(
    403,
    'The Amazon CloudFront distribution is configured to block access from your country.',
    call.requestId,
  );
  return customError(deps, ask, page).answer;
}

function methodRefusal({ behavior, call }: Ask): WireResponse | undefined {
  const { method } = call.request;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const allowed = (behavior.AllowedMethods?.Items.Method ?? []).some((one) => one === method);
  if (method === 'OPTIONS' && allowed) return undefined;
  return edgeErrorPage(
    allowed ? 405 : 403,
    'This distribution is not configured to allow the HTTP request method that was used for this request.',
    call.requestId,
  );
}

/** Puts the distribution's own page in the place of an error. Seconds an error stays: its own minimum, 10 by default. */
function customError(
  deps: EdgeDeps,
  ask: Ask,
  answer: WireResponse,
): { readonly answer: WireResponse; readonly ttl: number } {
  const { distribution, call } = ask;
  const rule = itemsOf('CustomErrorResponse', distribution.config.CustomErrorResponses).find(
    ({ ErrorCode }) => ErrorCode === answer.status,
  );
  const ttl = rule?.ErrorCachingMinTTL ?? 10;
  const path = rule?.ResponsePagePath ?? '';
  if (rule === undefined || path === '') return { answer, ttl };
  const page = fetchOrigin(deps, distribution, behaviorOf(distribution, path), {
    method: 'GET',
    headers: {},
    path,
    query: new URLSearchParams(),
    ip: call.ip,
    requestId: call.requestId,
  });
  return page.status >= 400 ? { answer, ttl } : { answer: { ...page, status: Number(rule.ResponseCode) }, ttl };
}

const DROPPED = new Set(['connection', 'date', 'content-length', 'x-amz-request-id', 'x-amz-id-2']);

/** The viewer's headers that the behaviour forwards. */
function forwardedHeaders({ behavior, call }: Ask): Readonly<Record<string, string>> {
  return Object.fromEntries(
    cachingOf(behavior).headers.flatMap((name) => {
      const value = call.request.headers[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function fetched(deps: EdgeDeps, ask: Ask, path: string, query: URLSearchParams): CachedAnswer {
  const now = deps.now();
  const caching = cachingOf(ask.behavior);
  const first = fetchOrigin(deps, ask.distribution, ask.behavior, {
    method: ask.call.request.method === 'OPTIONS' ? 'OPTIONS' : 'GET',
    headers: forwardedHeaders(ask),
    path,
    query,
    ip: ask.call.ip,
    requestId: ask.call.requestId,
  });
  const failed = first.status >= 400;
  const { answer, ttl } = failed
    ? customError(deps, ask, first)
    : { answer: first, ttl: timeToLive(caching, first.headers, now) };
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !DROPPED.has(name)));
  return {
    status: answer.status,
    headers,
    body: Buffer.from(answer.body),
    storedAt: now,
    expiresAt: now + ttl * 1000,
    tags: cacheTags(ask.distribution, headers),
  };
}

/** As many tags as CloudFront keeps. Source: CloudFront Developer Guide, "What you need to know when invalidating tags". */
function cacheTags({ config }: Distribution, headers: WireResponse['headers']): readonly string[] {
  const named = config.CacheTagConfig?.HeaderName.toLowerCase() ?? '';
  const tags = (headers[named] ?? '').split(',').map((tag) => tag.trim().toLowerCase());
  return tags.filter((tag) => tag !== '' && tag.length <= 256).slice(0, 50);
}

function isUnchanged(request: WireRequest, answer: CachedAnswer): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = request.headers;
  if (answer.status !== 200) return false;
  if (tags !== undefined)
    return tags
      .split(',')
      .some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === answer.headers['etag']);
  return since !== undefined && Date.parse(answer.headers['last-modified'] ?? '') <= Date.parse(since);
}

function shown(answer: CachedAnswer, request: WireRequest, hit: boolean, now: number): WireResponse {
  const age = hit ? { age: String(Math.floor((now - answer.storedAt) / 1000)) } : {};
  const cache = answer.status >= 400 ? 'Error' : hit ? 'Hit' : 'Miss';
  const headers = { ...answer.headers, ...age, 'x-cache': `${cache} from cloudfront` };
  if (isUnchanged(request, answer)) return { status: 304, headers, body: '' };
  return {
    status: answer.status,
    headers: { ...headers, 'content-length': String(answer.body.length) },
    body: answer.body,
  };
}

const functionFailed = (message: string, requestId: string): WireResponse => {
  const page = edgeErrorPage(
    503,
    `The CloudFront function associated with the CloudFront distribution is invalid or could not run: ${message}`,
    requestId,
  );
  return { ...page, headers: { ...page.headers, 'x-cache': 'FunctionExecutionError from cloudfront' } };
};

function answered(deps: EdgeDeps, ask: Ask): WireResponse {
  const { distribution, behavior, call } = ask;
  const outcome = run(deps, ask);
  if (outcome?.kind === 'failed') return functionFailed(outcome.message, call.requestId);
  if (outcome?.kind === 'response') {
    const made = fromEventResponse(outcome.response, undefined);
    return { ...made, headers: { ...made.headers, 'x-cache': 'FunctionGeneratedResponse from cloudfront' } };
  }
  const viewed =
    outcome === undefined
      ? { path: call.request.rawPath, query: call.request.query }
      : fromEventRequest(outcome.request);
  const root = distribution.config.DefaultRootObject ?? '';
  const path = viewed.path === '/' ? `/${root}` : viewed.path;
  const query = cachingOf(behavior).queryStrings ? viewed.query : new URLSearchParams();
  const told = Object.entries(forwardedHeaders(ask)).map(([name, value]) => `\n${name}: ${value}`);
  const key = `${query.size === 0 ? path : `${path}?${query.toString()}`}${told.join('')}`;
  const now = deps.now();
  const isPreflight = call.request.method === 'OPTIONS';
  const kept = isPreflight ? undefined : deps.cache.get(distribution.id, key, now);
  const answer = kept ?? fetched(deps, ask, path, query);
  if (kept === undefined && answer.expiresAt > now && !isPreflight) deps.cache.put(distribution.id, key, answer);
  return shown(answer, call.request, kept !== undefined, now);
}

function afterwards(deps: EdgeDeps, ask: Ask, answer: WireResponse): WireResponse {
  const outcome = answer.status >= 400 ? undefined : run(deps, ask, answer);
  if (outcome?.kind === 'failed') return functionFailed(outcome.message, ask.call.requestId);
  return outcome?.kind === 'response' ? fromEventResponse(outcome.response, answer) : answer;
}

/** Answers a request to the host of a distribution; undefined stands for a host CloudFront does not know. */
export function serveDistribution(
  deps: EdgeDeps,
  distribution: Distribution | undefined,
  call: SiteCall,
): WireResponse {
  const ids = {
    via: '1.1 sandbox.cloudfront.net (CloudFront)',
    'x-amz-cf-pop': 'SANDBOX-C1',
    'x-amz-cf-id': createHash('sha256').update(call.requestId).digest('base64url'),
  };
  let response: WireResponse;
  if (distribution?.config.Enabled !== true) {
    response = edgeErrorPage(403, 'Bad request: no enabled distribution answers to this host.', call.requestId);
  } else {
    const ask: Ask = { distribution, behavior: behaviorOf(distribution, call.request.rawPath), call };
    const early = geoRefusal(deps, ask) ?? viewerPolicy(ask) ?? methodRefusal(ask);
    response = early ?? afterwards(deps, ask, answered(deps, ask));
  }
  return { ...response, headers: { ...ids, ...response.headers } };
}
