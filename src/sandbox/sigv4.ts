/**
 * Signature Version 4, verified: canonical request, string to sign, signing key.
 * Source: IAM User Guide, "Create a signed AWS API request".
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { AwsRefusal, type WireRequest } from './contract';
import type { SignatureClaim } from './sigv4-request';

/** AWS allows 15 minutes between the signer's clock and its own. */
const SKEW_MS = 15 * 60 * 1000;

export function sha256Hex(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data, 'latin1').digest();
}

/** RFC 3986: everything but unreserved characters, upper-case hex. */
function encodeStrict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsRefusal(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

/** S3 encodes the path once; every other service encodes the path that was sent once more. */
function canonicalPath(rawPath: string, service: string): string {
  const segments = rawPath.split('/');
  return segments.map((segment) => encodeStrict(service === 's3' ? decode(segment) : segment)).join('/') || '/';
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encodeStrict(name), encodeStrict(value)] as const)
    .sort(([leftName, leftValue], [rightName, rightValue]) =>
      leftName < rightName
        ? -1
        : leftName > rightName
          ? 1
          : leftValue < rightValue
            ? -1
            : leftValue > rightValue
              ? 1
              : 0,
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** The text that is hashed; header values as the bytes that were sent (Latin-1 in Node). */
function canonicalRequest(request: WireRequest, claim: SignatureClaim, payloadHash: string): string {
  const headers = claim.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    request.method,
    canonicalPath(request.rawPath, claim.scope.service),
    canonicalQuery(request.query),
    headers.join(''),
    claim.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
}

function scopeText(claim: SignatureClaim): string {
  const { date, region, service } = claim.scope;
  return `${date}/${region}/${service}/aws4_request`;
}

/** Signing keys by secret and scope: a key is good for a day, and four hashes to derive. */
const keys = new Map<string, Buffer>();
const MOST_KEYS = 1000;

function signingKey(secret: string, claim: SignatureClaim): Buffer {
  const { date, region, service } = claim.scope;
  // A scope's parts hold no slash.
  const name = `${date}/${region}/${service}/${secret}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

/** Signs further lines of the string to sign: the request itself, a chunk, a trailer. */
export function signLines(key: Buffer, algorithm: string, claim: SignatureClaim, lines: readonly string[]): string {
  return hmac(key, [algorithm, claim.timestamp, scopeText(claim), ...lines].join('\n')).toString('hex');
}

export function sameSignature(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function instantOf(timestamp: string): number {
  return Date.parse(timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/** Refuses what was signed too long ago, or in the future. */
export function checkTime(claim: SignatureClaim, now: number): void {
  const signedAt = instantOf(claim.timestamp);
  const isS3 = claim.scope.service === 's3';
  if (claim.expires !== undefined) {
    if (signedAt - now > SKEW_MS) throw new AwsRefusal(403, 'AccessDenied', 'Request is not yet valid');
    if (now > signedAt + claim.expires * 1000) throw new AwsRefusal(403, 'AccessDenied', 'Request has expired');
    return;
  }
  if (Math.abs(now - signedAt) <= SKEW_MS) return;
  if (isS3)
    throw new AwsRefusal(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
    );
  const text = signedAt < now ? 'expired' : 'not yet current';
  throw new AwsRefusal(
    403,
    'SignatureDoesNotMatch',
    `Signature ${text}: ${claim.timestamp} is more than 15 min. from ${new Date(now).toISOString()}`,
  );
}

/** Headers that must be under the signature, or anyone could change them: the host, and S3 wants every `x-amz-…`. */
function requireSigned(request: WireRequest, claim: SignatureClaim): void {
  const needed = (name: string): boolean =>
    name === 'host' ||
    (claim.scope.service === 's3' &&
      name.startsWith('x-amz-') &&
      !(claim.form === 'query' && name === 'x-amz-content-sha256'));
  const missing = Object.keys(request.headers).filter((name) => needed(name) && !claim.signedHeaders.includes(name));
  if (missing.length === 0) return;
  throw new AwsRefusal(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: missing.join(', '),
  });
}

/** Verifies the request's own signature and gives the signing key, for chunks. Throws SignatureDoesNotMatch. */
export function verifySignature(
  request: WireRequest,
  claim: SignatureClaim,
  secret: string,
  payloadHash: string,
): Buffer {
  requireSigned(request, claim);
  const key = signingKey(secret, claim);
  const canonical = canonicalRequest(request, claim, payloadHash);
  const hash = createHash('sha256').update(canonical, 'latin1').digest('hex');
  const dateFits = claim.timestamp.startsWith(claim.scope.date);
  if (dateFits && sameSignature(signLines(key, 'AWS4-HMAC-SHA256', claim, [hash]), claim.signature)) return key;
  throw new AwsRefusal(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    claim.scope.service === 's3' ? { AWSAccessKeyId: claim.accessKeyId, CanonicalRequest: canonical } : {},
  );
}

/** Verifies the signature of an upload form, which is of its policy alone. Throws SignatureDoesNotMatch. */
export function verifyPolicySignature(claim: SignatureClaim, secret: string, policy: string): void {
  const signature = createHmac('sha256', signingKey(secret, claim)).update(policy, 'utf8').digest('hex');
  if (
    claim.timestamp.startsWith(claim.scope.date) &&
    claim.scope.service === 's3' &&
    sameSignature(signature, claim.signature)
  )
    return;
  throw new AwsRefusal(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    { AWSAccessKeyId: claim.accessKeyId, StringToSign: policy },
  );
}
