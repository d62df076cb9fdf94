/**
 * The AWS JSON 1.1 protocol: the operation in a header, JSON in, JSON out.
 * Source: Smithy, "AWS JSON 1.1 protocol".
 */
import { AwsRefusal, type WireRequest, type WireResponse } from '../contract';

const HEADERS = { 'content-type': 'application/x-amz-json-1.1' };

/**
 * Reads the operation of `X-Amz-Target: Prefix.Operation`; undefined when the header is missing or of another service.
 */
export function jsonTarget(request: WireRequest, prefix: string): string | undefined {
  const [service, operation] = (request.headers['x-amz-target'] ?? '').split('.');
  return service === prefix ? operation : undefined;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the request's members.
 * @throws {SerializationException} when the body is no JSON object
 */
export function readJson(request: WireRequest): JsonObject {
  try {
    const value: unknown = JSON.parse(request.body.length === 0 ? '{}' : request.body.toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch {
    // Falls through to the refusal, which is the same for every broken document.
  }
  throw new AwsRefusal(400, 'SerializationException', 'Unexpected token in the request body');
}

/** Writes an answer; `undefined` members are left out. */
export function writeJson(value: JsonObject): WireResponse {
  return { status: 200, headers: HEADERS, body: JSON.stringify(value) };
}

/** The names JSON services have for what is refused before any service looks. */
const COMMON: Readonly<Record<string, readonly [number, string]>> = {
  AccessDenied: [400, 'AccessDeniedException'],
  InvalidClientTokenId: [400, 'UnrecognizedClientException'],
  SignatureDoesNotMatch: [400, 'InvalidSignatureException'],
  IncompleteSignature: [400, 'IncompleteSignatureException'],
  ExpiredToken: [400, 'ExpiredTokenException'],
  MissingAuthenticationToken: [400, 'MissingAuthenticationTokenException'],
};

export function writeJsonError(refusal: AwsRefusal): WireResponse {
  const [status, type] = COMMON[refusal.code] ?? [refusal.status, refusal.code];
  return {
    status,
    headers: { ...HEADERS, 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message: refusal.message, ...refusal.extra }),
  };
}
