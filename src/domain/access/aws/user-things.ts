import {
  DeleteLoginProfileCommand,
  DeleteServiceSpecificCredentialCommand,
  DeleteSigningCertificateCommand,
  DeleteSSHPublicKeyCommand,
  DeleteUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { fail } from '../../../base/errors';
import type { StepHandle, StepSpec } from '../../../engine/plan';
import { gonePolicy } from '../../../engine/retry';
import type { Context } from '../../shared/context';
import type { UserThings } from './see-user';

type Step = StepSpec<Record<never, never>, void>;

/** What can hang on a user besides keys, devices, groups and managed policies. */
type Thing = 'inline' | 'signingCertificates' | 'sshPublicKeys' | 'serviceCredentials' | 'loginProfile';

/** Undoes nothing: fails with a message that says that the deletion cannot be taken back. */
export async function lostForGood(user: string): Promise<void> {
  await Promise.resolve();
  fail({ kind: 'conflict', detail: `what was deleted of user ${user} cannot be brought back; repeat the deletion` });
}

/** Makes the steps that delete what else keeps a user from being deleted, one for each thing. */
export function deleteThings(
  { session }: Context,
  user: string,
  things: Pick<UserThings, Thing>,
  after: readonly StepHandle<unknown>[],
): readonly Step[] {
  const { iam } = session;
  const UserName = user;
  const deletion = (what: string, send: () => Promise<unknown>): Step => ({
    title: `Delete ${what} of user ${user}`,
    touches: [{ action: 'delete', resource: `${what.replace(/^the /, '')} of user ${user}` }],
    after,
    retry: gonePolicy,
    run: async () => {
      await send();
    },
    irrevocable: true,
    undo: () => lostForGood(user),
  });
  return [
    ...things.inline.map((PolicyName) =>
      deletion(`the inline policy ${PolicyName}`, () => iam(new DeleteUserPolicyCommand({ UserName, PolicyName }))),
    ),
    ...things.signingCertificates.map((CertificateId) =>
      deletion(`the signing certificate ${CertificateId}`, () =>
        iam(new DeleteSigningCertificateCommand({ UserName, CertificateId })),
      ),
    ),
    ...things.sshPublicKeys.map((SSHPublicKeyId) =>
      deletion(`the SSH key ${SSHPublicKeyId}`, () => iam(new DeleteSSHPublicKeyCommand({ UserName, SSHPublicKeyId }))),
    ),
    ...things.serviceCredentials.map((ServiceSpecificCredentialId) =>
      deletion(`the service credential ${ServiceSpecificCredentialId}`, () =>
        iam(new DeleteServiceSpecificCredentialCommand({ UserName, ServiceSpecificCredentialId })),
      ),
    ),
    ...(things.loginProfile
      ? [deletion('the console password', () => iam(new DeleteLoginProfileCommand({ UserName })))]
      : []),
  ];
}
