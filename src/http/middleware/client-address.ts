import type { IncomingMessage } from 'node:http';
import { readAddress } from '../../base/addresses';

/**
 * Tells whom failures are counted for. With `trustProxy` it is the last entry of X-Forwarded-For: the one the proxy
 * next to us wrote itself; everything before it is what the caller claims. IPv6 counts by /64, the smallest block a
 * site is given.
 */
export function clientAddress(req: IncomingMessage, trustProxy: boolean): string {
  const direct = req.socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return addressBlock(direct);
  const forwarded = req.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : (forwarded ?? '')).split(',').at(-1)?.trim() ?? '';
  const bare = last.startsWith('[') ? last.slice(1).replace(/\](?::\d+)?$/, '') : last.replace(/^([\d.]+):\d+$/, '$1');
  return addressBlock(readAddress(bare) === undefined ? direct : bare);
}

/** Gives an address as it is counted: IPv4 in its plain form, IPv6 by /64; what is no address as it is. */
export function addressBlock(text: string): string {
  const address = readAddress(text);
  if (address === undefined) return text.toLowerCase();
  if ('octets' in address) return address.toString();
  const network = address.parts.slice(0, 4).map((word) => word.toString(16));
  return `${network.join(':')}::/64`;
}
