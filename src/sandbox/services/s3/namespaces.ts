import { AwsRefusal } from '../../contract';
import { invalidArgument } from './refusals';

/**
 * The namespaces of bucket names: one that all accounts share, and one for each account and region, whose names end in the
 * account's id, the region and `-an`. Source: S3 User Guide, "Namespaces for general purpose buckets".
 */

/** A name in the namespace of an account and region. */
const ACCOUNT_REGIONAL = /^.+-(\d{12})-([a-z]+(?:-[a-z]+)+-\d+)-an$/;

/** Tells whether a name has the form of those in the namespace of some account and region. */
export const isAccountRegional = (name: string): boolean => ACCOUNT_REGIONAL.test(name);

/** Where the names never were to be had. Same page. */
const WITHOUT = new Set(['me-south-1', 'me-central-1']);

const HEADER = 'x-amz-bucket-namespace';

interface Asked {
  readonly name: string;
  /** Value of the header; undefined without it. */
  readonly namespace: string | undefined;
  readonly accountId: string;
  /** Where the bucket is to be. */
  readonly region: string;
}

/**
 * Refuses a bucket whose name does not belong to the namespace that is asked for. Codes and messages are as people saw them
 * in 2026; AWS documents none.
 * @throws {InvalidArgument} when there is no such namespace
 * @throws {InvalidNamespaceHeader} when the header and the name say different things
 * @throws {MissingNamespaceHeader} when such a name comes without the header
 * @throws {InvalidBucketNamespace} when the name is another account's, or another region's
 */
export function checkNamespace({ name, namespace, accountId, region }: Asked): void {
  if (namespace !== undefined && namespace !== 'account-regional' && namespace !== 'global')
    throw invalidArgument('The bucket namespace you specified is not valid', HEADER, namespace);
  const suffix = `-${accountId}-${region}-an`;
  const [, owner, place] = ACCOUNT_REGIONAL.exec(name) ?? [];
  if (owner === undefined) {
    if (namespace !== 'account-regional') return;
    throw refusal(
      'InvalidNamespaceHeader',
      'The requested bucket name did not include the account-regional namespace suffix, but the provided x-amz-bucket-namespace header value is account-regional. ' +
        `Specify ${suffix} as the bucket name suffix to create a bucket in your account-regional namespace, or remove the header.`,
    );
  }
  if (namespace === undefined)
    throw refusal(
      'MissingNamespaceHeader',
      'The requested bucket is an account-regional namespace bucket, but your request is missing the required x-amz-bucket-namespace header.',
      { header: HEADER },
    );
  if (namespace === 'global')
    throw refusal(
      'InvalidNamespaceHeader',
      'The requested bucket is an account-regional namespace bucket, but the provided x-amz-bucket-namespace header value is global.',
    );
  if (owner !== accountId)
    throw refusal(
      'InvalidBucketNamespace',
      `The requested bucket is an account-regional namespace bucket, but the requested AWS Account ID '${owner}' does not match the caller's AWS Account ID '${accountId}'. Specify the caller's AWS Account ID in the bucket name.`,
    );
  if (place !== region || WITHOUT.has(region))
    throw refusal(
      'InvalidBucketNamespace',
      `The requested bucket is an account-regional namespace bucket, but the requested region '${String(place)}' does not match the current region '${region}'. Specify the targeted region in the bucket name.`,
    );
}

const refusal = (code: string, message: string, extra: Readonly<Record<string, string>> = {}): AwsRefusal =>
  new AwsRefusal(400, code, message, extra);
