import type { Self } from './self';

/** What is known of a condition key in the calls that read, put and remove a bucket's policy. */
export type Fact =
  /** It may have any of these values, which may be globs. `ours`: it follows from who we are. */
  | { readonly values: readonly string[]; readonly ours: boolean }
  /** The calls do not have it. */
  | 'absent'
  /** Nobody here can tell: addresses, networks, organisations, dates, tags. */
  | 'open';

/** Keys of requests that these calls are none of: for objects, listings, ACLs, new buckets, and what services do by themselves. */
const ABSENT =
  /^(aws:(source(arn|account|owner|orgid|orgpaths)|calledvia(first|last)?|principalservicename(slist)?)|s3:(x-amz-(acl|grant-|copy-source|metadata-directive|object-ownership|server-side-encryption|storage-class|website-redirect|object-lock).*|prefix|delimiter|max-keys|versionid|locationconstraint|existingobjecttag\/.*|requestobjecttag.*|object-lock-.*|if-match|if-none-match|inventoryaccessibleoptionalfields|jobsuspendedcause|objectcreationoperation|dataaccesspoint.*|accesspointnetworkorigin))$/;

/** Tells what is known of a condition key. */
export function factOf(key: string, self: Self): Fact {
  if (ABSENT.test(key)) return 'absent';
  switch (key) {
    case 'aws:securetransport':
      // AWS never holds root back on these calls; whom a policy locks out besides comes by TLS.
      return {
        values: self.isTls || self.kind === 'root' ? ['true'] : self.kind === 'unknown' ? ['true', 'false'] : ['false'],
        ours: true,
      };
    case 's3:tlsversion':
      return self.isTls ? always('1.2', '1.3') : 'open';
    case 's3:authtype':
      return always('REST-HEADER');
    case 's3:signatureversion':
      return always('AWS4-HMAC-SHA256');
    case 'aws:principalisawsservice':
    case 'aws:viaawsservice':
      return always('false');
    case 's3:resourceaccount':
    case 'aws:resourceaccount':
    case 'aws:principalaccount':
      return { values: [self.accountId ?? '*'], ours: true };
    case 'aws:principalarn':
      return { values: self.arns, ours: true };
    case 'aws:userid':
      return { values: [self.userId], ours: true };
    case 'aws:username':
      if (self.kind === 'root' || self.kind === 'session') return 'absent';
      return {
        values: self.kind === 'user' ? self.arns.map((arn) => arn.slice(arn.lastIndexOf('/') + 1)) : ['*'],
        ours: true,
      };
    case 'aws:principaltype':
      return { values: [TYPES[self.kind] ?? '*'], ours: true };
    default:
      return 'open';
  }
}

const always = (...values: readonly string[]): Fact => ({ values, ours: false });
const TYPES: Partial<Record<Self['kind'], string>> = { root: 'Account', user: 'User', session: 'AssumedRole' };
