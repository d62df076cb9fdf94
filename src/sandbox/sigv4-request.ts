/**
 * Who claims to have signed a request, and how: the header and the query form of Signature Version 4.
 * Source: IAM User Guide, "AWS Signature Version 4 for API requests"; S3 API reference, "Authenticating requests".
 */
import { AwsRefusal, type WireRequest } from './contract';

export interface Scope {
  /** yyyymmdd */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface SignatureClaim {
  readonly form: 'header' | 'query' | 'post';
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** yyyymmddThhmmssZ */
  readonly timestamp: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly sessionToken: string | undefined;
  /** Seconds a presigned request lives; query form only. */
  readonly expires: number | undefined;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** S3 API reference: a presigned URL lives a week at most. */
const MAX_EXPIRES = 604_800;

function malformed(form: SignatureClaim['form'], service: string, message: string): never {
  if (service !== 's3') throw new AwsRefusal(400, 'IncompleteSignature', message);
  throw new AwsRefusal(
    400,
    form === 'header' ? 'AuthorizationHeaderMalformed' : 'AuthorizationQueryParametersError',
    message,
  );
}

function parseCredential(credential: string, form: SignatureClaim['form']): { accessKeyId: string; scope: Scope } {
  const parts = credential.split('/');
  // An access key id holds no slash, so the scope is the last four parts.
  const [accessKeyId = '', date = '', region = '', service = '', terminator = ''] = parts;
  if (
    parts.length !== 5 ||
    accessKeyId === '' ||
    service === '' ||
    terminator !== 'aws4_request' ||
    !/^\d{8}$/.test(date)
  ) {
    malformed(
      form,
      service === '' ? 's3' : service,
      `Credential must have the form keyid/yyyymmdd/region/service/aws4_request, found '${credential}'.`,
    );
  }
  return { accessKeyId, scope: { date, region, service } };
}

/** ISO basic date of a request; the `Date` header stands in for a missing `x-amz-date`. */
function timestampOf(request: WireRequest): string {
  const amz = request.headers['x-amz-date'];
  if (amz !== undefined) return amz;
  const date = Date.parse(request.headers['date'] ?? '');
  return Number.isNaN(date) ? '' : new Date(date).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** Signature Version 2 and other schemes. S3 refuses them for buckets made after June 2020. */
function unsupported(): never {
  throw new AwsRefusal(
    400,
    'InvalidRequest',
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

function fromHeader(request: WireRequest, authorization: string): SignatureClaim {
  if (!authorization.startsWith(`${ALGORITHM} `)) unsupported();
  const fields = new Map<string, string>();
  for (const part of authorization.slice(ALGORITHM.length + 1).split(',')) {
    const [, name, value] = /^\s*([A-Za-z]+)=(.*?)\s*$/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, value);
  }
  const { accessKeyId, scope } = parseCredential(fields.get('Credential') ?? '', 'header');
  const signedHeaders = (fields.get('SignedHeaders') ?? '').split(';').filter((name) => name !== '');
  const signature = fields.get('Signature') ?? '';
  if (signedHeaders.length === 0 || signature === '')
    malformed('header', scope.service, 'SignedHeaders or Signature is missing.');
  const timestamp = timestampOf(request);
  if (!/^\d{8}T\d{6}Z$/.test(timestamp))
    malformed('header', scope.service, 'The request has neither an x-amz-date nor a Date header.');
  return {
    form: 'header',
    accessKeyId,
    scope,
    timestamp,
    signedHeaders,
    signature,
    sessionToken: request.headers['x-amz-security-token'],
    expires: undefined,
  };
}

function fromQuery(request: WireRequest): SignatureClaim {
  const { query } = request;
  const { accessKeyId, scope } = parseCredential(query.get('X-Amz-Credential') ?? '', 'query');
  const timestamp = query.get('X-Amz-Date') ?? '';
  const signature = query.get('X-Amz-Signature') ?? '';
  const signedHeaders = (query.get('X-Amz-SignedHeaders') ?? '').split(';').filter((name) => name !== '');
  const expires = query.get('X-Amz-Expires');
  if (query.get('X-Amz-Algorithm') !== ALGORITHM)
    malformed('query', scope.service, `X-Amz-Algorithm only supports "${ALGORITHM}".`);
  if (!/^\d{8}T\d{6}Z$/.test(timestamp))
    malformed('query', scope.service, "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  if (signature === '' || signedHeaders.length === 0)
    malformed('query', scope.service, 'X-Amz-Signature and X-Amz-SignedHeaders are required.');
  if (expires === null && scope.service === 's3') malformed('query', scope.service, 'X-Amz-Expires is required.');
  if (expires !== null && !/^\d{1,10}$/.test(expires))
    malformed('query', scope.service, 'X-Amz-Expires should be a number');
  if (Number(expires) > MAX_EXPIRES) {
    malformed(
      'query',
      scope.service,
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  return {
    form: 'query',
    accessKeyId,
    scope,
    timestamp,
    signedHeaders,
    signature,
    sessionToken: query.get('X-Amz-Security-Token') ?? undefined,
    expires: expires === null ? undefined : Number(expires),
  };
}

/**
 * Reads what the request says about its signer; undefined for an anonymous one.
 * @throws an AwsRefusal when the claim is malformed
 */
export function readClaim(request: WireRequest): SignatureClaim | undefined {
  const authorization = request.headers['authorization'];
  if (authorization !== undefined) return fromHeader(request, authorization);
  if (request.query.has('X-Amz-Signature') || request.query.has('X-Amz-Credential')) return fromQuery(request);
  if (request.query.has('AWSAccessKeyId') && request.query.has('Signature')) unsupported();
  return undefined;
}

const POST_FIELDS = ['policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'];

/**
 * Reads the signer of an upload form from its fields; undefined for an anonymous one.
 * @throws an AwsRefusal when the claim is malformed
 */
export function claimOfForm(fields: ReadonlyMap<string, string>): SignatureClaim | undefined {
  if (!POST_FIELDS.some((name) => fields.has(name))) return undefined;
  const missing = POST_FIELDS.find((name) => !fields.has(name));
  if (missing !== undefined) {
    const message = `Bucket POST must contain a field named '${missing}'.  If it is specified, please check the order of the fields.`;
    throw new AwsRefusal(400, 'InvalidArgument', message, { ArgumentName: missing, ArgumentValue: '' });
  }
  const timestamp = fields.get('x-amz-date') ?? '';
  if (fields.get('x-amz-algorithm') !== ALGORITHM) unsupported();
  if (!/^\d{8}T\d{6}Z$/.test(timestamp))
    malformed('post', 's3', "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const { accessKeyId, scope } = parseCredential(fields.get('x-amz-credential') ?? '', 'post');
  return {
    form: 'post',
    accessKeyId,
    scope,
    timestamp,
    signedHeaders: [],
    signature: fields.get('x-amz-signature') ?? '',
    sessionToken: fields.get('x-amz-security-token'),
    expires: undefined,
  };
}
