/**
 * The `aws-chunked` framing of S3 uploads, with and without signed chunks and trailers.
 * Source: S3 API reference, "Signature calculations … transferring payload in multiple chunks", and "… including
 * trailing headers".
 */
import { AwsRefusal } from './contract';
import type { SignatureClaim } from './sigv4-request';
import { sameSignature, sha256Hex, signLines } from './sigv4';

export interface ChunkSigning {
  readonly key: Buffer;
  readonly claim: SignatureClaim;
}

export interface Unframed {
  readonly body: Buffer;
  /** Trailing headers, lower-case names, without the trailer's own signature. */
  readonly trailers: Readonly<Record<string, string>>;
}

const EMPTY_HASH = sha256Hex('');

function broken(): never {
  throw new AwsRefusal(400, 'IncompleteBody', 'The request body terminated unexpectedly');
}

function mismatch(): never {
  throw new AwsRefusal(
    403,
    'SignatureDoesNotMatch',
    'The chunk signature we calculated does not match the signature you provided.',
  );
}

function lineAt(framed: Buffer, from: number): { readonly text: string; readonly next: number } {
  const end = framed.indexOf('\r\n', from);
  if (end < 0) broken();
  return { text: framed.toString('latin1', from, end), next: end + 2 };
}

/** Splits `trailing` into headers and the signature over them. */
function readTrailers(
  framed: Buffer,
  from: number,
): { headers: Record<string, string>; signature: string | undefined } {
  const headers: Record<string, string> = {};
  let signature: string | undefined;
  for (let at = from; at < framed.length;) {
    // Some signers end the last trailer with the end of the body instead of an empty line.
    const newline = framed.indexOf('\n', at);
    const end = newline < 0 ? framed.length : newline;
    const text = framed.toString('latin1', at, end).trim();
    at = end + 1;
    if (text === '') continue;
    const colon = text.indexOf(':');
    if (colon <= 0) broken();
    const name = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    if (name === 'x-amz-trailer-signature') signature = value;
    else headers[name] = value;
  }
  return { headers, signature };
}

/**
 * Takes the payload out of a framed body. With `signing` every chunk's signature, and the trailer's when there is one,
 * is verified against the chain that starts at the request's own.
 * @throws {IncompleteBody | SignatureDoesNotMatch} when it does not hold
 */
export function unframe(framed: Buffer, signing: ChunkSigning | undefined): Unframed {
  const pieces: Buffer[] = [];
  let previous = signing?.claim.signature ?? '';
  let at = 0;
  for (;;) {
    const { text, next } = lineAt(framed, at);
    const [, hex, given] = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text) ?? [];
    if (hex === undefined) broken();
    const size = Number.parseInt(hex, 16);
    if (next + size > framed.length) broken();
    const chunk = framed.subarray(next, next + size);
    if (signing !== undefined) {
      const expected = signLines(signing.key, 'AWS4-HMAC-SHA256-PAYLOAD', signing.claim, [
        previous,
        EMPTY_HASH,
        sha256Hex(chunk),
      ]);
      if (given === undefined || !sameSignature(expected, given)) mismatch();
      previous = expected;
    }
    if (size === 0) {
      at = next;
      break;
    }
    pieces.push(chunk);
    if (framed.toString('latin1', next + size, next + size + 2) !== '\r\n') broken();
    at = next + size + 2;
  }
  const { headers, signature } = readTrailers(framed, at);
  if (signing !== undefined && Object.keys(headers).length > 0) {
    const canonical = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
    const expected = signLines(signing.key, 'AWS4-HMAC-SHA256-TRAILER', signing.claim, [
      previous,
      sha256Hex(canonical.join('')),
    ]);
    if (signature === undefined || !sameSignature(expected, signature)) mismatch();
  }
  return { body: Buffer.concat(pieces), trailers: headers };
}
