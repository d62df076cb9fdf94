import { posix } from 'node:path';
import fc from 'fast-check';
import { checkFolder, checkWithin, reachOf } from '../../../../src/domain/client/rules/folder';
import { asBucket, asWebsite } from '../../../../src/domain/shared/subject';
import { askedFolder, refusalOf } from './settings';

describe('the folder asked for', () => {
  test.each([
    [undefined, undefined],
    ['', undefined],
    ['///', undefined],
    ['docs', 'docs'],
    ['/docs/api/', 'docs/api'],
    ['a b/…', 'a b/…'],
    ['..a/.b', '..a/.b'],
  ])('%j is the folder %j', (path, folder) => {
    expect(checkFolder(path)).toBe(folder);
  });

  test.each(['..', 'docs/../other', './docs', 'docs//api', 'a\nb', 'a\u0085b', 'a\u2028b', 'a\uffffb', 'a\ud800b'])(
    '%j is no folder',
    (path) => {
      expect(refusalOf(() => checkFolder(path))).toMatchObject({ kind: 'invalid' });
    },
  );

  test('none that passes has a part that clients resolve', () => {
    fc.assert(
      fc.property(fc.oneof(askedFolder, fc.string({ unit: fc.constantFrom('.', '/', 'a') })), (path) => {
        if (refusalOf(() => checkFolder(path)) !== undefined) return;
        const folder = checkFolder(path);
        if (folder !== undefined) expect(posix.normalize(`/photos/${folder}`)).toBe(`/photos/${folder}`);
      }),
    );
  });
});

describe('what a user may open', () => {
  const site = asWebsite('docs.example.org');
  const group = (GroupName: string, Path = '/') => ({ GroupName, Path });

  test.each([
    ['the admin of a bucket', [group('docs.example.org-BktAdmGrp')], { folder: undefined, isAdmin: true }],
    ['a reader of a bucket', [group('docs.example.org-BktROGrp')], { folder: undefined, isAdmin: false }],
    [
      'of one folder',
      [group('docs.example.org-api-BktRWGrp', '/docs.example.org/api/')],
      { folder: 'api', isAdmin: false },
    ],
    [
      'of a deep folder',
      [group('docs.example.org-api_v1-BktRWGrp', '/docs.example.org/api/v1/')],
      { folder: 'api/v1', isAdmin: false },
    ],
    [
      'of two folders',
      [
        group('docs.example.org-b-BktRWGrp', '/docs.example.org/b/'),
        group('docs.example.org-a-BktROGrp', '/docs.example.org/a/'),
      ],
      { folder: 'a', isAdmin: false },
    ],
    [
      'of a folder and the whole',
      [group('docs.example.org-a-BktRWGrp', '/docs.example.org/a/'), group('docs.example.org-BktROGrp')],
      { folder: undefined, isAdmin: false },
    ],
    [
      'of a folder and the distribution',
      [group('docs.example.org-a-BktRWGrp', '/docs.example.org/a/'), group('docs.example.org-WebAdmGrp')],
      { folder: 'a', isAdmin: false },
    ],
    [
      'a group without a path, which lies under /',
      [{ GroupName: 'docs.example.org-BktAdmGrp' }],
      { folder: undefined, isAdmin: true },
    ],
    [
      'a group without a name, which is nobody’s',
      [{ Path: '/docs.example.org/api/' }],
      { folder: undefined, isAdmin: false },
    ],
    [
      'of others',
      [group('x-BktAdmGrp'), group('docs.example.org-x-BktRWGrp', '/other/x/')],
      { folder: undefined, isAdmin: false },
    ],
  ])('%s', (_, groups, reach) => {
    expect(reachOf(site, groups)).toEqual(reach);
  });

  test('the predecessor’s folders, once proven', () => {
    const name = 'docs.example.org-api_v1-BktRWGrp';
    expect(reachOf({ ...site, proven: { own: [name], foreign: [] } }, [group(name)])).toEqual({
      folder: 'api/v1',
      isAdmin: false,
    });
    expect(
      reachOf({ ...site, proven: { own: [name], foreign: [] } }, [group(name, '/docs.example.org/')]),
    ).toMatchObject({ folder: 'api/v1' });
    expect(reachOf(site, [group(name)])).toEqual({ folder: undefined, isAdmin: false });
  });

  test('a user of a bucket is limited to no folder', () => {
    expect(reachOf(asBucket('photos'), [group('photos-x-BktRWGrp', '/photos/x/')])).toEqual({
      folder: undefined,
      isAdmin: false,
    });
  });

  test('a user of one folder may open what lies in it, nothing beside', () => {
    expect(() => checkWithin('api', 'api', 'ada')).not.toThrow();
    expect(() => checkWithin('api/v1', 'api', 'ada')).not.toThrow();
    expect(refusalOf(() => checkWithin('apis', 'api', 'ada'))).toMatchObject({ kind: 'invalid' });
    expect(refusalOf(() => checkWithin('other', 'api', 'ada'))).toMatchObject({ kind: 'invalid' });
  });
});
