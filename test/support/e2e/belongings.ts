import { generateKeyPairSync } from 'node:crypto';
import {
  CreateLoginProfileCommand,
  CreateServiceSpecificCredentialCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  PutUserPolicyCommand,
  UploadSigningCertificateCommand,
  UploadSSHPublicKeyCommand,
} from '@aws-sdk/client-iam';
import { selfSigned } from '../../aws/certificate';
import type { AwsClients } from './target';

/** Everything that can hang on an IAM user, one of each, given to it as an administrator would. */
export const BELONGINGS = [
  'inline policy',
  'MFA device',
  'login profile',
  'signing certificate',
  'SSH key',
  'service credential',
] as const;
export type Belonging = (typeof BELONGINGS)[number];

export async function give({ iam }: AwsClients, UserName: string, what: Belonging): Promise<void> {
  switch (what) {
    case 'inline policy': {
      const document = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
      };
      await iam.send(
        new PutUserPolicyCommand({ UserName, PolicyName: 'of-its-own', PolicyDocument: JSON.stringify(document) }),
      );
      return;
    }
    case 'MFA device': {
      const { VirtualMFADevice } = await iam.send(
        new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: UserName }),
      );
      await iam.send(
        new EnableMFADeviceCommand({
          UserName,
          SerialNumber: VirtualMFADevice?.SerialNumber,
          // No target checks the digits.
          AuthenticationCode1: '123456',
          AuthenticationCode2: '654321',
        }),
      );
      return;
    }
    case 'login profile':
      await iam.send(new CreateLoginProfileCommand({ UserName, Password: 'A-long-password-0f-the-tests!' }));
      return;
    case 'signing certificate':
      await iam.send(
        new UploadSigningCertificateCommand({ UserName, CertificateBody: selfSigned('e2e.example.org').cert }),
      );
      return;
    case 'SSH key':
      await iam.send(new UploadSSHPublicKeyCommand({ UserName, SSHPublicKeyBody: sshKey() }));
      return;
    case 'service credential':
      await iam.send(new CreateServiceSpecificCredentialCommand({ UserName, ServiceName: 'codecommit.amazonaws.com' }));
  }
}

let key: string | undefined;

/** Always the same: IAM minds only that one user has a key twice. */
const sshKey = (): string => (key ??= newSshKey());

/** An OpenSSH public key line (RFC 4253, 6.6: type, exponent, modulus, each with its length). */
function newSshKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const part = (bytes: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  };
  // A leading zero keeps the number positive.
  const modulus = Buffer.concat([Buffer.from([0]), Buffer.from(n, 'base64url')]);
  const blob = Buffer.concat([part(Buffer.from('ssh-rsa')), part(Buffer.from(e, 'base64url')), part(modulus)]);
  return `ssh-rsa ${blob.toString('base64')} e2e`;
}
