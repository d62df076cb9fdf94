/**
 * What AWS's wire codes mean to this service. Codes that say the same everywhere are listed once; what is not listed
 * is judged by the usual forms of such names, then by the HTTP status. A status of 400 alone proves no fault of a caller:
 * the request was made here.
 */
export type Verdict =
  | 'denied'
  | 'not-found'
  | 'exists'
  | 'not-empty'
  | 'conflict'
  | 'contended'
  | 'throttled'
  /** Too much of what was asked for is under way; it ends by itself, within minutes. */
  | 'crowded'
  | 'quota'
  | 'invalid'
  | 'unsupported'
  | 'unavailable'
  /** AWS does not accept the credentials the call was signed with. */
  | 'credentials'
  /** This computer's clock differs too much from AWS's. */
  | 'clock'
  /** The call went to, or was signed for, the wrong region. */
  | 'region';

const CODES: Readonly<Record<Verdict, readonly string[]>> = {
  /*
   * What the models of the calls made here (botocore 1.44.8) and S3's list of errors call the sender's fault, beside the
   * forms below, as far as it speaks of what callers give. InconsistentQuantities, MissingBody, IllegalUpdate and
   * PolicyNotAttachable speak of documents that are written here: a mistake in one of those is no caller's.
   */
  invalid: [
    'BatchTooLarge',
    'EncryptionTypeMismatch',
    'EntityTooLarge',
    'EntityTooSmall',
    'IllegalVersioningConfigurationException',
    'KeyTooLong',
    'KeyTooLongError',
    'MetadataTooLarge',
    'PackedPolicyTooLarge',
    'TrustedKeyGroupDoesNotExist',
    'TrustedSignerDoesNotExist',
  ],
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AllAccessDisabled',
    'UnauthorizedAccess',
    'UnauthorizedOperation',
    'Forbidden',
    'NotAuthorized',
  ],
  'not-found': ['NotFound'],
  exists: ['BucketAlreadyExists', 'BucketAlreadyOwnedByYou', 'EntityAlreadyExists'],
  'not-empty': ['BucketNotEmpty'],
  conflict: [
    'DeleteConflict',
    'UnmodifiableEntity',
    'PreconditionFailed',
    'InvalidIfMatchVersion',
    'InvalidBucketState',
    'InvalidObjectState',
    'DistributionNotDisabled',
    'ResourceInUse',
    'FunctionInUse',
    'OriginAccessControlInUse',
  ],
  contended: [
    'OperationAborted',
    'ConcurrentModification',
    'EntityTemporarilyUnmodifiable',
    'PriorRequestNotComplete',
    'ConditionalRequestConflict',
    'TransactionInProgressException',
    'TemporaryRedirect',
    'BucketNotReady',
    'ServiceNotReady',
  ],
  throttled: [
    'SlowDown',
    'Throttling',
    'Throttled',
    'ThrottledException',
    'ThrottlingException',
    'RequestThrottled',
    'RequestThrottledException',
    'RequestLimitExceeded',
    'BandwidthLimitExceeded',
    'TooManyRequests',
    'TooManyRequestsException',
    'TooManyRequestsError',
    'ProvisionedThroughputExceededException',
    'EC2ThrottledException',
  ],
  crowded: ['TooManyInvalidationsInProgress'],
  // XMinioStorageFull: the disks of a MinIO are full.
  quota: ['LimitExceeded', 'LimitExceededException', 'AccountQuotaExceeded', 'XMinioStorageFull'],
  unsupported: [
    'NotImplemented',
    'MethodNotAllowed',
    'XNotImplemented',
    'UnsupportedOperation',
    'UnknownOperationException',
  ],
  unavailable: [
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalServiceError',
    'InternalServiceException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'ServiceFailure',
    'RequestTimeout',
    'RequestTimeoutException',
    'IDPCommunicationError',
  ],
  credentials: [
    'InvalidClientTokenId',
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'ExpiredToken',
    'ExpiredTokenException',
    'InvalidToken',
    'TokenRefreshRequired',
    'UnrecognizedClientException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'IncompleteSignature',
    'InvalidSignatureException',
    'NotSignedUp',
    'OptInRequired',
    'SubscriptionRequiredException',
  ],
  clock: ['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture'],
  // The last four answer a LocationConstraint, which is always the account's configured region.
  region: [
    'PermanentRedirect',
    'Redirect',
    'AuthorizationHeaderMalformed',
    'IncorrectEndpoint',
    'RegionDisabledException',
    'IllegalLocationConstraintException',
    'IllegalLocationConstraint',
    'InvalidLocationConstraint',
    'InvalidRegion',
  ],
};

const BY_CODE: ReadonlyMap<string, Verdict> = new Map(
  (Object.entries(CODES) as [Verdict, readonly string[]][]).flatMap(([verdict, codes]) =>
    codes.map((code) => [code, verdict] as const),
  ),
);

/** Order matters: `TooManyRequests…` is a throttle by the table above; of the others those in progress end by themselves. */
const BY_FORM: readonly (readonly [RegExp, Verdict])[] = [
  [/^NoSuch|NotFound(Error|Exception|Fault)?$|^NoSuchKey$/, 'not-found'],
  [/Already(Exists|OwnedByYou)(Exception)?$/, 'exists'],
  [/Thrott/, 'throttled'],
  [/^TooMany.*InProgress/, 'crowded'],
  [/^TooMany|^ServiceQuota|QuotaExceeded|LimitExceeded(Exception)?$/, 'quota'],
  [/^ConcurrentModification|^Conflicting|OperationInProgress/, 'contended'],
];

/** Names of bad input, MinIO's included; they count where the status says nothing else. */
const BAD_INPUT = /^(XMinio)?(Invalid|Malformed|Validation)|Argument/;

/**
 * Judges an error answer by its wire code, or by its status where there is none. `undefined`: nobody foresaw it.
 * The message matters for one case: IAM and STS report a wrong clock as `SignatureDoesNotMatch`.
 */
export function judge(code: string | undefined, status: number, message: string | undefined): Verdict | undefined {
  if (code === 'SignatureDoesNotMatch' && /^Signature (expired|not yet current)/.test(message ?? '')) return 'clock';
  // S3 answers a throttled request with 503 and either of two codes; the words tell the second one apart.
  if (code === 'ServiceUnavailable' && /reduce your request rate/i.test(message ?? '')) return 'throttled';
  if (code !== undefined) {
    const listed = BY_CODE.get(code) ?? BY_CODE.get(code.replace(/Exception$/, ''));
    if (listed) return listed;
    const formed = BY_FORM.find(([form]) => form.test(code));
    if (formed) return formed[1];
  }
  const implied = byStatus(status);
  const isRefusal = status >= 400 && status < 500;
  return implied ?? (isRefusal && BAD_INPUT.test(code ?? '') ? 'invalid' : undefined);
}

function byStatus(status: number): Verdict | undefined {
  if (status === 501 || status === 405) return 'unsupported';
  if (status >= 500) return 'unavailable';
  switch (status) {
    case 401:
    case 403:
      return 'denied';
    case 404:
    case 410:
      return 'not-found';
    case 408:
      return 'unavailable';
    case 409:
    case 412:
      return 'conflict';
    case 429:
      return 'throttled';
    default:
      return status >= 300 && status < 400 && status !== 304 ? 'region' : undefined;
  }
}
