import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

export type Address = ReturnType<typeof ipaddr.process>;

/**
 * Reads an IP address, IPv6 with or without brackets and zone; IPv4 inside of IPv6 is IPv4. Undefined when it is none, by
 * Node's word: the library takes `0x7f.1` for one, and 12 for 0.0.0.12.
 */
export function readAddress(text: string): Address | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  // A zone names an interface of this computer, as `eth0.100`, and is no part of the address.
  return isIP(bare) === 0 ? undefined : ipaddr.process(bare.replace(/%.*$/, ''));
}

/** Tells whether `text` is an address of this computer alone (RFC 1122 127/8, RFC 4291 ::1). */
export function isLoopbackAddress(text: string): boolean {
  return readAddress(text)?.range() === 'loopback';
}

/** Reads a block of addresses, e.g. `10.0.0.0/8`, as the question whether one is in it; undefined when it is none. */
export function readBlock(text: string): ((address: string) => boolean) | undefined {
  if (readAddress(text.replace(/\/.*$/, '')) === undefined || !ipaddr.isValidCIDR(text)) return undefined;
  const block = ipaddr.parseCIDR(text);
  return (address) => {
    const read = readAddress(address);
    return read !== undefined && read.kind() === block[0].kind() && read.match(block);
  };
}
