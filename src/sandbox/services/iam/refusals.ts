import { AwsRefusal } from '../../contract';

/** IAM's wire codes with their statuses. Source: IAM API reference, "Errors" of the operations. */
const STATUS = {
  NoSuchEntity: 404,
  EntityAlreadyExists: 409,
  DeleteConflict: 409,
  LimitExceeded: 409,
  ValidationError: 400,
  InvalidInput: 400,
  MalformedPolicyDocument: 400,
  MalformedCertificate: 400,
  DuplicateCertificate: 409,
  InvalidPublicKey: 400,
  DuplicateSSHPublicKey: 400,
  UnrecognizedPublicKeyEncoding: 400,
  InvalidAuthenticationCode: 403,
  PasswordPolicyViolation: 400,
  PolicyNotAttachable: 400,
  EntityTemporarilyUnmodifiable: 409,
  NotSupportedService: 404,
} as const;

export type IamCode = keyof typeof STATUS;

export function refuse(code: IamCode, message: string): never {
  throw new AwsRefusal(STATUS[code], code, message);
}

export function invalid(name: string, value: string | undefined, constraint: string): never {
  const shown = value === undefined ? 'null' : `'${value}'`;
  refuse(
    'ValidationError',
    `1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}

export function quotaExceeded(quota: string, limit: number): never {
  refuse('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`);
}
