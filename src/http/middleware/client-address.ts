import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * Whom failures are counted for. With `trustProxy` it is the last entry of X-Forwarded-For: the one the proxy next to us
 * wrote itself; everything before it is what the caller claims. IPv6 counts by /64, the smallest block a site is given.
 */
export function clientAddress(req: IncomingMessage, trustProxy: boolean): string {
  const direct = req.socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return addressBlock(direct);
  const forwarded = req.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').at(-1)?.trim() ?? '';
  const bare = last.startsWith('[') ? last.slice(1).replace(/\](?::\d+)?$/, '') : last.replace(/^([\d.]+):\d+$/, '$1');
  return addressBlock(isIP(bare) === 0 ? direct : bare);
}

/** An address as it is counted: IPv4 in its plain form, IPv6 by /64. */
export function addressBlock(address: string): string {
  const plain = address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
  if (isIP(plain) !== 6) return plain;
  const [head = '', tail] = (plain.split('%', 1)[0] ?? '').split('::', 2);
  const left = words(head);
  if (tail === undefined) return `${left.slice(0, 4).join(':')}::/64`;
  const right = words(tail);
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/** The 16-bit words of one side of an IPv6 address, without leading zeros; an embedded IPv4 address is two words. */
function words(side: string): string[] {
  if (side === '') return [];
  return side.split(':').flatMap((word) => (word.includes('.') ? ['v4', word] : [word.replace(/^0+(?=.)/, '')]));
}
