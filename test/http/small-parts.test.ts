import fc from 'fast-check';
import type { IncomingMessage } from 'node:http';
import { clientAddress } from '../../src/http/middleware/client-address';
import { attachment } from '../../src/base/attachment';
import { findJsonMistake } from '../../src/http/body/json-mistake';
import { readMediaType } from '../../src/http/body/media-type';
import { textOfTime } from '../../src/base/json';
import { encoderOf } from '../../src/http/contract/encode';
import { createWindowCounter } from '../../src/http/auth/window-counter';
import { createTestClock } from '../support/clock';

describe('window counter', () => {
  test('counts by key, from a key’s first event on', () => {
    const clock = createTestClock();
    const counter = createWindowCounter({ clock, windowMs: 60_000 });
    expect([counter.hit('a', 2), counter.hit('a', 2), counter.hit('b', 2)]).toEqual([0, 0, 0]);
    expect([counter.isFull('a', 2), counter.isFull('b', 2), counter.isFull('c', 2)]).toEqual([true, false, false]);
    clock.advance(59_001);
    expect(counter.hit('a', 2)).toBe(1);
    clock.advance(999);
    expect(counter.hit('a', 2)).toBe(0);
  });

  test('remembers no more keys than it may: the one whose last event is the oldest goes first', () => {
    const clock = createTestClock();
    const counter = createWindowCounter({ clock, windowMs: 1000, maxKeys: 3 });
    const full = (...keys: readonly string[]) => keys.filter((key) => counter.isFull(key, 1));
    for (let i = 0; i < 100; i++) counter.hit(`k${i}`, 0);
    expect(full('k96', 'k97', 'k98', 'k99')).toEqual(['k97', 'k98', 'k99']);
    counter.hit('k97', 0);
    counter.hit('new', 0);
    expect(full('k97', 'k98', 'k99', 'new')).toEqual(['k97', 'k99', 'new']);
    clock.advance(1000);
    expect(full('k97', 'k98', 'k99', 'new')).toEqual([]);
  });
});

