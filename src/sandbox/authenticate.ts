import { AwsRefusal, type Principal, type WireRequest } from './contract';
import type { CredentialSource } from './identities';
import { partitionOf } from './partitions';
import { openPayload, payloadHash } from './payload';
import { partitionOfSigner } from './policy/principal';
import { checkTime, sameSignature, verifyPolicySignature, verifySignature } from './sigv4';
import type { SignatureClaim } from './sigv4-request';

export interface Authenticated {
  readonly principal: Principal;
  /** The request without transfer framing. */
  readonly request: WireRequest;
}

function unknownKey(service: string, accessKeyId: string): AwsRefusal {
  return service === 's3'
    ? new AwsRefusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
        AWSAccessKeyId: accessKeyId,
      })
    : new AwsRefusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
}

function badToken(service: string): AwsRefusal {
  return service === 's3'
    ? new AwsRefusal(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.')
    : new AwsRefusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
}

function expired(service: string): AwsRefusal {
  return service === 's3'
    ? new AwsRefusal(400, 'ExpiredToken', 'The provided token has expired.')
    : new AwsRefusal(403, 'ExpiredToken', 'The security token included in the request is expired');
}

/**
 * Tells who sent the request. Without a claim it is anonymous; with one, key, token, time, signature and body must all
 * hold. Deleted and inactive keys are as unknown as those that never were.
 */
export function authenticate(
  request: WireRequest,
  service: string,
  claim: SignatureClaim | undefined,
  source: CredentialSource,
  call: { readonly id: string; readonly now: number },
): Authenticated {
  if (claim === undefined)
    return { principal: { kind: 'anonymous' }, request: openPayload(request, service, undefined) };
  const credential = source.find(claim.accessKeyId, call.id);
  if (credential === undefined || !credential.active) throw unknownKey(service, claim.accessKeyId);
  // Partitions know nothing of one another's accounts.
  if (partitionOfSigner(credential.principal) !== partitionOf(claim.scope.region).name)
    throw unknownKey(service, claim.accessKeyId);
  // A form is as old as it is: its policy says how long it is good.
  if (request.form === undefined) checkTime(claim, call.now);
  if ((credential.sessionToken ?? '') !== '' || claim.sessionToken !== undefined) {
    if (!sameSignature(credential.sessionToken ?? '', claim.sessionToken ?? '')) throw badToken(service);
  }
  if (request.form !== undefined) {
    const { form } = request;
    const policy = form.fields.get('policy') ?? '';
    verifyPolicySignature(claim, credential.secretAccessKey, policy);
    if (credential.expiresAt !== undefined && call.now >= credential.expiresAt) throw expired(service);
    return { principal: credential.principal, request };
  }
  const key = verifySignature(request, claim, credential.secretAccessKey, payloadHash(request, claim));
  if (credential.expiresAt !== undefined && call.now >= credential.expiresAt) throw expired(service);
  return { principal: credential.principal, request: openPayload(request, service, { key, claim }) };
}
