import { isIP } from 'node:net';
import { hasWildcard } from './glob';

/**
 * Tells whether a value is fixed, as AWS means it: without a wildcard and without a policy variable.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, "The meaning of
 * public"
 */
export const isFixed = (value: string): boolean => value !== '' && !hasWildcard(value) && !value.includes('${');

/** Broader ranges count as the whole internet: /8 of IPv4, /32 of IPv6. */
const NARROWEST = { 4: { least: 8, most: 32 }, 6: { least: 32, most: 128 } } as const;

/** Tells whether a value of `aws:SourceIp` is an address, or a range that AWS does not call public. */
export function isNarrowNetwork(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (rest.length > 0 || (family !== 4 && family !== 6)) return false;
  const { least, most } = NARROWEST[family];
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= least && Number(bits) <= most;
}

/** Reads the account id, or an empty text, of an ARN whose account AWS fills in; undefined for other texts. */
export function accountOfArn(arn: string): string | undefined {
  const [scheme, partition, service, , account, ...resource] = arn.split(':');
  if (scheme !== 'arn' || !partition || !service || resource.join(':') === '') return undefined;
  return account;
}

/** Reads the account that an AWS principal belongs to; undefined when its name does not say. */
export function accountOfPrincipal(name: string): string | undefined {
  if (/^\d{12}$/.test(name)) return name;
  return /^arn:[a-z-]+:(iam|sts)::/.test(name) ? accountOfArn(name) : undefined;
}
