import { dnsSuffixOf } from '../../base/partitions';
import type { AccountConfig, DomainConfig } from '../../config/types';
import { fail } from '../../base/errors';
import { printable } from './names';

/** What follows from a website's name: its domain, its S3 website endpoint, and the scopes of its users. */

/** Gives the domain of a site: what follows the first dot. */
export function domainOf(site: string): string {
  return site.slice(site.indexOf('.') + 1);
}

/** Finds the configuration of a site's domain; undefined when it is in none of the account's. */
export function domainFor(domains: ReadonlyMap<string, DomainConfig>, site: string): DomainConfig | undefined {
  return site.includes('.') ? domains.get(domainOf(site)) : undefined;
}

/** Gives the address of a site's start page. */
export const urlOf = (site: string): string => `https://${site}/`;

/**
 * Finds the configuration of the domain of a site that should exist.
 * @throws {not-found} when it is in none of the account's domains
 */
export const requireSiteDomain = ({ domains }: Pick<AccountConfig, 'domains'>, site: string): DomainConfig =>
  domainFor(domains, site) ?? fail(noWebsite(site));

/**
 * Finds the configuration of the domain of a new site.
 * @throws {invalid} naming the configured domains, when it is in none of them
 */
export function requireDomain(domains: ReadonlyMap<string, DomainConfig>, site: string): DomainConfig {
  const domain = domainFor(domains, site);
  if (domain !== undefined) return domain;
  const known = [...domains.keys()].join(', ');
  return fail({
    kind: 'invalid',
    detail:
      known === ''
        ? 'this account has no domains configured, so it cannot have websites'
        : `"${printable(site)}" is in none of this account's domains; a website is <name>.<domain>, and configured are ${known}`,
  });
}

/** Makes the error for a website that is not there. */
export const noWebsite = (site: string) =>
  ({ kind: 'not-found', detail: `there is no website ${printable(site)} in this account` }) as const;

/**
 * Lists the sites of which `name` may be `<site>-<scope>`: the predecessor named a folder's groups that way under the
 * IAM path `/`, where they look like the groups of a bucket of that name.
 */
export function sitesInName(name: string, domains: ReadonlyMap<string, DomainConfig>): readonly string[] {
  return [...name.matchAll(/-/g)]
    .map(({ index }) => name.slice(0, index))
    .filter((site) => domainFor(domains, site) !== undefined);
}

/** Regions whose website endpoints are written with a hyphen; all later ones have a dot. */
const HYPHENATED: ReadonlySet<string> = new Set([
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'us-gov-west-1',
  'eu-west-1',
  'sa-east-1',
  'ap-northeast-1',
  'ap-southeast-1',
  'ap-southeast-2',
]);

/**
 * Gives the host name of a bucket's website endpoint.
 * https://docs.aws.amazon.com/general/latest/gr/s3.html#s3_website_region_endpoints
 */
export function websiteEndpoint(bucket: string, region: string, partition: string): string {
  return `${bucket}.s3-website${HYPHENATED.has(region) ? '-' : '.'}${region}.${dnsSuffixOf(partition)}`;
}

const SCOPE_RULE =
  'User.Path is /<folder>/ or /<folder>/<folder>/ …: it begins and ends with a slash, and folders have letters, digits, dots and hyphens';

/**
 * Gives the scope of a user's `Path` without its outer slashes: `/docs/api/` → `docs/api`; undefined for `/`.
 * @throws {invalid} when it is no folder, or has `.` or `..` in it
 */
export function scopeOf(path: string | undefined): string | undefined {
  if (path === undefined || path === '/') return undefined;
  const segments = /^\/(?:[A-Za-z0-9.-]+\/)+$/.test(path) ? path.slice(1, -1).split('/') : [];
  if (segments.length === 0 || segments.some((segment) => segment === '.' || segment === '..')) {
    fail({ kind: 'invalid', pointer: '/User/Path', detail: `"${printable(path)}": ${SCOPE_RULE}` });
  }
  return segments.join('/');
}

/** Writes a scope as it stands in group and policy names: slashes become `_`. */
export const scopeInName = (scope: string): string => scope.replaceAll('/', '_');
