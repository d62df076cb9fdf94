/**
 * Generated from config/schema.json by scripts/config-types.mjs: do not edit.
 * What may stand together is the schema's alone to say: types tell what a member is where it stands.
 */

/**
 * One JSON file. Wherever a secret stands, {"env": "NAME"} or {"file": "PATH"} may stand instead.
 */
export interface ConfigFile {
  /**
   * Where editors find this schema; ignored by the service.
   */
  $schema?: string;
  /**
   * HOST:PORT to listen on. Default ":8080", every interface.
   */
  listenAddress?: string;
  /**
   * Value of the tag spinup:org on everything the service makes: 1 to 256 letters, digits and _.:/=+-@, as IAM takes them in tags.
   */
  org: string;
  /**
   * Least severe lines that are logged. Default info; debug adds one line per AWS call and step.
   */
  logLevel?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /**
   * The pre-shared key as old files have it, one for everybody. Prefer tokens.
   */
  token?: string;
  /**
   * Tokens that are accepted in X-Auth-Token; several may be active at once, for rotation.
   */
  tokens?: Token[];
  /**
   * How tokens are checked.
   */
  auth?: {
    /**
     * Also accept bcrypt(token) in the header, as old clients send it. Needs a plain token. Default false.
     */
    bcryptTokens?: boolean;
    /**
     * Failed attempts a minute per client address before answers are 429. Default 30.
     */
    failuresPerMinute?: number;
  };
  /**
   * The accounts that are served, by the name that stands in the URL.
   */
  accounts?: {
    [k: string]: Account;
  };
  account?: Account;
  /**
   * Account ids by name; each has the settings of account.
   */
  accountsMap?: {
    /**
     * AWS account id: a string of 12 digits.
     */
    [k: string]: string;
  };
  operations?: Operations;
  /**
   * What one client, and all together, may ask for.
   */
  limits?: {
    /**
     * Largest request body in bytes. Default 65536; more than 1048576 counts as that.
     */
    bodyBytes?: number;
    /**
     * Requests a minute per token. Default: no limit.
     */
    requestsPerMinute?: number;
    /**
     * Writes under way at once; more are answered 503. Default 64.
     */
    concurrentWrites?: number;
    /**
     * Connections open at once from one client address (IPv6: one /64), of 4096 in all. Default 512; with trustProxy no limit but that in all, since every connection comes from the proxy.
     */
    connectionsPerAddress?: number;
  };
  /**
   * Which web pages may call the service.
   */
  cors?: {
    /**
     * Origins that get CORS headers. Default: none.
     *
     * Items: An origin as browsers send it: scheme, host in lower case and optional port, e.g. "https://console.example.org". No wildcard: a token must not work from any page.
     */
    origins?: string[];
  };
  /**
   * Take the client's address from X-Forwarded-For; only behind a proxy that sets it. Default false.
   */
  trustProxy?: boolean;
  /**
   * Allow plain http endpoints off loopback. Default false.
   */
  allowInsecure?: boolean;
  /**
   * Seconds that running requests and operations get after SIGTERM. Default 30.
   */
  shutdownGraceSeconds?: number;
}
/**
 * One token: {"id", "sha256", "expires"?, "accounts"?, "methods"?}.
 */
export interface Token {
  /**
   * Name of the token in logs: 1 to 63 letters, digits, dots, hyphens and underscores. Unique.
   */
  id: string;
  /**
   * SHA-256 of the token as 64 lower-case hex digits, or {"env": "NAME"} or {"file": "PATH"} that hold them.
   */
  sha256: string;
  /**
   * When the token stops working: an ISO 8601 date (its first moment, UTC) or date and time with Z or an offset, e.g. "2027-01-31" or "2027-01-31T18:00:00Z". Default: never.
   */
  expires?: string;
  /**
   * Accounts the token may use. Default: every account.
   *
   * Items: Name or id of a configured account.
   */
  accounts?: string[];
  /**
   * HTTP methods the token may use, e.g. ["GET", "HEAD"]. Default: every method.
   *
   * Items: An HTTP method: GET, HEAD, POST, PUT, PATCH or DELETE, in any case.
   */
  methods?: string[];
}
/**
 * One account: where it is, how to get in, what its policies hold.
 */
