import type { CallContext, WireRequest, WireResponse } from '../../contract';
import { partitionOf } from '../../partitions';
import { writeXml, type XmlObject } from '../../protocol/xml';
import { keyOfForm } from '../../form-upload';
import { type Address, addressOf } from './address';
import { withFieldsAsHeaders } from './form';
import { noSuchBucket } from './refusals';
import type { Bucket, S3State } from './store';

/** One call on its way through the service. */
export interface Call {
  readonly operation: string;
  readonly request: WireRequest;
  readonly context: CallContext;
  readonly state: S3State;
  readonly address: Address;
}

/** What an operation answers, before it is put on the wire. */
export interface Reply {
  /** 200 unless said otherwise. */
  readonly status?: number;
  /** Lower-case names; undefined ones are left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly xml?: Readonly<{ root: string; value: XmlObject | string }>;
  readonly body?: Buffer | string;
}

export type Handler = (call: Call) => Reply;
export type Handlers = Readonly<Record<string, Handler>>;

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

export function createCall(operation: string, request: WireRequest, context: CallContext, state: S3State): Call {
  const address = addressOf(request);
  const { form } = request;
  if (form === undefined || operation !== 'PostObject') return { operation, request, context, state, address };
  return {
    operation,
    request: withFieldsAsHeaders(request, form),
    context,
    state,
    address: { ...address, key: keyOfForm(form) },
  };
}

/**
 * Finds the bucket the call names.
 * @throws {NoSuchBucket} when there is none
 */
export function bucketOf(call: Call): Bucket {
  return findBucket(call, call.address.bucket ?? '');
}

/** Gives the bucket of that name that the call can mean: one of the partition it was signed for, of any when it was not. */
export function bucketNamed({ state, context }: Pick<Call, 'state' | 'context'>, name: string): Bucket | undefined {
  const found = state.buckets.get(name, partitionOf(context.region).name);
  return found ?? (context.principal.kind === 'anonymous' ? state.buckets.get(name) : undefined);
}

/**
 * Finds a bucket by its name.
 * @throws {NoSuchBucket} when there is none
 */
export function findBucket(call: Pick<Call, 'state' | 'context'>, name: string): Bucket {
  const bucket = bucketNamed(call, name);
  if (bucket === undefined) throw noSuchBucket(name);
  return bucket;
}

export function keyOf(call: Call): string {
  return call.address.key ?? '';
}

export const header = (call: Call, name: string): string | undefined => call.request.headers[name];

/** Reads a query parameter; empty values count as absent. */
export function parameter(call: Call, name: string): string | undefined {
  const value = call.request.query.get(name);
  return value === null || value === '' ? undefined : value;
}

export function encodeReply(reply: Reply): WireResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.headers ?? {})) if (value !== undefined) headers[name] = value;
  if (reply.xml === undefined) return { status: reply.status ?? 200, headers, body: reply.body ?? '' };
  return {
    status: reply.status ?? 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: writeXml(reply.xml.root, reply.xml.value, NAMESPACE),
  };
}

/** Times in documents: ISO 8601 with milliseconds that are always zero, as S3 writes them. */
export function isoTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}.000Z`;
}

/** Times in headers, RFC 9110. */
export function httpTime(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}

export const quoted = (etag: string): string => `"${etag}"`;
