import { isIP } from 'node:net';
import { dnsSuffixOf } from '../../../base/partitions';

/** Where clients reach an account's S3. */
export interface S3Address {
  /** Whether it is AWS itself, which tools find by the region; false: a store of the account's own. */
  readonly isAws: boolean;
  /** What S3 browsers are given; without brackets around IPv6. */
  readonly hostname: string;
  /** What they were given before, by which a bookmark is known to replace another. */
  readonly knownAs: string;
  readonly port: number;
  readonly isTls: boolean;
  /** What tools are given: absolute, without a slash at the end. On AWS that of the region. */
  readonly endpoint: string;
  /** `host`, or `host:port` where the port is not the scheme's own, as it stands in `endpoint`. */
  readonly authority: string;
  /** Path of the endpoint, empty for none: many tools know no such thing. */
  readonly basePath: string;
  readonly isPathStyle: (bucket: string) => boolean;
  /** `host[:port][/path]` of a bucket, without scheme. */
  readonly bucketHost: (bucket: string) => string;
}

export interface AddressInput {
  readonly region: string;
  readonly partition: string;
  /** Absolute URL of an S3-compatible store, if it is one. */
  readonly endpoint: string | undefined;
  readonly pathStyle: boolean | undefined;
}

/** Works out where clients reach S3. */
export function s3Address({ region, partition, endpoint, pathStyle }: AddressInput): S3Address {
  return endpoint === undefined ? awsAddress(region, partition) : storeAddress(new URL(endpoint), pathStyle);
}

function awsAddress(region: string, partition: string): S3Address {
  const authority = `s3.${region}.${dnsSuffixOf(partition)}`;
  // A dotted name breaks the wildcard certificate of the virtual-host form.
  const isPathStyle = (bucket: string): boolean => bucket.includes('.');
  return {
    isAws: true,
    // s3.amazonaws.com answers 400 for buckets of regions launched after 20 March 2019:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#deprecated-global-endpoint
    hostname: authority,
    knownAs: partition === 'aws' ? 's3.amazonaws.com' : authority,
    port: 443,
    isTls: true,
    endpoint: `https://${authority}`,
    authority,
    basePath: '',
    isPathStyle,
    bucketHost: (bucket) => (isPathStyle(bucket) ? `${authority}/${bucket}` : `${bucket}.${authority}`),
  };
}

function storeAddress(url: URL, pathStyle: boolean | undefined): S3Address {
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const isTls = url.protocol === 'https:';
  const basePath = url.pathname.replace(/\/+$/, '');
  // The same choice as the service's own client makes: such hosts have no sub-domains for buckets.
  const isInPath = pathStyle ?? (isIP(hostname) !== 0 || !hostname.includes('.') || hostname.endsWith('.localhost'));
  return {
    isAws: false,
    hostname,
    knownAs: hostname,
    port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
    isTls,
    endpoint: `${url.origin}${basePath}`,
    authority: url.host,
    basePath,
    isPathStyle: () => isInPath,
    bucketHost: (bucket) => (isInPath ? `${url.host}${basePath}/${bucket}` : `${bucket}.${url.host}${basePath}`),
  };
}

/** Gives the URL that a browser opens to see the bucket. */
export const bucketUrl = (address: S3Address, bucket: string): string =>
  `${address.isTls ? 'https' : 'http'}://${address.bucketHost(bucket)}`;
