import { AwsRefusal } from '../../contract';
import { isRegion, partitionOf } from '../../partitions';
import { decodeXml, optional, struct, text } from '../../protocol/xml-shape';
import { aclsOnCreate } from './acl';
import { regionHeaders } from './admission';
import { bucketArn } from './bucket-arn';
import { bucketNamed, bucketOf, type Call, type Handlers, header, isoTime, parameter, type Reply } from './call';
import { compareKeys } from './key-index';
import { isValidBucketName } from './names';
import { checkNamespace, isAccountRegional } from './namespaces';
import { ownerElement } from './owners';
import { invalidArgument } from './refusals';
import { type Bucket, createBucket } from './store';
import { checkTags, type Tag, tagSetShape } from './tags';

/** Buckets come and go. */

const BUCKETS_PER_ACCOUNT = 10_000;

const creationShape = struct({
  LocationConstraint: optional(text),
  Location: optional(struct({ Name: optional(text), Type: optional(text) })),
  Bucket: optional(struct({ DataRedundancy: optional(text), Type: optional(text) })),
  Tags: optional(tagSetShape),
});

export interface Creation {
  readonly locationConstraint: string | undefined;
  readonly tags: readonly Tag[];
}

/**
 * Reads the body of CreateBucket; an empty one asks for nothing.
 * @throws {MalformedXML} when it is none
 */
export function readCreation(call: Call): Creation {
  if (call.request.body.length === 0) return { locationConstraint: undefined, tags: [] };
  const document = decodeXml(call.request.body, 'CreateBucketConfiguration', creationShape);
  const constraint = document.LocationConstraint?.trim();
  return {
    locationConstraint: constraint === '' ? undefined : constraint,
    tags: document.Tags?.Tag ?? [],
  };
}

/**
 * Tells the region the bucket goes to. The endpoint is that of the region the call was signed for; us-east-1's makes
 * buckets in every region.
 * @throws {InvalidLocationConstraint} when there is no such region
 * @throws {IllegalLocationConstraintException} when the endpoint is another region's
 */
