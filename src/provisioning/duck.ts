import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
// The whole package brings an XML parser along that only reading needs.
import { build } from 'plist/lib/build';

/** Cyberduck bookmarks (https://docs.cyberduck.io/cyberduck/bookmarks/): a plist of strings, free of secrets. */

/** Where clients reach an account's S3: host, port and the URL of a bucket. */
export interface S3Address {
  readonly hostname: string;
  readonly port: number;
  readonly bucketUrl: (bucket: string) => string;
}

export interface AddressInput {
  readonly region: string;
  readonly partition: string;
  /** Absolute URL of an S3-compatible store, if it is one. */
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean | undefined;
}

/** DNS suffix of a partition's endpoints. */
const DNS_SUFFIX: Readonly<Record<string, string>> = { 'aws-cn': 'amazonaws.com.cn' };

export function s3Address({ region, partition, endpoint, pathStyle }: AddressInput): S3Address {
  if (endpoint !== undefined) {
    const url = new URL(endpoint);
    const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
    const single = isIP(hostname) !== 0 || !hostname.includes('.');
    return {
      hostname,
      port: url.port === '' ? (url.protocol === 'http:' ? 80 : 443) : Number(url.port),
      bucketUrl: (bucket) =>
        (pathStyle ?? single) ? `${url.origin}/${bucket}` : `${url.protocol}//${bucket}.${url.host}`,
    };
  }
  const suffix = DNS_SUFFIX[partition] ?? 'amazonaws.com';
  return {
    // The global name finds buckets of every region of the standard partition; the others have regional names only.
    hostname: partition === 'aws' ? 's3.amazonaws.com' : `s3.${region}.${suffix}`,
    port: 443,
    // A dotted name breaks the wildcard certificate of the virtual-host form.
    bucketUrl: (bucket) =>
      bucket.includes('.') ? `https://s3.${region}.${suffix}/${bucket}` : `https://${bucket}.s3.${region}.${suffix}`,
  };
}

export interface Bookmark {
  readonly account: string;
  readonly bucket: string;
  readonly address: S3Address;
  /** Folder to open, without leading slash. */
  readonly path: string | undefined;
  readonly accessKeyId: string | undefined;
  /** What a browser opens; default: the bucket's URL. */
  readonly webUrl?: string;
}

/**
 * The bookmark as XML plist text. The UUID derives from account, bucket and path, so that importing the same bookmark
 * again replaces it.
 */
export function bookmark({ account, bucket, address, path, accessKeyId, webUrl }: Bookmark): string {
  const fullPath = path === undefined ? `/${bucket}` : `/${bucket}/${path}`;
  return build({
    Protocol: 's3',
    Provider: 'iterate GmbH',
    Nickname: path === undefined ? bucket : `${bucket}/${path}`,
    UUID: stableUuid(`mallard:${account}:${address.hostname}:${fullPath}`),
    Hostname: address.hostname,
    Port: String(address.port),
    ...(accessKeyId !== undefined && { Username: accessKeyId }),
    Path: fullPath,
    'Web URL': webUrl ?? address.bucketUrl(bucket),
  });
}

/** A name-based UUID (RFC 9562, version 8: SHA-256 truncated). */
function stableUuid(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
