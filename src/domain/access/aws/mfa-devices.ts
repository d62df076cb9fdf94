import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  ListMFADevicesCommand,
  TagUserCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import type { StepFactory, StepHandle, StepSpec } from '../../../engine/plan';
import { gonePolicy, standardPolicy } from '../../../engine/retry';
import { allPages } from '../../shared/aws/iam-pages';
import { type Context, reading } from '../../shared/context';
import { DEVICE_TAG } from '../../shared/tags';
import { lostForGood } from './user-things';

type Step = StepSpec<Record<never, never>, void>;
type After = readonly StepHandle<unknown>[];

/** Only virtual devices are AWS's to delete; their serial number is an ARN. */
const isVirtual = (serial: string): boolean => serial.startsWith('arn:');

/**
 * Adds steps that deactivate a user's MFA devices and delete the virtual ones. In between nobody lists them as the user's, so
 * they are noted in its tags first: a deletion that fails there finds them when it is repeated. Gives the last step of each.
 */
export function removeDevices(
  context: Context,
  user: string,
  devices: readonly string[],
  step: StepFactory,
  after: After,
): After {
  const virtual = devices.filter(isVirtual);
  const noted = virtual.length === 0 ? after : [step(noteDevices(context, user, virtual, after))];
  return devices.map((serial) => {
    const deactivated = step(deactivateDevice(context, user, serial, noted));
    return isVirtual(serial) ? step(deleteDevice(context, user, serial, [deactivated])) : deactivated;
  });
}

const keyOf = (index: number): string => `${DEVICE_TAG}${String(index)}`;

function noteDevices(context: Context, user: string, serials: readonly string[], after: After): Step {
  const { iam } = context.session;
  const listed = () =>
    allPages(
      (marker) => reading(context, () => iam(new ListMFADevicesCommand({ UserName: user, ...marker }))),
      (page) => page.MFADevices,
    );
  return {
    title: `Note the virtual MFA devices of user ${user}`,
    touches: [{ action: 'change', resource: `tags of user ${user}` }],
    after,
    // Without a note a repeated deletion does not find them; that is not worth failing for.
    retry: { ...standardPolicy, isDone: ({ kind }) => ['invalid', 'quota', 'not-found'].includes(kind) },
    run: async () => {
      const Tags = serials.map((Value, index) => ({ Key: keyOf(index), Value }));
      await iam(new TagUserCommand({ UserName: user, Tags }));
    },
    undo: async () => {
      const still = (await listed()).map(({ SerialNumber }) => SerialNumber);
      const TagKeys = serials.flatMap((serial, index) => (still.includes(serial) ? [keyOf(index)] : []));
      if (TagKeys.length > 0) await iam(new UntagUserCommand({ UserName: user, TagKeys }));
    },
  };
}

function deactivateDevice({ session }: Context, user: string, serial: string, after: After): Step {
  return {
    title: `Deactivate the MFA device ${serial} of user ${user}`,
    touches: [{ action: 'change', resource: `MFA device ${serial} of user ${user}` }],
    after,
    retry: gonePolicy,
    run: async () => {
      await session.iam(new DeactivateMFADeviceCommand({ UserName: user, SerialNumber: serial }));
    },
    irrevocable: true,
    undo: () => lostForGood(user),
  };
}

function deleteDevice({ session }: Context, user: string, serial: string, after: After): Step {
  return {
    title: `Delete the virtual MFA device ${serial} of user ${user}`,
    touches: [{ action: 'delete', resource: `MFA device ${serial}` }],
    after,
    // A conflict means that somebody has given the device to another user meanwhile.
    retry: { ...standardPolicy, isDone: ({ kind }) => kind === 'not-found' || kind === 'conflict' },
    run: async () => {
      await session.iam(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial }));
    },
    irrevocable: true,
    undo: () => lostForGood(user),
  };
}
