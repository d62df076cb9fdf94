import { hostOnAws } from '../base/partitions';
import { isLoopback } from './listen';

export type Endpoint =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly found: string; readonly allowed: string };

const URL_RULE =
  'an absolute http or https URL without user name, password, query and fragment, e.g. "https://s3.example.org"';

/**
 * Checks the URL of an AWS endpoint. Plain http is fine on loopback; elsewhere keys and data would cross the network
 * in the clear, so that `allowInsecure` must say so.
 */
export function checkEndpoint(text: string, allowInsecure: boolean): Endpoint {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  const url = parsed !== undefined && /^https?:$/.test(parsed.protocol) ? parsed : undefined;
  // The text is not repeated: it may hold a password.
  if (url === undefined ? text.includes('@') : url.username || url.password) {
    return { ok: false, found: 'a URL with a user name or password', allowed: URL_RULE };
  }
  if (url === undefined || url.search !== '' || url.hash !== '') {
    return { ok: false, found: JSON.stringify(text), allowed: URL_RULE };
  }
  if (url.protocol === 'http:' && !allowInsecure && !isLoopback(url.hostname)) {
    return {
      ok: false,
      found: `plain http to ${JSON.stringify(url.host)}`,
      allowed: 'https, a loopback address, or "allowInsecure": true',
    };
  }
  return { ok: true, url: url.pathname === '/' ? url.origin : url.href };
}

/**
 * Tells whether `host` is S3 itself, of whatever partition, with FIPS or dual stack: what older files name when they mean no
 * other store. All of AWS then counts, over https, as the host alone would not do for its other services.
 */
export function isAwsHost(host: string): boolean {
  return /^s3(-fips)?([.-](dualstack\.)?[a-z0-9-]+)?$/.test(hostOnAws(host.replace(/:443$/, '')) ?? '');
}

/** Works out the endpoint that `host` and `useSsl` mean, as S3-compatible stores are configured by older files. */
export function checkHost(host: string, useSsl: boolean, allowInsecure: boolean): Endpoint {
  if (!/^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$/.test(host) || !URL.canParse(`http://${host}`)) {
    return {
      ok: false,
      found: /[@]/.test(host) ? 'a host with a user name' : JSON.stringify(host),
      allowed: 'HOST or HOST:PORT without scheme and path, e.g. "minio.example.org:9000"',
    };
  }
  const endpoint = checkEndpoint(`${useSsl ? 'https' : 'http'}://${host}`, allowInsecure);
  if (endpoint.ok) return endpoint;
  return { ...endpoint, allowed: '"useSsl": true, a loopback address, or "allowInsecure": true' };
}
