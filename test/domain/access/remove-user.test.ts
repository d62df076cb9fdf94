import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  DeactivateMFADeviceCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DeleteVirtualMFADeviceCommand,
  DetachUserPolicyCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  RemoveUserFromGroupCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam';
import { NO_THINGS, type UserSeen } from '../../../src/domain/access/aws/see-user';
import { removalOf, removeUser } from '../../../src/domain/access/remove-user';
import { answer, definePlan } from '../../../src/engine/plan';
import { iamGroup } from '../../support/user-resources';
import { awsError, mockedAws, type MockedAws } from '../../support/mocks/mocked-aws';
import { waitsFor } from '../../support/mocks/mocked-run';
import { walkForward } from '../../support/mocks/mocked-walk';
import { changes } from '../../support/steps';

const OWN = 'arn:aws:iam::123456789012:policy/b-BktRWPlc';
const UserName = 'u';
const VIRTUAL = 'arn:aws:iam::123456789012:mfa/u';
const gone = awsError('NoSuchEntity', 404);
const denied = awsError('AccessDenied', 403);
const conflict = awsError('DeleteConflict', 409);
const inGroup = { UserName, GroupName: 'b-BktRWGrp' };

const seen = (takes: Partial<UserSeen['takes']> = {}, more: Partial<UserSeen> = {}): UserSeen => ({
  user: 'u',
  because: null,
  groups: ['b-BktRWGrp'],
  takes: { ...NO_THINGS, ...takes },
  home: { group: 'b-BktRWGrp', path: '/' },
  ...more,
});
const removing = (aws: MockedAws, user: UserSeen) =>
  walkForward(aws, (step, pivot) => step(removalOf(aws.context, user, 'bucket b', { after: [pivot] })));

test('a user is taken out of its groups, and deleted when nothing hangs on it any more', async () => {
  const aws = await mockedAws();
  const { outcome, done } = await removing(
    aws,
    seen({
      keys: ['K'],
      attached: [OWN, 'arn:other'],
      inline: ['i'],
      signingCertificates: ['c'],
      sshPublicKeys: ['s'],
      serviceCredentials: ['x'],
      loginProfile: true,
    }),
  );
  expect(outcome.state).toBe('succeeded');
  expect(done.at(-1)).toBe('Delete user u');
  expect(changes(aws.iam)).toEqual({
    RemoveUserFromGroup: [inGroup],
    DeleteAccessKey: [{ UserName, AccessKeyId: 'K' }],
    DetachUserPolicy: [
      { UserName, PolicyArn: OWN },
      { UserName, PolicyArn: 'arn:other' },
    ],
    DeleteUserPolicy: [{ UserName, PolicyName: 'i' }],
    DeleteSigningCertificate: [{ UserName, CertificateId: 'c' }],
    DeleteSSHPublicKey: [{ UserName, SSHPublicKeyId: 's' }],
    DeleteServiceSpecificCredential: [{ UserName, ServiceSpecificCredentialId: 'x' }],
    DeleteLoginProfile: [{ UserName }],
    DeleteUser: [{ UserName }],
  });
});

test('a user that is kept leaves, and loses what its removal takes from it', async () => {
  const aws = await mockedAws();
  const { outcome } = await removing(aws, seen({ attached: [OWN] }, { because: 'It is used.' }));
  expect(outcome.state).toBe('succeeded');
  expect(changes(aws.iam)).toEqual({
    RemoveUserFromGroup: [inGroup],
    DetachUserPolicy: [{ UserName, PolicyArn: OWN }],
  });
});

test('what is gone already is as good as taken away; a key is believed to be gone after some seconds', async () => {
  const aws = await mockedAws();
  for (const command of [
    RemoveUserFromGroupCommand,
    DeleteAccessKeyCommand,
    DetachUserPolicyCommand,
    DeleteUserPolicyCommand,
    DeleteUserCommand,
  ])
    aws.iam.on(command as never).rejects(gone);
  const { outcome } = await removing(aws, seen({ keys: ['K'], attached: [OWN], inline: ['i'] }));
  expect(outcome.state).toBe('succeeded');
  expect(changes(aws.iam)).toMatchObject({ RemoveUserFromGroup: [{}], DeleteUserPolicy: [{}], DeleteUser: [{}] });
  expect(changes(aws.iam)['DeleteAccessKey']?.length).toBeGreaterThan(2);
});

