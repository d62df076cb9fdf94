/** AssumeRole. Source: STS API reference, AssumeRole; IAM User Guide, "Roles terms and concepts", role chaining. */
import { deflateRawSync } from 'node:zlib';
import { AwsRefusal, type CallContext, type Permission } from '../../contract';
import { parsePolicy } from '../../policy/document';
import type { QueryParams } from '../../protocol/query';
import type { XmlObject } from '../../protocol/xml';
import { isoDate } from '../iam/call';
import type { RoleSource } from '../iam/index';
import type { Session, Sessions } from './sessions';

export interface AssumeRoleDeps {
  readonly roles: RoleSource;
  readonly sessions: Sessions;
  /** Bytes a packed policy may have. */
  readonly packedLimit: number;
  /** The text of a managed policy of an account; undefined when there is none. */
  readonly managedPolicy: (accountId: string, arn: string) => string | undefined;
}

const NAME = /^[\w+=,.@-]*$/;
const MIN_SECONDS = 900;
const MAX_SECONDS = 43_200;
const CHAINED_SECONDS = 3600;
const MAX_POLICY = 2048;

function invalid(message: string): never {
  throw new AwsRefusal(400, 'ValidationError', message);
}

export function constraint(name: string, value: string | undefined, rule: string): never {
  const shown = value === undefined ? 'null' : `'${value}'`;
  return invalid(`1 validation error detected: Value ${shown} at '${name}' failed to satisfy constraint: ${rule}`);
}

export function roleArnOf(params: QueryParams): string {
  const arn = params.get('RoleArn');
  if (arn === undefined || arn.length < 20)
    constraint('roleArn', arn, 'Member must have length greater than or equal to 20');
  if (!arn.startsWith('arn:')) invalid(`${arn} is invalid`);
  return arn;
}

function sessionNameOf(params: QueryParams): string {
  const name = params.get('RoleSessionName');
  if (name === undefined) constraint('roleSessionName', name, 'Member must not be null');
  if (name.length < 2) constraint('roleSessionName', name, 'Member must have length greater than or equal to 2');
  if (name.length > 64) constraint('roleSessionName', name, 'Member must have length less than or equal to 64');
  if (!NAME.test(name))
    constraint('roleSessionName', name, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  return name;
}

function sourceIdentityOf(params: QueryParams): string | undefined {
  const identity = params.get('SourceIdentity');
  if (identity !== undefined && !(/^[\w+=,.@-]{2,64}$/.test(identity) && !identity.startsWith('aws:')))
    constraint('sourceIdentity', identity, 'Member must satisfy regular expression pattern: [\\w+=,.@-]*');
  return identity;
}

function tagsOf(params: QueryParams): Record<string, string> {
  const tags = params.records('Tags').map((record) => [record['Key'] ?? '', record['Value'] ?? ''] as const);
  if (tags.length > 50) constraint('tags', String(tags.length), 'Member must have length less than or equal to 50');
  for (const [key, value] of tags) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key))
      constraint('tags.member.key', key, 'Member must have length between 1 and 128');
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value))
      constraint('tags.member.value', value, 'Member must have length less than or equal to 256');
  }
  if (new Set(tags.map(([key]) => key.toLowerCase())).size < tags.length) {
    throw new AwsRefusal(
      400,
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  return Object.fromEntries(tags);
}

/** Gives what the caller must be allowed: the role's trust policy decides, also within one account. */
export function assumeRolePermissions(
  deps: AssumeRoleDeps,
  params: QueryParams,
  context: CallContext,
): readonly Permission[] {
  const resource = roleArnOf(params);
  const found = deps.roles.find(resource, context.requestId);
  const tags = tagsOf(params);
  const externalId = params.get('ExternalId');
  const sourceIdentity = sourceIdentityOf(params);
  const conditions: Record<string, string | readonly string[]> = {
    'sts:RoleSessionName': params.get('RoleSessionName') ?? '',
    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(Object.keys(tags).length > 0 ? { 'aws:TagKeys': Object.keys(tags) } : {}),
  };
  const permission = (action: string): Permission => ({
    action,
    resource,
    conditions,
    // A role that is not there has no policy and so refuses like one that trusts somebody else.
    resourcePolicy: found?.role.trust,
    resourceOwner: found?.accountId,
    requiresResourcePolicy: true,
  });
  return [
    permission('sts:AssumeRole'),
    ...(Object.keys(tags).length === 0 ? [] : [permission('sts:TagSession')]),
    ...(sourceIdentity === undefined ? [] : [permission('sts:SetSourceIdentity')]),
  ];
}

function secondsOf(params: QueryParams, chained: boolean, roleMaximum: number): number {
  const asked = params.get('DurationSeconds') ?? '3600';
  const seconds = Number(asked);
  if (!/^\d{1,9}$/.test(asked) || seconds < MIN_SECONDS)
    constraint('durationSeconds', asked, `Member must have value greater than or equal to ${MIN_SECONDS}`);
  if (seconds > MAX_SECONDS)
    constraint('durationSeconds', asked, `Member must have value less than or equal to ${MAX_SECONDS}`);
  if (chained && seconds > CHAINED_SECONDS)
    invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
  if (seconds > roleMaximum) invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  return seconds;
}

function checkedPolicy(text: string): string {
  if (text.length > MAX_POLICY)
    constraint('policy', `${text.slice(0, 40)}…`, `Member must have length less than or equal to ${MAX_POLICY}`);
  const parsed = parsePolicy(text, 'identity');
  if ('problem' in parsed) throw new AwsRefusal(400, 'MalformedPolicyDocument', parsed.problem);
  return text;
}

function packedPercentage(
  deps: AssumeRoleDeps,
  policy: string | undefined,
  arns: readonly string[],
  tags: Record<string, string>,
): number | undefined {
  if (policy === undefined && arns.length === 0 && Object.keys(tags).length === 0) return undefined;
  const size = deflateRawSync([policy ?? '', ...arns, JSON.stringify(tags)].join('\n')).length;
  const percentage = Math.ceil((100 * size) / deps.packedLimit);
  if (percentage <= 100) return percentage;
  throw new AwsRefusal(
    400,
    'PackedPolicyTooLarge',
    `Packed size of session policy and tags consumes ${percentage}% of allotted space.`,
  );
}

export function credentialsView(session: Session): XmlObject {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: isoDate(session.expiresAt),
  };
}

