/**
 * The partitions of AWS, each with accounts, bucket names and managed policies of its own. Source: `partitions.json` and the
 * endpoint rules of botocore 1.44.8: IAM, STS, S3, Route 53 and ACM are in all of them, CloudFront is not.
 */
export interface Partition {
  /** As ARNs spell it. */
  readonly name: string;
  readonly regions: RegExp;
  /** What host names end with. */
  readonly dnsSuffix: string;
  /** What distributions' host names end with; undefined without CloudFront. */
  readonly cloudFront: string | undefined;
}

const AWS: Partition = {
  name: 'aws',
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
  dnsSuffix: 'amazonaws.com',
  cloudFront: 'cloudfront.net',
};

const PARTITIONS: readonly Partition[] = [
  AWS,
  { name: 'aws-cn', regions: /^cn-[a-z]+-\d+$/, dnsSuffix: 'amazonaws.com.cn', cloudFront: 'cloudfront.cn' },
  ...(
    [
      ['aws-us-gov', /^us-gov-[a-z]+-\d+$/, 'amazonaws.com'],
      ['aws-eusc', /^eusc-de-[a-z]+-\d+$/, 'amazonaws.eu'],
      ['aws-iso', /^us-iso-[a-z]+-\d+$/, 'c2s.ic.gov'],
      ['aws-iso-b', /^us-isob-[a-z]+-\d+$/, 'sc2s.sgov.gov'],
      ['aws-iso-e', /^eu-isoe-[a-z]+-\d+$/, 'cloud.adc-e.uk'],
      ['aws-iso-f', /^us-isof-[a-z]+-\d+$/, 'csp.hci.ic.gov'],
    ] as const
  ).map(([name, regions, dnsSuffix]): Partition => ({ name, regions, dnsSuffix, cloudFront: undefined })),
];

/** Tells whether a name has the form of a region. */
export const isRegion = (region: string): boolean => PARTITIONS.some(({ regions }) => regions.test(region));

/** Gives the partition that a region is in; names that are none of AWS's are those of stores, and count as `aws`. */
export const partitionOf = (region: string): Partition => PARTITIONS.find(({ regions }) => regions.test(region)) ?? AWS;

/** Tells whether there is a partition of that name. */
export const isPartition = (name: string): boolean => PARTITIONS.some((one) => one.name === name);

/** Gives what a host of AWS's has before its partition's suffix, and the partitions that have that suffix. */
export function awsHost(
  host: string,
): { readonly name: string; readonly partitions: readonly Partition[] } | undefined {
  const found = PARTITIONS.filter(({ dnsSuffix }) => host.endsWith(`.${dnsSuffix}`));
  const [first] = found;
  return first && { name: host.slice(0, -first.dnsSuffix.length - 1), partitions: found };
}
