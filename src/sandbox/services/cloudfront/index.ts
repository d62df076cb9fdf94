/** CloudFront's control plane: distributions, invalidations, functions, origin access controls. Global. */
import { AwsRefusal, type CallContext, type ServiceModule, type WireRequest } from '../../contract';
import { partitionOf } from '../../partitions';
import { writeQueryError } from '../../protocol/query';
import { encodeRestReply } from '../../protocol/rest-reply';
import { createRouter } from '../../protocol/rest-routes';
import type { CloudFrontCall, CloudFrontOperation, OperationTable } from './call';
import type { CertificateLookup } from './certificates';
import { distributionOperations } from './distributions';
import { functionOperations } from './functions';
import { invalidationOperations } from './invalidations';
import { type CloudFrontOptions, DEFAULT_OPTIONS } from './options';
import { originAccessOperations } from './origin-access';
import { type CloudFrontSnapshot, type CloudFrontState, distributionArn, restoreSnapshot, takeSnapshot } from './state';
import { tagOperations } from './tags';

const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

const route = createRouter({
  CreateDistribution: 'POST /2020-05-31/distribution',
  CreateDistributionWithTags: 'POST /2020-05-31/distribution?WithTags',
  ListDistributions: 'GET /2020-05-31/distribution',
  GetDistribution: 'GET /2020-05-31/distribution/{Id}',
  GetDistributionConfig: 'GET /2020-05-31/distribution/{Id}/config',
  UpdateDistribution: 'PUT /2020-05-31/distribution/{Id}/config',
  DeleteDistribution: 'DELETE /2020-05-31/distribution/{Id}',
  CreateInvalidation: 'POST /2020-05-31/distribution/{DistributionId}/invalidation',
  ListInvalidations: 'GET /2020-05-31/distribution/{DistributionId}/invalidation',
  GetInvalidation: 'GET /2020-05-31/distribution/{DistributionId}/invalidation/{Id}',
  ListTagsForResource: 'GET /2020-05-31/tagging',
  TagResource: 'POST /2020-05-31/tagging?Operation=Tag',
  UntagResource: 'POST /2020-05-31/tagging?Operation=Untag',
  CreateFunction: 'POST /2020-05-31/function',
  ListFunctions: 'GET /2020-05-31/function',
  DescribeFunction: 'GET /2020-05-31/function/{Name}/describe',
  GetFunction: 'GET /2020-05-31/function/{Name}',
  UpdateFunction: 'PUT /2020-05-31/function/{Name}',
  PublishFunction: 'POST /2020-05-31/function/{Name}/publish',
  DeleteFunction: 'DELETE /2020-05-31/function/{Name}',
  CreateOriginAccessControl: 'POST /2020-05-31/origin-access-control',
  ListOriginAccessControls: 'GET /2020-05-31/origin-access-control',
  GetOriginAccessControl: 'GET /2020-05-31/origin-access-control/{Id}',
  GetOriginAccessControlConfig: 'GET /2020-05-31/origin-access-control/{Id}/config',
  UpdateOriginAccessControl: 'PUT /2020-05-31/origin-access-control/{Id}/config',
  DeleteOriginAccessControl: 'DELETE /2020-05-31/origin-access-control/{Id}',
});

const OPERATIONS: OperationTable = {
  ...distributionOperations,
  ...invalidationOperations,
  ...tagOperations,
  ...functionOperations,
  ...originAccessOperations,
};

export interface CloudFrontDeps {
  readonly state: CloudFrontState;
  readonly options: Partial<CloudFrontOptions>;
  readonly certificate: CertificateLookup;
  /** Drops cached answers at the edge. */
  readonly invalidate: (distributionId: string, paths: readonly string[]) => void;
}

function identified(request: WireRequest): {
  readonly operation: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const found = route(request);
  if (found === undefined)
    throw new AwsRefusal(
      501,
      'NotImplemented',
      `The sandbox does not implement cloudfront: ${request.method} ${request.rawPath}.`,
    );
  return found;
}

function operationOf(name: string): CloudFrontOperation {
  const operation = OPERATIONS[name];
  if (operation === undefined)
    throw new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement cloudfront:${name}.`);
  return operation;
}

/** `aws:ResourceTag/…` of the distribution an ARN means. */
function resourceTags(state: CloudFrontState, resource: string): Readonly<Record<string, string>> {
  const found = state.distributions.get(resource.slice(resource.lastIndexOf('/') + 1));
  if (found === undefined || distributionArn(found, found.id) !== resource) return {};
  return Object.fromEntries(found.tags.map((tag) => [`aws:ResourceTag/${tag.Key}`, tag.Value]));
}

export function createCloudFrontService(deps: CloudFrontDeps): ServiceModule {
  const options: CloudFrontOptions = { ...DEFAULT_OPTIONS, ...deps.options };
  const callOf = (request: WireRequest, context: CallContext): CloudFrontCall => ({
    state: deps.state,
    accountId: context.accountId,
    partition: partitionOf(context.region).name,
    domain: partitionOf(context.region).cloudFront ?? '',
    labels: identified(request).labels,
    query: request.query,
    body: request.body,
    ifMatch: request.headers['if-match'],
    now: context.now(),
    options,
    certificate: deps.certificate,
    invalidate: deps.invalidate,
  });
  return {
    name: 'cloudfront',
    identify: (request) => identified(request).operation,
    permissions: (name, request, context) => {
      const needs = operationOf(name).needs(callOf(request, context));
      const needed = typeof needs === 'string' ? [{ action: `cloudfront:${name}`, resource: needs }] : needs;
      return needed.map((one) => ({
        ...one,
        conditions: { ...resourceTags(deps.state, one.resource), ...one.conditions },
      }));
    },
    execute: (name, request, context) => encodeRestReply(operationOf(name).run(callOf(request, context)), NAMESPACE),
    encodeError: (refusal, _request, requestId) => writeQueryError(refusal, NAMESPACE, requestId),
    snapshot: () => takeSnapshot(deps.state),
    restore: (snapshot) => {
      for (const id of deps.state.distributions.keys()) deps.invalidate(id, ['/*']);
      // Written by `snapshot` above; the file's version says so.
      restoreSnapshot(deps.state, snapshot as CloudFrontSnapshot);
    },
  };
}