/** Hands out a session of the role. The caller's right to it was judged by `assumeRolePermissions`. */
export function assumeRole(deps: AssumeRoleDeps, params: QueryParams, context: CallContext): XmlObject {
  return openRole(deps, params, context, { chained: context.principal.kind === 'session', tags: tagsOf(params) });
}

export interface RoleSession {
  /** The caller is a session itself: an hour is the limit then. */
  readonly chained: boolean;
  readonly tags: Record<string, string>;
}

/** Opens a session of a role once the caller may have it: what all ways to a role have in common. */
export function openRole(
  deps: AssumeRoleDeps,
  params: QueryParams,
  context: CallContext,
  { chained, tags }: RoleSession,
): XmlObject {
  const found = deps.roles.find(roleArnOf(params), context.requestId);
  if (found === undefined) throw new AwsRefusal(403, 'AccessDenied', 'The role cannot be assumed.');
  const { accountId, partition, role } = found;
  const sessionName = sessionNameOf(params);
  const seconds = secondsOf(params, chained, role.maxSessionSeconds);
  const inline = params.get('Policy');
  const policy = inline === undefined || inline === '' ? undefined : checkedPolicy(inline);
  const arns = params.records('PolicyArns').map((record) => record['arn'] ?? '');
  const managed = arns.map(
    (arn) =>
      deps.managedPolicy(accountId, arn) ?? invalid(`Session policy ${arn} does not exist in the role's account.`),
  );
  const packed = packedPercentage(deps, policy, arns, tags);
  const arn = `arn:${partition}:sts::${accountId}:assumed-role/${role.name}/${sessionName}`;
  const sessionPolicies = [...(policy === undefined ? [] : [policy]), ...managed];
  const session = deps.sessions.open(
    { kind: 'session', accountId, arn, roleName: role.name, sessionName, sessionPolicies, tags },
    seconds,
  );
  return {
    Credentials: credentialsView(session),
    AssumedRoleUser: { AssumedRoleId: `${role.id}:${sessionName}`, Arn: arn },
    PackedPolicySize: packed,
    SourceIdentity: sourceIdentityOf(params),
  };
}
