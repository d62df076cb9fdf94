import type { JsonObject } from '../../protocol/json';
import { type AcmCall, type OperationTable, certificateOf, refuse, strings, text } from './call';
import { certificateRoot, newArn } from './state';
import { detailView } from './views';

/** Request, describe and delete certificates. */

/** Source: ACM API reference, RequestCertificate: the token holds for an hour. */
const TOKEN_MS = 3600 * 1000;
const NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/i;
const ALGORITHMS = new Set(['RSA_2048', 'EC_prime256v1', 'EC_secp384r1']);

function request(call: AcmCall): JsonObject {
  const domainName = text(call, 'DomainName') ?? '';
  const names = [...new Set([domainName, ...(strings(call.input, 'SubjectAlternativeNames') ?? [])])];
  const odd = names.find((name) => !NAME.test(name));
  if (odd !== undefined) refuse('InvalidDomainValidationOptionsException', `${odd} is not a valid domain name.`);
  const token = text(call, 'IdempotencyToken');
  const keyAlgorithm = text(call, 'KeyAlgorithm') ?? 'RSA_2048';
  if (!ALGORITHMS.has(keyAlgorithm))
    refuse('ValidationException', `The key algorithm ${keyAlgorithm} cannot be requested.`);
  const earlier = [...call.state.certificates.values()].find(
    (one) =>
      token !== undefined &&
      one.accountId === call.accountId &&
      one.region === call.region &&
      one.idempotencyToken === token &&
      one.domainName === domainName &&
      call.now - one.createdAt < TOKEN_MS,
  );
  if (earlier !== undefined) return { CertificateArn: earlier.arn };
  const arn = newArn(call.region, call.accountId);
  call.state.certificates.set(arn, {
    arn,
    accountId: call.accountId,
    region: call.region,
    domainName,
    names,
    keyAlgorithm,
    validation: text(call, 'ValidationMethod') === 'DNS' ? 'DNS' : 'EMAIL',
    createdAt: call.now,
    status: 'PENDING_VALIDATION',
    issuedAt: undefined,
    notAfter: undefined,
    idempotencyToken: token,
  });
  return { CertificateArn: arn };
}

function remove(call: AcmCall): JsonObject {
  const { arn } = certificateOf(call);
  const users = call.usersOf(arn);
  if (users.length > 0) refuse('ResourceInUseException', `Certificate ${arn} in account ${call.accountId} is in use.`);
  call.state.certificates.delete(arn);
  return {};
}

const onCertificate = (call: AcmCall): string => text(call, 'CertificateArn') ?? '*';

export const certificateOperations: OperationTable = {
  RequestCertificate: {
    resource: (call) => `${certificateRoot(call.region, call.accountId)}*`,
    run: request,
  },
  DescribeCertificate: {
    resource: onCertificate,
    run: (call) => {
      const found = certificateOf(call);
      return { Certificate: detailView(found, call.usersOf(found.arn), call.now) };
    },
  },
  DeleteCertificate: { resource: onCertificate, run: remove },
};
