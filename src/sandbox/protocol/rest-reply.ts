import type { WireResponse } from '../contract';
import { type XmlObject, writeXml } from './xml';

/** What an operation of a REST-XML service answers, before it is put on the wire. */
export interface RestReply {
  /** 200 unless said otherwise. */
  readonly status?: number;
  /** Lower-case names; undefined ones are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly xml?: { readonly root: string; readonly value: XmlObject };
  readonly body?: Buffer;
}

export function encodeRestReply(reply: RestReply, namespace: string): WireResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers ?? {})) if (value !== undefined) headers[name] = value;
  const status = reply.status ?? 200;
  if (reply.xml === undefined) return { status, headers, body: reply.body ?? '' };
  return {
    status,
    headers: { 'content-type': 'text/xml', ...headers },
    body: writeXml(reply.xml.root, reply.xml.value, namespace),
  };
}
