/**
 * The AWS query protocol that IAM and STS speak: form-encoded parameters in, XML out.
 * Source: Smithy, "AWS query protocol".
 */
import type { AwsRefusal, WireRequest, WireResponse } from '../contract';
import { type XmlObject, writeXml } from './xml';

/** Parameters of one call. */
export interface QueryParams {
  /** The `Action`, empty when there is none. */
  readonly action: string;
  /** The API `Version`, empty when there is none. */
  readonly version: string;
  /** A scalar; undefined when it was not sent. */
  readonly get: (name: string) => string | undefined;
  /** `Name.member.1`, `Name.member.2` … in order. */
  readonly strings: (name: string) => readonly string[];
  /** `Name.member.1.Key` …: one record of scalar members for each element, in order. */
  readonly records: (name: string) => readonly Readonly<Record<string, string>>[];
}

const decoded = new WeakMap<WireRequest, QueryParams>();

function sourceOf(request: WireRequest): URLSearchParams {
  return request.method === 'POST' && request.body.length > 0
    ? new URLSearchParams(request.body.toString('utf8'))
    : request.query;
}

function members(source: URLSearchParams, name: string): Map<number, Record<string, string>> {
  const prefix = `${name}.member.`;
  const found = new Map<number, Record<string, string>>();
  for (const [key, value] of source) {
    if (!key.startsWith(prefix)) continue;
    const [index = '', member = ''] = key.slice(prefix.length).split('.', 2);
    if (!/^\d{1,6}$/.test(index)) continue;
    const record = found.get(Number(index)) ?? {};
    record[member] = value;
    found.set(Number(index), record);
  }
  return new Map([...found].sort(([left], [right]) => left - right));
}

/** Reads the call's parameters; decoded once per request. */
export function readQuery(request: WireRequest): QueryParams {
  const known = decoded.get(request);
  if (known !== undefined) return known;
  const source = sourceOf(request);
  const params: QueryParams = {
    action: source.get('Action') ?? '',
    version: source.get('Version') ?? '',
    get: (name) => source.get(name) ?? undefined,
    strings: (name) =>
      [...members(source, name).values()].flatMap((record) => (record[''] === undefined ? [] : [record['']])),
    records: (name) => [...members(source, name).values()],
  };
  decoded.set(request, params);
  return params;
}

const XML_HEADERS = { 'content-type': 'text/xml' };

/** Writes a successful answer; operations without a result have no `…Result` element. */
export function writeQueryResult(
  action: string,
  namespace: string,
  result: XmlObject | undefined,
  requestId: string,
): WireResponse {
  const body = writeXml(
    `${action}Response`,
    { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } },
    namespace,
  );
  return { status: 200, headers: XML_HEADERS, body };
}

/** Writes an error document. */
export function writeQueryError(refusal: AwsRefusal, namespace: string, requestId: string): WireResponse {
  const body = writeXml(
    'ErrorResponse',
    {
      Error: {
        Type: refusal.status >= 500 ? 'Receiver' : 'Sender',
        Code: refusal.code,
        Message: refusal.message,
        ...refusal.extra,
      },
      RequestId: requestId,
    },
    namespace,
  );
  return { status: refusal.status, headers: XML_HEADERS, body };
}
