import { AwsRefusal } from '../../contract';
import type { XmlObject } from '../../protocol/xml';
import { bucketOf, type Call, type Handlers, header, type Reply } from './call';
import { canonicalId, ownerElement } from './owners';
import { accessDenied, aclsDisabled, invalidArgument, notImplemented } from './refusals';
import type { Bucket, CannedAcl } from './store';

/**
 * Access control lists, as far as private buckets need them: the owner's full control is the only grant there is.
 * Source: S3 User Guide, "Controlling ownership of objects and disabling ACLs".
 */

export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

const PRIVATE_ACLS: readonly CannedAcl[] = [
  'private',
  'bucket-owner-read',
  'bucket-owner-full-control',
  'log-delivery-write',
];
const PUBLIC_ACLS = ['public-read', 'public-read-write', 'authenticated-read'];

function ownershipOf(bucket: Bucket): Ownership {
  // Buckets whose ownership controls were deleted behave as those from before they existed.
  return bucket.config.ownership?.Rule[0]?.ObjectOwnership ?? 'ObjectWriter';
}

function grants(call: Call): boolean {
  return Object.keys(call.request.headers).some((name) => name.startsWith('x-amz-grant-'));
}

function readCanned(acl: string): CannedAcl | 'public' {
  if (PUBLIC_ACLS.includes(acl)) return 'public';
  const canned = PRIVATE_ACLS.find((known) => known === acl);
  if (canned === undefined) throw invalidArgument('Unknown canned ACL', 'x-amz-acl', acl);
  return canned;
}

/**
 * Reads a canned ACL where ACLs are on.
 * @throws {AccessDenied} when public ACLs are blocked
 * @throws {NotImplemented} for grants to others
 */
function acceptCanned(bucket: Bucket | undefined, acl: string): CannedAcl {
  const canned = readCanned(acl);
  if (canned !== 'public') return canned;
  if (bucket?.config.publicAccessBlock?.BlockPublicAcls === true) {
    throw accessDenied(
      'Access Denied because public ACLs are blocked by the BlockPublicAcls block public access setting.',
    );
  }
  throw notImplemented(`the canned ACL ${acl}`);
}

/**
 * Reads the ACL and the ownership of a new bucket. With ACLs off, as is the default, an ACL is refused; `private` alone
 * turns the default into BucketOwnerPreferred.
 * @throws {InvalidBucketAclWithObjectOwnership | AccessDenied | InvalidArgument} when S3 would refuse them
 */
export function aclsOnCreate(call: Call): { readonly acl: CannedAcl; readonly ownership: Ownership } {
  const asked = header(call, 'x-amz-object-ownership');
  const acl = header(call, 'x-amz-acl');
  const known: readonly Ownership[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'];
  const ownership = known.find((value) => value === asked);
  if (asked !== undefined && ownership === undefined)
    throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', asked);
  if (acl === undefined && !grants(call)) return { acl: 'private', ownership: ownership ?? 'BucketOwnerEnforced' };
  if (acl === 'private' && !grants(call)) return { acl, ownership: ownership ?? 'BucketOwnerPreferred' };
  if (ownership === undefined || ownership === 'BucketOwnerEnforced') {
    throw new AwsRefusal(
      400,
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  if (grants(call) || acl === undefined) throw notImplemented('ACL grants');
  // Public access is blocked on every new bucket.
  if (readCanned(acl) === 'public') throw accessDenied();
  return { acl: acceptCanned(undefined, acl), ownership };
}

/**
 * Checks the ACL headers of a write to an object.
 * @throws {AccessControlListNotSupported} when ACLs are off
 * @throws {AccessDenied | NotImplemented} as `acceptCanned`
 */
export function checkObjectAcl(call: Call, bucket: Bucket): void {
  const acl = header(call, 'x-amz-acl');
  if (acl === undefined && !grants(call)) return;
  if (ownershipOf(bucket) === 'BucketOwnerEnforced') {
    if (acl === 'bucket-owner-full-control' && !grants(call)) return;
    throw aclsDisabled();
  }
  if (grants(call) || acl === undefined) throw notImplemented('ACL grants');
  acceptCanned(bucket, acl);
}

function accessControlPolicy(bucket: Bucket): XmlObject {
  const id = canonicalId(bucket.ownerId);
  return {
    Owner: ownerElement(bucket.ownerId),
    AccessControlList: {
      Grant: [
        {
          Grantee: {
            '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
            '@xsi:type': 'CanonicalUser',
            ID: id,
          },
          Permission: 'FULL_CONTROL',
        },
      ],
    },
  };
}

const get = (call: Call): Reply => ({
  xml: { root: 'AccessControlPolicy', value: accessControlPolicy(bucketOf(call)) },
});

/** Only canned ACLs; a document of grants is more than the sandbox keeps. */
function put(call: Call, keep: (bucket: Bucket, acl: CannedAcl) => void): Reply {
  const bucket = bucketOf(call);
  if (ownershipOf(bucket) === 'BucketOwnerEnforced') throw aclsDisabled();
  const acl = header(call, 'x-amz-acl');
  if (acl === undefined) throw notImplemented('ACL grants');
  keep(bucket, acceptCanned(bucket, acl));
  return {};
}

export const aclHandlers: Handlers = {
  GetBucketAcl: get,
  GetObjectAcl: get,
  PutBucketAcl: (call) =>
    put(call, (bucket, acl) => {
      bucket.acl = acl;
    }),
  PutObjectAcl: (call) => put(call, () => undefined),
};
