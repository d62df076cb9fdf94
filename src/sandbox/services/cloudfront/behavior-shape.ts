import {
  bool,
  integer,
  many,
  oneOf,
  optional,
  required,
  type Shape,
  type ShapeType,
  struct,
  text,
} from '../../protocol/xml-shape';
import { checkQuantity, counted } from './counted';

/** Cache behaviours. Source: CloudFront API reference, DefaultCacheBehavior and CacheBehavior. */

function trusted(name: 'AwsAccountNumber' | 'KeyGroup') {
  return struct({
    Enabled: required(bool),
    Quantity: required(integer),
    Items: optional(struct({ [name]: many(text) })),
  });
}

const methods = struct({ Quantity: required(integer), Items: required(struct({ Method: many(text) })) });
const allowedMethodsMembers = struct({
  Quantity: required(integer),
  Items: required(struct({ Method: many(oneOf('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'OPTIONS', 'DELETE')) })),
  CachedMethods: optional(methods),
});

const allowedMethodsShape: Shape<ShapeType<typeof allowedMethodsMembers>> = (element) => {
  const read = allowedMethodsMembers(element);
  checkQuantity(read.Quantity, read.Items.Method.length);
  if (read.CachedMethods !== undefined)
    checkQuantity(read.CachedMethods.Quantity, read.CachedMethods.Items.Method.length);
  return read;
};

const forwardedValuesShape = struct({
  QueryString: required(bool),
  Cookies: required(
    struct({ Forward: required(oneOf('none', 'whitelist', 'all')), WhitelistedNames: optional(counted('Name', text)) }),
  ),
  Headers: optional(counted('Name', text)),
  QueryStringCacheKeys: optional(counted('Name', text)),
});

const EVENTS = ['viewer-request', 'viewer-response', 'origin-request', 'origin-response'] as const;

const MEMBERS = {
  TargetOriginId: required(text),
  TrustedSigners: optional(trusted('AwsAccountNumber')),
  TrustedKeyGroups: optional(trusted('KeyGroup')),
  ViewerProtocolPolicy: required(oneOf('allow-all', 'https-only', 'redirect-to-https')),
  AllowedMethods: optional(allowedMethodsShape),
  SmoothStreaming: optional(bool),
  Compress: optional(bool),
  LambdaFunctionAssociations: optional(
    counted(
      'LambdaFunctionAssociation',
      struct({ LambdaFunctionARN: required(text), EventType: required(oneOf(...EVENTS)), IncludeBody: optional(bool) }),
    ),
  ),
  FunctionAssociations: optional(
    counted('FunctionAssociation', struct({ FunctionARN: required(text), EventType: required(oneOf(...EVENTS)) })),
  ),
  FieldLevelEncryptionId: optional(text),
  RealtimeLogConfigArn: optional(text),
  CachePolicyId: optional(text),
  OriginRequestPolicyId: optional(text),
  ResponseHeadersPolicyId: optional(text),
  GrpcConfig: optional(struct({ Enabled: required(bool) })),
  ForwardedValues: optional(forwardedValuesShape),
  MinTTL: optional(integer),
  DefaultTTL: optional(integer),
  MaxTTL: optional(integer),
};

export const defaultBehaviorShape = struct(MEMBERS);
export const behaviorShape = struct({ PathPattern: required(text), ...MEMBERS });

/** What both kinds of behaviour share. */
export type Behavior = ShapeType<typeof defaultBehaviorShape>;
