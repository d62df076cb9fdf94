import { restoredGroup, restoredUser, stored } from '../../../src/domain/access/stored';

const at = new Date('2029-02-03T04:05:06.007Z');

test('times of AWS come back as times, the caller’s text as text', () => {
  const group = { Arn: 'arn', CreateDate: at, GroupId: 'AGPA', GroupName: 'photos-BktROGrp', Path: '/' };
  expect(restoredGroup(stored(group))).toEqual(group);
  const user = {
    User: {
      Arn: 'arn',
      CreateDate: at,
      PasswordLastUsed: at,
      Path: '/',
      PermissionsBoundary: undefined,
      Tags: [{ Key: 'CreateDate', Value: at.toISOString() }],
      UserId: 'AIDA',
      UserName: 'ada',
    },
    AccessKeys: [],
    Groups: [group],
    Policies: [],
  };
  expect(restoredUser(stored(user))).toEqual(user);
});

test('what AWS did not tell is absent, not null', () => {
  const back = restoredGroup(stored({ GroupName: 'g', CreateDate: undefined, Path: undefined }));
  expect(Object.keys(back)).toEqual(['GroupName']);
});
