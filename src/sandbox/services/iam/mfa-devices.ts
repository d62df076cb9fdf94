/** Virtual MFA devices. */
import type { XmlObject } from '../../protocol/xml';
import { type IamCall, type OperationTable, isoDate } from './call';
import { findUser } from './find';
import { newSeed } from './ids';
import { page } from './paging';
import { existing, pathOf, present, required, userNameOrCaller } from './params';
import { invalid, quotaExceeded, refuse } from './refusals';
import { onAll, onMfaDevice, onUser } from './resources';
import { type MfaDevice, arnOf } from './state';
import { tagView, userView } from './users';
import { tagsOf } from './tags';

function findDevice(call: IamCall, serial: string): MfaDevice {
  return (
    call.account.mfaDevices.get(serial) ??
    refuse('NoSuchEntity', `VirtualMFADevice with serial number ${serial} doesn't exist.`)
  );
}

function create(call: IamCall): XmlObject {
  const { account } = call;
  const name = required(call, 'VirtualMFADeviceName');
  const serial = arnOf(account, 'mfa', pathOf(call), name);
  const tags = tagsOf(call);
  if (account.mfaDevices.has(serial))
    refuse('EntityAlreadyExists', `MFADevice entity at the same path and name already exists.`);
  const device: MfaDevice = { serial, name, seed: newSeed(), tags };
  account.mfaDevices.set(serial, device);
  return {
    VirtualMFADevice: {
      SerialNumber: serial,
      Base32StringSeed: Buffer.from(device.seed).toString('base64'),
      Tags: tagView(tags),
    },
  };
}

function enable(call: IamCall): void {
  const user = findUser(call, existing(call, 'UserName'));
  const serial = present(call, 'SerialNumber');
  const device = findDevice(call, serial);
  for (const name of ['AuthenticationCode1', 'AuthenticationCode2']) {
    const code = present(call, name);
    if (!/^\d{6}$/.test(code))
      invalid(
        name.charAt(0).toLowerCase() + name.slice(1),
        code,
        'Member must satisfy regular expression pattern: [\\d]{6}',
      );
  }
  if (device.userName !== undefined) refuse('EntityAlreadyExists', 'MFA device is already in use.');
  if (user.mfa.length >= call.quotas.mfaDevicesPerUser)
    quotaExceeded('MFADevicesPerUser', call.quotas.mfaDevicesPerUser);
  const enabledAt = call.now();
  user.mfa.push({ serial, enabledAt });
  device.userName = user.name;
  device.enabledAt = enabledAt;
}

function deactivate(call: IamCall): void {
  const user = findUser(call, userNameOrCaller(call));
  const serial = present(call, 'SerialNumber');
  if (!user.mfa.some((device) => device.serial === serial)) refuse('NoSuchEntity', `MFA Device invalid for user.`);
  user.mfa = user.mfa.filter((device) => device.serial !== serial);
  const device = findDevice(call, serial);
  delete device.userName;
  delete device.enabledAt;
}

function remove(call: IamCall): void {
  const device = findDevice(call, present(call, 'SerialNumber'));
  if (device.userName !== undefined) refuse('DeleteConflict', 'MFA VirtualDevice in use. Must deactivate first.');
  call.account.mfaDevices.delete(device.serial);
}

function listOfUser(call: IamCall): XmlObject {
  const user = findUser(call, userNameOrCaller(call));
  const { items, tail } = page(call, user.mfa, (device) => device.serial);
  const member = items.map((device) => ({
    UserName: user.name,
    SerialNumber: device.serial,
    EnableDate: isoDate(device.enabledAt),
  }));
  return { MFADevices: { member }, ...tail };
}

function list(call: IamCall): XmlObject {
  const { account } = call;
  const status = call.params.get('AssignmentStatus') ?? 'Any';
  const chosen = [...account.mfaDevices.values()].filter(
    (device) => status === 'Any' || (status === 'Assigned') === (device.userName !== undefined),
  );
  const { items, tail } = page(call, chosen, (device) => device.serial);
  const member = items.map((device): XmlObject => {
    const user = account.users.get((device.userName ?? '').toLowerCase());
    return {
      SerialNumber: device.serial,
      User: user === undefined ? undefined : userView(account, user),
      EnableDate: device.enabledAt === undefined ? undefined : isoDate(device.enabledAt),
    };
  });
  return { VirtualMFADevices: { member }, ...tail };
}

export const mfaOperations: OperationTable = {
  CreateVirtualMFADevice: { resource: onMfaDevice, run: create },
  EnableMFADevice: { resource: onUser, run: enable },
  DeactivateMFADevice: { resource: onUser, run: deactivate },
  DeleteVirtualMFADevice: { resource: onMfaDevice, run: remove },
  ListMFADevices: { resource: onUser, run: listOfUser },
  ListVirtualMFADevices: { resource: onAll('mfa'), run: list },
};
