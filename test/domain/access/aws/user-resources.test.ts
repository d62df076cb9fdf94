import {
  GetLoginProfileCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListServiceSpecificCredentialsCommand,
  ListSigningCertificatesCommand,
  ListSSHPublicKeysCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { type UserResources, userResources } from '../../../../src/domain/access/aws/user-resources';
import { awsError, mockedAws } from '../../../support/mocks/mocked-aws';
import { errorOf, group, user } from '../../../support/mocks/mocked-reads';

const NOTHING: UserResources = {
  tags: [],
  path: '/',
  boundary: undefined,
  groups: [],
  keys: [],
  attached: [],
  inline: [],
  mfaDevices: [],
  signingCertificates: [],
  sshPublicKeys: [],
  serviceCredentials: [],
  loginProfile: false,
};

/** IAM has the user bob, and of him nothing else. */
async function world(Tags: { Key: string; Value: string }[] = []) {
  const aws = await mockedAws();
  aws.iam.on(GetUserCommand, { UserName: 'bob' }).resolves({ User: user('bob', { Tags }) });
  aws.iam.on(GetLoginProfileCommand).rejects(awsError('NoSuchEntity', 404));
  return aws;
}

test('a user on whom nothing hangs has nothing; undefined when there is no such user, whatever else is answered', async () => {
  const { context, iam } = await world();
  expect(await userResources(context, 'bob')).toEqual(NOTHING);
  iam.on(GetUserCommand).rejects(awsError('NoSuchEntity', 404));
  expect(await userResources(context, 'bob')).toBeUndefined();
});

test('what hangs on a user is read from all pages; what has no id is left out', async () => {
  const { context, iam } = await world([
    { Key: 'mallard:mfa/1', Value: 'arn:virtual' },
    { Key: 'mallard:mfa/2', Value: 'GADGET' },
  ]);
  iam.on(ListMFADevicesCommand).resolves({
    MFADevices: [{ UserName: 'bob', SerialNumber: 'GADGET', EnableDate: undefined }],
    IsTruncated: true,
    Marker: 'm1',
  });
  iam.on(ListMFADevicesCommand, { Marker: 'm1' }).resolves({ MFADevices: undefined, IsTruncated: true, Marker: 'm2' });
  iam
    .on(ListMFADevicesCommand, { Marker: 'm2' })
    .resolves({ MFADevices: [{ UserName: 'bob', SerialNumber: undefined, EnableDate: undefined }] });
  iam.on(ListUserPoliciesCommand).resolves({ PolicyNames: ['inline'] });
  iam.on(ListSigningCertificatesCommand).resolves({ Certificates: [{ CertificateId: 'CERT' } as never] });
  iam.on(ListSSHPublicKeysCommand).resolves({ SSHPublicKeys: [{ SSHPublicKeyId: 'SSH' } as never] });
  iam
    .on(ListServiceSpecificCredentialsCommand)
    .resolves({ ServiceSpecificCredentials: [{ ServiceSpecificCredentialId: 'CRED' } as never, {} as never] });
  iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [{ AccessKeyId: 'AKIA' }] });
  iam.on(ListGroupsForUserCommand).resolves({ Groups: [group('a')] });
  iam.on(GetLoginProfileCommand).resolves({});
  expect(await userResources(context, 'bob')).toMatchObject({
    groups: [group('a')],
    keys: [{ AccessKeyId: 'AKIA' }],
    inline: ['inline'],
    // A device that is only noted is a belonging, too; one that is both is one.
    mfaDevices: ['GADGET', 'arn:virtual'],
    signingCertificates: ['CERT'],
    sshPublicKeys: ['SSH'],
    serviceCredentials: ['CRED'],
    loginProfile: true,
  });
});

describe('a kind of userResources that IAM', () => {
  test.each([
    ['does not know', awsError('InvalidAction', 400)],
    ['does not support', awsError('NotImplemented', 501)],
    // The SDK's word for an answer without a code.
    ['answers with a page nobody can read', awsError('Unknown', 500)],
    ['has none of any more', awsError('NoSuchEntity', 404)],
  ])('%s is taken for none', async (_title, error) => {
    const { context, iam } = await world();
    iam.on(ListServiceSpecificCredentialsCommand).rejects(error);
    expect(await userResources(context, 'bob')).toEqual(NOTHING);
  });

  test.each([
    ['refuses', 'AccessDenied', 403, 'denied'],
    ['breaks on', 'ServiceFailure', 500, 'unavailable'],
    ['calls invalid', 'ValidationError', 400, 'invalid'],
  ])('%s may be there', async (_title, code, status, kind) => {
    const { context, iam } = await world();
    iam.on(ListSSHPublicKeysCommand).rejects(awsError(code, status));
    expect(await errorOf(userResources(context, 'bob'))).toMatchObject({ kind, origin: { call: 'ListSSHPublicKeys' } });
  });
});
