import { awsHost, isRegion, partitionOf } from '../../partitions';
import type { CloudFrontCall } from './call';
import type { Origin } from './origin-shape';
import { refuse } from './refusals';

/** A bucket at an endpoint of S3's. */
export interface BucketAt {
  readonly bucket: string;
  readonly region: string;
}

/** `bucket.s3`, `bucket.s3.region`, `bucket.s3-region`, ahead of the partition's suffix; without a region it is us-east-1's. */
const S3_REST = /^(.+)\.s3(?:[.-]([a-z]+(?:-[a-z]+)+-\d+))?$/;
const WEBSITE = /^(.+)\.s3-website[.-]([a-z]+(?:-[a-z]+)+-\d+)$/;

function bucketAt(form: RegExp, domainName: string): BucketAt | undefined {
  const host = awsHost(domainName.toLowerCase());
  const [, bucket, region = 'us-east-1'] = form.exec(host?.name ?? '') ?? [];
  if (host === undefined || bucket === undefined || !isRegion(region)) return undefined;
  return host.partitions.includes(partitionOf(region)) ? { bucket, region } : undefined;
}

/** Gives what an origin's domain name means by S3's REST endpoint; undefined for every other name. */
export const restEndpointOf = (domainName: string): BucketAt | undefined => bucketAt(S3_REST, domainName);

/** Gives bucket and region of an S3 website endpoint; undefined for every other name. */
export const websiteEndpointOf = (host: string): BucketAt | undefined => bucketAt(WEBSITE, host);

/**
 * An origin access control signs requests to S3's REST endpoint; a website endpoint takes none and is a custom origin.
 * Source: CloudFront Developer Guide, "Use Amazon S3 with a website endpoint as the origin".
 */
function checkAccessControl(call: CloudFrontCall, origin: Origin): void {
  const id = origin.OriginAccessControlId ?? '';
  if (id === '') return;
  const control = call.state.accessControls.get(id);
  if (control?.accountId !== call.accountId)
    refuse('InvalidOriginAccessControl', 'The origin access control is not valid.');
  if (control.config.OriginAccessControlOriginType === 's3' && origin.S3OriginConfig === undefined) {
    refuse('InvalidOriginAccessControl', 'The origin access control is not valid for this type of origin.');
  }
  if ((origin.S3OriginConfig?.OriginAccessIdentity ?? '') !== '') {
    refuse(
      'InvalidOriginAccessControl',
      'An origin cannot have an origin access control and an origin access identity.',
    );
  }
}

export function checkOrigin(call: CloudFrontCall, origin: Origin): void {
  const kinds = [origin.S3OriginConfig, origin.CustomOriginConfig, origin.VpcOriginConfig].filter(
    (kind) => kind !== undefined,
  );
  if (kinds.length !== 1)
    refuse(
      'InvalidOrigin',
      'The origin must have exactly one of S3OriginConfig, CustomOriginConfig and VpcOriginConfig.',
    );
  if (!/^[a-z0-9_.-]{1,253}$/i.test(origin.DomainName))
    refuse('InvalidArgument', 'The parameter Origin DomainName is not valid.');
  if (origin.S3OriginConfig !== undefined && restEndpointOf(origin.DomainName) === undefined) {
    refuse('InvalidArgument', 'The parameter Origin DomainName does not refer to a valid S3 bucket.');
  }
  if (/^[^/]|\/$/.test(origin.OriginPath ?? ''))
    refuse('InvalidArgument', 'The parameter OriginPath must begin with a slash and not end with one.');
  checkAccessControl(call, origin);
}
