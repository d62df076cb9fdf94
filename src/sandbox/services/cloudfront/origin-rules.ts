import type { CloudFrontCall } from './call';
import type { Origin } from './origin-shape';
import { refuse } from './refusals';

/** `bucket.s3.amazonaws.com`, `bucket.s3.region.amazonaws.com`, `bucket.s3-region.amazonaws.com`. */
const S3_REST = /^(.+)\.s3(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/;
const WEBSITE = /^(.+)\.s3-website[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;

/** Gives the bucket an origin's domain name means by S3's REST endpoint; undefined for every other name. */
export function restBucketOf(domainName: string): string | undefined {
  const name = domainName.toLowerCase();
  return WEBSITE.test(name) ? undefined : S3_REST.exec(name)?.[1];
}

/** Gives bucket and region of an S3 website endpoint; undefined for every other name. */
export function websiteEndpointOf(host: string): { readonly bucket: string; readonly region: string } | undefined {
  const [, bucket, region] = WEBSITE.exec(host.toLowerCase()) ?? [];
  return bucket === undefined || region === undefined ? undefined : { bucket, region };
}

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
  if (origin.S3OriginConfig !== undefined && restBucketOf(origin.DomainName) === undefined) {
    refuse('InvalidArgument', 'The parameter Origin DomainName does not refer to a valid S3 bucket.');
  }
  if (/^[^/]|\/$/.test(origin.OriginPath ?? ''))
    refuse('InvalidArgument', 'The parameter OriginPath must begin with a slash and not end with one.');
  checkAccessControl(call, origin);
}
