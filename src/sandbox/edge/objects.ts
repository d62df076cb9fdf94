/** Objects of S3 as the public and CloudFront read them: through the service, judged by the bucket's own policy. */
import {
  AwsRefusal,
  type CallContext,
  type Permission,
  type ServiceModule,
  type WireRequest,
  type WireResponse,
} from '../contract';
import { authorize } from '../policy/authorize';
import { authorizeService } from '../policy/authorize-service';

/** Who reads: anyone, or CloudFront on behalf of one distribution. */
export type Reader =
  | { readonly kind: 'anonymous'; readonly ip: string }
  | { readonly kind: 'cloudfront'; readonly distributionArn: string; readonly accountId: string };

export interface ReadRequest {
  readonly reader: Reader;
  readonly bucket: string;
  /** Where the bucket is thought to be. */
  readonly region: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /**
   * What a missing key looks like: a website says 404 where the object would be readable, the REST endpoint only to
   * those who may list the bucket.
   */
  readonly endpoint: 'website' | 'rest';
  readonly requestId: string;
}

export interface ObjectReader {
  /**
   * Reads the object with S3's headers, conditions and ranges honoured.
   * @throws what S3 refuses
   */
  readonly read: (request: ReadRequest) => WireResponse;
}

const NOBODY = { identity: [], boundary: undefined };

/** The request headers that change what a read answers. */
const PASSED = ['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since', 'range'];

function toWire({ bucket, key, headers }: ReadRequest): WireRequest {
  const path = key.split('/').map(encodeURIComponent).join('/');
  const passed = PASSED.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]] as const]));
  return {
    method: 'GET',
    rawPath: `/${bucket}/${path}`,
    query: new URLSearchParams(),
    headers: Object.fromEntries(passed),
    host: 's3.amazonaws.com',
    body: Buffer.alloc(0),
  };
}

function isAllowed(permission: Permission, { reader, headers }: ReadRequest, now: number): boolean {
  const conditions = {
    'aws:CurrentTime': new Date(now).toISOString(),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:SecureTransport': reader.kind === 'cloudfront' ? 'true' : 'false',
  };
  if (reader.kind === 'cloudfront') {
    const source = {
      'aws:SourceArn': reader.distributionArn,
      'aws:SourceAccount': reader.accountId,
      'aws:PrincipalIsAWSService': 'true',
    };
    return authorizeService('cloudfront.amazonaws.com', permission, { ...conditions, ...source });
  }
  const known = {
    ...conditions,
    'aws:PrincipalType': 'Anonymous',
    'aws:SourceIp': reader.ip,
    'aws:Referer': headers['referer'],
    'aws:UserAgent': headers['user-agent'],
  };
  return authorize({ principal: { kind: 'anonymous' }, permission, grants: NOBODY, conditions: known }).allowed;
}

export function createObjectReader(s3: ServiceModule, now: () => number): ObjectReader {
  return {
    read: (request) => {
      const wire = toWire(request);
      const context: CallContext = {
        principal: { kind: 'anonymous' },
        accountId: '',
        region: request.region,
        requestId: request.requestId,
        now,
      };
      const permissions = s3.permissions('GetObject', wire, context);
      const asked = request.endpoint === 'website' ? permissions.slice(0, 1) : permissions;
      if (!asked.every((permission) => isAllowed(permission, request, now())))
        throw new AwsRefusal(403, 'AccessDenied', 'Access Denied');
      return s3.execute('GetObject', wire, context);
    },
  };
}
