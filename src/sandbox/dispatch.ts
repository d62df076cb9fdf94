/** The way of one call: identify → verify → authorize → faults → execute → encode. */
import { randomBytes, randomUUID } from 'node:crypto';
import { authenticate } from './authenticate';
import type { CallLog } from './calls';
import {
  AwsRefusal,
  type CallContext,
  type Permission,
  type Principal,
  type ServiceModule,
  type WireRequest,
  type WireResponse,
} from './contract';
import { type FaultEngine, faultRefusal } from './faults';
import { readForm } from './form-upload';
import type { CredentialSource, Directory } from './identities';
import { type Decision, authorize, refusalMessage } from './policy/authorize';
import { partitionOf } from './partitions';
import { readQuery, writeQueryError } from './protocol/query';
import { isControl } from './services/s3control/index';
import { readClaim } from './sigv4-request';

/** A broken connection instead of an answer. */
export type Reply = WireResponse | 'reset';

export interface DispatchDeps {
  readonly services: ReadonlyMap<string, ServiceModule>;
  readonly credentials: CredentialSource;
  readonly directory: Directory;
  readonly faults: FaultEngine;
  readonly callLog: CallLog;
  readonly now: () => number;
  /**
   * A call that may have changed state has ended; it is answered when this resolves. Rejects when the change could not be
   * kept: then it has not happened.
   */
  readonly changed: () => Promise<void>;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}

const READS = /^(Get|List|Head|Simulate|Generate)/;
const NOWHERE = { identity: [], boundary: undefined };

/** Unsigned calls are S3's, save for forms with an `Action`, which only the query services know. */
function serviceOf({ services }: DispatchDeps, request: WireRequest, scoped: string | undefined): string {
  if (scoped === 's3' && isControl(request) && services.has('s3control')) return 's3control';
  if (scoped !== undefined) return scoped;
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (request.method !== 'POST' || request.rawPath !== '/' || !form) return 's3';
  const { version } = readQuery(request);
  return version === '2011-06-15' ? 'sts' : version === '2010-05-08' ? 'iam' : 's3';
}

const isOfS3 = (service: string | undefined): boolean => service === 's3' || service === 's3control';

function conditionsOf(
  deps: DispatchDeps,
  request: WireRequest,
  context: CallContext,
  sourceIp: string,
): Record<string, string | undefined> {
  const { principal } = context;
  const now = new Date(context.now());
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SourceIp': sourceIp,
    'aws:SecureTransport': 'false',
    'aws:UserAgent': request.headers['user-agent'],
    'aws:Referer': request.headers['referer'],
    'aws:RequestedRegion': context.region,
    ...(principal.kind === 'anonymous'
      ? { 'aws:PrincipalType': 'Anonymous' }
      : deps.directory.conditionKeys(principal)),
  };
}

type Judge = (permission: Permission) => Decision;

function judge(deps: DispatchDeps, request: WireRequest, context: CallContext, sourceIp: string): Judge {
  const { principal } = context;
  const grants = principal.kind === 'anonymous' ? NOWHERE : deps.directory.grants(principal);
  let conditions: ReturnType<typeof conditionsOf> | undefined;
  return (permission) =>
    authorize({
      principal,
      permission,
      grants,
      // A root key that stays at home is judged by none.
      get conditions() {
        return (conditions ??= conditionsOf(deps, request, context, sourceIp));
      },
    });
}

function checkPermissions(permissions: readonly Permission[], decide: Judge, principal: Principal): void {
  for (const permission of permissions) {
    const decision = decide(permission);
    if (!decision.allowed)
      throw new AwsRefusal(403, 'AccessDenied', refusalMessage(principal, permission, decision.because));
  }
}

function withIds(response: WireResponse, service: string, requestId: string, now: number): WireResponse {
  const ids: Record<string, string> = isOfS3(service)
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': Buffer.from(requestId).toString('base64') }
    : { 'x-amzn-requestid': requestId };
  return { ...response, headers: { ...ids, date: new Date(now).toUTCString(), ...response.headers } };
}

/**
 * Keeps what a call has changed: no call succeeds that a restart would undo.
 * @throws {ServiceUnavailable} when it cannot be kept
 */
