/** Whether the body is what was signed, and the body without its transfer framing. */
import { AwsRefusal, type WireRequest } from './contract';
import { type ChunkSigning, unframe } from './aws-chunked';
import { sha256Hex } from './sigv4';
import type { SignatureClaim } from './sigv4-request';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const HEX = /^[0-9a-f]{64}$/;
const STREAMING = new Set([
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
]);

/** Gives the last line of the canonical request: S3 takes the client's word and checks it, the others hash the body. */
export function payloadHash(request: WireRequest, claim: SignatureClaim): string {
  if (claim.scope.service !== 's3') return sha256Hex(request.body);
  const declared = request.headers['x-amz-content-sha256'];
  if (claim.form === 'query') return declared ?? request.query.get('X-Amz-Content-Sha256') ?? UNSIGNED;
  if (declared === undefined) {
    throw new AwsRefusal(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  return declared;
}

function withoutFraming(request: WireRequest, signing: ChunkSigning | undefined): WireRequest {
  const { body, trailers } = unframe(request.body, signing);
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.length) {
    throw new AwsRefusal(
      400,
      'IncompleteBody',
      'You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header',
    );
  }
  const announced = new Set(
    (request.headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase()),
  );
  if (Object.keys(trailers).some((name) => !announced.has(name))) {
    throw new AwsRefusal(
      400,
      'MalformedTrailerError',
      'The request contained trailing data that was not well-formed or did not conform to our published schema.',
    );
  }
  const { 'content-encoding': encoding, ...headers } = request.headers;
  const encodings = (encoding ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked');
  return {
    ...request,
    headers: {
      ...headers,
      ...trailers,
      ...(encodings.length > 0 ? { 'content-encoding': encodings.join(',') } : {}),
      'content-length': String(body.length),
    },
    body,
  };
}

/**
 * Gives the request with its plain body. Checks the body against the declared hash or the chunk signatures; trailing
 * headers join the headers. Requests to other services than S3 pass as they are: their signature covers the body.
 */
export function openPayload(request: WireRequest, service: string, signing: ChunkSigning | undefined): WireRequest {
  const declared = request.headers['x-amz-content-sha256'];
  if (service !== 's3' || declared === undefined || declared === UNSIGNED) return request;
  if (STREAMING.has(declared)) {
    const signed = declared !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER';
    if (signed && signing === undefined) {
      throw new AwsRefusal(400, 'InvalidRequest', 'A signed streaming payload needs a signed request.');
    }
    return withoutFraming(request, signed ? signing : undefined);
  }
  if (!HEX.test(declared)) {
    throw new AwsRefusal(
      400,
      'InvalidArgument',
      `x-amz-content-sha256 must be ${UNSIGNED}, ${[...STREAMING].join(', ')}, or a valid sha256 value.`,
    );
  }
  const actual = sha256Hex(request.body);
  if (actual === declared) return request;
  throw new AwsRefusal(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
    {
      ClientComputedContentSHA256: declared,
      S3ComputedContentSHA256: actual,
    },
  );
}
