import type { AccountEntry } from './account-entries';
import { accountIdOfRole } from './check-account';
import type { Draft, FileAccount, FileConfig, FileToken } from './file-shape';
import { type ConfigProblem, describe, pointerTo } from './problems';
import { isDigestOfNothing } from './token-strength';

/** Methods a token may be limited to. */
const METHODS: readonly string[] = Object.freeze(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Milliseconds since the epoch of an ISO 8601 date or date and time; undefined when there is no such day or time. */
export function parseExpiry(text: string): number | undefined {
  const day = text.slice(0, 10);
  const start = new Date(`${day}T00:00:00Z`);
  // Engines roll 30 February over into March.
  if (Number.isNaN(start.getTime()) || start.toISOString().slice(0, 10) !== day) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** Finds the configured name of an account given by name or id. */
export function accountNameOf(
  nameOrId: string,
  entries: readonly AccountEntry<Draft<FileAccount>>[],
): string | undefined {
  const byName = entries.find(({ name }) => name === nameOrId);
  return (byName ?? entries.find((entry) => (entry.id ?? accountIdOfRole(entry.settings?.role)) === nameOrId))?.name;
}

/** Checks what the schema cannot say of `tokens`, `token` and `auth`. */
export function checkTokens(
  file: Draft<FileConfig>,
  entries: readonly AccountEntry<Draft<FileAccount>>[],
  names: readonly string[],
): readonly ConfigProblem[] {
  const tokens = (file.tokens ?? []).map((token) => token ?? {});
  return [
    ...repeated(
      tokens,
      'id',
      (id) => `the id ${describe(id)}, which an earlier token has`,
      'an id of its own for every token',
    ),
    ...repeated(
      tokens,
      'sha256',
      () => 'the digest of an earlier token',
      'another token: revoking one of two equal ones would revoke neither',
    ),
    ...tokens.flatMap((token, index) => checkToken(token, pointerTo('/tokens', index), entries, names)),
    ...checkBcrypt(file),
  ];
}

function repeated(
  tokens: readonly Draft<FileToken>[],
  key: 'id' | 'sha256',
  found: (value: string) => string,
  allowed: string,
): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return tokens.flatMap((token, index) => {
    const value = token[key];
    if (value === undefined) return [];
    const before = seen.has(value);
    seen.add(value);
    return !before ? [] : [{ pointer: pointerTo('/tokens', index, key), found: found(value), allowed }];
  });
}

function checkToken(
  token: Draft<FileToken>,
  pointer: string,
  entries: readonly AccountEntry<Draft<FileAccount>>[],
  names: readonly string[],
): readonly ConfigProblem[] {
  const accounts = (token.accounts ?? []).flatMap((account, index): readonly ConfigProblem[] =>
    account === undefined || names.includes(account) || accountNameOf(account, entries) !== undefined
      ? []
      : [
          {
            pointer: pointerTo(pointer, 'accounts', index),
            found: `the account ${describe(account)}, which is not configured`,
            allowed: `names or ids of configured accounts: ${names.join(', ')}`,
          },
        ],
  );
  const methods = (token.methods ?? []).flatMap((method, index): readonly ConfigProblem[] =>
    method === undefined || METHODS.includes(method.toUpperCase())
      ? []
      : [
          {
            pointer: pointerTo(pointer, 'methods', index),
            found: describe(method),
            allowed: `one of ${METHODS.join(', ')}`,
          },
        ],
  );
  const expiry: readonly ConfigProblem[] =
    token.expires === undefined || parseExpiry(token.expires) !== undefined
      ? []
      : [
          {
            pointer: pointerTo(pointer, 'expires'),
            found: describe(token.expires),
            allowed: 'a day and time that exist, e.g. "2027-01-31" or "2027-01-31T18:00:00Z"',
          },
        ];
  const digest: readonly ConfigProblem[] =
    token.sha256 === undefined || !isDigestOfNothing(token.sha256)
      ? []
      : [
          {
            pointer: pointerTo(pointer, 'sha256'),
            found: 'the SHA-256 of an empty text, which comes out where the token was not set',
            allowed: 'the SHA-256 of a token of 256 random bits',
          },
        ];
  return [...digest, ...accounts, ...methods, ...expiry];
}

/** bcrypt(token) can only be compared with the token itself. */
function checkBcrypt(file: Draft<FileConfig>): readonly ConfigProblem[] {
  if (file.auth?.bcryptTokens !== true || file.tokens === undefined) return [];
  return [
    {
      pointer: '/auth/bcryptTokens',
      found: 'true beside tokens, of which only digests are known',
      allowed: 'false, or a plain "token" instead of "tokens"',
    },
  ];
}
