import { isIP } from 'node:net';
import { isLoopbackAddress } from '../base/addresses';

export interface ListenAddress {
  /** undefined: every interface. IPv6 without brackets. */
  readonly host: string | undefined;
  /** 0 picks a free port. */
  readonly port: number;
}

/** Takes `HOST:PORT` apart (`:8080`, `127.0.0.1:8080`, `[::1]:8080`); undefined when it is none. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]*)):([0-9]{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port > 65535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  const host = bracketed ?? plain;
  return { host: host === '' ? undefined : host, port };
}

/**
 * Tells whether only this computer can reach `host`; names below `localhost` are left to a resolver, which may lead
 * anywhere.
 */
export function isLoopback(host: string): boolean {
  return isLoopbackAddress(host) || host.toLowerCase() === 'localhost';
}
