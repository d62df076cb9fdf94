/** STS: who am I, and temporary credentials. */
import { AwsRefusal, type CallContext, type ServiceModule } from '../../contract';
import type { CredentialSource, Directory } from '../../identities';
import { principalArn } from '../../policy/principal';
import { type QueryParams, readQuery, writeQueryError, writeQueryResult } from '../../protocol/query';
import type { XmlObject } from '../../protocol/xml';
import type { RoleSource } from '../iam/index';
import { type AssumeRoleDeps, assumeRole, assumeRolePermissions, credentialsView } from './assume-role';
import { type IdentityProvider, UNSIGNED, assumeRoleWithWebIdentity, webIdentityPermissions } from './web-identity';
import { type Session, type Sessions, createSessions } from './sessions';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
/** No published number: deflated, a policy of 2,048 characters fits, one with many tags beside it does not. */
const PACKED_LIMIT = 2048;

export interface StsDeps {
  readonly now: () => number;
  readonly roles: RoleSource;
  readonly directory: Directory;
  readonly managedPolicy: AssumeRoleDeps['managedPolicy'];
  readonly packedPolicyBytes: number | undefined;
  /** Those registered in an account, by its id. */
  readonly identityProviders: (accountId: string) => readonly IdentityProvider[];
}

export interface Sts {
  readonly service: ServiceModule;
  readonly credentials: CredentialSource;
}

/** Needs no permission: whoever can sign may ask who they are. */
function callerIdentity(directory: Directory, context: CallContext): XmlObject {
  const { principal } = context;
  if (principal.kind === 'anonymous')
    throw new AwsRefusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  const keys = directory.conditionKeys(principal);
  return {
    Arn: principalArn(principal),
    UserId: keys['aws:userid'] ?? principal.accountId,
    Account: principal.accountId,
  };
}

/** Source: STS API reference, GetSessionToken: 900–129,600 s, 12 h by default; root at most an hour. */
function sessionToken(sessions: Sessions, params: QueryParams, context: CallContext): XmlObject {
  const { principal } = context;
  if (principal.kind === 'anonymous' || principal.kind === 'session') {
    throw new AwsRefusal(403, 'AccessDenied', 'Cannot call GetSessionToken with session credentials');
  }
  const asked = params.get('DurationSeconds') ?? '43200';
  const seconds = Number(asked);
  if (!/^\d{1,9}$/.test(asked) || seconds < 900 || seconds > 129_600) {
    throw new AwsRefusal(
      400,
      'ValidationError',
      `1 validation error detected: Value '${asked}' at 'durationSeconds' failed to satisfy constraint: Member must have value between 900 and 129600`,
    );
  }
  return {
    Credentials: credentialsView(
      sessions.open(principal, principal.kind === 'root' ? Math.min(seconds, 3600) : seconds),
    ),
  };
}

export function createStsService(deps: StsDeps): Sts {
  const sessions = createSessions(deps.now);
  const assume: AssumeRoleDeps = {
    roles: deps.roles,
    sessions,
    packedLimit: deps.packedPolicyBytes ?? PACKED_LIMIT,
    managedPolicy: deps.managedPolicy,
  };
  const webIdentity = { ...assume, now: deps.now, identityProviders: deps.identityProviders };
  const run: Readonly<Record<string, (params: QueryParams, context: CallContext) => XmlObject>> = {
    GetCallerIdentity: (_params, context) => callerIdentity(deps.directory, context),
    GetSessionToken: (params, context) => sessionToken(sessions, params, context),
    AssumeRole: (params, context) => assumeRole(assume, params, context),
    AssumeRoleWithWebIdentity: (params, context) => assumeRoleWithWebIdentity(webIdentity, params, context),
  };
  const operationOf = (name: string): ((params: QueryParams, context: CallContext) => XmlObject) => {
    const operation = Object.hasOwn(run, name) ? run[name] : undefined;
    if (operation === undefined)
      throw new AwsRefusal(501, 'NotImplemented', `The sandbox does not implement sts:${name}.`);
    return operation;
  };
  const service: ServiceModule = {
    name: 'sts',
    identify: (request) => {
      const { action } = readQuery(request);
      if (action === '')
        throw new AwsRefusal(400, 'MissingAction', 'The request is missing an action or a required parameter.');
      operationOf(action);
      return action;
    },
    unsigned: UNSIGNED,
    permissions: (name, request, context) => {
      if (name === 'AssumeRole') return assumeRolePermissions(assume, readQuery(request), context);
      return UNSIGNED.has(name) ? webIdentityPermissions(webIdentity, readQuery(request), context) : [];
    },
    execute: (name, request, context) =>
      writeQueryResult(name, NAMESPACE, operationOf(name)(readQuery(request), context), context.requestId),
    encodeError: (refusal, _request, requestId) => writeQueryError(refusal, NAMESPACE, requestId),
    snapshot: () => sessions.snapshot(),
    // Written by `snapshot`; the file's version says so.
    restore: (snapshot) => sessions.restore(snapshot as readonly Session[]),
  };
  return { service, credentials: sessions.credentials };
}
