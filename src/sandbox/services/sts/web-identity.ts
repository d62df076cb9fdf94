/**
 * AssumeRoleWithWebIdentity: a role for whoever holds a token of an OpenID Connect provider.
 * Sources: STS API reference, AssumeRoleWithWebIdentity; IAM User Guide, "Available keys for AWS OIDC federation".
 */
import type { JsonWebKey } from 'node:crypto';
import { AwsRefusal, type CallContext, type Permission } from '../../contract';
import type { QueryParams } from '../../protocol/query';
import type { XmlObject } from '../../protocol/xml';
import { type AssumeRoleDeps, constraint, openRole, roleArnOf } from './assume-role';
import { type Claims, isSignedBy, readToken } from './json-web-token';

/** An OpenID Connect provider as it is registered in an account. */
export interface IdentityProvider {
  /** E.g. `https://oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE`; tokens carry it as `iss`. */
  readonly issuer: string;
  /** Audiences whose tokens are taken. */
  readonly clientIds: readonly string[];
  /** What AWS would fetch from the issuer: its public keys. */
  readonly keys: readonly JsonWebKey[];
}

export interface WebIdentityDeps extends AssumeRoleDeps {
  readonly now: () => number;
  readonly identityProviders: (accountId: string) => readonly IdentityProvider[];
}

export const UNSIGNED: ReadonlySet<string> = new Set(['AssumeRoleWithWebIdentity']);

const MAX_TOKEN = 20_000;

function refuse(message: string): never {
  throw new AwsRefusal(400, 'InvalidIdentityToken', message);
}

/** The provider's name in ARNs and condition keys: the issuer without its scheme. */
const providerName = (issuer: string): string => issuer.replace(/^https:\/\//, '').replace(/\/$/, '');

interface Proof {
  readonly claims: Claims;
  readonly provider: IdentityProvider;
  readonly providerArn: string;
}

/** The token, proven to be of a provider of the role's account, for this purpose and of this time. */
function tellGroups(deps: WebIdentityDeps, params: QueryParams): Proof {
  const [, partition = '', , , accountId = ''] = roleArnOf(params).split(':');
  const text = params.get('WebIdentityToken');
  if (text === undefined || text.length < 4)
    constraint('webIdentityToken', text, 'Member must have length greater than or equal to 4');
  if (text.length > MAX_TOKEN)
    constraint(
      'webIdentityToken',
      `${text.slice(0, 10)}…`,
      `Member must have length less than or equal to ${MAX_TOKEN}`,
    );
  const token = readToken(text);
  if ('problem' in token) refuse(token.problem);
  const { claims } = token;
  const provider = deps
    .identityProviders(accountId)
    .find(({ issuer }) => providerName(issuer) === providerName(claims.iss));
  if (provider === undefined) refuse(`No OpenIDConnect provider found in your account for ${claims.iss}`);
  if (!isSignedBy(token, provider.keys))
    refuse(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    );
  if (!claims.aud.some((audience) => provider.clientIds.includes(audience))) refuse('Incorrect token audience');
  const seconds = deps.now() / 1000;
  if (seconds >= claims.exp) {
    throw new AwsRefusal(
      400,
      'ExpiredTokenException',
      `Token expired: current date/time ${Math.floor(seconds)} must be before the expiration date/time ${claims.exp}`,
    );
  }
  if (claims.nbf !== undefined && seconds < claims.nbf) refuse('Token is not yet valid');
  const providerArn = `arn:${partition}:iam::${accountId}:oidc-provider/${providerName(provider.issuer)}`;
  return { claims, provider, providerArn };
}

/**
 * Gives what the caller must be allowed. A token that does not hold is refused here, ahead of any policy; then the
 * role's trust policy decides alone.
 */
export function webIdentityPermissions(
  deps: WebIdentityDeps,
  params: QueryParams,
  context: CallContext,
): readonly Permission[] {
  const resource = roleArnOf(params);
  const { claims, provider, providerArn } = tellGroups(deps, params);
  const name = providerName(provider.issuer);
  const found = deps.roles.find(resource, context.requestId);
  return [
    {
      action: 'sts:AssumeRoleWithWebIdentity',
      resource,
      conditions: {
        'sts:RoleSessionName': params.get('RoleSessionName') ?? '',
        'aws:FederatedProvider': providerArn,
        [`${name}:sub`]: claims.sub,
        [`${name}:aud`]: claims.azp ?? claims.aud,
        ...(claims.azp === undefined ? {} : { [`${name}:oaud`]: claims.aud }),
      },
      // A role that is not there has no policy and so refuses like one that trusts somebody else.
      resourcePolicy: found?.role.trust,
      resourceOwner: found?.accountId,
      requiresResourcePolicy: true,
      vouchedBy: providerArn,
    },
  ];
}

/** Hands out a session of the role. The caller's right to it was judged by `webIdentityPermissions`. */
export function assumeRoleWithWebIdentity(deps: WebIdentityDeps, params: QueryParams, context: CallContext): XmlObject {
  const { claims } = tellGroups(deps, params);
  return {
    SubjectFromWebIdentityToken: claims.sub,
    Audience: claims.azp ?? claims.aud[0],
    Provider: claims.iss,
    ...openRole(deps, params, context, { chained: false, tags: {} }),
  };
}
