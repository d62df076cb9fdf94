import type { WireRequest, WireResponse } from '../contract';
import type { EventRequest, EventResponse, EventValue } from './function-run';

/** Requests and answers as functions see them, and back. */

function grouped(pairs: Iterable<readonly [string, string]>): Record<string, EventValue> {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries(
    [...values].map(([name, all]) => [
      name,
      all.length === 1 ? { value: all[0] ?? '' } : { value: all[0] ?? '', multiValue: all.map((value) => ({ value })) },
    ]),
  );
}

function cookiesOf(header: string | undefined): readonly (readonly [string, string])[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name !== '')
    .map(([name = '', ...rest]) => [name, rest.join('=')]);
}

export function toEventRequest(request: WireRequest): EventRequest {
  const { cookie, ...headers } = request.headers;
  return {
    method: request.method,
    uri: request.rawPath,
    // As they were sent: a function sees what is encoded encoded.
    querystring: grouped(
      [...request.query].map(([name, value]) => [encodeURIComponent(name), encodeURIComponent(value)]),
    ),
    headers: grouped(Object.entries(headers)),
    cookies: grouped(cookiesOf(cookie)),
  };
}

/** Reads path and query of a request a function gave back. */
export function fromEventRequest(event: EventRequest): { readonly path: string; readonly query: URLSearchParams } {
  const query = new URLSearchParams();
  for (const [name, entry] of Object.entries(event.querystring)) {
    for (const { value } of entry.multiValue ?? [entry])
      query.append(decodeURIComponent(name), decodeURIComponent(value));
  }
  return { path: event.uri, query };
}

export function toEventResponse(response: WireResponse): EventResponse {
  return { statusCode: response.status, headers: grouped(Object.entries(response.headers)) };
}

function bodyOf(body: EventResponse['body']): Buffer | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.from(body.data, body.encoding === 'base64' ? 'base64' : 'utf8');
}

/** Reads the answer a function made, or made of `base`. */
export function fromEventResponse(event: EventResponse, base: WireResponse | undefined): WireResponse {
  const body = bodyOf(event.body) ?? base?.body ?? '';
  const headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, { value }]) => [name.toLowerCase(), value]),
  );
  return {
    status: event.statusCode,
    headers: { ...headers, 'content-length': String(Buffer.from(body).length) },
    body,
  };
}
