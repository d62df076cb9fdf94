/**
 * The partitions of AWS, and what differs between them: the one table of the service. Source: `partitions.json` of botocore
 * 1.44.8 (regions, suffixes) and the endpoint rules of IAM (where it is signed).
 */
export interface Partition {
  /** As ARNs spell it. */
  readonly partition: string;
  /** How its regions begin, up to the direction. */
  readonly regions: RegExp;
  readonly iamRegion: string;
  readonly dnsSuffix: string;
  /** Why there are no websites, as a clause; undefined: there are. */
  readonly noWebsites?: string;
}

const NO_CLOUDFRONT = 'CloudFront does not exist there';

const COMMERCIAL: Partition = {
  partition: 'aws',
  regions: /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d+$/,
  iamRegion: 'us-east-1',
  dnsSuffix: 'amazonaws.com',
};

const OTHERS: readonly Partition[] = [
  {
    partition: 'aws-cn',
    regions: /^cn-[a-z]+-\d+$/,
    iamRegion: 'cn-north-1',
    dnsSuffix: 'amazonaws.com.cn',
    noWebsites: 'CloudFront takes certificates of IAM only there, and its DNS zone is another one',
  },
  {
    partition: 'aws-us-gov',
    regions: /^us-gov-[a-z]+-\d+$/,
    iamRegion: 'us-gov-west-1',
    dnsSuffix: 'amazonaws.com',
    noWebsites: NO_CLOUDFRONT,
  },
  {
    partition: 'aws-iso',
    regions: /^us-iso-[a-z]+-\d+$/,
    iamRegion: 'us-iso-east-1',
    dnsSuffix: 'c2s.ic.gov',
    noWebsites: NO_CLOUDFRONT,
  },
  {
    partition: 'aws-iso-b',
    regions: /^us-isob-[a-z]+-\d+$/,
    iamRegion: 'us-isob-east-1',
    dnsSuffix: 'sc2s.sgov.gov',
    noWebsites: NO_CLOUDFRONT,
  },
  {
    partition: 'aws-iso-e',
    regions: /^eu-isoe-[a-z]+-\d+$/,
    iamRegion: 'eu-isoe-west-1',
    dnsSuffix: 'cloud.adc-e.uk',
    noWebsites: NO_CLOUDFRONT,
  },
  {
    partition: 'aws-iso-f',
    regions: /^us-isof-[a-z]+-\d+$/,
    iamRegion: 'us-isof-south-1',
    dnsSuffix: 'csp.hci.ic.gov',
    noWebsites: NO_CLOUDFRONT,
  },
  {
    partition: 'aws-eusc',
    regions: /^eusc-de-[a-z]+-\d+$/,
    iamRegion: 'eusc-de-east-1',
    dnsSuffix: 'amazonaws.eu',
    noWebsites: NO_CLOUDFRONT,
  },
];

const ALL: readonly Partition[] = [COMMERCIAL, ...OTHERS];

/** Gives the partition whose regions look like this one; undefined for what is no region of AWS. */
export const knownPartitionOf = (region: string): Partition | undefined =>
  ALL.find(({ regions }) => regions.test(region));

/** The regions there were in November 2026. */
const REGIONS: ReadonlySet<string> = new Set(
  `af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
  ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1
  ca-west-1 cn-north-1 cn-northwest-1 eu-central-1 eu-central-2 eu-isoe-west-1 eu-north-1 eu-south-1
  eu-south-2 eu-west-1 eu-west-2 eu-west-3 eusc-de-east-1 il-central-1 me-central-1 me-south-1
  me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-gov-east-1 us-gov-west-1
  us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1 us-west-1 us-west-2`.split(
    /\s+/,
  ),
);

/** Tells whether a region is one that this version knows; there may be newer ones. */
export const isKnownRegion = (region: string): boolean => REGIONS.has(region);

/** Gives the partition of a region. Other names are regions of stores, which count as `aws`. */
export const partitionOf = (region: string): Partition => knownPartitionOf(region) ?? COMMERCIAL;

/** Gives what host names of a partition end with. */
export const dnsSuffixOf = (partition: string): string =>
  (ALL.find((one) => one.partition === partition) ?? COMMERCIAL).dnsSuffix;

/** Gives what a host of AWS's, of whatever partition, has before the partition's suffix; undefined for other hosts. */
export function hostOnAws(host: string): string | undefined {
  const name = host.toLowerCase();
  const suffix = ALL.find(({ dnsSuffix }) => name.endsWith(`.${dnsSuffix}`))?.dnsSuffix;
  return suffix === undefined ? undefined : name.slice(0, -suffix.length - 1);
}
