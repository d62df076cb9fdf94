import { isIP } from 'node:net';

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

/** Whether only this computer can reach `host` (RFC 1122 127/8, RFC 4291 ::1, RFC 6761 localhost); no brackets. */
export function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host.toLowerCase() === 'localhost';
}
