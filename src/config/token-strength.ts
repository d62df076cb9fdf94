import { createHash } from 'node:crypto';
import type { FileConfig } from './file-shape';
import type { Config } from './types';
import type { ConfigWarning } from './warnings';

/** Fewer characters than this cannot hold what nobody guesses: 20 of base64 hold 120 bits. */
const SHORT = 20;
/** Random texts of that length have more different characters, in hex, too. */
const FEW_CHARACTERS = 8;

/** What scripts make of a value that is not there, and what people write until they have one. */
const PLACEHOLDERS = [
  'null',
  'undefined',
  'None',
  'nil',
  '$TOKEN',
  '${TOKEN}',
  'TOKEN',
  'token',
  'secret',
  'password',
  'changeme',
  'change-me',
  'test',
  'x',
  '-',
];

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Every text of at most three characters of white space. */
function blanks(): readonly string[] {
  const characters = ['', ' ', '\t', '\n', '\r'];
  return characters.flatMap((first) =>
    characters.flatMap((second) => characters.map((third) => first + second + third)),
  );
}

let nothings: ReadonlySet<string> | undefined;

/**
 * Tells whether `digest` (lower-case hex) is the SHA-256 of an empty text, or of white space alone: what a recipe makes
 * of a token that was not set.
 */
export function isDigestOfNothing(digest: string): boolean {
  nothings ??= new Set(blanks().map(sha256));
  return nothings.has(digest);
}

/**
 * Tells what the reader should know of tokens that are taken: weak ones, ones that no header can carry, ones that have
 * expired by `now`.
 */
export function tokenWarnings(file: FileConfig, config: Config, now: number | undefined): readonly ConfigWarning[] {
  const plain = file.token === undefined ? [] : plainWarnings(file.token);
  const guessable = new Set(PLACEHOLDERS.map(sha256));
  const digests = (file.tokens ?? []).flatMap((token, index): readonly ConfigWarning[] =>
    guessable.has(token.sha256)
      ? [
          {
            setting: `tokens.${String(index)}.sha256`,
            message: `the token "${token.id}" is a word that anybody would try`,
          },
        ]
      : [],
  );
  return [...plain, ...digests, ...(now === undefined ? [] : expiryWarnings(config, now))];
}

function plainWarnings(token: string): readonly ConfigWarning[] {
  const weak =
    token.length < SHORT
      ? `the token has ${String(token.length)} characters; fewer than ${String(SHORT)} can be guessed`
      : new Set(token).size < FEW_CHARACTERS
        ? 'the token repeats a few characters and can be guessed'
        : undefined;
  const messages = [
    ...(weak === undefined ? [] : [`${weak}; make one of 256 random bits`]),
    // eslint-disable-next-line no-control-regex -- they are what it is about
    ...(/^[ \t]|[ \t]$|[\0-\x08\n-\x1f\x7f]/.test(token)
      ? ['the token begins or ends with white space or holds control characters: no header carries it']
      : []),
  ];
  return messages.map((message) => ({ setting: 'token', message }));
}

function expiryWarnings({ tokens }: Config, now: number): readonly ConfigWarning[] {
  const expired = tokens.flatMap(({ id, expires }, index) =>
    expires !== undefined && expires <= now ? [{ id, expires, index }] : [],
  );
  const last = expired.length === tokens.length ? '; no other token is left, so nobody is let in' : '';
  return expired.map(({ id, expires, index }) => ({
    setting: `tokens.${String(index)}.expires`,
    message: `the token "${id}" has expired (${new Date(expires).toISOString()})${last}`,
  }));
}
