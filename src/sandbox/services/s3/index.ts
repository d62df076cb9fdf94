import type { CallContext, ServiceModule, WireRequest, WireResponse } from '../../contract';
import { encodeRestError } from '../../protocol/rest-xml';
import { restricted } from './account-block';
import { aclHandlers } from './acl';
import { addressOf } from './address';
import { admit, regionHeaders } from './admission';
import { documentHandlers } from './bucket-documents';
import { policyHandlers } from './bucket-policy';
import { bucketHandlers } from './buckets';
import { type Call, createCall, encodeReply, type Handlers } from './call';
import { completeHandlers } from './complete-multipart';
import { copyHandlers } from './copy-object';
import { corsHandlers, crossOriginHeaders } from './cors';
import { deleteHandlers } from './delete-objects';
import { checkIntegrity } from './integrity';
import { multipartListingHandlers } from './list-multipart';
import { listingHandlers } from './list-objects';
import { versionListingHandlers } from './list-versions';
import { multipartHandlers } from './multipart';
import { objectTaggingHandlers } from './object-tagging';
import { objectHandlers } from './objects';
import { permissionsOf } from './permissions';
import { checkForm, postHandlers } from './post-object';
import { readHandlers } from './read-object';
import { notImplemented } from './refusals';
import { identify } from './routes';
import { restoreSnapshot, takeSnapshot } from './snapshot';
import { createState, type S3State } from './store';

export interface S3Deps {
  /** State to serve; a fresh one unless given. */
  readonly state?: S3State;
}

const HANDLERS: Handlers = {
  ...bucketHandlers,
  ...documentHandlers,
  ...policyHandlers,
  ...aclHandlers,
  ...corsHandlers,
  ...objectHandlers,
  ...postHandlers,
  ...readHandlers,
  ...copyHandlers,
  ...deleteHandlers,
  ...objectTaggingHandlers,
  ...listingHandlers,
  ...versionListingHandlers,
  ...multipartHandlers,
  ...completeHandlers,
  ...multipartListingHandlers,
};

/** Every operation the service executes. */
export const S3_OPERATIONS: readonly string[] = Object.keys(HANDLERS);

function execute(call: Call): WireResponse {
  const handler = HANDLERS[call.operation];
  if (handler === undefined) throw notImplemented(call.operation);
  admit(call);
  checkIntegrity(call);
  const response = encodeReply(handler(call));
  return { ...response, headers: { ...response.headers, ...crossOriginHeaders(call) } };
}

/** Refusals of HeadBucket have no body; the region rides in a header, as with AWS. */
function regionOf(state: S3State, request: WireRequest): Readonly<Record<string, string>> {
  try {
    const bucket = state.buckets.get(addressOf(request).bucket ?? '');
    return bucket === undefined ? {} : regionHeaders(bucket);
  } catch {
    // A path that cannot be decoded names no bucket.
    return {};
  }
}

/**
 * Makes S3 over one state. `permissions` and `execute` both look at the bucket first (NoSuchBucket, region, expected
 * owner), because S3 answers those before it asks what the caller may do.
 */
export function createS3Service(deps: S3Deps = {}): ServiceModule {
  const state = deps.state ?? createState();
  const callOf = (operation: string, request: WireRequest, context: CallContext): Call =>
    createCall(operation, request, context, state);
  return {
    name: 's3',
    identify,
    permissions: (operation, request, context) => {
      const call = callOf(operation, request, context);
      admit(call);
      checkForm(call);
      return permissionsOf(call).map((permission) => restricted(state, permission));
    },
    execute: (operation, request, context) => execute(callOf(operation, request, context)),
    encodeError: (refusal, request, requestId) => {
      const response = encodeRestError(refusal, request, requestId);
      return request.method === 'HEAD'
        ? { ...response, headers: { ...regionOf(state, request), ...response.headers } }
        : response;
    },
    snapshot: () => takeSnapshot(state),
    restore: (snapshot) => {
      restoreSnapshot(state, snapshot);
    },
  };
}