export interface Account {
  /**
   * AWS account id, 12 digits; also works in URLs. Needed when role is a name. Default: ask STS.
   */
  id?: string;
  /**
   * Region of the buckets, e.g. "us-east-1".
   */
  region: string;
  /**
   * Access key id. Without it and without profile: the SDK's default chain.
   */
  akid?: string;
  /**
   * Other spelling of akid.
   */
  'access-key-id'?: string;
  /**
   * Secret access key that belongs to akid.
   */
  secret?: string;
  /**
   * Other spelling of secret.
   */
  'secret-access-key'?: string;
  /**
   * Session token, when akid is a temporary key.
   */
  sessionToken?: string;
  /**
   * Name of a profile in the shared AWS config files.
   */
  profile?: string;
  /**
   * Name or ARN of the role to assume in the account, e.g. "Provisioner" or "arn:aws:iam::123456789012:role/Provisioner".
   */
  role?: string;
  /**
   * External id that the role's trust policy asks for.
   */
  externalId?: string;
  /**
   * Life of an assumed session in seconds. Default 900.
   */
  sessionSeconds?: number;
  /**
   * Set the name of each session of the role as its source identity, too, which stays with it through further roles. The role's trust policy must allow sts:SetSourceIdentity. Default false.
   */
  sourceIdentity?: boolean;
  /**
   * URL of every AWS service of the account, e.g. "https://s3.example.org". Default: the SDK's own conventions (AWS_ENDPOINT_URL …).
   */
  endpoint?: string;
  /**
   * HOST or HOST:PORT of an S3-compatible store; useSsl chooses the scheme. S3's own, e.g. s3.amazonaws.com, means AWS.
   */
  host?: string;
  /**
   * With host: https instead of http. Default false.
   */
  useSsl?: boolean;
  /**
   * Other spelling of useSsl.
   */
  'use-ssl'?: boolean;
  /**
   * Put the bucket into the path instead of the host name. Default: for IP addresses, localhost and single-label hosts.
   */
  pathStyle?: boolean;
  /**
   * Other spelling of pathStyle.
   */
  'path-style'?: boolean;
  /**
   * false: an S3-compatible store without IAM; buckets get no policy and no group. Default true, and false with the host of another store than AWS.
   */
  iam?: boolean;
  /**
   * Where the names of its buckets and websites are made. account-regional: in the namespace of the account and region, where no other account can take a name: S3's name of a bucket is the caller's and -<id>-<region>-an. Needs id; buckets of the global namespace are out of reach then. Default global, which all accounts share.
   */
  bucketNamespace?: 'global' | 'account-regional';
  /**
   * Actions on the bucket in the admin policy. Default: the documented list.
   *
   * Items: An IAM action, e.g. s3:GetObject or s3:*.
   */
  defaultS3BucketActions?: string[];
  /**
   * Actions on the objects in the admin policy. Default ["s3:*"].
   *
   * Items: An IAM action, e.g. s3:GetObject or s3:*.
   */
  defaultS3ObjectActions?: string[];
  /**
   * Actions on a website's distribution. Default: create and list invalidations.
   *
   * Items: An IAM action, e.g. s3:GetObject or s3:*.
   */
  defaultCloudfrontDistributionActions?: string[];
  /**
   * Domains whose host names may become websites, by name.
   */
  domains?: {
    [k: string]: Domain;
  };
  /**
   * ARN of the managed policy that bounds every user made, e.g. "arn:aws:iam::123456789012:policy/Boundary".
   */
  permissionsBoundary?: string;
  /**
   * Allow callers to make plain buckets public, and to let in accounts and services that trustedAccounts does not name. Default false.
   */
  allowPublicPolicies?: boolean;
  /**
   * Ids of other AWS accounts that callers may let in by bucket policies, e.g. ["210987654321"]. Default: none.
   *
   * Items: AWS account id: a string of 12 digits.
   */
  trustedAccounts?: string[];
  /**
   * Sign object URLs also for buckets that the account's credentials may not look at, whosever they are: for credentials that may read and write objects and do nothing else. Default false.
   */
  presignUnseen?: boolean;
  /**
   * Server access logging of every bucket made.
   */
  accessLog?: {
    /**
     * Bucket that takes the logs; may hold {account_id} (the account's name) and {account_number}.
     */
    bucket: string;
    /**
     * Logs of a bucket go below <prefix>/<bucket>/.
     */
    prefix: string;
  };
  /**
   * The regular search for what interrupted work left behind.
   */
  cleaner?: {
    /**
     * Time between two runs, e.g. "1200s", "20m" or "1h".
     */
    interval: string;
    /**
     * Random extra wait, at most this. Default "0s".
     */
    maxSplay?: string;
  };
}
/**
 * One domain: its zone, and what its websites are like.
 */
export interface Domain {
  /**
   * ARN of the ACM certificate for its websites, in us-east-1 (CloudFront reads no other region). Default: found through ACM.
   */
  certArn?: string;
  /**
   * Id of the Route 53 hosted zone, e.g. "Z0123456789ABCDEFGHIJ".
   */
  hostedZoneID: string;
  /**
   * How CloudFront reads the bucket. Default public: the website endpoint.
   */
  origin?: 'public' | 'private';
  /**
   * The only countries that may see its websites, e.g. ["US"]. Default: all.
   *
   * Items: An ISO 3166 country code of two capital letters, e.g. US.
   */
  geoRestriction?: string[];
  /**
   * Price class of its distributions. Default PriceClass_100.
   */
  priceClass?: 'PriceClass_100' | 'PriceClass_200' | 'PriceClass_All';
  /**
   * Oldest TLS its new websites speak, as CloudFront names its security policies. Default TLSv1.2_2021.
   */
  minimumTls?: 'TLSv1.2_2021' | 'TLSv1.2_2025' | 'TLSv1.3_2025';
}
/**
 * Where operations are kept, and for how long. In a folder or a bucket those under way survive the process: another one finishes them or takes them back. Any number of processes may share a bucket.
 */
export interface Operations {
  /**
   * memory, file (a folder) or s3 (a bucket).
   */
  store: 'memory' | 'file' | 's3';
  /**
   * With store file: the folder, on a disk of this machine; it is made where it is absent. One process at a time can use it.
   */
  path?: string;
  /**
   * With store s3: name of the configured account that holds the bucket.
   */
  account?: string;
  /**
   * With store s3: the bucket, which must be there. No request reaches it.
   */
  bucket?: string;
  /**
   * With store s3: what every key begins with, e.g. "operations/".
   */
  prefix?: string;
  /**
   * Days that finished operations are kept. Default 90.
   */
  keepDays?: number;
  /**
   * Seconds after which a call to AWS that is not answered is given up. Default 12.
   */
  callTimeoutSeconds?: number;
  /**
   * With store s3: seconds after which another process takes over operations of one that no longer says that it lives; at least twice callTimeoutSeconds. Default 30.
   */
  leaseSeconds?: number;
  /**
   * With store s3: seconds between two signs of life of a process; at most a third of leaseSeconds. Default 8.
   */
  heartbeatSeconds?: number;
  /**
   * With store s3: seconds between two looks for operations that nobody goes on with. Default 2.
   */
  scanSeconds?: number;
}