function placement(endpoint: string, constraint: string | undefined): string {
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  const isThere = (region: string): boolean => isRegion(region) && partitionOf(region) === partitionOf(endpoint);
  if (wanted === 'us-east-1' || (wanted !== undefined && !isThere(wanted))) {
    throw new AwsRefusal(400, 'InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      LocationConstraint: wanted,
    });
  }
  if (endpoint !== 'us-east-1' && wanted !== endpoint) {
    throw new AwsRefusal(
      400,
      'IllegalLocationConstraintException',
      `The ${wanted ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  }
  return wanted ?? 'us-east-1';
}

function created(bucket: Bucket): Reply {
  const { dnsSuffix } = partitionOf(bucket.region);
  const location = bucket.region === 'us-east-1' ? `/${bucket.name}` : `http://${bucket.name}.s3.${dnsSuffix}/`;
  return { headers: { location, 'x-amz-bucket-arn': bucketArn(bucket) } };
}

/**
 * A repeated creation by the owner: in us-east-1 it succeeds and resets the ACL; elsewhere, and in the account's own
 * namespace, it is refused (S3 API Reference, CreateBucket, BucketAlreadyOwnedByYou; User Guide, "Namespaces for general
 * purpose buckets").
 */
function recreate(call: Call, existing: Bucket, region: string): Reply {
  if (existing.ownerId !== call.context.accountId) {
    throw new AwsRefusal(
      409,
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { BucketName: existing.name },
    );
  }
  if (existing.region !== 'us-east-1' || region !== 'us-east-1' || isAccountRegional(existing.name)) {
    throw new AwsRefusal(
      409,
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
      { BucketName: existing.name },
    );
  }
  existing.acl = 'private';
  return created(existing);
}

function create(call: Call): Reply {
  const name = call.address.bucket ?? '';
  if (!isValidBucketName(name)) {
    throw new AwsRefusal(400, 'InvalidBucketName', 'The specified bucket is not valid.', { BucketName: name });
  }
  const { locationConstraint, tags } = readCreation(call);
  const region = placement(call.context.region, locationConstraint);
  const namespace = header(call, 'x-amz-bucket-namespace');
  checkNamespace({ name, namespace, accountId: call.context.accountId, region });
  checkTags(tags, 'bucket');
  const { acl, ownership } = aclsOnCreate(call);
  const existing = bucketNamed(call, name);
  if (existing !== undefined) return recreate(call, existing, region);
  const ownerId = call.context.accountId;
  if (ownedBy(call, ownerId).length >= BUCKETS_PER_ACCOUNT) {
    throw new AwsRefusal(400, 'TooManyBuckets', 'You have attempted to create more buckets than allowed');
  }
  const bucket = createBucket({
    name,
    ownerId,
    region,
    createdAt: call.context.now(),
    objectLock: header(call, 'x-amz-bucket-object-lock-enabled')?.toLowerCase() === 'true',
  });
  bucket.acl = acl;
  bucket.config.ownership = { Rule: [{ ObjectOwnership: ownership }] };
  if (tags.length > 0) bucket.config.tags = tags;
  call.state.buckets.add(bucket);
  return created(bucket);
}

/** Objects, older versions and delete markers all count; uploads in progress do not and are dropped. */
function remove(call: Call): Reply {
  const bucket = bucketOf(call);
  if (bucket.objects.byKey.size > 0) {
    const versioned = bucket.versioning !== undefined;
    throw new AwsRefusal(
      409,
      'BucketNotEmpty',
      `The bucket you tried to delete is not empty${versioned ? '. You must delete all versions in the bucket.' : ''}`,
      { BucketName: bucket.name },
    );
  }
  call.state.buckets.remove(bucket);
  return { status: 204 };
}

function ownedBy(call: Call, accountId: string): readonly Bucket[] {
  return call.state.buckets.all().filter((bucket) => bucket.ownerId === accountId);
}

function pageSize(call: Call): number {
  const asked = parameter(call, 'max-buckets');
  if (asked === undefined) return Infinity;
  const size = Number(asked);
  if (!Number.isInteger(size) || size < 1 || size > BUCKETS_PER_ACCOUNT) {
    throw invalidArgument('Argument maxBuckets must be an integer between 1 and 10000', 'max-buckets', asked);
  }
  return size;
}

/** Bucket regions are told only to calls that ask for a page, a prefix or a region. */
function list(call: Call): Reply {
  const prefix = parameter(call, 'prefix');
  const region = parameter(call, 'bucket-region');
  const token = parameter(call, 'continuation-token');
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString('utf8');
  const size = pageSize(call);
  const matching = ownedBy(call, call.context.accountId)
    .filter((bucket) => bucket.name.startsWith(prefix ?? '') && (region === undefined || bucket.region === region))
    .filter((bucket) => compareKeys(bucket.name, after) > 0)
    .sort((left, right) => compareKeys(left.name, right.name));
  const page = matching.slice(0, size);
  const last = page.at(-1);
  const detailed = size !== Infinity || [prefix, region, token].some((argument) => argument !== undefined);
  return {
    xml: {
      root: 'ListAllMyBucketsResult',
      value: {
        Owner: ownerElement(call.context.accountId),
        Buckets: {
          Bucket: page.map((bucket) => ({
            Name: bucket.name,
            CreationDate: isoTime(bucket.createdAt),
            BucketRegion: detailed ? bucket.region : undefined,
            BucketArn: detailed ? bucketArn(bucket) : undefined,
          })),
        },
        Prefix: prefix,
        ContinuationToken:
          last !== undefined && matching.length > page.length
            ? Buffer.from(last.name, 'utf8').toString('base64url')
            : undefined,
      },
    },
  };
}

function location(call: Call): Reply {
  const { region } = bucketOf(call);
  return { xml: { root: 'LocationConstraint', value: region === 'us-east-1' ? '' : region } };
}

function head(call: Call): Reply {
  const bucket = bucketOf(call);
  return {
    headers: {
      ...regionHeaders(bucket),
      'x-amz-access-point-alias': 'false',
      'x-amz-bucket-arn': bucketArn(bucket),
      'content-type': 'application/xml',
    },
  };
}

export const bucketHandlers: Handlers = {
  CreateBucket: create,
  DeleteBucket: remove,
  ListBuckets: list,
  GetBucketLocation: location,
  HeadBucket: head,
};
