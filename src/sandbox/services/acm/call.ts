import { AwsRefusal } from '../../contract';
import type { JsonObject } from '../../protocol/json';
import { type AcmState, type Certificate, LIFETIME_MS, type ValidationRecord, validationRecord } from './state';

/** Everything an operation may look at. */
export interface AcmCall {
  readonly state: AcmState;
  readonly accountId: string;
  readonly region: string;
  readonly input: JsonObject;
  readonly now: number;
  /** ARNs of what uses a certificate. */
  readonly usersOf: (arn: string) => readonly string[];
}

export interface AcmOperation {
  readonly resource: (call: AcmCall) => string;
  readonly run: (call: AcmCall) => JsonObject;
}

export type OperationTable = Readonly<Record<string, AcmOperation>>;

/** Wire codes; every one is a 400. Source: ACM API reference, "Errors" of the operations. */
export type AcmCode =
  | 'InvalidArnException'
  | 'InvalidDomainValidationOptionsException'
  | 'InvalidParameterException'
  | 'InvalidArgsException'
  | 'ResourceInUseException'
  | 'ResourceNotFoundException'
  | 'ValidationException';

export function refuse(code: AcmCode, message: string): never {
  throw new AwsRefusal(400, code, message);
}

export function text(call: AcmCall, name: string): string | undefined {
  const value = call.input[name];
  if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
  return refuse('ValidationException', `1 validation error detected: ${name} must be a string`);
}

export function strings(owner: JsonObject, name: string): readonly string[] | undefined {
  const value = owner[name];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  return refuse('ValidationException', `1 validation error detected: ${name} must be a list of strings`);
}

/**
 * Finds the certificate an ARN means, in the call's account and region.
 * @throws {InvalidArnException} when it is no such ARN
 * @throws {ResourceNotFoundException} when there is no such certificate
 */
export function certificateOf(call: AcmCall): Certificate {
  const arn = text(call, 'CertificateArn') ?? '';
  if (!/^arn:[a-z-]+:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/.test(arn))
    refuse('InvalidArnException', `The ARN '${arn}' is not valid.`);
  const found = call.state.certificates.get(arn);
  if (found?.accountId !== call.accountId || found.region !== call.region) {
    return refuse('ResourceNotFoundException', `Could not find certificate ${arn}.`);
  }
  return found;
}

/** Issues what DNS has come to prove. */
export function settle(state: AcmState, resolves: (record: ValidationRecord) => boolean, now: number): void {
  for (const certificate of state.certificates.values()) {
    if (certificate.status !== 'PENDING_VALIDATION' || certificate.validation !== 'DNS') continue;
    if (!certificate.names.every((name) => resolves(validationRecord(certificate.accountId, name)))) continue;
    certificate.status = 'ISSUED';
    certificate.issuedAt = now;
    certificate.notAfter = now + LIFETIME_MS;
  }
}
