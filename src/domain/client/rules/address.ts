import { isIP } from 'node:net';

/** Where clients reach an account's S3. */
export interface S3Address {
  /** Whether it is AWS itself, which tools find by the region; false: a store of the account's own. */
  readonly isAws: boolean;
  /** What S3 browsers are given; without brackets around IPv6. */
  readonly hostname: string;
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

/** DNS suffixes of partitions. Source: `partitions.json` of the AWS endpoint rules; all others have `amazonaws.com`. */
const DNS_SUFFIX: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
};

/** Works out where clients reach S3. */
export function s3Address({ region, partition, endpoint, pathStyle }: AddressInput): S3Address {
  return endpoint === undefined ? awsAddress(region, partition) : storeAddress(new URL(endpoint), pathStyle);
}

function awsAddress(region: string, partition: string): S3Address {
  const authority = `s3.${region}.${DNS_SUFFIX[partition] ?? 'amazonaws.com'}`;
  // A dotted name breaks the wildcard certificate of the virtual-host form.
  const isPathStyle = (bucket: string): boolean => bucket.includes('.');
  return {
    isAws: true,
    // The global name finds buckets of every region of the standard partition; the others have regional names only.
    hostname: partition === 'aws' ? 's3.amazonaws.com' : authority,
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
