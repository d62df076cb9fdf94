/**
 * What the sandbox's server and its services agree on. The server reads the request, verifies its signature, asks the
 * service which operation it is and what permissions it needs, has those evaluated, injects faults, and lets the
 * service execute. Services hold state and rules; wire formats live in `protocol/`.
 */

/** A request as it came over the wire, aws-chunked framing already removed from the body. */
export interface WireRequest {
  readonly method: string;
  /** Path as sent, still percent-encoded. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  /** Lower-case names; repeated headers joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** Host header, lower case, port included. */
  readonly host: string;
  readonly body: Buffer;
  /** Of an upload by HTML form, whose file is then the body. */
  readonly form?: FormUpload;
}

export interface FormUpload {
  /** By lower-case name, in the form's order, up to the file. */
  readonly fields: ReadonlyMap<string, string>;
  /** What the file is called where it comes from; may be empty. */
  readonly fileName: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

/** Who signed the request. */
export type Principal =
  /** Without a partition it is one of `aws`. */
  | { readonly kind: 'root'; readonly accountId: string; readonly partition?: string }
  | { readonly kind: 'user'; readonly accountId: string; readonly userName: string; readonly arn: string }
  | {
      readonly kind: 'session';
      readonly accountId: string;
      readonly arn: string;
      readonly roleName: string;
      readonly sessionName: string;
      /** Inline session policy documents given to AssumeRole; the session may do what role and these both allow. */
      readonly sessionPolicies: readonly string[];
      readonly tags: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'anonymous' };

export interface CallContext {
  readonly principal: Principal;
  /** Account the call acts in: the principal's; for anonymous calls the account that owns the resource. */
  readonly accountId: string;
  /** Region of the credential scope, e.g. `us-east-1`. */
  readonly region: string;
  readonly requestId: string;
  /** Wall time in milliseconds; injected. */
  readonly now: () => number;
  /**
   * Whether the caller has one more permission; for operations that answer item by item (S3's DeleteObjects).
   * Where it is missing, such an operation asks for everything through `permissions` and fails as a whole.
   */
  readonly allows?: (permission: Permission) => boolean;
}

/** One thing the caller must be allowed to do before an operation runs. */
export interface Permission {
  /** E.g. `s3:PutObject`. */
  readonly action: string;
  readonly resource: string;
  /** Condition keys of this call in their documented spelling, e.g. `{ 's3:prefix': 'docs/' }`. */
  readonly conditions?: Readonly<Record<string, string | readonly string[]>>;
  /** Policy document on the resource itself (bucket policy, trust policy) and its owner's account. */
  readonly resourcePolicy?: string | undefined;
  readonly resourceOwner?: string | undefined;
  /** The resource's policy must allow as well, even within one account (a role's trust policy). */
  readonly requiresResourcePolicy?: boolean | undefined;
  /** ARN of the identity provider that vouches for the caller instead of a signature (AssumeRoleWithWebIdentity). */
  readonly vouchedBy?: string | undefined;
  /** Anonymous and cross-account access through a public policy is cut off (RestrictPublicBuckets). */
  readonly restrictPublic?: boolean | undefined;
}

/** A call a service refuses; `code` is the wire code. */
export class AwsRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Further members of the error document, e.g. `{ BucketName: 'x' }`. */
    readonly extra: Readonly<Record<string, string>> = {},
    /** Response headers this refusal carries, lower-case names, e.g. `{ 'x-amz-bucket-region': 'eu-west-1' }`. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export interface ServiceModule {
  /** Signing name: `s3`, `iam`, `sts`, later `cloudfront`, `route53`, `acm`. */
  readonly name: string;
  /** Operations that nobody signs; S3's may all come so. */
  readonly unsigned?: ReadonlySet<string>;
  /** The operation a request means, e.g. `CreateBucket`. Throws AwsRefusal NotImplemented naming what it is. */
  readonly identify: (request: WireRequest) => string;
  /** What the caller must be allowed to do. */
  readonly permissions: (operation: string, request: WireRequest, context: CallContext) => readonly Permission[];
  /** Does it; throws AwsRefusal. Synchronous: state changes of one call are never interleaved with another's. */
  readonly execute: (operation: string, request: WireRequest, context: CallContext) => WireResponse;
  /** The error document in this service's protocol. HEAD requests get no body. */
  readonly encodeError: (refusal: AwsRefusal, request: WireRequest, requestId: string) => WireResponse;
  /** State as JSON-able data for `--sandbox-data`, and back. */
  readonly snapshot: () => unknown;
  readonly restore: (snapshot: unknown) => void;
}
