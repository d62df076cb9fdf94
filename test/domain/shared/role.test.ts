import { asBucket, asWebsite, isOwnGroup, isOwnPolicy } from '../../../src/domain/shared/subject';
import {
  checkRoleNames,
  groupName,
  iamPath,
  policyArn,
  policyName,
  roleKind,
  roleOf,
} from '../../../src/domain/shared/role';

const session = { partition: 'aws', accountId: '123456789012' };

test('groups and policies have the names of the predecessor', () => {
  expect(groupName(roleOf('photos', 'BktRO'))).toBe('photos-BktROGrp');
  expect(policyName(roleOf('photos', 'BktAdm'))).toBe('photos-BktAdmPlc');
  expect(policyArn(session, roleOf('photos', 'BktAdm'))).toBe('arn:aws:iam::123456789012:policy/photos-BktAdmPlc');
});

test('a scoped role has its folder in its name and an IAM path of its own', () => {
  const role = roleOf('site.example.org', 'BktRW', 'docs/api');
  expect(groupName(role)).toBe('site.example.org-docs_api-BktRWGrp');
  expect(iamPath(role)).toBe('/site.example.org/docs/api/');
  expect(policyArn(session, role)).toBe(
    'arn:aws:iam::123456789012:policy/site.example.org/docs/api/site.example.org-docs_api-BktRWPlc',
  );
});

test('names longer than IAM takes are refused', () => {
  expect(() => {
    checkRoleNames(roleOf('b'.repeat(63), 'BktRW', 'd'.repeat(60)));
  }).toThrow(/at most 128/);
  expect(() => {
    checkRoleNames(roleOf('b'.repeat(63), 'BktAdm'));
  }).not.toThrow();
});

test('a group of the contract is a role', () => {
  expect(roleKind('WebAdmGrp')).toBe('WebAdm');
  expect(() => roleKind('Admins')).toThrow(/BktAdmGrp, BktRWGrp, BktROGrp, WebAdmGrp/);
});

describe('whose a group is', () => {
  test.each([
    ['the admin group', asBucket('site'), 'site-BktAdmGrp', '/', true],
    ['a group of a bucket whose name ends the same', asBucket('site'), 'mysite-BktAdmGrp', '/', false],
    ['a group of a bucket whose name begins the same', asBucket('site'), 'site-extra-BktAdmGrp', '/', false],
    ['the right name under another path', asBucket('site'), 'site-BktAdmGrp', '/site/docs/', false],
    ['the web admins of a bucket', asBucket('site'), 'site-WebAdmGrp', '/', false],
    ['the web admins of a website', asWebsite('site'), 'site-WebAdmGrp', '/', true],
    ['a scoped group of the site', asWebsite('site'), 'site-docs-BktRWGrp', '/site/docs/', true],
    ['a scoped group of another site', asWebsite('site'), 'site-docs-BktRWGrp', '/site-docs/x/', false],
    ['a stranger under the site’s path', asWebsite('site'), 'Admins', '/site/docs/', false],
    ['the bucket s-docs', asWebsite('s'), 's-docs-BktRWGrp', '/', false],
    ['a group without a path', asBucket('site'), 'site-BktROGrp', undefined, true],
  ])('%s', (_, subject, GroupName, Path, expected) => {
    expect(isOwnGroup(subject, { GroupName, Path })).toBe(expected);
  });
});

test('a policy is the subject’s by its exact ARN, or under the site’s path', () => {
  const arn = (path: string) => `arn:aws:iam::123456789012:policy${path}`;
  expect(isOwnPolicy(asBucket('site'), session, arn('/site-BktROPlc'))).toBe(true);
  expect(isOwnPolicy(asBucket('site'), session, arn('/site/docs/site-docs-BktROPlc'))).toBe(false);
  expect(isOwnPolicy(asWebsite('site'), session, arn('/site/docs/site-docs-BktROPlc'))).toBe(true);
  expect(isOwnPolicy(asWebsite('site'), session, arn('/site-extra/docs/x'))).toBe(false);
});
