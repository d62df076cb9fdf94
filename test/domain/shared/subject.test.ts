import type { DomainConfig } from '../../../src/config/types';
import {
  asBucket,
  asWebsite,
  homePath,
  isDoubtful,
  isOwnGroup,
  isOwnPolicy,
  mayBeFolderGroup,
  mayBeFolderPolicy,
  ownGroups,
} from '../../../src/domain/shared/subject';

const SITE = 'docs.example.org';
const domain: DomainConfig = {
  certArn: undefined,
  hostedZoneId: 'Z1',
  origin: 'public',
  geoRestriction: [],
  priceClass: undefined,
  minimumTls: undefined,
};
const domains: ReadonlyMap<string, DomainConfig> = new Map([['example.org', domain]]);

/** Group names under `/`, and whether the site or the bucket of that name has to ask the policies of each. */
const doubts: readonly (readonly [string, boolean, boolean])[] = [
  [`${SITE}-BktRWGrp`, false, false],
  [`${SITE}-BktAdmGrp`, false, false],
  [`${SITE}-api-BktRWGrp`, true, false],
  [`${SITE}-api_v2-BktROGrp`, true, false],
  [`${SITE}-api-BktAdmGrp`, false, false],
  [`${SITE}-api-WebAdmGrp`, false, false],
  [`${SITE}.uk-api-BktRWGrp`, false, false],
  [`my${SITE}-api-BktRWGrp`, false, false],
  [`${SITE}--BktRWGrp`, true, false],
];

test.each(doubts)('%s: the site asks %s, a bucket of the same name %s', (GroupName, site, bucket) => {
  expect(isDoubtful(asWebsite(SITE), { GroupName, Path: '/' }, domains)).toBe(site);
  expect(isDoubtful(asBucket(SITE), { GroupName, Path: '/' }, domains)).toBe(bucket);
  expect(isDoubtful(asWebsite(SITE), { GroupName, Path: `/${SITE}/api/` }, domains)).toBe(false);
});

test.each([
  ['BktRW', true],
  ['BktRO', true],
  // Folders have no admins.
  ['BktAdm', false],
])('a bucket named <site>-<folder> asks about its own %sGrp: %s', (kind, doubtful) => {
  const group = { GroupName: `${SITE}-api-${kind}Grp`, Path: '/' };
  expect(isDoubtful(asBucket(`${SITE}-api`), group, domains)).toBe(doubtful);
  expect(isDoubtful(asBucket(`${SITE}-api`), group, new Map())).toBe(false);
});

test('a group that was proven own or foreign is so whatever its name', () => {
  const folder = { GroupName: `${SITE}-api-BktRWGrp`, Path: '/' };
  const site = asWebsite(SITE);
  expect(isOwnGroup(site, folder)).toBe(false);
  expect(isOwnGroup({ ...site, proven: { own: [folder.GroupName], foreign: [] } }, folder)).toBe(true);
  const bucket = asBucket(`${SITE}-api`);
  expect(ownGroups([folder], bucket)).toEqual([folder]);
  expect(ownGroups([folder], { ...bucket, proven: { own: [], foreign: [folder.GroupName] } })).toEqual([]);
});

test('a folder’s group is put back where its path tells whose it is', () => {
  const folder = { GroupName: `${SITE}-api-BktRWGrp`, Path: '/' };
  const known = { ...asWebsite(SITE), proven: { own: [folder.GroupName], foreign: [] } };
  const path = homePath(known, folder);
  expect(path).toBe(`/${SITE}/`);
  expect(isOwnGroup(asWebsite(SITE), { ...folder, Path: path })).toBe(true);
  expect(homePath(known, { GroupName: `${SITE}-BktAdmGrp`, Path: '/' })).toBe('/');
  expect(homePath(known, { GroupName: folder.GroupName, Path: `/${SITE}/api/` })).toBe(`/${SITE}/`);
});

test.each([
  [`${SITE}-api-BktRWPlc`, '/', true],
  [`${SITE}-api-BktRWPlc`, `/${SITE}/api/`, false],
  [`${SITE}-BktRWPlc`, '/', false],
  [`${SITE}-api-BktAdmPlc`, '/', false],
  [`${SITE}-api`, '/', false],
])('the policy %s under %s may be a folder’s: %s', (PolicyName, Path, expected) => {
  expect(mayBeFolderPolicy(asWebsite(SITE), { PolicyName, Path })).toBe(expected);
});

describe('what AWS gives without a path is under /, and without a name it is nobody’s', () => {
  const folder = `${SITE}-api-BktRWGrp`;
  const known = { ...asWebsite(SITE), proven: { own: [folder], foreign: [] } };

  test('groups', () => {
    expect(isOwnGroup(asWebsite(SITE), { GroupName: `${SITE}-BktAdmGrp` })).toBe(true);
    expect(isOwnGroup(asWebsite(SITE), { Path: `/${SITE}/api/` })).toBe(false);
    expect(mayBeFolderGroup(asWebsite(SITE), { GroupName: folder })).toBe(true);
    expect(isDoubtful(asBucket(`${SITE}-api`), { GroupName: folder }, domains)).toBe(true);
    expect(homePath(known, { GroupName: folder })).toBe(`/${SITE}/`);
    for (const nameless of [{}, { Path: '/' }]) {
      expect(isOwnGroup(known, nameless)).toBe(false);
      expect(mayBeFolderGroup(known, nameless)).toBe(false);
      expect(isDoubtful(asBucket(`${SITE}-api`), nameless, domains)).toBe(false);
      expect(homePath(known, nameless)).toBe('/');
    }
    expect(ownGroups([{}, { GroupName: folder }, { GroupName: 'Developers' }], known)).toEqual([{ GroupName: folder }]);
  });

  test('policies', () => {
    expect(mayBeFolderPolicy(asWebsite(SITE), { PolicyName: `${SITE}-api-BktRWPlc` })).toBe(true);
    expect(mayBeFolderPolicy(asWebsite(SITE), {})).toBe(false);
  });
});

test.each([
  [`/${SITE}-BktAdmPlc`, true, true],
  [`/${SITE}-WebAdmPlc`, true, false],
  [`/${SITE}/api/${SITE}-api-BktRWPlc`, true, false],
  [`/${SITE}.uk/api/${SITE}-api-BktRWPlc`, false, false],
  [`/${SITE}-BktAdmPlc2`, false, false],
  ['/Developers', false, false],
])('the policy %s is the site’s: %s, the bucket’s: %s', (name, site, bucket) => {
  const session = { partition: 'aws', accountId: '123456789012' };
  const arn = `arn:aws:iam::123456789012:policy${name}`;
  expect(isOwnPolicy(asWebsite(SITE), session, arn)).toBe(site);
  expect(isOwnPolicy(asBucket(SITE), session, arn)).toBe(bucket);
  expect(isOwnPolicy(asWebsite(SITE), { ...session, accountId: '999999999999' }, arn)).toBe(false);
});
