import { FOREIGN_ANSWER } from './http-handler';
import { OTHER_DOCUMENT } from './other-document';

/** What an SDK client threw, reduced to facts. */
export type WireError =
  /** The service answered with an error. `code` is undefined where an answer has no body (HEAD). */
  | {
      readonly type: 'answer';
      readonly code: string | undefined;
      readonly status: number;
      readonly message: string | undefined;
      readonly requestId: string | undefined;
      readonly retryAfterSeconds: number | undefined;
      /** The region the bucket is in, when the answer names it. */
      readonly region: string | undefined;
    }
  /** A success, but not the answer to this call: the service did not know what it was asked. `instead`: what came. */
  | { readonly type: 'other-document'; readonly instead: string; readonly status: number | undefined }
  /** Something answered, but not in AWS's language. */
  | { readonly type: 'garbled'; readonly status: number | undefined }
  /** No whole answer came. `sent`: the request may have reached the service. */
  | { readonly type: 'unreachable'; readonly why: Unreachable; readonly sent: boolean }
  /** No usable credentials were found. */
  | { readonly type: 'credentials' }
  /** The SDK could make no address of endpoint, region and settings. */
  | { readonly type: 'endpoint'; readonly from: 'endpoint' | 'region' }
  /** The SDK refused the bucket name. */
  | { readonly type: 'bucket-name' }
  | { readonly type: 'other' };

export type Unreachable = 'timeout' | 'connect' | 'dns' | 'network' | 'tls' | 'proxy' | 'aborted';

/** Members of the SDK's errors that are read here; all may be missing, none is trusted to have its type. */
interface Raw {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly Code?: unknown;
  readonly Region?: unknown;
  readonly Error?: { readonly Code?: unknown } | undefined;
  readonly RequestId?: unknown;
  readonly instead?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: unknown; readonly requestId?: unknown };
  readonly $response?: { readonly headers?: Readonly<Record<string, unknown>> };
}

/** Reads what `operation` ended with. Never throws. */
export function readWireError(thrown: unknown, operation: string): WireError {
  const raw: Raw = typeof thrown === 'object' && thrown !== null ? thrown : {};
  const name = text(raw.name);
  const status = typeof raw.$metadata?.httpStatusCode === 'number' ? raw.$metadata.httpStatusCode : undefined;

  if (name === FOREIGN_ANSWER) return { type: 'garbled', status };
  if (name === OTHER_DOCUMENT)
    return { type: 'other-document', instead: text(raw.instead) ?? 'another document', status };
  const network = readNetworkError(raw, name);
  if (network) return network;
  if (raw.$fault !== undefined && status !== undefined) return readAnswer(raw, name, status, operation);
  if (status !== undefined) return { type: 'garbled', status };
  if (name !== undefined && /(^|Credentials|Token)ProviderError$/.test(name)) return { type: 'credentials' };
  if (name === 'InvalidBucketName') return { type: 'bucket-name' };
  if (/^(Region not accepted|Region is missing|Invalid region)/i.test(text(raw.message) ?? ''))
    return { type: 'endpoint', from: 'region' };
  if (name === 'EndpointError' || text(raw.code) === 'ERR_INVALID_URL') return { type: 'endpoint', from: 'endpoint' };
  return { type: 'other' };
}

function readAnswer(raw: Raw, name: string | undefined, status: number, operation: string): WireError {
  const headers = raw.$response?.headers ?? {};
  const code = text(raw.Code) ?? text(raw.Error?.Code) ?? codeFromName(name);
  // Only answers to HEAD, and those of some stores, come without a document; a page of a proxy has one nobody can read.
  const bodiless = operation.startsWith('Head') || headers['content-length'] === '0';
  if (code === undefined && !bodiless) return { type: 'garbled', status };
  return {
    type: 'answer',
    code,
    status,
    message: text(raw.message),
    requestId: requestIdOf(raw),
    retryAfterSeconds: seconds(headers['retry-after']),
    region: region(headers['x-amz-bucket-region']) ?? region(raw.Region),
  };
}

/**
 * JSON protocols carry the code in the name alone, as `…Exception` or without. `Unknown` and `NotFound` are the SDK's
 * own words for an answer without a code.
 */
function codeFromName(name: string | undefined): string | undefined {
  if (name === undefined || name === 'Unknown' || name === 'NotFound' || name === 'Error') return undefined;
  return name;
}

/** Failures before the first byte was sent: nothing can have happened. */
const BEFORE_SENDING: Readonly<Record<string, Unreachable>> = {
  ECONNREFUSED: 'connect',
  EHOSTUNREACH: 'connect',
  ENETUNREACH: 'connect',
  EADDRNOTAVAIL: 'connect',
  EHOSTDOWN: 'connect',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
};

/** Node's and OpenSSL's words for a certificate that is not accepted; the handshake ends there. */
const CERTIFICATE =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY|DECODE)|INVALID_CA|HOSTNAME_MISMATCH|EE_KEY_TOO_SMALL|CA_MD_TOO_WEAK)/;

function readNetworkError(raw: Raw, name: string | undefined): WireError | undefined {
  const code = text(raw.code);
  const message = text(raw.message) ?? '';
  const unreachable = (why: Unreachable, sent: boolean): WireError => ({ type: 'unreachable', why, sent });

  if (name === 'AbortError') return unreachable('aborted', true);
  // hpagent's words when the proxy refuses the tunnel or keeps silent.
  if (/^Bad response: \d+$|^Proxy timeout$/.test(message)) return unreachable('proxy', false);
  if (code !== undefined) {
    const before = BEFORE_SENDING[code];
    if (before) return unreachable(before, false);
    if (CERTIFICATE.test(code)) return unreachable('tls', false);
    if (code === 'ETIMEDOUT') return unreachable('timeout', raw.syscall !== 'connect');
    if (raw.syscall === 'connect' || raw.syscall === 'getaddrinfo') return unreachable('connect', false);
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return unreachable('tls', true);
    if (/^E[A-Z]+$/.test(code) || code.startsWith('HPE_')) return unreachable('network', true);
  }
  if (name === 'TimeoutError') {
    // The handler gives no code to a connection that did not come to stand.
    return unreachable('timeout', !message.includes('did not establish a connection'));
  }
  return undefined;
}

function requestIdOf(raw: Raw): string | undefined {
  const headers = raw.$response?.headers ?? {};
  return text(raw.$metadata?.requestId) ?? text(headers['x-amz-request-id']) ?? text(raw.RequestId);
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** It becomes part of a host name: letters, digits and hyphens only. */
const region = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,40}$/.test(value) ? value : undefined;

const seconds = (value: unknown): number | undefined =>
  typeof value === 'string' && /^\d{1,4}$/.test(value) ? Math.max(1, Number(value)) : undefined;
