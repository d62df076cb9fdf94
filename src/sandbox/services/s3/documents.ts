import { bool, many, oneOf, optional, required, type ShapeType, struct, text } from '../../protocol/xml-shape';

/** Shapes of the bucket configuration documents that need no rules beyond their schema, or few. */

export const encryptionShape = struct({
  Rule: many(
    struct({
      ApplyServerSideEncryptionByDefault: optional(
        struct({ SSEAlgorithm: required(oneOf('AES256', 'aws:kms', 'aws:kms:dsse')), KMSMasterKeyID: optional(text) }),
      ),
      BucketKeyEnabled: optional(bool),
      BlockedEncryptionTypes: optional(struct({ EncryptionType: many(oneOf('NONE', 'SSE-C')) })),
    }),
    1,
    1,
  ),
});

export const publicAccessBlockShape = struct({
  BlockPublicAcls: optional(bool),
  IgnorePublicAcls: optional(bool),
  BlockPublicPolicy: optional(bool),
  RestrictPublicBuckets: optional(bool),
});

export const ownershipShape = struct({
  Rule: many(
    struct({ ObjectOwnership: required(oneOf('BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter')) }),
    1,
    1,
  ),
});

export const loggingShape = struct({
  LoggingEnabled: optional(
    struct({
      TargetBucket: required(text),
      TargetPrefix: required(text),
      TargetGrants: optional(struct({})),
      TargetObjectKeyFormat: optional(
        struct({
          SimplePrefix: optional(struct({})),
          PartitionedPrefix: optional(struct({ PartitionDateSource: optional(oneOf('EventTime', 'DeliveryTime')) })),
        }),
      ),
    }),
  ),
});

export const abacShape = struct({ Status: required(oneOf('Enabled', 'Disabled')) });

export const versioningShape = struct({
  Status: optional(oneOf('Enabled', 'Suspended')),
  MfaDelete: optional(oneOf('Enabled', 'Disabled')),
});

const protocol = oneOf('http', 'https');

export const websiteShape = struct({
  IndexDocument: optional(struct({ Suffix: required(text) })),
  ErrorDocument: optional(struct({ Key: required(text) })),
  RedirectAllRequestsTo: optional(struct({ HostName: required(text), Protocol: optional(protocol) })),
  RoutingRules: optional(
    struct({
      RoutingRule: many(
        struct({
          Condition: optional(struct({ KeyPrefixEquals: optional(text), HttpErrorCodeReturnedEquals: optional(text) })),
          Redirect: required(
            struct({
              HostName: optional(text),
              HttpRedirectCode: optional(text),
              Protocol: optional(protocol),
              ReplaceKeyPrefixWith: optional(text),
              ReplaceKeyWith: optional(text),
            }),
          ),
        }),
        0,
        50,
      ),
    }),
  ),
});

export type PublicAccessBlock = Readonly<
  Record<'BlockPublicAcls' | 'IgnorePublicAcls' | 'BlockPublicPolicy' | 'RestrictPublicBuckets', boolean>
>;

/** The part of a bucket's configuration that is kept as its document. */
export interface BucketDocuments {
  abac?: ShapeType<typeof abacShape> | undefined;
  encryption?: ShapeType<typeof encryptionShape> | undefined;
  publicAccessBlock?: PublicAccessBlock | undefined;
  ownership?: ShapeType<typeof ownershipShape> | undefined;
  logging?: ShapeType<typeof loggingShape>['LoggingEnabled'];
  website?: ShapeType<typeof websiteShape> | undefined;
}