test('what cannot be taken back waits for what can, where nothing is decided yet, and comes at once where it is', async () => {
  const { context } = await mockedAws();
  const planFor = (cautious: boolean) =>
    definePlan('p', 'P', (step) => {
      removeUser(context, seen({ keys: ['K'], inline: ['i'] }), step, { cautious });
      return answer({}, () => undefined);
    });
  for (const title of ['Delete access key K of user u', 'Delete the inline policy i of user u']) {
    expect(waitsFor(planFor(true), title)).toEqual(['Take user u out of group b-BktRWGrp']);
    expect(waitsFor(planFor(false), title)).toEqual([]);
  }
  expect(waitsFor(planFor(false), 'Delete user u')).toHaveLength(3);
});

describe('a removal that comes to a halt', () => {
  const kept = 'User u is kept in the group b-BktRWGrp, without any policy: repeat the deletion.';

  test.each([
    ['its key', DeleteAccessKeyCommand, 'DeleteAccessKey'],
    ['its place in the group', RemoveUserFromGroupCommand, 'RemoveUserFromGroup'],
    ['itself', DeleteUserCommand, 'DeleteUser'],
  ])('puts the user back where it is found, when it cannot lose %s', async (_, command, call) => {
    const aws = await mockedAws();
    aws.iam.on(command as never).rejects(denied);
    aws.iam.on(AddUserToGroupCommand).rejectsOnce(gone).resolves({});
    const { outcome } = await removing(aws, seen({ keys: ['K'], inline: ['i'] }));
    expect(outcome).toMatchObject({
      state: 'failed',
      error: { kind: 'denied', origin: { call }, detail: expect.stringContaining(kept) as unknown },
    });
    expect(changes(aws.iam)).toMatchObject({
      DeleteUserPolicy: [{}],
      CreateGroup: [{ GroupName: 'b-BktRWGrp', Path: '/' }],
      AddUserToGroup: [inGroup, inGroup],
    });
  });

  test('needs no new group where one of its own is left', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    aws.iam.on(AddUserToGroupCommand, { GroupName: 'b-BktRWGrp' }).rejects(gone);
    const { outcome } = await removing(aws, seen({}, { groups: ['b-BktRWGrp', 'b-BktROGrp'] }));
    const detail = expect.stringContaining('User u is kept in the group b-BktROGrp') as unknown;
    expect(outcome).toMatchObject({ state: 'failed', error: { detail } });
    expect(changes(aws.iam)['CreateGroup']).toBeUndefined();
  });

  test.each([
    ['is there again', CreateGroupCommand, [awsError('EntityAlreadyExists', 409)], { CreateGroup: [{}] }],
    ['cannot be had at once', CreateGroupCommand, [awsError('ServiceFailure', 500)], { CreateGroup: [{}, {}] }],
    ['is not known at once', AddUserToGroupCommand, [gone, gone], { AddUserToGroup: [{}, {}, {}] }],
  ])('puts it into its group that %s', async (_, command, refusals, sent) => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    aws.iam.on(AddUserToGroupCommand).rejectsOnce(gone).resolves({});
    const making = aws.iam.on(command as never);
    for (const refusal of refusals) making.rejectsOnce(refusal);
    expect((await removing(aws, seen())).left).toEqual(['Delete user u']);
    expect(changes(aws.iam)).toMatchObject({ ...sent, AddUserToGroup: expect.anything() as unknown });
  });

  test('does not promise what it could not do when the group cannot be put back', async () => {
    const aws = await mockedAws();
    for (const command of [DeleteUserCommand, CreateGroupCommand]) aws.iam.on(command as never).rejects(denied);
    aws.iam.on(AddUserToGroupCommand).rejects(gone);
    const { outcome, left } = await removing(aws, seen());
    expect(outcome).toMatchObject({ error: { detail: expect.not.stringContaining('is kept') as unknown } });
    expect(left).toEqual(['Delete user u', 'Make group b-BktRWGrp again', 'Put user u back into group b-BktRWGrp']);
    expect(changes(aws.iam)['AddUserToGroup']).toHaveLength(1);
  });

  test('says of a user that is not deleted only where it is', async () => {
    const aws = await mockedAws();
    aws.iam.on(DetachUserPolicyCommand).rejects(denied);
    const { outcome } = await removing(aws, seen({ attached: [OWN] }, { because: 'It is used.' }));
    const detail = expect.stringContaining('User u is kept in the group b-BktRWGrp: repeat') as unknown;
    expect(outcome).toMatchObject({ error: { detail } });
  });

  test('tells the plain error of one that was in no group', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    const { outcome } = await removing(aws, seen({}, { groups: [], home: null }));
    expect(outcome).toMatchObject({ error: { detail: expect.not.stringContaining('User u') as unknown } });
    expect(changes(aws.iam)).toEqual({ DeleteUser: [{ UserName }] });
  });

  describe('of one in no group, which its policy proves to be its bucket’s', () => {
    const namesake = (): UserSeen =>
      seen({ attached: [OWN] }, { groups: [], home: { group: 'u-BktAdmGrp', path: '/' } });

    test('gives it the policy back', async () => {
      const aws = await mockedAws();
      aws.iam.on(DeleteUserCommand).rejects(denied);
      const { outcome } = await removing(aws, namesake());
      const detail = expect.stringContaining('User u is kept with the policy b-BktRWPlc: repeat') as unknown;
      expect(outcome).toMatchObject({ error: { detail } });
      expect(changes(aws.iam)).toMatchObject({ AttachUserPolicy: [{ UserName, PolicyArn: OWN }] });
      expect(changes(aws.iam)['CreateGroup']).toBeUndefined();
    });

    test('puts it into a group where the policy is gone', async () => {
      const aws = await mockedAws();
      aws.iam.on(DeleteUserCommand).rejects(denied);
      aws.iam.on(AttachUserPolicyCommand).rejects(gone);
      const { outcome } = await removing(aws, namesake());
      const detail = expect.stringContaining('User u is kept in the group u-BktAdmGrp, without any policy') as unknown;
      expect(outcome).toMatchObject({ error: { detail } });
      expect(changes(aws.iam)).toMatchObject({
        CreateGroup: [{ GroupName: 'u-BktAdmGrp', Path: '/' }],
        AddUserToGroup: [{ UserName, GroupName: 'u-BktAdmGrp' }],
      });
    });
  });

  test('because AWS is busy is finished, and nothing is put back', async () => {
    const aws = await mockedAws();
    const deleting = aws.iam.on(DeleteUserCommand);
    for (let n = 0; n < 20; n += 1) deleting.rejectsOnce(awsError('Throttling', 400));
    expect((await removing(aws, seen())).outcome.state).toBe('succeeded');
    expect(changes(aws.iam)['AddUserToGroup']).toBeUndefined();
  });
});

