import { createHash } from 'node:crypto';
import { readConfig } from '../../src/config/load';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const NOW = Date.parse('2030-01-01T00:00:00Z');
const STRONG = 'd0a9cf4675a6b0fd1c0e830a0a00da366e803cca25a82cb7ee5f4e37711977f6';

const read = (file: object, env: Record<string, string> = {}, files: Record<string, string> = {}) =>
  readConfig({
    text: JSON.stringify({ org: 'acme', accounts: { demo: { region: 'us-east-1' } }, ...file }),
    env,
    now: NOW,
    readFile: (path) => files[path] ?? '',
  });
const warningsOf = (file: object) => {
  const result = read(file);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.warnings;
};

describe('the SHA-256 of nothing is no token', () => {
  test.each(['', '\n', ' ', '\r\n', '\t', '\n\n', ' \n'])('of %j', (text) => {
    const digest = sha256(text);
    const problem = {
      pointer: '/tokens/0/sha256',
      found: expect.stringContaining('SHA-256 of an empty text') as string,
    };
    for (const given of [digest, { env: 'DIGEST' }, { file: '/digest' }]) {
      const result = read({ tokens: [{ id: 'a', sha256: given }] }, { DIGEST: digest }, { '/digest': `${digest}\n` });
      expect(result).toMatchObject({ ok: false, problems: [problem] });
    }
  });
});

test.each([{ env: 'T' }, { file: '/t' }])(
  'a plain token that %j holds as white space is refused, with bcrypt, too',
  (token) => {
    for (const blank of ['', '\n', '\n\n', ' \t', '\r\n']) {
      for (const auth of [{}, { bcryptTokens: true }]) {
        expect(read({ token, auth }, { T: blank }, { '/t': blank })).toMatchObject({
          ok: false,
          problems: [{ pointer: '/token' }],
        });
      }
    }
  },
);

test.each([
  ['psk', /3 characters; fewer than 20/],
  ['nineteen-characters', /19 characters/],
  ['aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', /repeats a few characters/],
  [` ${STRONG}`, /no header carries it/],
  [`${STRONG}\n`, /no header carries it/],
])('the plain token %j is taken with a warning that does not show it', (token, message) => {
  const warnings = warningsOf({ token });
  expect(warnings).toEqual([{ setting: 'token', message: expect.stringMatching(message) }]);
  expect(warnings[0]?.message).not.toContain(token);
});

test.each(['null', 'undefined', '$TOKEN', 'changeme'])('the digest of the word %s is taken with a warning', (word) => {
  expect(warningsOf({ tokens: [{ id: 'portal', sha256: sha256(word) }] })).toEqual([
    { setting: 'tokens.0.sha256', message: expect.stringContaining('"portal" is a word that anybody would try') },
  ]);
});

test('good tokens warn of nothing', () => {
  expect(warningsOf({ token: STRONG })).toEqual([]);
  expect(warningsOf({ tokens: [{ id: 'a', sha256: sha256(STRONG), expires: '2030-01-01T00:00:01Z' }] })).toEqual([]);
});

describe('tokens that have expired', () => {
  const past = { id: 'old', sha256: sha256('old'), expires: '2030-01-01' };
  test('are named', () => {
    expect(warningsOf({ tokens: [{ id: 'new', sha256: sha256('new') }, past] })).toEqual([
      { setting: 'tokens.1.expires', message: 'the token "old" has expired (2030-01-01T00:00:00.000Z)' },
    ]);
  });

  test('and when none is left, that nobody is let in', () => {
    expect(warningsOf({ tokens: [past] })).toMatchObject([{ message: expect.stringContaining('nobody is let in') }]);
  });
});

test('a limit of bodies counts as 1 MiB at most', () => {
  const result = read({ token: STRONG, limits: { bodyBytes: 10_485_760 } });
  expect(result.ok && result.config.limits.bodyBytes).toBe(1_048_576);
});

describe('settings that are taken with a warning', () => {
  test.each([
    [
      { cors: { origins: ['http://console.example.org'] } },
      'cors.origins',
      /http:\/\/console\.example\.org comes over plain http/,
    ],
    [{ limits: { bodyBytes: 10_485_760 } }, 'limits.bodyBytes', /10485760 bytes count as 1048576/],
    [{ limits: { bodyBytes: 1_048_576 } }, 'limits.bodyBytes', /bodies of 1048576 bytes are taken/],
    [{ auth: { failuresPerMinute: 100_000 } }, 'auth.failuresPerMinute', /100000 wrong tokens/],
    [
      { allowInsecure: true, accounts: { lab: { region: 'us-east-1', host: 'store.example:9000' } } },
      'accounts.lab.endpoint',
      /http:\/\/store\.example:9000 is plain http/,
    ],
  ])('%j', (file, setting, message) => {
    expect(warningsOf({ token: STRONG, ...file })).toEqual([{ setting, message: expect.stringMatching(message) }]);
  });

  test.each([
    {
      cors: {
        origins: ['https://console.example.org', 'http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8080'],
      },
    },
    { limits: { bodyBytes: 65_536 } },
    { accounts: { lab: { region: 'us-east-1', host: '127.0.0.1:9000' } } },
  ])('%j without one', (file) => {
    expect(warningsOf({ token: STRONG, ...file })).toEqual([]);
  });
});
