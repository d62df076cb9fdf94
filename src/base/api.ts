// Generated from openapi.yaml by npm run types; do not edit.
import { type Secret } from './secret';

/** A document in AWS's own shape, handed through as AWS gave it: a distribution, a record set, an invalidation. */
export type AwsDocument = Readonly<Record<string, unknown>>;

export interface components {
    schemas: {
        /** @enum {string} */
        readonly OperationState: "running" | "succeeded" | "failed" | "rolled-back" | "rollback-failed" | "cancelled";
        readonly OperationError: {
            /** @description The last word of a problem's type. */
            readonly kind: string;
            readonly detail: string;
            /** @description AWS's own error code. */
            readonly code?: string;
        } | null;
        readonly OperationStep: {
            readonly title: string;
            /** @description Indexes of the steps that it waits for. */
            readonly dependsOn: readonly number[];
            /** @description Index of the step that has added this one. */
            readonly parent: number | null;
            /** @enum {string} */
            readonly state: "waiting" | "running" | "succeeded" | "failed" | "undoing" | "undone" | "undo-failed" | "skipped";
            readonly startedAt: components["schemas"]["Time"];
            readonly endedAt: components["schemas"]["Time"];
            /** @description How often it was tried. */
            readonly attempts: number;
            readonly error: components["schemas"]["OperationError"];
        };
        readonly OperationCall: {
            /** @description Of AWS, like s3. */
            readonly service: string;
            /** @description What was asked of it, like CreateBucket. */
            readonly call: string;
            /** @description AWS's own id of the request; null where no answer came. */
            readonly requestId: string | null;
            /** @enum {string} */
            readonly outcome: "ok" | "refused" | "throttled" | "contended" | "unavailable" | "misconfigured" | "failed";
        };
        readonly OperationSubject: {
            /** @enum {string} */
            readonly type: "bucket" | "website" | "user";
            readonly name: string;
        };
        /** @description An operation as the list has it, without its steps. The detail of its error may be cut short; then it ends with `…`. */
        readonly OperationSummary: {
            readonly id: string;
            readonly account: string;
            readonly kind: string;
            readonly title: string;
            /** @description What it is the only writer of. */
            readonly resources: readonly components["schemas"]["OperationSubject"][];
            readonly state: components["schemas"]["OperationState"];
            readonly startedAt: components["schemas"]["Time"];
            readonly endedAt: components["schemas"]["Time"];
            readonly error: components["schemas"]["OperationError"];
            /** @description Id of the token that asked for it; null for what the service does by itself. */
            readonly tokenId: string | null;
            /** @description The header X-Actor of the request, as claimed. */
            readonly actor: string | null;
            readonly requestId: string | null;
            readonly method: string | null;
            /** @description Of the request, without its query. */
            readonly path: string | null;
        };
        readonly Operation: {
            readonly id: string;
            readonly account: string;
            readonly kind: string;
            readonly title: string;
            /** @description What it is the only writer of. */
            readonly resources: readonly components["schemas"]["OperationSubject"][];
            readonly state: components["schemas"]["OperationState"];
            /** @description How often it has begun: once, and once more with each retry. */
            readonly attempt: number;
            readonly startedAt: components["schemas"]["Time"];
            readonly endedAt: components["schemas"]["Time"];
            readonly steps: readonly components["schemas"]["OperationStep"][];
            readonly error: components["schemas"]["OperationError"];
            /** @description Steps that were taken back. */
            readonly undone: readonly string[];
            /** @description Steps that could not be taken back, or are still to be done. */
            readonly left: readonly string[];
            /** @description Id of the token that asked for it; null for what the service does by itself. */
            readonly tokenId: string | null;
            /** @description The header X-Actor of the request, as claimed. */
            readonly actor: string | null;
            readonly requestId: string | null;
            readonly method: string | null;
            /** @description Of the request, without its query. */
            readonly path: string | null;
            /** @description Of the caller, as the access log has it. */
            readonly address: string | null;
            /** @description The last 50 requests to AWS, oldest first. */
            readonly calls: readonly components["schemas"]["OperationCall"][];
        };
        readonly OperationPage: {
            readonly operations: readonly components["schemas"]["OperationSummary"][];
            /** @description Where the next answer begins; null at the end. */
            readonly marker: string | null;
        };
        /** @description Keys that begin with `aws:`, `mallard:` or `spinup:`, and `yale:spinup`, are refused; the org tag with its own value is not. */
        readonly Tag: {
            /** @description text without control characters */
            readonly Key: string;
            /** @description text without control characters */
            readonly Value: string;
        };
        /** @description At most 45, each key once; the rest of AWS's 50 is the service's. The org tag, which answers show, may be sent back beside them. An empty list leaves none of the caller's. */
        readonly CallerTags: readonly components["schemas"]["Tag"][] | null;
        /** @description 3 to 255 letters, digits, dots, hyphens and underscores */
        readonly BucketName: string;
        /** @description 3 to 63 lower-case letters, digits, dots and hyphens, with a letter or digit first and last */
        readonly NewBucketName: string;
        /**
         * @description A named set of lifecycle rules.
         * @enum {string}
         */
        readonly Lifecycle: "deep-archive" | "glacier" | "intelligent-tiering" | "expire-30" | "abort-multipart";
        readonly CreateBucket: {
            readonly Tags?: components["schemas"]["CallerTags"];
            readonly CORS?: components["schemas"]["Cors"] | null;
            readonly Versioning?: components["schemas"]["Versioning"] | null;
            readonly Lifecycle?: components["schemas"]["Lifecycle"] | null;
            readonly ObjectLock?: components["schemas"]["ObjectLock"] | null;
            readonly PublicAccessBlock?: components["schemas"]["PublicAccessBlock"] | null;
            readonly BucketPolicy?: components["schemas"]["BucketPolicy"];
            readonly BucketInput: {
                readonly Bucket: components["schemas"]["NewBucketName"];
                readonly CreateBucketConfiguration?: {
                    /** @description Must be the account's region. */
                    readonly LocationConstraint?: string | null;
                } | null;
                readonly ObjectLockEnabledForBucket?: boolean | null;
            };
        };
        /** @description Each member replaces what the bucket has of it; members that are absent or null are left as they are. All are applied as one operation: when one fails, every other goes back to what it was. Settings may be sent back as `GET …?include=` shows them; leave out Logging, Empty and Encryption, which are only shown. At least one member must have a value. */
        readonly UpdateBucket: {
            readonly Tags?: components["schemas"]["CallerTags"];
            readonly CORS?: components["schemas"]["Cors"] | null;
            readonly Versioning?: components["schemas"]["Versioning"] | null;
            readonly Lifecycle?: components["schemas"]["LifecycleChange"];
            readonly ObjectLock?: components["schemas"]["ObjectLock"] | null;
            readonly PublicAccessBlock?: components["schemas"]["PublicAccessBlock"] | null;
            readonly BucketPolicy?: components["schemas"]["BucketPolicy"];
            /** @description Settings to take away; what the bucket does not have may be named, too. None of them can be set by the same request. An empty list removes nothing. */
            readonly Remove?: readonly components["schemas"]["RemovableSetting"][] | null;
        };
        /** @description As UpdateBucket, for the website's bucket; tags also go to the distribution. */
        readonly UpdateWebsite: {
            readonly Tags?: components["schemas"]["CallerTags"];
            readonly CORS?: components["schemas"]["Cors"] | null;
            readonly Versioning?: components["schemas"]["Versioning"] | null;
            readonly Lifecycle?: components["schemas"]["LifecycleChange"];
            readonly ObjectLock?: components["schemas"]["ObjectLock"] | null;
            /** @description it is the website's own, and follows from the origin that the domain is configured with; leave it out */
            readonly PublicAccessBlock?: null;
            /** @description it is the website's own, and follows from the origin that the domain is configured with; leave it out */
            readonly BucketPolicy?: null;
            /** @description As in UpdateBucket. */
            readonly Remove?: readonly components["schemas"]["RemovableWebsiteSetting"][] | null;
        };
        /** @enum {string} */
        readonly RemovableSetting: "CORS" | "Lifecycle" | "BucketPolicy" | "ObjectLock";
        /** @enum {string} */
        readonly RemovableWebsiteSetting: "CORS" | "Lifecycle" | "ObjectLock";
        /** @description CORS rules as AWS has them, in place of all that the bucket has. */
        readonly Cors: {
            readonly CORSRules: readonly components["schemas"]["CorsRule"][];
        };
        readonly CorsRule: {
            readonly ID?: string | null;
            /** @description Origins as browsers send them, `https://host[:port]` without a slash at the end; one `*` in each stands for anything. */
            readonly AllowedOrigins: readonly components["schemas"]["CorsPattern"][];
            readonly AllowedMethods: readonly components["schemas"]["CorsMethod"][];
            /** @description Request headers that scripts may send; one `*` in each stands for anything. */
            readonly AllowedHeaders?: readonly components["schemas"]["CorsPattern"][] | null;
            /** @description Response headers that scripts may read, without `*`. */
            readonly ExposeHeaders?: readonly components["schemas"]["CorsPattern"][] | null;
            /** @description How long browsers keep the answer to a preflight. */
            readonly MaxAgeSeconds?: number | null;
        };
        /** @enum {string} */
        readonly CorsMethod: "GET" | "PUT" | "POST" | "DELETE" | "HEAD";
        /** @description 1 to 1,024 printable ASCII characters without spaces */
        readonly CorsPattern: string;
        /** @description AWS's VersioningConfiguration. Versioning that was on once can be suspended and never taken away. A bucket with object lock cannot be suspended (409). */
        readonly Versioning: {
            /** @enum {string} */
            readonly Status: "Enabled" | "Suspended";
        };
        /** @description AWS's ObjectLockConfiguration. Object lock can be turned on where versioning is on, and never off again; a new bucket with this member needs `BucketInput.ObjectLockEnabledForBucket`. Without Rule the default retention stays as it is. */
        readonly ObjectLock: {
            /** @enum {string} */
            readonly ObjectLockEnabled: "Enabled";
            readonly Rule?: components["schemas"]["ObjectLockRule"] | null;
        };
        readonly ObjectLockRule: {
            /** @description How long new objects are kept, unless their writer says otherwise; either Days or Years. */
            readonly DefaultRetention: {
                /** @enum {string} */
                readonly Mode: "GOVERNANCE" | "COMPLIANCE";
                readonly Days?: number | null;
                readonly Years?: number | null;
            };
        };
        /** @description A named set of lifecycle rules in place of all that the bucket has, or what GET shows of one (`{"Name": …, "Rules": […]}`). */
        readonly LifecycleChange: components["schemas"]["Lifecycle"] | ({
            /** @description One of the names; null is shown for other rules and cannot be set. */
            readonly Name: string | null;
            /** @description The rules of that name; may be left out. */
            readonly Rules?: readonly Record<string, unknown>[] | null;
        } | null);
        /** @description AWS's PublicAccessBlockConfiguration, whole: what AWS finds missing it takes for false. False is refused (400) unless the account's configuration has `allowPublicPolicies`. */
        readonly PublicAccessBlock: {
            readonly BlockPublicAcls: boolean;
            readonly IgnorePublicAcls: boolean;
            readonly BlockPublicPolicy: boolean;
            readonly RestrictPublicBuckets: boolean;
        };
        /** @description A bucket policy document of at most 20 KB, or its JSON text. Every resource must be this bucket or in it. A statement that lets in others than the account itself and its configured `trustedAccounts` is refused (400) unless the account's configuration has `allowPublicPolicies`, and so is a Deny that hits or may hit this service itself on s3:GetBucketPolicy, s3:PutBucketPolicy or s3:DeleteBucketPolicy. */
        readonly BucketPolicy: string | (Record<string, unknown> | null);
        /** @description 1 to 64 letters, digits and _ + = , . @ -, but not `.` or `..`, which clients resolve in a path */
        readonly UserName: string;
        readonly CreateUser: {
            readonly User: {
                readonly UserName: components["schemas"]["UserName"];
                /** @description a bucket's users have no Path; leave it out */
                readonly Path?: null;
                readonly Tags?: components["schemas"]["CallerTags"];
            };
            /**
             * @description Full access, reading and writing, reading only.
             * @default [
             *       "BktAdmGrp"
             *     ]
             */
            readonly Groups?: readonly components["schemas"]["BucketGroup"][] | null;
            /** @description The user is there already and belongs to another bucket: it joins the groups as well, and keeps the keys that it has. It must be one of this service's. Then the answer has no AccessKey, and the body no Tags. */
            readonly Existing?: boolean | null;
        };
        readonly CreateWebsiteUser: {
            readonly User: {
                readonly UserName: components["schemas"]["UserName"];
                /** @description `/`, or the folder the user is limited to, with a slash at both ends: letters, digits, dots and hyphens, at most 512 characters */
                readonly Path?: string | null;
                readonly Tags?: components["schemas"]["CallerTags"];
            };
            /** @description Full access, reading and writing, reading only, invalidating the cache. Default: BktAdmGrp and WebAdmGrp; of a user with a Path BktRWGrp, which may have BktROGrp instead and nothing else. */
            readonly Groups?: readonly components["schemas"]["WebsiteGroup"][] | null;
            /** @description The user is there already and belongs to another bucket: it joins the groups as well, and keeps the keys that it has. It must be one of this service's. Then the answer has no AccessKey, and the body no Tags. */
            readonly Existing?: boolean | null;
        };
        readonly ChangeUser: {
            readonly Status?: components["schemas"]["KeyStatus"] | null;
            /** @description The bucket's groups that the user is in afterwards. */
            readonly Groups?: readonly components["schemas"]["BucketGroup"][] | null;
        };
        readonly ChangeWebsiteUser: {
            readonly Status?: components["schemas"]["KeyStatus"] | null;
            /** @description The website's groups that the user is in afterwards; a user of one folder can be in BktRWGrp or BktROGrp of it, in nothing else. */
            readonly Groups?: readonly components["schemas"]["WebsiteGroup"][] | null;
        };
        /** @enum {string} */
        readonly KeyStatus: "Active" | "Inactive";
        /** @enum {string} */
        readonly BucketGroup: "BktAdmGrp" | "BktRWGrp" | "BktROGrp";
        /** @enum {string} */
        readonly WebsiteGroup: "BktAdmGrp" | "BktRWGrp" | "BktROGrp" | "WebAdmGrp";
        readonly SetKeyStatus: {
            readonly Status: components["schemas"]["KeyStatus"];
        };
        /** @description 16 to 128 letters, digits and _ */
        readonly AccessKeyId: string;
        readonly CreateWebsite: {
            readonly Tags?: components["schemas"]["CallerTags"];
            readonly Lifecycle?: components["schemas"]["Lifecycle"] | null;
            /** @description What follows the name's first dot is one of the account's domains. */
            readonly BucketInput: {
                readonly Bucket: components["schemas"]["NewBucketName"];
            };
            readonly WebsiteConfiguration?: components["schemas"]["WebsiteConfiguration"] | null;
        };
        /** @description As AWS has it. Without it the index document is `index.html`. */
        readonly WebsiteConfiguration: {
            readonly IndexDocument?: {
                /** @description the name of a file, without a slash */
                readonly Suffix: string;
            } | null;
            readonly ErrorDocument?: {
                readonly Key: components["schemas"]["ObjectKey"];
            } | null;
            readonly RedirectAllRequestsTo?: {
                readonly HostName: components["schemas"]["HostName"];
                readonly Protocol?: components["schemas"]["Protocol"] | null;
            } | null;
            readonly RoutingRules?: readonly components["schemas"]["RoutingRule"][] | null;
        };
        readonly RoutingRule: {
            readonly Condition?: {
                /** @description a status from 400 to 599, as text */
                readonly HttpErrorCodeReturnedEquals?: string | null;
                readonly KeyPrefixEquals?: string | null;
            } | null;
            readonly Redirect: {
                readonly HostName?: components["schemas"]["HostName"] | null;
                /** @description a status from 301 to 399, as text */
                readonly HttpRedirectCode?: string | null;
                readonly Protocol?: components["schemas"]["Protocol"] | null;
                readonly ReplaceKeyPrefixWith?: string | null;
                readonly ReplaceKeyWith?: string | null;
            };
        };
        readonly ObjectKey: string;
        /** @description a host name, without scheme and path */
        readonly HostName: string;
        /** @enum {string} */
        readonly Protocol: "http" | "https";
        readonly InvalidateCache: {
            /** @description Paths; `*` may be the last character of at most 15 of them. The start page is `/index.html` (or the site's other index document), not `/`. What CloudFront wants percent-encoded is encoded. `#news` is whatever was uploaded with the cache tag `news`; 409 for websites that were made without cache tags. The body may have 384 KiB. */
            readonly CacheInvalidation: readonly string[];
        };
        readonly RunCleaner: {
            /** @description What else is to be removed, of the orphans that the preview lists. */
            readonly orphans?: readonly string[] | null;
        };
        readonly SignUpload: {
            /** @description The object's key; the rules are those of `{path}`, and it begins with no slash. */
            readonly filename: string;
            /** @description a media type such as image/png, or true: guessed from the name. The upload must then send exactly it */
            readonly contentType?: string | (boolean | null);
            /** @description true: for an HTML form instead of a PUT. */
            readonly form?: boolean | null;
            /** @description The largest file a form takes, in bytes. */
            readonly contentLength?: number | null;
            /** @description Words by which the cache of a website drops this file and whatever else has them (`#news` in `CacheInvalidation`); case does not count. The upload must then send them as they are in `headers`; in a form they are a field. Together at most 2,028 characters, commas between them included. */
            readonly cacheTags?: readonly string[] | null;
        };
        readonly Version: {
            readonly version: string;
            readonly githash: string;
            readonly buildstamp: string;
        };
        /** Format: date-time */
        readonly Time: Date | null;
        readonly ShownTags: readonly {
            readonly Key: string;
            readonly Value: string;
        }[];
        readonly Policy: {
            readonly Arn: string;
            readonly AttachmentCount: number | null;
            readonly CreateDate: components["schemas"]["Time"];
            readonly DefaultVersionId: string | null;
            readonly Description: string | null;
            readonly IsAttachable: boolean | null;
            readonly Path: string | null;
            readonly PermissionsBoundaryUsageCount: number | null;
            readonly PolicyId: string | null;
            readonly PolicyName: string;
            readonly UpdateDate: components["schemas"]["Time"];
        };
        readonly Group: {
            readonly Arn: string | null;
            readonly CreateDate: components["schemas"]["Time"];
            readonly GroupId: string | null;
            readonly GroupName: string;
            readonly Path: string | null;
        };
        /** @description Policy and Group are null for accounts without IAM. */
        readonly BucketCreated: {
            readonly Bucket: string;
            readonly Policy: components["schemas"]["Policy"] | null;
            readonly Group: components["schemas"]["Group"] | null;
            readonly warnings?: components["schemas"]["Warnings"];
        };
        /** @description As `mc alias import NAME FILE` reads it. */
        readonly MinioAlias: {
            /** @description What to do with it; mc leaves it alone. */
            readonly comment: string;
            /** Format: uri */
            readonly url: string;
            readonly accessKey: string;
            /** @constant */
            readonly secretKey: "REPLACE_WITH_SECRET_ACCESS_KEY";
            /** @constant */
            readonly api: "s3v4";
            /** @enum {string} */
            readonly path: "auto" | "on" | "off";
        };
        /** @description What an S3-compatible store could not do, or what visitors of a website have of a setting that may surprise; one sentence each. Absent when there is nothing to say. */
        readonly Warnings: readonly string[];
        /** @description Null when access logging is off. */
        readonly Logging: {
            readonly TargetBucket: string | null;
            readonly TargetGrants: readonly unknown[] | null;
            readonly TargetPrefix: string | null;
        } | null;
        readonly BucketDetails: {
            readonly Tags: components["schemas"]["ShownTags"];
            readonly Logging: components["schemas"]["Logging"];
            /** @description No objects, no versions, no delete markers. */
            readonly Empty: boolean;
            readonly CORS?: components["schemas"]["ShownCors"];
            readonly Versioning?: components["schemas"]["ShownVersioning"];
            readonly Lifecycle?: components["schemas"]["ShownLifecycle"];
            readonly BucketPolicy?: components["schemas"]["ShownBucketPolicy"];
            readonly PublicAccessBlock?: components["schemas"]["ShownPublicAccessBlock"];
            readonly Encryption?: components["schemas"]["ShownEncryption"];
            readonly ObjectLock?: components["schemas"]["ShownObjectLock"];
            readonly warnings?: components["schemas"]["Warnings"];
        };
        /** @description Null where there are no CORS rules. */
        readonly ShownCors: {
            readonly CORSRules: readonly Record<string, unknown>[];
        } | null;
        /** @description Null where versioning was never on. */
        readonly ShownVersioning: {
            readonly Status: string;
        } | null;
        /** @description AWS's rules, and the name of the set that they are; Name is null for other rules. Null where there are none. */
        readonly ShownLifecycle: {
            readonly Name: string | null;
            readonly Rules: readonly Record<string, unknown>[];
        } | null;
        /** @description The policy document; its text where a store gives something that is no JSON. Null where there is none. */
        readonly ShownBucketPolicy: string | (Record<string, unknown> | null);
        /** @description Null where nothing is blocked, because it was never set. */
        readonly ShownPublicAccessBlock: components["schemas"]["PublicAccessBlock"] | null;
        /** @description AWS's ObjectLockConfiguration. Null where the bucket has no object lock; without Rule, or with null, there is no default retention. */
        readonly ShownObjectLock: components["schemas"]["ObjectLock"] | null;
        /** @description AWS's ServerSideEncryptionConfiguration. Null where there is none. */
        readonly ShownEncryption: {
            readonly Rules: readonly Record<string, unknown>[];
        } | null;
        readonly User: {
            readonly Arn: string | null;
            readonly CreateDate: components["schemas"]["Time"];
            readonly PasswordLastUsed: components["schemas"]["Time"];
            readonly Path: string | null;
            readonly PermissionsBoundary: {
                readonly PermissionsBoundaryArn: string | null;
                readonly PermissionsBoundaryType: string | null;
            } | null;
            readonly Tags: components["schemas"]["ShownTags"] | null;
            readonly UserId: string | null;
            readonly UserName: string;
        };
        readonly AccessKey: {
            readonly AccessKeyId: string;
            readonly CreateDate: components["schemas"]["Time"];
            readonly Status: string;
            readonly UserName: string;
        };
        readonly NewAccessKey: {
            readonly AccessKeyId: string;
            readonly CreateDate: components["schemas"]["Time"];
            /** @description Shown once. */
            readonly SecretAccessKey: Secret;
            readonly Status: string;
            readonly UserName: string;
        };
        readonly UserCreated: {
            readonly User: components["schemas"]["User"];
            /** @description Null for a user that was there already. */
            readonly AccessKey: components["schemas"]["NewAccessKey"] | null;
        };
        readonly ListedUser: {
            readonly Arn: string | null;
            readonly CreateDate: components["schemas"]["Time"];
            readonly PasswordLastUsed: components["schemas"]["Time"];
            readonly Path: string | null;
            readonly PermissionsBoundary: components["schemas"]["User"]["PermissionsBoundary"];
            readonly Tags: components["schemas"]["User"]["Tags"];
            readonly UserId: string | null;
            readonly UserName: string;
            /** @description Names of the groups of this bucket or website that the user is in; empty for the predecessor's user. */
            readonly Groups: readonly string[];
            readonly Status: components["schemas"]["KeyStatus"];
            /** @description Oldest first. */
            readonly AccessKeys: readonly components["schemas"]["AccessKey"][];
        };
        readonly UserDetails: {
            readonly User: components["schemas"]["User"];
            readonly AccessKeys: readonly components["schemas"]["AccessKey"][];
            readonly Groups: readonly components["schemas"]["Group"][];
            readonly Policies: readonly {
                readonly Arn: string;
                readonly PolicyName: string;
            }[];
        };
        readonly KeysReset: {
            readonly DeletedKeyIds: readonly string[];
            readonly AccessKey: components["schemas"]["NewAccessKey"];
        };
        readonly KeyAdded: {
            readonly AccessKey: components["schemas"]["NewAccessKey"];
        };
        readonly KeysRevoked: {
            readonly DeletedKeyIds: readonly string[];
        };
        readonly KeyUse: {
            readonly LastUsedDate: components["schemas"]["Time"];
            readonly ServiceName: string | null;
            readonly Region: string | null;
        } | null;
        readonly UsedKey: {
            readonly AccessKeyId: string;
            readonly CreateDate: components["schemas"]["Time"];
            readonly Status: string;
            readonly UserName: string;
            readonly LastUsed: components["schemas"]["KeyUse"];
        };
        readonly KeyReport: {
            readonly Keys: readonly {
                readonly AccessKeyId: string;
                readonly CreateDate: components["schemas"]["Time"];
                readonly Status: string;
                readonly UserName: string;
                readonly LastUsed: components["schemas"]["KeyUse"];
                /** @description Whole days since the key was made. */
                readonly ageDays: number | null;
                /** @description The bucket or website the user belongs to. */
                readonly Bucket: string;
            }[];
            /** @description Where the next answer begins; null at the end. */
            readonly Marker: string | null;
        };
        /** @description Policy and Group are the bucket admin's; the lists have all. */
        readonly WebsiteCreated: {
            /**
             * Format: uri
             * @description Of the start page.
             */
            readonly URL?: string;
            readonly Bucket: string;
            readonly Policy: components["schemas"]["Policy"];
            readonly Group: components["schemas"]["Group"];
            readonly Policies: readonly components["schemas"]["Policy"][];
            readonly Groups: readonly components["schemas"]["Group"][];
            readonly Distribution: components["schemas"]["Distribution"];
            readonly DnsChange: components["schemas"]["DnsChange"];
            readonly warnings?: components["schemas"]["Warnings"];
        };
        /** @description DNSRecord and Distribution are null where there is none. */
        readonly WebsiteDetails: {
            /**
             * Format: uri
             * @description Of the start page.
             */
            readonly URL?: string;
            readonly Tags: components["schemas"]["ShownTags"];
            readonly Logging: components["schemas"]["Logging"];
            /** @description No objects, no versions, no delete markers but the service's own greeting page. */
            readonly Empty: boolean;
            readonly CORS?: components["schemas"]["ShownCors"];
            readonly Versioning?: components["schemas"]["ShownVersioning"];
            readonly Lifecycle?: components["schemas"]["ShownLifecycle"];
            readonly BucketPolicy?: components["schemas"]["ShownBucketPolicy"];
            readonly PublicAccessBlock?: components["schemas"]["ShownPublicAccessBlock"];
            readonly Encryption?: components["schemas"]["ShownEncryption"];
            readonly ObjectLock?: components["schemas"]["ShownObjectLock"];
            readonly DNSRecord: components["schemas"]["RecordSet"] | null;
            readonly Distribution: components["schemas"]["Distribution"] | null;
        };
        /** @description Names of what was deleted; DNSRecord and Distribution as they were, null where there was none. */
        readonly WebsiteDeleted: {
            readonly Website: string;
            readonly Users: readonly string[];
            readonly Policies: readonly string[];
            readonly Groups: readonly string[];
            readonly DNSRecord: components["schemas"]["RecordSet"] | null;
            readonly Distribution: components["schemas"]["Distribution"] | null;
            readonly DnsChange: components["schemas"]["DnsChange"] | null;
            readonly kept?: components["schemas"]["KeptUsers"];
            readonly left?: components["schemas"]["LeftThings"];
        };
        /** @description Users that were only taken out of the groups of what was deleted; their keys and all that hangs on them stay. */
        readonly KeptUsers: readonly {
            readonly UserName: string;
            /** @description A sentence that says what speaks for somebody else. */
            readonly because: string;
        }[];
        /** @description What has one of the names of what was deleted, but is not surely ours, and was not touched. */
        readonly LeftThings: readonly {
            /** @description Its kind and name, e.g. `group foobarbucketname-BktRWGrp` or `record CNAME site.example.org`. */
            readonly Resource: string;
            /** @description A sentence that says what speaks for somebody else. */
            readonly because: string;
        }[];
        readonly InvalidationMade: {
            readonly Invalidation: components["schemas"]["Invalidation"];
            /** @description URL of the invalidation in CloudFront's own API. */
            readonly Location: string;
        };
        readonly TextList: AwsDocument | null;
        /** @description CloudFront's own document. What is required here is always there, null where AWS has no value; whatever else AWS gives is there, too. */
        readonly Distribution: AwsDocument;
        readonly DistributionConfig: AwsDocument | null;
        readonly Origin: AwsDocument;
        /** @description Route 53's own document; what is required is always there, null where AWS has no value. */
        readonly RecordSet: AwsDocument;
        readonly DnsChange: AwsDocument;
        readonly Invalidation: AwsDocument;
        readonly UploadUrl: {
            /** Format: uri */
            readonly url: Secret;
            /** @description Fields the form sends before its field `file`. Only with `form`. */
            readonly fields?: {
                readonly [key: string]: Secret;
            };
            /** @description Headers the PUT must have, as they are. Only where some are signed. */
            readonly headers?: {
                readonly [key: string]: string;
            };
            readonly expiresAt: components["schemas"]["ExpiresAt"];
            readonly limitedBy?: components["schemas"]["LimitedBy"];
        };
        readonly ObjectUrl: {
            /** Format: uri */
            readonly url: Secret;
            readonly expiresAt: components["schemas"]["ExpiresAt"];
            readonly limitedBy?: components["schemas"]["LimitedBy"];
        };
        /**
         * Format: date-time
         * @description When the URL ends, the end of the credentials that signed it taken into account.
         */
        readonly ExpiresAt: Date;
        /**
         * @description Absent when the URL lives as long as was asked. `credentials`: it ends earlier, with the credentials that signed it.
         *     `unknown`: those are temporary and nobody can tell when they end, so it may die before `expiresAt`.
         * @enum {string}
         */
        readonly LimitedBy: "credentials" | "unknown";
        readonly CleanerReport: {
            readonly distributions: readonly {
                readonly id: string;
                readonly site: string;
                /**
                 * @description Deletable now, only when it is deployed, or waiting for what `because` says: CloudFront refused to delete it, and every run tries again.
                 * @enum {string}
                 */
                readonly state: "deletable" | "deploying" | "waiting";
                /**
                 * @description Its bucket is gone, or the operation that made it was taken back.
                 * @enum {string}
                 */
                readonly reason: "bucket-gone" | "retired";
                /** @description Why it waits; only of one that does. */
                readonly because?: string;
            }[];
            /** @description Whose bucket is gone; removed only when they are named. */
            readonly orphans: readonly {
                /** @enum {string} */
                readonly type: "group" | "policy" | "user" | "record";
                readonly name: string;
                readonly bucket: string;
                /** @description Since it was made; null where AWS does not tell. */
                readonly ageSeconds: number | null;
                /** @description The host that a record points at. */
                readonly target?: string;
            }[];
            /**
             * Format: date-time
             * @description Null where the account has no cleaner.
             */
            readonly nextRun: Date | null;
            readonly kept?: components["schemas"]["KeptUsers"];
            readonly left?: components["schemas"]["LeftThings"];
            /** @description Of a dry run, for `If-Plan-Match`. Of what would be removed, by its exact names, and of what is named and would stay. */
            readonly planDigest?: string;
        };
        /** @description What a write would do. */
        readonly DryRun: {
            /** @description The kind of operation, as in metrics and logs. */
            readonly kind: string;
            /** @description Of the kind of operation. */
            readonly version: number;
            /** @description For people. */
            readonly title: string;
            /** @description In no order but that of `dependsOn`; what does not wait for another is done at the same time. */
            readonly steps: readonly components["schemas"]["PlannedStep"][];
            /** @description What follows when the answer has reached its caller: a reset of keys deletes the last old one only then. Numbered from 0 again. */
            readonly whenDelivered: readonly components["schemas"]["PlannedStep"][];
            /** @description Whether there may be more steps than these. */
            readonly mayGrow: boolean;
            /** @description For `If-Plan-Match`. Of the kind, the version, what was asked for and the steps; opaque. */
            readonly planDigest: string;
        };
        /** @description A flowchart. Steps are nodes, arrows lead from a step to those that wait for it, a thick border marks the point of no return, a double one steps that add others. What follows when the answer has reached its caller is apart. A comment has the `planDigest`. */
        readonly Diagram: string;
        readonly PlannedStep: {
            /** @description For people: what is done, and to what. */
            readonly title: string;
            /** @description What is made, changed and taken away; nothing by steps that only look. */
            readonly touches: readonly {
                /** @enum {string} */
                readonly action: "create" | "change" | "delete";
                /** @description What it is and what it is called. */
                readonly resource: string;
                /** @description What it will be, as far as that is known before: a policy, tags, a setting. */
                readonly document?: unknown;
            }[];
            /** @description Indexes, from 0, of the steps that must be done first. */
            readonly dependsOn: readonly number[];
            /** @description Once it is done nothing is taken back any more. */
            readonly pointOfNoReturn: boolean;
            /** @description Adds steps that are known only when it is done. */
            readonly mayGrow: boolean;
        };
        /** @description RFC 9457, with members of our own. */
        readonly Problem: {
            /** @enum {string} */
            readonly type: "urn:mallard:problem:invalid" | "urn:mallard:problem:unauthenticated" | "urn:mallard:problem:denied" | "urn:mallard:problem:protected" | "urn:mallard:problem:not-found" | "urn:mallard:problem:method-not-allowed" | "urn:mallard:problem:request-timeout" | "urn:mallard:problem:exists" | "urn:mallard:problem:not-empty" | "urn:mallard:problem:conflict" | "urn:mallard:problem:busy" | "urn:mallard:problem:contended" | "urn:mallard:problem:precondition-failed" | "urn:mallard:problem:too-large" | "urn:mallard:problem:unsupported-media-type" | "urn:mallard:problem:expectation-failed" | "urn:mallard:problem:headers-too-large" | "urn:mallard:problem:key-reused" | "urn:mallard:problem:throttled" | "urn:mallard:problem:quota" | "urn:mallard:problem:unforeseen" | "urn:mallard:problem:misconfigured" | "urn:mallard:problem:unsupported" | "urn:mallard:problem:superseded" | "urn:mallard:problem:unavailable" | "urn:mallard:problem:overloaded";
            readonly title: string;
            readonly status: number;
            /** @description For people; what is wrong and how to go on. */
            readonly detail: string;
            /**
             * Format: uri-reference
             * @description The path of the request.
             */
            readonly instance: string;
            readonly requestId: string;
            /** @description Whether the same request may succeed later. */
            readonly retryable: boolean;
            /** @description The operation that failed. */
            readonly operationId?: string;
            /** @description AWS's own error code. */
            readonly code?: string;
            /** @description JSON pointer to the wrong member of the body. */
            readonly pointer?: string;
            /** @description Of the plan as it is now. */
            readonly planDigest?: string;
            /** @description The operation that holds the resource. */
            readonly holder?: string;
            /** @description How to get a new key, where the answer with the first one was delivered and is not told again. */
            readonly reset?: {
                /** @enum {string} */
                readonly method: "PUT";
                /** Format: uri-reference */
                readonly href: string;
            };
            /** @description The setting of the operator's configuration that does not work. */
            readonly setting?: string;
            /** @description Finds the cause in the log. */
            readonly logId?: string;
            /**
             * @description How the operation ended; `running`: it failed and goes on, because AWS is too busy to take back or to finish now what it began. Until that is done the resource is busy (409).
             * @enum {string}
             */
            readonly state?: "failed" | "rolled-back" | "rollback-failed" | "running";
            /** @description The step that failed first. */
            readonly failedStep?: string;
            /** @description Steps that were taken back. */
            readonly undone?: readonly string[];
            /** @description Steps that are still being taken back. */
            readonly undoing?: readonly string[];
            /** @description Steps that are still being done. */
            readonly finishing?: readonly string[];
            /** @description What could not be taken back, or is still to be done. */
            readonly left?: readonly {
                readonly step: string;
                readonly detail?: string;
                readonly code?: string;
            }[];
        };
        readonly Operations: {
            readonly pingAtRoot: {};
            readonly ping: {};
            readonly versionAtRoot: {
                readonly answer: components["schemas"]["Version"];
            };
            readonly version: {
                readonly answer: components["schemas"]["Version"];
            };
            readonly metricsAtRoot: {};
            readonly metrics: {};
            readonly readyAtRoot: {
                readonly answer: {
                    /** @constant */
                    readonly status: "ready";
                };
            };
            readonly ready: {
                readonly answer: {
                    /** @constant */
                    readonly status: "ready";
                };
            };
            readonly listBuckets: {
                readonly answer: readonly string[];
            };
            readonly createBucket: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["CreateBucket"];
                readonly answer: components["schemas"]["BucketCreated"];
            };
            readonly headBucket: {};
            readonly showBucket: {
                readonly query: {
                    /** @description a comma-separated list of cors, versioning, lifecycle, policy, publicAccess, encryption, objectLock */
                    readonly include?: string;
                };
                readonly answer: components["schemas"]["BucketDetails"];
            };
            readonly updateBucket: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["UpdateBucket"];
                readonly answer: {
                    readonly warnings?: components["schemas"]["Warnings"];
                };
            };
            readonly deleteBucket: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: {
                    readonly kept?: components["schemas"]["KeptUsers"];
                    readonly left?: components["schemas"]["LeftThings"];
                };
            };
            readonly bookmarkBucket: {
                readonly query: {
                    /** @description at most 1,024 characters, none of them a control character */
                    readonly path?: string;
                    readonly user?: components["schemas"]["UserName"];
                };
            };
            readonly configureBucketClient: {
                readonly query: {
                    /** @description at most 1,024 characters, none of them a control character */
                    readonly path?: string;
                    readonly user?: components["schemas"]["UserName"];
                };
                readonly answer: components["schemas"]["MinioAlias"];
            };
            readonly listUsers: {
                readonly answer: readonly components["schemas"]["ListedUser"][];
            };
            readonly createUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["CreateUser"];
                readonly answer: components["schemas"]["UserCreated"];
            };
            readonly showUser: {
                readonly answer: components["schemas"]["UserDetails"];
            };
            readonly resetKeys: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeysReset"];
            };
            readonly deleteUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: {
                    readonly kept?: components["schemas"]["KeptUsers"];
                    readonly left?: components["schemas"]["LeftThings"];
                };
            };
            readonly changeUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["ChangeUser"];
                readonly answer: components["schemas"]["UserDetails"];
            };
            readonly listKeys: {
                readonly answer: readonly components["schemas"]["UsedKey"][];
            };
            readonly addKey: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeyAdded"];
            };
            readonly revokeKeys: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeysRevoked"];
            };
            readonly setKeyStatus: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["SetKeyStatus"];
                readonly answer: components["schemas"]["AccessKey"];
            };
            readonly deleteKey: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: {};
            };
            readonly listWebsites: {
                readonly answer: readonly string[];
            };
            readonly createWebsite: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["CreateWebsite"];
                readonly answer: components["schemas"]["WebsiteCreated"];
            };
            readonly headWebsite: {};
            readonly showWebsite: {
                readonly query: {
                    /** @description a comma-separated list of cors, versioning, lifecycle, policy, publicAccess, encryption, objectLock */
                    readonly include?: string;
                };
                readonly answer: components["schemas"]["WebsiteDetails"];
            };
            readonly updateWebsite: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["UpdateWebsite"];
                readonly answer: {
                    readonly warnings?: components["schemas"]["Warnings"];
                };
            };
            readonly invalidateCache: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["InvalidateCache"];
                readonly answer: components["schemas"]["InvalidationMade"];
            };
            readonly deleteWebsite: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["WebsiteDeleted"];
            };
            readonly bookmarkWebsite: {
                readonly query: {
                    /** @description at most 1,024 characters, none of them a control character */
                    readonly path?: string;
                    readonly user?: components["schemas"]["UserName"];
                };
            };
            readonly configureWebsiteClient: {
                readonly query: {
                    /** @description at most 1,024 characters, none of them a control character */
                    readonly path?: string;
                    readonly user?: components["schemas"]["UserName"];
                };
                readonly answer: components["schemas"]["MinioAlias"];
            };
            readonly listWebsiteUsers: {
                readonly answer: readonly components["schemas"]["ListedUser"][];
            };
            readonly createWebsiteUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["CreateWebsiteUser"];
                readonly answer: components["schemas"]["UserCreated"];
            };
            readonly showWebsiteUser: {
                readonly answer: components["schemas"]["UserDetails"];
            };
            readonly resetWebsiteKeys: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeysReset"];
            };
            readonly deleteWebsiteUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: {
                    readonly kept?: components["schemas"]["KeptUsers"];
                    readonly left?: components["schemas"]["LeftThings"];
                };
            };
            readonly changeWebsiteUser: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["ChangeWebsiteUser"];
                readonly answer: components["schemas"]["UserDetails"];
            };
            readonly listWebsiteKeys: {
                readonly answer: readonly components["schemas"]["UsedKey"][];
            };
            readonly addWebsiteKey: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeyAdded"];
            };
            readonly revokeWebsiteKeys: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: components["schemas"]["KeysRevoked"];
            };
            readonly setWebsiteKeyStatus: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body: components["schemas"]["SetKeyStatus"];
                readonly answer: components["schemas"]["AccessKey"];
            };
            readonly deleteWebsiteKey: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly answer: {};
            };
            readonly reportKeys: {
                readonly query: {
                    /** @description a number of days or hours, like 90d or 36h */
                    readonly olderThan?: string;
                    /** @default 100 */
                    readonly limit?: number;
                    /** @description the Marker of an earlier answer */
                    readonly marker?: string;
                };
                readonly answer: components["schemas"]["KeyReport"];
            };
            readonly previewCleaner: {
                readonly answer: components["schemas"]["CleanerReport"];
            };
            readonly runCleaner: {
                readonly query: {
                    /** @default false */
                    readonly dryRun?: boolean;
                    /**
                     * @default json
                     * @enum {string}
                     */
                    readonly format?: "json" | "mermaid";
                };
                readonly body?: components["schemas"]["RunCleaner"];
                readonly answer: components["schemas"]["CleanerReport"];
            };
            readonly listOperations: {
                readonly query: {
                    /** @description a name like photos, or with its type like bucket/photos */
                    readonly resource?: string;
                    readonly state?: components["schemas"]["OperationState"];
                    /** @description a kind of operation, like create-bucket */
                    readonly kind?: string;
                    readonly token?: string;
                    /** Format: date-time */
                    readonly since?: Date;
                    /** Format: date-time */
                    readonly until?: Date;
                    /** @default 100 */
                    readonly limit?: number;
                    /** @description the Marker of an earlier answer */
                    readonly marker?: string;
                };
                readonly answer: components["schemas"]["OperationPage"];
            };
            readonly showOperation: {
                readonly query: {
                    readonly wait?: number;
                };
                readonly answer: components["schemas"]["Operation"];
            };
            readonly watchOperation: {};
            readonly cancelOperation: {
                readonly answer: components["schemas"]["Operation"];
            };
            readonly retryOperation: {
                readonly answer: components["schemas"]["Operation"];
            };
            readonly signUpload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly body: components["schemas"]["SignUpload"];
                readonly answer: components["schemas"]["UploadUrl"];
            };
            readonly signDownload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                    /** @description a file name of 1 to 255 characters without slashes and control characters */
                    readonly downloadAs?: string;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
            readonly signDeletion: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
            readonly signWebsiteUpload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly body: components["schemas"]["SignUpload"];
                readonly answer: components["schemas"]["UploadUrl"];
            };
            readonly signWebsiteDownload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                    /** @description a file name of 1 to 255 characters without slashes and control characters */
                    readonly downloadAs?: string;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
            readonly signWebsiteDeletion: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
            readonly signStorageUpload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly body: components["schemas"]["SignUpload"];
                readonly answer: components["schemas"]["UploadUrl"];
            };
            readonly signStorageDownload: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                    /** @description a file name of 1 to 255 characters without slashes and control characters */
                    readonly downloadAs?: string;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
            readonly signStorageDeletion: {
                readonly query: {
                    /** @default 86400 */
                    readonly expiration?: number;
                };
                readonly answer: components["schemas"]["ObjectUrl"];
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