describe('what could be undone is undone', () => {
  const failing = async (aws: MockedAws, user: UserSeen) => {
    const events: string[] = [];
    const { walk } = await import('../../../src/engine/walk');
    const plan = definePlan('p', 'P', (step) => {
      removeUser(aws.context, user, step, { cautious: true });
      return answer({}, () => undefined);
    });
    const outcome = await walk(plan, {
      scope: { operationId: 'op-1', clock: aws.clock },
      emit: ({ type }) => events.push(type),
    });
    return { outcome, events };
  };

  test('the user’s groups and policies come back when nothing else was taken yet', async () => {
    const aws = await mockedAws();
    aws.iam.on(DetachUserPolicyCommand, { PolicyArn: OWN }).rejects(denied);
    const { outcome } = await failing(aws, seen({ keys: ['K'], attached: [OWN, 'arn:p'] }));
    expect(outcome.state).toBe('rolled-back');
    expect(changes(aws.iam)).toMatchObject({
      AddUserToGroup: [inGroup],
      AttachUserPolicy: [{ UserName, PolicyArn: 'arn:p' }],
    });
  });

  test('the undo of what cannot be brought back fails and says so', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(denied);
    aws.iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [] });
    const { outcome } = await failing(aws, seen({ keys: ['K'], inline: ['i'] }));
    expect(outcome).toMatchObject({
      state: 'rollback-failed',
      undone: ['Take user u out of group b-BktRWGrp'],
      left: [
        { step: 'Delete access key K of user u', error: { kind: 'conflict' } },
        {
          step: 'Delete the inline policy i of user u',
          error: { kind: 'conflict', detail: expect.stringContaining('repeat the deletion') as unknown },
        },
      ],
    });
  });

  test('the notes on devices that the user still has are taken off', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeactivateMFADeviceCommand).rejects(denied);
    aws.iam.on(ListMFADevicesCommand).resolves({
      MFADevices: [{ UserName, SerialNumber: VIRTUAL, EnableDate: new Date(0) }],
    });
    const { outcome } = await failing(aws, seen({ mfaDevices: [VIRTUAL, `${VIRTUAL}2`] }));
    expect(outcome.state).toBe('rolled-back');
    expect(changes(aws.iam)).toMatchObject({ UntagUser: [{ UserName, TagKeys: ['mallard:mfa/0'] }] });
  });

  test('the deletion itself is the point of no return', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(awsError('ServiceFailure', 500));
    aws.iam.on(GetUserCommand).rejects(gone);
    const { outcome, events } = await failing(aws, seen());
    expect([outcome.state, events.includes('undo-started')]).toEqual(['succeeded', false]);
  });
});

