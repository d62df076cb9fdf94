/** Parameters, checked as IAM does. Source: IAM API reference, the constraints of each parameter. */
import type { IamCall } from './call';
import { invalid, refuse } from './refusals';

interface Rule {
  readonly max: number;
  readonly pattern: RegExp;
}

const NAME = /^[\w+=,.@-]+$/;
const PATH = /^\/([\u0021-\u007e]+\/)?$/;

/** Lengths of new names; a name that only refers to something may have 128 characters everywhere. */
export const RULES = {
  UserName: { max: 64, pattern: NAME },
  GroupName: { max: 128, pattern: NAME },
  RoleName: { max: 64, pattern: NAME },
  PolicyName: { max: 128, pattern: NAME },
  VirtualMFADeviceName: { max: 226, pattern: NAME },
  Path: { max: 512, pattern: PATH },
  PathPrefix: { max: 512, pattern: /^\/[\u0021-\u007e]*$/ },
  PolicyArn: { max: 2048, pattern: /^arn:aws[\w-]*:iam::(\d{12}|aws):policy\/[\u0021-\u007e]+$/ },
  VersionId: { max: 64, pattern: /^v[1-9]\d*$/ },
  AccessKeyId: { max: 128, pattern: /^\w{16,}$/ },
  Status: { max: 8, pattern: /^(Active|Inactive)$/ },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleName = keyof typeof RULES;

function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

/**
 * Checks that `value` fits the rule, and gives it back.
 * @throws {ValidationError} when not
 */
export function checked(name: string, value: string, rule: Rule): string {
  const label = camel(name);
  if (value === '') invalid(label, value, 'Member must have length greater than or equal to 1');
  if (value.length > rule.max) invalid(label, value, `Member must have length less than or equal to ${rule.max}`);
  if (rule.pattern.test(value)) return value;
  if (rule.pattern === NAME) {
    refuse(
      'ValidationError',
      `The specified value for ${label} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  }
  return invalid(label, value, `Member must satisfy regular expression pattern: ${rule.pattern.source}`);
}

/** Reads a parameter that must be there, whatever it holds. */
export function present(call: IamCall, name: string): string {
  const value = call.params.get(name);
  return value ?? invalid(camel(name), undefined, 'Member must not be null');
}

/** Reads a required parameter under the rule of its own or of the given name. */
export function required(call: IamCall, name: string, rule: RuleName = name as RuleName): string {
  return checked(name, present(call, name), RULES[rule]);
}

/** Reads the name of something that should exist. */
export function existing(call: IamCall, name: 'UserName' | 'GroupName' | 'RoleName' | 'PolicyName'): string {
  return checked(name, present(call, name), { max: 128, pattern: NAME });
}

export function optional(call: IamCall, name: RuleName): string | undefined {
  const value = call.params.get(name);
  return value === undefined ? undefined : checked(name, value, RULES[name]);
}

/** Reads `Path`, `/` when absent. */
export function pathOf(call: IamCall): string {
  return optional(call, 'Path') ?? '/';
}

/** Gives the user named, or the calling user. */
export function userNameOrCaller(call: IamCall): string {
  if (call.params.get('UserName') !== undefined) return existing(call, 'UserName');
  if (call.principal.kind === 'user') return call.principal.userName;
  return refuse('ValidationError', 'Must specify userName when calling with non-User credentials');
}

export function booleanOf(call: IamCall, name: string): boolean {
  return call.params.get(name)?.toLowerCase() === 'true';
}
