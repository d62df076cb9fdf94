/**
 * AWS partitions: a region's prefix tells which one it belongs to, and each has one region where IAM is signed.
 * Source: the `partitions.json` of the AWS endpoint rules.
 */
const PARTITIONS = [
  { prefix: 'cn-', partition: 'aws-cn', iamRegion: 'cn-north-1' },
  { prefix: 'us-gov-', partition: 'aws-us-gov', iamRegion: 'us-gov-west-1' },
  { prefix: 'us-iso-', partition: 'aws-iso', iamRegion: 'us-iso-east-1' },
  { prefix: 'us-isob-', partition: 'aws-iso-b', iamRegion: 'us-isob-east-1' },
  { prefix: 'eu-isoe-', partition: 'aws-iso-e', iamRegion: 'eu-isoe-west-1' },
  { prefix: 'us-isof-', partition: 'aws-iso-f', iamRegion: 'us-isof-south-1' },
  { prefix: 'eusc-', partition: 'aws-eusc', iamRegion: 'eusc-de-east-1' },
] as const;

const COMMERCIAL = { partition: 'aws', iamRegion: 'us-east-1' } as const;

/**
 * Gives the partition of a region, as ARNs spell it, and the region IAM is signed for there. Unknown regions are `aws`.
 */
export function partitionOf(region: string): { readonly partition: string; readonly iamRegion: string } {
  return PARTITIONS.find(({ prefix }) => region.startsWith(prefix)) ?? COMMERCIAL;
}