async function kept(deps: DispatchDeps): Promise<void> {
  try {
    await deps.changed();
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    deps.log({ level: 'error', msg: 'the sandbox cannot keep its state; the call was not done', error: reason });
    throw new AwsRefusal(
      503,
      'ServiceUnavailable',
      `The sandbox cannot keep its state (${reason}); the call was not done.`,
    );
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * In AWS there is nobody to answer: no host of that name, or, from GovCloud, the commercial one, which does not know the key.
 * @throws {NotImplemented} where the partition has no CloudFront
 */
function requireCloudFront(region: string): void {
  const { name, cloudFront } = partitionOf(region);
  if (cloudFront !== undefined) return;
  throw new AwsRefusal(501, 'NotImplemented', `There is no CloudFront in the partition ${name}.`);
}

export type Dispatch = (raw: WireRequest, sourceIp: string) => Promise<Reply>;

export function createDispatch(deps: DispatchDeps): Dispatch {
  const run = async (
    sent: WireRequest,
    sourceIp: string,
    callId: string,
    record: ReturnType<CallLog['start']>,
  ): Promise<Reply> => {
    // Browsers sign no preflight: what the query of a presigned URL holds is the signature of the request to come.
    const form = await readForm(sent);
    const raw = form?.request ?? sent;
    const claim = form !== undefined ? form.claim : raw.method === 'OPTIONS' ? undefined : readClaim(raw);
    const name = serviceOf(deps, raw, claim?.scope.service);
    const dialect = isOfS3(name) ? 's3' : name;
    record.service = name;
    const service = deps.services.get(name);
    if (service === undefined) throw new AwsRefusal(501, 'NotImplemented', `The sandbox has no service ${name}.`);
    const operation = service.identify(raw);
    record.operation = operation;
    const { principal, request } = authenticate(raw, dialect, claim, deps.credentials, { id: callId, now: deps.now() });
    if (name === 'cloudfront' && claim !== undefined) requireCloudFront(claim.scope.region);
    record.principal = principal.kind;
    if (principal.kind === 'anonymous' && name !== 's3' && service.unsigned?.has(operation) !== true) {
      throw new AwsRefusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
    }
    const region = claim?.scope.region ?? 'us-east-1';
    const signedIn = principal.kind === 'anonymous' ? '' : principal.accountId;
    const caller: CallContext = { principal, accountId: signedIn, region, requestId: callId, now: deps.now };
    const decide = judge(deps, request, caller, sourceIp);
    const asked: CallContext = { ...caller, allows: (permission) => decide(permission).allowed };
    let refusal: AwsRefusal | undefined;
    let context = asked;
    try {
      const permissions = service.permissions(operation, request, asked);
      checkPermissions(permissions, decide, principal);
      if (principal.kind === 'anonymous') context = { ...asked, accountId: permissions[0]?.resourceOwner ?? '' };
      if (claim !== undefined) deps.directory.used(claim.accessKeyId, dialect, region);
    } catch (thrown) {
      // Kept back: a failure on demand meets a call whatever its answer would have been.
      if (!(thrown instanceof AwsRefusal)) throw thrown;
      refusal = thrown;
    }
    record.accountId = context.accountId;

    const { fault, latencyMs } = deps.faults.fate({ service: name, operation, request, context });
    if (latencyMs > 0) await pause(latencyMs);
    record.fault = fault?.kind ?? (latencyMs > 0 ? 'latency' : undefined);
    if (fault?.kind === 'reset') return 'reset';
    if (fault !== undefined && fault.kind !== 'lost-reply') throw faultRefusal(fault, dialect);
    const execute = async (): Promise<WireResponse> => {
      if (refusal !== undefined) throw refusal;
      const changed = (): Promise<void> => (READS.test(operation) ? Promise.resolve() : kept(deps));
      let response: WireResponse;
      try {
        response = service.execute(operation, request, context);
      } catch (thrown) {
        await changed();
        throw thrown;
      }
      await changed();
      return response;
    };
    if (fault === undefined) return execute();
    try {
      await execute();
    } catch (thrown) {
      // A refusal is an answer, too, and is lost like any other.
      if (!(thrown instanceof AwsRefusal)) throw thrown;
    }
    if (fault.reply !== '500') return 'reset';
    throw faultRefusal(fault, dialect);
  };

  const refuse = (
    thrown: unknown,
    request: WireRequest,
    callId: string,
    record: ReturnType<CallLog['start']>,
  ): WireResponse => {
    const service = deps.services.get(
      record.service === 'unknown' ? serviceOf(deps, request, undefined) : record.service,
    );
    let refusal: AwsRefusal;
    if (thrown instanceof AwsRefusal) refusal = thrown;
    else {
      deps.log({
        level: 'error',
        msg: 'the sandbox failed',
        operation: record.operation,
        error: thrown instanceof Error ? thrown.stack : String(thrown),
      });
      refusal = new AwsRefusal(
        500,
        isOfS3(service?.name) ? 'InternalError' : 'InternalFailure',
        'The sandbox met an unforeseen condition.',
      );
    }
    record.code = refusal.code;
    return (
      service?.encodeError(refusal, request, callId) ??
      writeQueryError(refusal, 'http://mallard.invalid/sandbox', callId)
    );
  };

  return async (raw, sourceIp) => {
    const isQuery = (raw.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
    const callId = isQuery ? randomUUID() : randomBytes(8).toString('hex').toUpperCase();
    const record = deps.callLog.start(callId);
    let reply: Reply;
    try {
      reply = await run(raw, sourceIp, callId, record);
    } catch (thrown) {
      reply = refuse(thrown, raw, callId, record);
    }
    if (reply !== 'reset') {
      record.status = reply.status;
      reply = withIds(reply, record.service, callId, deps.now());
    }
    deps.callLog.end(record);
    deps.log({
      level: 'debug',
      msg: 'sandbox call',
      service: record.service,
      operation: record.operation,
      status: record.status,
      code: record.code,
      requestId: callId,
    });
    return reply;
  };
}
