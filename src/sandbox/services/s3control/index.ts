/** S3 Control: what concerns an account's buckets from outside of S3's own paths. It shares S3's state and signing name. */
import type { CallContext, ServiceModule, WireRequest } from '../../contract';
import { writeQueryError } from '../../protocol/query';
import { encodeRestReply } from '../../protocol/rest-reply';
import { createRouter, type RouteMatch } from '../../protocol/rest-routes';
import { accessDenied, notImplemented } from '../s3/refusals';
import type { S3State } from '../s3/store';
import type { ControlCall, ControlOperation, OperationTable } from './call';
import { blockOperations } from './public-access-block';
import { tagOperations } from './tags';

const NAMESPACE = 'http://awss3control.amazonaws.com/doc/2018-08-20/';

const route = createRouter({
  TagResource: 'POST /v20180820/tags/{ResourceArn}',
  UntagResource: 'DELETE /v20180820/tags/{ResourceArn}',
  ListTagsForResource: 'GET /v20180820/tags/{ResourceArn}',
  GetPublicAccessBlock: 'GET /v20180820/configuration/publicAccessBlock',
  PutPublicAccessBlock: 'PUT /v20180820/configuration/publicAccessBlock',
  DeletePublicAccessBlock: 'DELETE /v20180820/configuration/publicAccessBlock',
});

const OPERATIONS: OperationTable = { ...tagOperations, ...blockOperations };

/** Tells whether a call that is signed for S3 is one of S3 Control: a bucket might be called `v20180820`, too. */
export const isControl = ({ rawPath, headers }: WireRequest): boolean =>
  rawPath.startsWith('/v20180820/') && headers['x-amz-account-id'] !== undefined;

function identified(request: WireRequest): RouteMatch {
  const found = route(request);
  if (found === undefined) throw notImplemented(`S3 Control: ${request.method} ${request.rawPath}`);
  return found;
}

function operationOf(name: string): ControlOperation {
  const operation = OPERATIONS[name];
  if (operation === undefined) throw notImplemented(name);
  return operation;
}

const taken = ({ accountBlocks }: S3State) => [...accountBlocks];

export function createS3ControlService(state: S3State): ServiceModule {
  const callOf = (request: WireRequest, context: CallContext): ControlCall => {
    if (request.headers['x-amz-account-id'] !== context.accountId) throw accessDenied();
    return { state, context, labels: identified(request).labels, query: request.query, body: request.body };
  };
  return {
    name: 's3control',
    identify: (request) => identified(request).operation,
    permissions: (name, request, context) => [operationOf(name).needs(callOf(request, context))],
    execute: (name, request, context) => encodeRestReply(operationOf(name).run(callOf(request, context)), NAMESPACE),
    encodeError: (refusal, _request, requestId) => {
      const response = writeQueryError(refusal, NAMESPACE, requestId);
      return { ...response, headers: { ...response.headers, ...refusal.headers } };
    },
    // Tags are S3's to keep.
    snapshot: () => taken(state),
    restore: (snapshot) => {
      state.accountBlocks.clear();
      // Written by `snapshot` above; the file's version says so.
      for (const [id, block] of snapshot as ReturnType<typeof taken>) state.accountBlocks.set(id, block);
    },
  };
}
