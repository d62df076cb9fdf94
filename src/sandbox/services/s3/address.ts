import { AwsRefusal, type WireRequest } from '../../contract';
import { isValidBucketName } from './names';

/** What a request points at. */
export interface Address {
  readonly bucket: string | undefined;
  /** Decoded; undefined for a request about the bucket itself. */
  readonly key: string | undefined;
  readonly style: 'path' | 'virtual-host';
}

/**
 * The bucket named by the host: `<bucket>.s3.<anything>`, `<bucket>.s3-<region>.<anything>`, `<bucket>.localhost`,
 * with or without port. Buckets may hold dots, also the label `s3`. Hosts beginning with `s3.` are always path style.
 */
function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '');
  if (/^s3[.-]/.test(name)) return undefined;
  const match = /^(.+)\.s3(?:-[a-z0-9-]+)?\.[^/]+$/.exec(name) ?? /^(.+)\.localhost$/.exec(name);
  const bucket = match?.[1];
  return bucket !== undefined && isValidBucketName(bucket) ? bucket : undefined;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AwsRefusal(400, 'InvalidURI', "Couldn't parse the specified URI.", { URI: part });
  }
}

const orNone = (part: string): string | undefined => (part === '' ? undefined : part);

/**
 * Reads bucket and key of a request. A `+` in a path is a plus sign.
 * @throws {InvalidURI} when the path cannot be decoded
 */
export function addressOf(request: Pick<WireRequest, 'host' | 'rawPath'>): Address {
  const path = request.rawPath.startsWith('/') ? request.rawPath.slice(1) : request.rawPath;
  const hosted = bucketOfHost(request.host);
  if (hosted !== undefined) return { bucket: hosted, key: orNone(decode(path)), style: 'virtual-host' };
  const slash = path.indexOf('/');
  if (slash < 0) return { bucket: orNone(decode(path)), key: undefined, style: 'path' };
  return { bucket: orNone(decode(path.slice(0, slash))), key: orNone(decode(path.slice(slash + 1))), style: 'path' };
}

/** Where a copy comes from: the `x-amz-copy-source` header, `bucket/key[?versionId=…]`, percent-encoded. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/**
 * Reads the header that names what is to be copied.
 * @throws {InvalidArgument} when it names no object
 */
export function copySourceOf(header: string): CopySource {
  const mark = header.search(/\?versionId=/i);
  const path = mark < 0 ? header : header.slice(0, mark);
  const versionId = mark < 0 ? undefined : orNone(header.slice(mark + '?versionId='.length));
  // Clients may encode the slash between bucket and key too.
  const decoded = decode(path).replace(/^\//, '');
  const slash = decoded.indexOf('/');
  const [bucket, key] = [decoded.slice(0, Math.max(slash, 0)), decoded.slice(slash + 1)];
  if (slash <= 0 || key === '') {
    throw new AwsRefusal(
      400,
      'InvalidArgument',
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      {
        ArgumentName: 'x-amz-copy-source',
        ArgumentValue: header,
      },
    );
  }
  return { bucket, key, versionId };
}
