import { isIP } from 'node:net';
import { isLoopbackAddress, readBlock } from '../../base/addresses';
import { fail } from '../../base/errors';

/** Environment variables as `process.env` has them; handed in, never read here. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxyRules {
  readonly http: URL | undefined;
  readonly https: URL | undefined;
  /** Whether a request to `hostname` goes straight there although a proxy is set. */
  readonly bypasses: (hostname: string, port: number) => boolean;
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (lower-case spellings win, as with curl). Loopback is never proxied.
 * @throws {misconfigured} naming the variable that is no proxy URL
 */
export function proxyRules(env: Environment): ProxyRules {
  const excepted = noProxyMatcher(env['no_proxy'] ?? env['NO_PROXY'] ?? '');
  return {
    http: proxyUrl(env, 'HTTP_PROXY'),
    https: proxyUrl(env, 'HTTPS_PROXY'),
    bypasses: (hostname, port) => {
      const host = bare(hostname);
      return isLoopback(host) || excepted(host, port);
    },
  };
}

/** Tells whether a host name or address is this computer's own. */
export function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || host.endsWith('.localhost') || isLoopbackAddress(host);
}

function proxyUrl(env: Environment, name: 'HTTP_PROXY' | 'HTTPS_PROXY'): URL | undefined {
  const value = (env[name.toLowerCase()] ?? env[name] ?? '').trim();
  if (value === '') return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return fail({
      kind: 'misconfigured',
      setting: name,
      detail: `The environment variable ${name} is not the URL of an http or https proxy.`,
    });
  }
  return url;
}

type Matcher = (host: string, port: number) => boolean;

/**
 * `NO_PROXY`: entries separated by commas or blanks. `*` is everything; a name stands for itself and everything below
 * it, with or without a leading `.` or `*.`; addresses and CIDR blocks match addresses; `:port` narrows an entry.
 */
function noProxyMatcher(list: string): Matcher {
  const matchers = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(entryMatcher);
  return (host, port) => matchers.some((matches) => matches(host, port));
}

function entryMatcher(entry: string): Matcher {
  if (entry === '*') return () => true;
  const block = readBlock(entry);
  if (block) return block;
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*|[^[\]]*:[^[\]]*:[^[\]]*)(?::(\d+))?$/.exec(entry) ?? [];
  const wanted = bare(name).replace(/^\*?\./, '');
  if (wanted === '') return () => false;
  return (host, actual) =>
    (port === undefined || Number(port) === actual) &&
    (host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`)));
}

const bare = (hostname: string): string =>
  hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