describe('devices', () => {
  test('are deactivated; virtual ones are noted first and deleted, those of hardware are not AWS’s to delete', async () => {
    const aws = await mockedAws();
    await removing(aws, seen({ mfaDevices: ['GAHT12345678', VIRTUAL] }));
    expect(changes(aws.iam)).toMatchObject({
      TagUser: [{ UserName, Tags: [{ Key: 'mallard:mfa/0', Value: VIRTUAL }] }],
      DeactivateMFADevice: [
        { UserName, SerialNumber: 'GAHT12345678' },
        { UserName, SerialNumber: VIRTUAL },
      ],
      DeleteVirtualMFADevice: [{ SerialNumber: VIRTUAL }],
    });
  });

  test('of hardware alone need no note', async () => {
    const aws = await mockedAws();
    await removing(aws, seen({ mfaDevices: ['GAHT12345678'] }));
    expect(Object.keys(changes(aws.iam)).sort()).toEqual(['DeactivateMFADevice', 'DeleteUser', 'RemoveUserFromGroup']);
  });

  test.each([
    ['the note may be refused: too many tags', TagUserCommand, 'LimitExceeded', 409],
    ['the note may be refused: a store’s idea of tags', TagUserCommand, 'InvalidInput', 400],
    ['the device may be deactivated already', DeactivateMFADeviceCommand, 'NoSuchEntity', 404],
    ['the device may be another user’s by now', DeleteVirtualMFADeviceCommand, 'DeleteConflict', 409],
    ['the device may be gone', DeleteVirtualMFADeviceCommand, 'NoSuchEntity', 404],
  ])('hold nothing up: %s', async (_, command, code, status) => {
    const aws = await mockedAws();
    aws.iam.on(command as never).rejects(awsError(code, status));
    expect((await removing(aws, seen({ mfaDevices: [VIRTUAL] }))).outcome.state).toBe('succeeded');
    expect(changes(aws.iam)).toMatchObject({ TagUser: [{}], DeactivateMFADevice: [{}], DeleteVirtualMFADevice: [{}] });
  });

  test.each([
    ['noted: they are then not touched, as nobody would find them', TagUserCommand, [1, 0, 0]],
    ['deleted', DeleteVirtualMFADeviceCommand, [1, 1, 1]],
  ])('fail when they may not be %s', async (_, command, sent) => {
    const aws = await mockedAws();
    aws.iam.on(command as never).rejects(denied);
    expect((await removing(aws, seen({ mfaDevices: [VIRTUAL] }))).outcome.state).toBe('failed');
    const made = changes(aws.iam);
    expect(['TagUser', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'].map((call) => made[call]?.length ?? 0)).toEqual(
      sent,
    );
  });
});

describe('a user on whom something hangs still', () => {
  test.each([
    ['loses keys that were made meanwhile', [], { DeleteAccessKey: [{ UserName, AccessKeyId: 'LATE' }] }],
    ['keeps its keys when it is another’s by now', [iamGroup('c-BktRWGrp')], {}],
  ])('%s, and is deleted once nothing does', async (_, Groups, sent) => {
    const aws = await mockedAws();
    const deleting = aws.iam.on(DeleteUserCommand);
    for (let n = 0; n < 2; n += 1) deleting.rejectsOnce(conflict);
    aws.iam.on(ListAccessKeysCommand).resolves({ AccessKeyMetadata: [{ AccessKeyId: 'LATE' }] });
    aws.iam.on(ListGroupsForUserCommand).resolves({ Groups });
    const { outcome } = await removing(aws, seen());
    expect(outcome.state).toBe('succeeded');
    expect(changes(aws.iam)).toEqual({
      RemoveUserFromGroup: [inGroup],
      ...sent,
      DeleteUser: Array(3).fill({ UserName }) as object[],
    });
  });

  test('is kept in its group when that does not end', async () => {
    const aws = await mockedAws();
    aws.iam.on(DeleteUserCommand).rejects(conflict);
    const { outcome } = await removing(aws, seen());
    expect(outcome).toMatchObject({ state: 'failed', error: { kind: 'conflict' } });
    expect(changes(aws.iam)['AddUserToGroup']).toEqual([inGroup]);
  });
});
