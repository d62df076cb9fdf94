import { createHash } from 'node:crypto';
import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { findUser } from './find';
import { newId } from './ids';
import { page } from './paging';
import { existing, present, required, userNameOrCaller } from './params';
import { quotaExceeded, refuse } from './refusals';
import { onUser } from './resources';
import type { SshKey, User } from './state';

function metadata(user: User, key: SshKey): Record<string, string> {
  return {
    UserName: user.name,
    SSHPublicKeyId: key.id,
    Status: key.active ? 'Active' : 'Inactive',
    UploadDate: isoDate(key.uploadedAt),
  };
}

function view(user: User, key: SshKey): XmlObject {
  return { SSHPublicKey: { ...metadata(user, key), Fingerprint: key.fingerprint, SSHPublicKeyBody: key.body } };
}

/** MD5 over the key blob of an `ssh-rsa` line, in pairs. */
function fingerprintOf(body: string): string {
  const [, blob = ''] = /^ssh-rsa ([A-Za-z0-9+/]+={0,2})(?: .*)?\s*$/.exec(body) ?? [];
  const bytes = Buffer.from(blob, 'base64');
  // RFC 4253, 6.6: the blob repeats the type as its first string.
  if (bytes.length < 11 || bytes.toString('latin1', 4, 11) !== 'ssh-rsa')
    refuse('InvalidPublicKey', 'The public key is malformed or otherwise invalid.');
  return (createHash('md5').update(bytes).digest('hex').match(/../g) ?? []).join(':');
}

function find(call: IamCall, user: User): SshKey {
  const id = present(call, 'SSHPublicKeyId');
  return (
    user.sshKeys.find((one) => one.id === id) ?? refuse('NoSuchEntity', `The Public Key with id ${id} cannot be found.`)
  );
}

function upload(call: IamCall): XmlObject {
  const user = findUser(call, existing(call, 'UserName'));
  const body = present(call, 'SSHPublicKeyBody');
  const fingerprint = fingerprintOf(body);
  if (user.sshKeys.some((one) => one.fingerprint === fingerprint))
    refuse('DuplicateSSHPublicKey', 'The SSH public key is already associated with the user.');
  if (user.sshKeys.length >= call.quotas.sshKeysPerUser)
    quotaExceeded('SSHPublicKeysPerUser', call.quotas.sshKeysPerUser);
  const key: SshKey = { id: newId('APKA'), body, fingerprint, uploadedAt: call.now(), active: true };
  user.sshKeys.push(key);
  return view(user, key);
}

function get(call: IamCall): XmlObject {
  const user = findUser(call, existing(call, 'UserName'));
  if (present(call, 'Encoding') !== 'SSH')
    refuse('UnrecognizedPublicKeyEncoding', 'The sandbox gives SSH public keys in the encoding SSH only.');
  return view(user, find(call, user));
}

function list(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const { items, tail } = page(call, user.sshKeys, (key) => key.id);
  return { SSHPublicKeys: { member: items.map((key) => metadata(user, key)) }, ...tail };
}

export const sshKeyOperations: OperationTable = {
  UploadSSHPublicKey: { resource: onUser, run: upload },
  GetSSHPublicKey: { resource: onUser, run: get },
  ListSSHPublicKeys: { resource: onUser, run: list },
  UpdateSSHPublicKey: {
    resource: onUser,
    run: (call) => {
      const status = required(call, 'Status');
      find(call, findUser(call, existing(call, 'UserName'))).active = status === 'Active';
    },
  },
  DeleteSSHPublicKey: {
    resource: onUser,
    run: (call) => {
      const user = findUser(call, existing(call, 'UserName'));
      const key = find(call, user);
      user.sshKeys = user.sshKeys.filter((one) => one !== key);
    },
  },
};
