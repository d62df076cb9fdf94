/** ACM: public certificates, by region. Their keys exist nowhere: the sandbox serves plain HTTP. */
import { AwsRefusal, type CallContext, type ServiceModule, type WireRequest } from '../../contract';
import { jsonTarget, readJson, writeJson, writeJsonError } from '../../protocol/json';
import { type AcmCall, type AcmOperation, type OperationTable, settle } from './call';
import { certificateOperations } from './certificates';
import { listOperations } from './list';
import { type AcmState, type Certificate, isTrusted, type ValidationRecord, statusOf } from './state';

const OPERATIONS: OperationTable = { ...certificateOperations, ...listOperations };

export interface AcmDeps {
  readonly state: AcmState;
  readonly now: () => number;
  /** ARNs of the distributions that serve a certificate. */
  readonly usersOf: (arn: string) => readonly string[];
  /** Whether DNS holds a validation record. */
  readonly resolves: (record: ValidationRecord) => boolean;
}

/** A certificate as other services see it. */
export interface CertificateFacts {
  readonly accountId: string;
  readonly region: string;
  readonly names: readonly string[];
  readonly status: string;
  readonly notAfter: number;
  readonly keyAlgorithm: string;
  /** Whether browsers trust its authority. */
  readonly isTrusted: boolean;
}

export interface Acm {
  readonly service: ServiceModule;
  readonly certificate: (arn: string) => CertificateFacts | undefined;
}

function operationOf(name: string | undefined): AcmOperation {
  const operation = name === undefined ? undefined : OPERATIONS[name];
  if (operation === undefined)
    throw new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement acm:${name ?? '(no X-Amz-Target)'}.`);
  return operation;
}

export function createAcmService(deps: AcmDeps): Acm {
  const { state } = deps;
  const callOf = (request: WireRequest, context: CallContext): AcmCall => ({
    state,
    accountId: context.accountId,
    region: context.region,
    input: readJson(request),
    now: context.now(),
    usersOf: deps.usersOf,
  });
  const service: ServiceModule = {
    name: 'acm',
    identify: (request) => {
      const name = jsonTarget(request, 'CertificateManager');
      operationOf(name);
      return name ?? '';
    },
    permissions: (name, request, context) => [
      { action: `acm:${name}`, resource: operationOf(name).resource(callOf(request, context)) },
    ],
    execute: (name, request, context) => {
      settle(state, deps.resolves, context.now());
      return writeJson(operationOf(name).run(callOf(request, context)));
    },
    encodeError: (refusal) => writeJsonError(refusal),
    snapshot: () => [...state.certificates.values()],
    restore: (snapshot) => {
      state.certificates.clear();
      // Written by `snapshot` above; the file's version says so.
      for (const one of snapshot as readonly Certificate[]) state.certificates.set(one.arn, one);
    },
  };
  return {
    service,
    certificate: (arn) => {
      settle(state, deps.resolves, deps.now());
      const found = state.certificates.get(arn);
      if (found === undefined) return undefined;
      const { accountId, region, names, keyAlgorithm, notAfter } = found;
      const status = statusOf(found, deps.now());
      return {
        accountId,
        region,
        names,
        keyAlgorithm,
        status,
        notAfter: notAfter ?? 0,
        isTrusted: isTrusted(found),
      };
    },
  };
}
