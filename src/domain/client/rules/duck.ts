import { createHash } from 'node:crypto';
// The whole package brings an XML parser along that only reading needs.
import { build } from 'plist/lib/build';
import { bucketUrl, type S3Address } from './address';
import { cannotHold, refuseBasePath } from './client-file';

/**
 * Cyberduck bookmarks (https://docs.cyberduck.io/cyberduck/bookmarks/): a plist of strings, free of secrets. Cyberduck
 * reads and writes all of them as strings, the port included (its `HostDictionary`).
 */

export interface Bookmark {
  readonly account: string;
  /** What callers call the bucket, for people to read. */
  readonly name: string;
  readonly bucket: string;
  readonly address: S3Address;
  /** Folder to open, without slashes at its ends. */
  readonly path: string | undefined;
  readonly accessKeyId: string | undefined;
  /** What a browser opens; default: the bucket's URL. */
  readonly webUrl?: string;
}

/**
 * Makes the bookmark as XML plist text. The UUID derives from account, bucket and path, so that importing the same
 * bookmark again replaces it.
 * @throws {unsupported} when the store's endpoint has a path
 * @throws {invalid} when Cyberduck cannot open the folder
 */
export function bookmark({ account, name, bucket, address, path, accessKeyId, webUrl }: Bookmark): string {
  refuseBasePath('Cyberduck', address);
  // It trims what it reads (`Host.setDefaultPath`).
  if (path?.endsWith(' ')) cannotHold('Cyberduck', path, 'it ignores spaces at the end');
  const fullPath = path === undefined ? `/${bucket}` : `/${bucket}/${path}`;
  return build({
    Protocol: 's3',
    Provider: PROVIDER,
    Nickname: path === undefined ? name : `${name}/${path}`,
    UUID: stableUuid(`mallard:${account}:${address.knownAs}:${fullPath}`),
    Hostname: address.hostname,
    Port: String(address.port),
    ...(accessKeyId !== undefined && { Username: accessKeyId }),
    Path: fullPath,
    'Web URL': webUrl ?? bucketUrl(address, bucket),
    ...(!address.isAws && address.isPathStyle(bucket) && { Custom: { [PATH_STYLE]: 'true' } }),
  });
}

/**
 * Of Cyberduck's built-in S3. That one speaks TLS only: a store on plain http wants the profile "S3 (HTTP)" chosen by hand
 * (https://docs.cyberduck.io/protocols/s3/#http), whose vendor has changed over time and so is not written here.
 */
const PROVIDER = 'iterate GmbH';

/** A bookmark's own value for this property (https://docs.cyberduck.io/protocols/s3/): buckets go into the path. */
const PATH_STYLE = 's3.bucket.virtualhost.disable';

/** Makes a name-based UUID (RFC 9562, version 8: SHA-256 truncated). */
function stableUuid(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
