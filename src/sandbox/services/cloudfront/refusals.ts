import { AwsRefusal } from '../../contract';

/** CloudFront's wire codes with their statuses. Source: CloudFront API reference, "Errors" of the operations. */
const STATUS = {
  AccessDenied: 403,
  BatchTooLarge: 413,
  CNAMEAlreadyExists: 409,
  DistributionAlreadyExists: 409,
  DistributionNotDisabled: 409,
  FunctionAlreadyExists: 409,
  FunctionInUse: 409,
  FunctionSizeLimitExceeded: 413,
  IllegalUpdate: 400,
  InconsistentQuantities: 400,
  InvalidArgument: 400,
  InvalidDefaultRootObject: 400,
  InvalidErrorCode: 400,
  InvalidFunctionAssociation: 400,
  InvalidIfMatchVersion: 400,
  InvalidOrigin: 400,
  InvalidOriginAccessControl: 400,
  InvalidResponseCode: 400,
  InvalidTTLOrder: 400,
  InvalidTagging: 400,
  InvalidViewerCertificate: 400,
  MissingBody: 400,
  NoSuchCachePolicy: 404,
  NoSuchDistribution: 404,
  NoSuchFunctionExists: 404,
  NoSuchInvalidation: 404,
  NoSuchOrigin: 404,
  NoSuchOriginAccessControl: 404,
  NoSuchResource: 404,
  OriginAccessControlAlreadyExists: 409,
  OriginAccessControlInUse: 409,
  PreconditionFailed: 412,
  TooManyDistributionCNAMEs: 400,
  TooManyDistributions: 400,
  TooManyDistributionsAssociatedToOriginAccessControl: 400,
  TooManyDistributionsWithFunctionAssociations: 400,
  TooManyFunctions: 400,
  TooManyInvalidationsInProgress: 400,
  TooManyOriginAccessControls: 400,
} as const;

export type CloudFrontCode = keyof typeof STATUS;

export function refuse(code: CloudFrontCode, message: string): never {
  throw new AwsRefusal(STATUS[code], code, message);
}

/**
 * Compares the caller's `If-Match` with the present ETag: missing → InvalidIfMatchVersion,
 * another one → PreconditionFailed. Source: CloudFront API reference, UpdateDistribution.
 */
export function checkIfMatch(given: string | undefined, current: string): void {
  if (given === undefined || given === '')
    refuse('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
  if (given.replace(/^"(.*)"$/, '$1') === current) return;
  refuse(
    'PreconditionFailed',
    "The request failed because it didn't meet the preconditions in one or more request-header fields.",
  );
}
