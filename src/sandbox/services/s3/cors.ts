import { AwsRefusal } from '../../contract';
import { bucketNamed, bucketOf, type Call, type Handlers, header, type Reply } from './call';
import { corsHeaders, matchCors } from './cors-rules';

/** Browsers asking first, and the headers their later requests get. */

function preflight(call: Call): Reply {
  const origin = header(call, 'origin');
  const method = header(call, 'access-control-request-method');
  if (origin === undefined || method === undefined) {
    throw new AwsRefusal(400, 'BadRequest', 'Insufficient information. Origin request header needed.');
  }
  const asked = (header(call, 'access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const { cors } = bucketOf(call).config;
  const rule = matchCors(cors, origin, method, asked);
  if (rule === undefined) {
    const why = cors === undefined ? 'CORS is not enabled for this bucket.' : 'This CORS request is not allowed.';
    throw new AwsRefusal(403, 'AccessForbidden', `CORSResponse: ${why}`, {
      Method: method,
      ResourceType: call.address.key === undefined ? 'BUCKET' : 'OBJECT',
    });
  }
  return {
    headers: {
      ...corsHeaders(rule, origin),
      'access-control-allow-headers': asked.length > 0 ? asked.join(', ') : undefined,
    },
  };
}

/** Makes the headers an answer gets when its request came from a page of another origin. */
export function crossOriginHeaders(call: Call): Readonly<Record<string, string>> {
  const origin = header(call, 'origin');
  const bucket = bucketNamed(call, call.address.bucket ?? '');
  if (origin === undefined || bucket === undefined) return {};
  const rule = matchCors(bucket.config.cors, origin, call.request.method, []);
  return rule === undefined ? {} : corsHeaders(rule, origin);
}

export const corsHandlers: Handlers = { OptionsPreflight: preflight };
