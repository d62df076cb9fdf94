import type { XmlObject } from '../../protocol/xml';
import { decodeXml, required, struct, text } from '../../protocol/xml-shape';
import { type CloudFrontCall, type OperationTable, distributionOf, isoTime, label, onDistribution } from './call';
import { counted, countedList, itemsOf } from './counted';
import { page } from './paging';
import { refuse } from './refusals';
import { type Distribution, type Invalidation, newId } from './state';
import type { RestReply } from '../../protocol/rest-reply';

const batchShape = struct({ Paths: required(counted('Path', text)), CallerReference: required(text) });

/** Source: CloudFront Developer Guide, "Quotas": paths and wildcard paths in progress at one time. */
const PATHS_IN_PROGRESS = 3000;
const WILDCARDS_IN_PROGRESS = 15;

/** `#` and a cache tag. Source: CloudFront Developer Guide, "What you need to know when invalidating tags". */
const isTag = (path: string): boolean => path.startsWith('#');
const isFitTag = (path: string): boolean => /^#[\u0021-\u002b\u002d-\u007e]{1,256}$/.test(path);

const isWildcard = (path: string): boolean => !isTag(path) && path.endsWith('*');

const isFitPath = (path: string): boolean =>
  /^\/[\u0021-\u007e]*$/.test(path) && !/[<>"#{}|\\^~[\]`]|%(?![0-9A-Fa-f]{2})|\*./.test(path) && path.length <= 4000;

/**
 * Paths begin with a slash, hold none of RFC 1738's unsafe characters unencoded, and `*` only at their end. Source:
 * CloudFront Developer Guide, "Specify objects to invalidate"; that the batch is refused is told by many who sent `~` or `[`.
 */
function checkPaths(paths: readonly string[]): void {
  const bad = paths.find((path) => (isTag(path) ? !isFitTag(path) : !isFitPath(path)));
  if (bad !== undefined) refuse('InvalidArgument', 'Your request contains one or more invalid invalidation paths.');
  if (paths.length === 0) refuse('InvalidArgument', 'Your request contains empty/null invalidation paths.');
  if (new Set(paths).size < paths.length)
    refuse('InvalidArgument', 'Your request contains duplicate invalidation paths.');
}

/** That tags do nothing without the configuration is documented; how the request is answered is not. */
function checkTagsKnown({ config }: Distribution, paths: readonly string[]): void {
  if (config.CacheTagConfig === undefined && paths.some(isTag))
    refuse('InvalidArgument', 'Your request contains cache tags, and the distribution has no CacheTagConfig.');
}

function checkRoom(distribution: Distribution, paths: readonly string[], now: number): void {
  const running = distribution.invalidations.filter(({ completedAt }) => now < completedAt).flatMap((one) => one.paths);
  const together = [...running, ...paths];
  if (paths.length > PATHS_IN_PROGRESS) refuse('BatchTooLarge', 'Invalidation batch specified is too large.');
  if (together.length <= PATHS_IN_PROGRESS && together.filter(isWildcard).length <= WILDCARDS_IN_PROGRESS) return;
  refuse(
    'TooManyInvalidationsInProgress',
    'Processing your request would cause you to exceed the maximum number of in-progress wildcard invalidations.',
  );
}

function view(invalidation: Invalidation, now: number): XmlObject {
  return {
    Id: invalidation.id,
    Status: now < invalidation.completedAt ? 'InProgress' : 'Completed',
    CreateTime: isoTime(invalidation.createdAt),
    InvalidationBatch: {
      Paths: countedList('Path', invalidation.paths),
      CallerReference: invalidation.callerReference,
    },
  };
}

/**
 * Makes an invalidation; the same reference with the same paths gives the earlier one again.
 * @throws {InvalidArgument | BatchTooLarge} when the paths cannot be, or the reference was used for other paths
 */
function create(call: CloudFrontCall): RestReply {
  const distribution = distributionOf(call, label(call, 'DistributionId'));
  const batch = decodeXml(call.body, 'InvalidationBatch', batchShape);
  const paths = itemsOf('Path', batch.Paths);
  checkPaths(paths);
  checkTagsKnown(distribution, paths);
  if (batch.CallerReference === '') refuse('InvalidArgument', 'The parameter CallerReference is required.');
  const earlier = distribution.invalidations.find(({ callerReference }) => callerReference === batch.CallerReference);
  if (earlier !== undefined && [...earlier.paths].sort().join('\n') !== [...paths].sort().join('\n')) {
    refuse('InvalidArgument', 'The caller reference that you are using is associated with another batch of paths.');
  }
  const invalidation = earlier ?? add(call, distribution, batch.CallerReference, paths);
  const location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution.id}/invalidation/${invalidation.id}`;
  return { status: 201, headers: { location }, xml: { root: 'Invalidation', value: view(invalidation, call.now) } };
}

function add(
  call: CloudFrontCall,
  distribution: Distribution,
  callerReference: string,
  paths: readonly string[],
): Invalidation {
  checkRoom(distribution, paths, call.now);
  const made: Invalidation = {
    id: newId('I'),
    createdAt: call.now,
    completedAt: call.now + call.options.invalidationSeconds * 1000,
    callerReference,
    paths,
  };
  distribution.invalidations = [made, ...distribution.invalidations];
  call.invalidate(distribution.id, paths);
  return made;
}

export const invalidationOperations: OperationTable = {
  CreateInvalidation: { needs: onDistribution('DistributionId'), run: create },
  GetInvalidation: {
    needs: onDistribution('DistributionId'),
    run: (call) => {
      const found = distributionOf(call, label(call, 'DistributionId')).invalidations.find(
        ({ id }) => id === label(call, 'Id'),
      );
      if (found === undefined) return refuse('NoSuchInvalidation', 'The specified invalidation does not exist.');
      return { xml: { root: 'Invalidation', value: view(found, call.now) } };
    },
  },
  ListInvalidations: {
    needs: onDistribution('DistributionId'),
    run: (call) => {
      const { items, head } = page(
        call,
        distributionOf(call, label(call, 'DistributionId')).invalidations,
        ({ id }) => id,
      );
      const summary = items.map((one) => ({
        Id: one.id,
        CreateTime: isoTime(one.createdAt),
        Status: call.now < one.completedAt ? 'InProgress' : 'Completed',
      }));
      const Items = summary.length === 0 ? undefined : { InvalidationSummary: summary };
      return { xml: { root: 'InvalidationList', value: { ...head, Items } } };
    },
  },
};
