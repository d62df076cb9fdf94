import type { WireRequest, WireResponse } from '../contract';
import type { BucketDocuments } from '../services/s3/documents';

/** Redirects of a website configuration. Source: S3 User Guide, "(Optional) Configuring a webpage redirect". */

type Website = NonNullable<BucketDocuments['website']>;
type Rule = NonNullable<Website['RoutingRules']>['RoutingRule'][number];

export function redirect(status: number, location: string): WireResponse {
  return { status, headers: { location, 'content-length': '0' }, body: '' };
}

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

/** Sends every request to another host, path and query kept. */
export function redirectAll(website: Website, request: WireRequest): WireResponse | undefined {
  const target = website.RedirectAllRequestsTo;
  if (target === undefined) return undefined;
  const query = request.query.size === 0 ? '' : `?${request.query.toString()}`;
  return redirect(301, `${target.Protocol ?? 'http'}://${target.HostName}${request.rawPath}${query}`);
}

function replaced(rule: Rule, key: string): string {
  const { ReplaceKeyWith: whole, ReplaceKeyPrefixWith: prefix } = rule.Redirect;
  if (whole !== undefined) return whole;
  if (prefix === undefined) return key;
  return prefix + key.slice((rule.Condition?.KeyPrefixEquals ?? '').length);
}

/**
 * Finds the first rule that holds. `status` is undefined before the object is looked for: rules that wait for an error
 * do not hold then.
 */
export function routed(
  website: Website,
  request: WireRequest,
  key: string,
  status: number | undefined,
): WireResponse | undefined {
  const found = website.RoutingRules?.RoutingRule.find(({ Condition: condition }) => {
    const code = condition?.HttpErrorCodeReturnedEquals;
    return (
      key.startsWith(condition?.KeyPrefixEquals ?? '') &&
      (code === undefined ? status === undefined : Number(code) === status)
    );
  });
  if (found === undefined) return undefined;
  const { Protocol: protocol, HostName: host, HttpRedirectCode: code } = found.Redirect;
  return redirect(
    Number(code ?? 301),
    `${protocol ?? 'http'}://${host ?? request.host}/${encodeKey(replaced(found, key))}`,
  );
}
