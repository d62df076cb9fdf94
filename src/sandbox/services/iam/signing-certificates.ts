import { X509Certificate } from 'node:crypto';
import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { findUser } from './find';
import { newId } from './ids';
import { page } from './paging';
import { present, required, userNameOrCaller } from './params';
import { quotaExceeded, refuse } from './refusals';
import { onUser } from './resources';
import type { SigningCertificate, User } from './state';

function view(user: User, certificate: SigningCertificate): XmlObject {
  return {
    UserName: user.name,
    CertificateId: certificate.id,
    CertificateBody: certificate.body,
    Status: certificate.active ? 'Active' : 'Inactive',
    UploadDate: isoDate(certificate.uploadedAt),
  };
}

function find(call: IamCall, user: User): SigningCertificate {
  const id = present(call, 'CertificateId');
  return (
    user.certificates.find((one) => one.id === id) ??
    refuse('NoSuchEntity', `The Certificate with id ${id} cannot be found.`)
  );
}

function fingerprint(body: string): string {
  try {
    return new X509Certificate(body).fingerprint256;
  } catch {
    return refuse(
      'MalformedCertificate',
      'Unable to parse certificate. Please ensure the certificate is in PEM format.',
    );
  }
}

function upload(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const body = present(call, 'CertificateBody');
  const mark = fingerprint(body);
  if (user.certificates.some((one) => fingerprint(one.body) === mark))
    refuse('DuplicateCertificate', 'The certificate is already associated with the user.');
  if (user.certificates.length >= call.quotas.certificatesPerUser)
    quotaExceeded('CertificatesPerUser', call.quotas.certificatesPerUser);
  const certificate: SigningCertificate = { id: newId('ACCA'), body, uploadedAt: call.now(), active: true };
  user.certificates.push(certificate);
  return { Certificate: view(user, certificate) };
}

function list(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const { items, tail } = page(call, user.certificates, (certificate) => certificate.id);
  return { Certificates: { member: items.map((certificate) => view(user, certificate)) }, ...tail };
}

export const certificateOperations: OperationTable = {
  UploadSigningCertificate: { resource: onUser, run: upload },
  ListSigningCertificates: { resource: onUser, run: list },
  UpdateSigningCertificate: {
    resource: onUser,
    run: (call) => {
      const status = required(call, 'Status');
      find(call, findUser(call, userNameOrCaller(call))).active = status === 'Active';
    },
  },
  DeleteSigningCertificate: {
    resource: onUser,
    run: (call) => {
      const user = findUser(call, userNameOrCaller(call));
      const certificate = find(call, user);
      user.certificates = user.certificates.filter((one) => one !== certificate);
    },
  },
};
