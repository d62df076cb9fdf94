import { inWords, isMarked, type Signs, whyKept } from '../../../../src/domain/access/rules/user-ownership';

const NONE: Signs = {
  groups: [],
  policies: [],
  inline: [],
  path: '/',
  tags: [],
  boundary: undefined,
  loginProfile: false,
  mfaDevices: 0,
  sshPublicKeys: 0,
  signingCertificates: 0,
  serviceCredentials: 0,
};

const tag = (Key: string, Value: string) => ({ Key, Value });

test.each([
  ['with the org and a bucket', [tag('spinup:org', 'acme'), tag('mallard:bucket', 'photos')], true],
  ['with the org alone, which other services give, too', [tag('spinup:org', 'acme')], false],
  ['with a bucket alone', [tag('mallard:bucket', 'photos')], false],
  ['of another org', [tag('spinup:org', 'other'), tag('mallard:bucket', 'photos')], false],
  ['without tags', [], false],
])('a user %s carries our mark: %s', (_, tags, marked) => {
  expect(isMarked(tags, 'acme')).toBe(marked);
});

test('who has nothing but what the service gives goes, with our mark or in the predecessor’s form', () => {
  for (const removal of ['by-name', 'along'] as const)
    for (const isOurs of [true, false]) expect(whyKept(NONE, isOurs, removal)).toBeUndefined();
});

/** The sign, its words, and whether it keeps: users without our mark, ours with their bucket, ours by their name. */
const signs: readonly (readonly [Partial<Signs>, string, boolean, boolean, boolean])[] = [
  [{ groups: ['dev', 'ops'] }, 'membership in other groups (dev, ops)', true, true, true],
  [{ policies: ['ReadOnlyAccess'] }, 'other policies (ReadOnlyAccess)', true, true, true],
  [{ inline: ['own'] }, 'inline policies (own)', true, true, true],
  [{ path: '/people/' }, 'the path /people/', true, true, false],
  [{ tags: ['employee'] }, 'employee', true, true, false],
  [{ loginProfile: true }, 'a console password', true, true, false],
  [{ mfaDevices: 1 }, 'an MFA device', true, true, false],
  [{ sshPublicKeys: 2 }, 'SSH keys', true, true, false],
  [{ signingCertificates: 1 }, 'signing certificates', true, true, false],
  [{ serviceCredentials: 1 }, 'service credentials', true, true, false],
  [{ boundary: 'arn:b' }, 'the permissions boundary arn:b', true, false, false],
];

test.each(signs)(
  '%j says "%s": kept without our mark %s, with its bucket %s, by its name %s',
  (sign, words, unmarked, along, byName) => {
    const verdicts = [
      whyKept({ ...NONE, ...sign }, false, 'by-name'),
      whyKept({ ...NONE, ...sign }, false, 'along'),
      whyKept({ ...NONE, ...sign }, true, 'along'),
      whyKept({ ...NONE, ...sign }, true, 'by-name'),
    ];
    expect(verdicts.map((because) => because !== undefined)).toEqual([unmarked, unmarked, along, byName]);
    for (const because of verdicts)
      if (because !== undefined) expect(because).toMatch(new RegExp(`^It .*${words.replace(/[()]/g, '\\$&')}.*\\.$`));
  },
);

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('the list %j is written in words', (list, words) => {
  expect(inWords(list)).toBe(words);
});