describe('client address', () => {
  const from = (remoteAddress: string | undefined, forwarded?: string) =>
    clientAddress(
      { socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage,
      forwarded !== undefined,
    );

  test.each([
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['::ffff:127.0.0.1', undefined, '127.0.0.1'],
    ['::1', undefined, '0:0:0:0::/64'],
    ['2001:DB8:0001:2:3:4:5:6', undefined, '2001:db8:1:2::/64'],
    ['2001:db8::6', undefined, '2001:db8:0:0::/64'],
    ['fe80::1%eth0', undefined, 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', undefined, '64:ff9b:0:0::/64'],
    [undefined, undefined, 'unknown'],
    ['10.0.0.1', '192.0.2.1:4711', '192.0.2.1'],
    ['10.0.0.1', '[2001:db8::1]:4711', '2001:db8:0:0::/64'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', '192.0.2.1, evil', '10.0.0.1'],
  ])('%s, forwarded for %s: %s', (remote, forwarded, expected) => {
    expect(from(remote, forwarded)).toBe(expected);
  });
});

describe('mistakes in JSON', () => {
  test.each([
    ['{ "User": { "UserName": "x" }, }', 1, 32, 'a key in double quotes'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or a closing brace'],
    ['[1 2]', 1, 4, 'a comma or a closing bracket'],
    ['[1,]', 1, 4, 'a JSON value'],
    ['[', 1, 2, 'a JSON value or a closing bracket'],
    ['{', 1, 2, 'a key in double quotes or a closing brace'],
    ['{"a" 1}', 1, 6, 'a colon'],
    ['{"a":}', 1, 6, 'a JSON value'],
    ["{'a':1}", 1, 2, 'a key in double quotes or a closing brace'],
    ['{} x', 1, 4, 'the end'],
    ['"a\nb"', 1, 1, 'a JSON value'],
    ['01', 1, 1, 'a JSON value'],
    ['User=x', 1, 1, 'a JSON value'],
    ['', 1, 1, 'a JSON value'],
  ])('%j: line %i, column %i should be %s', (text, line, column, expected) => {
    expect(findJsonMistake(text)).toEqual({ line, column, expected });
    expect(() => void JSON.parse(text)).toThrow();
  });

  const isJson = (text: string): boolean => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };

  test('are found exactly where JSON.parse refuses', () => {
    const nearJson = fc
      .tuple(
        fc.json({ depthSize: 'small' }),
        fc.nat(),
        fc.constantFrom('', ',', '}', ']', '"', '\\', '0', '-', 'e', ' ', '\u0001', ':', 'null'),
        fc.nat(3),
      )
      .map(
        ([text, at, insert, cut]) =>
          text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + cut),
      );
    fc.assert(
      fc.property(fc.oneof(nearJson, fc.string(), fc.json()), (text) => {
        expect(findJsonMistake(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('are found however deep the text is nested', () => {
    expect(findJsonMistake('['.repeat(65_536))).toMatchObject({ column: 65_537 });
  });
});

test.each([
  [undefined, undefined, true],
  ['', undefined, true],
  ['application/json', undefined, true],
  ['Application/JSON; Charset="UTF-8"', 'identity', true],
  ['application/vnd.api+json', undefined, true],
  ['application/x-www-form-urlencoded', undefined, true],
  ['application/json; charset=us-ascii', undefined, true],
  ['application/json; charset=utf-16', undefined, false],
  ['application/json; charset=iso-8859-1', undefined, false],
  ['application/json; Charset = "UTF-8" ; q=1', undefined, true],
  ['application/json;charset=utf-8;charset=utf-8', undefined, true],
  ['application/json;', undefined, true],
  ['application/json; charset', undefined, false],
  ['application/json; charset=', undefined, false],
  ['application/json; charset="utf-8', undefined, false],
  ['application/json, application/json', undefined, false],
  ['text/plain', undefined, false],
  ['application/xml', undefined, false],
  ['multipart/form-data; boundary=x', undefined, false],
  ['application/jsonx', undefined, false],
  ['json', undefined, false],
  ['application/json', 'gzip', false],
  ['application/json', 'identity, br', false],
])('Content-Type %s with Content-Encoding %s may be JSON: %s', (type, encoding, expected) => {
  expect('form' in readMediaType(type, encoding)).toBe(expected);
});

test.each([
  ['photos.duck', 'attachment; filename="photos.duck"'],
  ['a"b\r\nX: y.duck', `attachment; filename="a_b__X__y.duck"; filename*=UTF-8''a%22b%0D%0AX%3A%20y.duck`],
  ["é'()*.duck", `attachment; filename="_____.duck"; filename*=UTF-8''%C3%A9%27%28%29%2A.duck`],
])('the file name %j becomes %s', (name, expected) => {
  expect(attachment(name)).toBe(expected);
});

test.each([
  [new Date('2019-03-01T15:33:52Z'), '2019-03-01T15:33:52Z'],
  [new Date('2019-03-01T15:33:52.079Z'), '2019-03-01T15:33:52.079Z'],
])('%s is shown as %s', (time, expected) => {
  expect(textOfTime(time)).toBe(expected);
});

test('a user shows every key, null where AWS has no value', () => {
  const user = {
    Arn: undefined,
    CreateDate: undefined,
    PasswordLastUsed: undefined,
    Path: undefined,
    UserId: undefined,
    UserName: 'u',
  };
  expect(
    encoderOf(
      'listUsers',
      200,
    )([
      {
        ...user,
        PermissionsBoundary: { PermissionsBoundaryArn: 'arn', PermissionsBoundaryType: undefined },
        Tags: [],
        Groups: ['g'],
        Status: 'Active',
        AccessKeys: [],
      },
    ]),
  ).toEqual([
    {
      Arn: null,
      CreateDate: null,
      PasswordLastUsed: null,
      Path: null,
      PermissionsBoundary: { PermissionsBoundaryArn: 'arn', PermissionsBoundaryType: null },
      Tags: null,
      UserId: null,
      UserName: 'u',
      Groups: ['g'],
      Status: 'Active',
      AccessKeys: [],
    },
  ]);
});
