import fc from 'fast-check';
import type { Tag } from '../../../src/domain/shared/shapes';
import {
  checkTags,
  foreignTagKeys,
  narrowTags,
  recordOfTags,
  sameTags,
  tagValue,
  tagsAfterUpdate,
  tagsAtBirth,
  visibleTags,
} from '../../../src/domain/shared/tags';

const ORG = 'localdev';
const tag = (Key: string, Value = 'v') => ({ Key, Value });

describe('tags a caller may send', () => {
  test.each([
    ['the seed', [tag('COA', 'Take.My.Money.$$$$'), tag('CreatedBy', 'Big Bird')]],
    ['the org tag with its own value', [tag('spinup:org', ORG)]],
    ['45 tags', Array.from({ length: 45 }, (_, n) => tag(`k${String(n)}`))],
    [
      '45 tags and the org tag, as GET shows them',
      [...Array.from({ length: 45 }, (_, n) => tag(`k${String(n)}`)), tag('spinup:org', ORG)],
    ],
    ['the longest key and value', [tag('k'.repeat(128), 'v'.repeat(256))]],
    ['an empty value', [tag('k', '')]],
    ['128 characters outside the BMP', [tag('😀'.repeat(128))]],
  ])('%s', (_, tags) => {
    expect(() => {
      checkTags(tags, ORG);
    }).not.toThrow();
  });

  test.each([
    ['46 tags', Array.from({ length: 46 }, (_, n) => tag(`k${String(n)}`)), /at most 45/],
    [
      '46 tags and the org tag',
      [tag('spinup:org', ORG), ...Array.from({ length: 46 }, (_, n) => tag(`k${String(n)}`))],
      /46 tags .* at most 45/,
    ],
    ['a line break in a key', [tag('a\nb')], /without control characters/],
    ['a NUL in a value', [tag('a', 'b\u0000')], /without control characters/],
    ['what XML cannot hold', [tag('a', '\uffff')], /without control characters/],
    ['a key twice', [tag('a'), tag('a')], /given twice/],
    ['an empty key', [tag('')], /1 to 128/],
    ['a key of 129', [tag('k'.repeat(129))], /1 to 128/],
    ['a value of 257', [tag('k', 'v'.repeat(257))], /at most 256/],
    ['aws:', [tag('aws:x')], /reserved/],
    ['AWS: in capitals', [tag('AWS:x')], /reserved/],
    ['mallard:', [tag('mallard:operation')], /reserved/],
    ['spinup:', [tag('spinup:other')], /reserved/],
    ['the org tag with another value', [tag('spinup:org', 'other')], /own value/],
    ['the greeting marker', [tag('yale:spinup', 'true')], /reserved/],
  ])('%s is refused', (_, tags, message) => {
    expect(() => {
      checkTags(tags, ORG);
    }).toThrow(message);
  });
});

test('system tags are hidden, the org tag is shown', () => {
  const tags = [tag('a'), tag('spinup:org', ORG), tag('mallard:operation', 'op'), tag('aws:cloudformation:x')];
  expect(visibleTags(tags)).toEqual([tag('a'), tag('spinup:org', ORG)]);
});

test('an update replaces the caller’s tags and keeps system tags', () => {
  const before = [
    tag('old'),
    tag('spinup:org', ORG),
    tag('mallard:distribution', 'E1'),
    tag('aws:x', '1'),
    tag('yale:spinup', 'true'),
  ];
  expect(tagsAfterUpdate(before, [tag('new')], ORG)).toEqual([
    tag('new'),
    tag('spinup:org', ORG),
    tag('mallard:distribution', 'E1'),
    tag('aws:x', '1'),
    tag('yale:spinup', 'true'),
  ]);
});

test('whatever is shown may be sent back and changes nothing (property)', () => {
  const keys = fc.constantFrom('a', 'b', 'mallard:operation', 'aws:x', 'spinup:space', 'yale:spinup');
  const tags = fc.uniqueArray(fc.record({ Key: keys, Value: fc.string({ maxLength: 9 }) }), {
    selector: ({ Key }) => Key,
  });
  fc.assert(
    fc.property(tags, (some) => {
      const all = [...some, tag('spinup:org', ORG)];
      const shown = visibleTags(all);
      checkTags(shown, ORG);
      expect(sameTags(tagsAfterUpdate(all, shown, ORG), all)).toBe(true);
    }),
  );
});

test('tags at birth hold the org tag once', () => {
  expect(tagsAtBirth([tag('spinup:org', ORG), tag('a')], ORG, { 'mallard:operation': 'op' })).toEqual([
    tag('a'),
    tag('spinup:org', ORG),
    tag('mallard:operation', 'op'),
  ]);
});

test('a tag is found by its exact key', () => {
  expect(tagValue([tag('ab', '1'), tag('a', '2')], 'a')).toBe('2');
  expect(tagValue([], 'a')).toBeUndefined();
});

describe('tags that others have put on a user', () => {
  const given = [tag('COA', 'Take.My.Money.$$$$'), tag('Application', 'b')];
  const system = [tag('spinup:org', ORG), tag('mallard:bucket', 'photos'), tag('mallard:operation', 'op')];
  const born = narrowTags(tagsAtBirth(given, ORG, { 'mallard:bucket': 'photos', ...recordOfTags(given) }));

  test.each<[string, readonly Tag[], readonly string[]]>([
    ['are none on one that was made without tags', system, []],
    ['are none on one with the tags of its making, in any order', [...born].reverse(), []],
    [
      'are none, whatever the service has noted since',
      [...born, tag('mallard:status', 'Inactive'), tag('mallard:mfa/0', 'arn')],
      [],
    ],
    ['are told by their keys', [...system, tag('employee', 'e1')], ['employee']],
    [
      'are told with all the others, which may have been changed as well',
      [...born, tag('employee', 'e1')],
      ['COA', 'Application', 'employee'],
    ],
    [
      'may be one of its making that says something else',
      [...born.filter(({ Key }) => Key !== 'COA'), tag('COA', 'x')],
      ['Application', 'COA'],
    ],
    ['may be the org tag of another', [tag('spinup:org', 'other'), tag('mallard:bucket', 'photos')], ['spinup:org']],
    ['are all there are where nothing was noted', [...system, tag('COA', 'a')], ['COA']],
  ])('%s', (_, tags, keys) => {
    expect(foreignTagKeys(tags, ORG)).toEqual(keys);
  });

  test('are told by a note that IAM takes; the org tag, which callers may send back, needs none', () => {
    expect(recordOfTags([tag('spinup:org', ORG)])).toEqual({});
    expect(recordOfTags(given)).toEqual({ 'mallard:tags': expect.stringMatching(/^[\w-]{43}$/) });
  });
});
