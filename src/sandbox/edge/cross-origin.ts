import type { WireResponse } from '../contract';
import { corsHeaders, matchCors } from '../services/s3/cors-rules';
import type { Bucket } from '../services/s3/store';
import { edgeErrorPage } from './pages';

/** S3's cross-origin answers, for requests that a distribution has forwarded with the headers that ask for them. */

type Headers = Readonly<Record<string, string>>;

/** Answers a browser that asks first; only what the bucket's rules allow is allowed. */
export function preflight(bucket: Bucket | undefined, headers: Headers, requestId: string): WireResponse {
  const {
    origin = '',
    'access-control-request-method': method = '',
    'access-control-request-headers': asked = '',
  } = headers;
  const names = asked
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = matchCors(bucket?.config.cors, origin, method, names);
  if (rule === undefined) return edgeErrorPage(403, 'CORSResponse: This CORS request is not allowed.', requestId);
  const allowed = names.length > 0 ? { 'access-control-allow-headers': names.join(', ') } : {};
  return { status: 200, headers: { ...corsHeaders(rule, origin), ...allowed }, body: '' };
}

/** Adds what a page of another origin must be told to an answer that succeeded. */
export function crossOrigin(bucket: Bucket | undefined, { origin }: Headers, answer: WireResponse): WireResponse {
  const rule = origin === undefined ? undefined : matchCors(bucket?.config.cors, origin, 'GET', []);
  if (origin === undefined || rule === undefined || answer.status >= 400) return answer;
  return { ...answer, headers: { ...answer.headers, ...corsHeaders(rule, origin) } };
}
