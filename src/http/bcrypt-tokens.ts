import { compare } from 'bcryptjs';
import type { TokenConfig } from '../config/types';

/** `busy`: too many comparisons are under way to begin another. */
export type BcryptVerdict = { readonly token: TokenConfig | undefined } | 'busy';

/** Exactly 60 characters and a cost of at most 10: each step more doubles the time a stranger can make us spend. */
const ACCEPTABLE = /^\$2[aby]\$(?:0[4-9]|10)\$[./A-Za-z0-9]{53}$/;

export const looksLikeBcrypt = (header: string): boolean => header.length === 60 && ACCEPTABLE.test(header);

export interface BcryptTokens {
  /**
   * Which token `header` is a bcrypt hash of. `digest` (hex SHA-256 of the header) keys the verdict, which is kept.
   * `suspect`: the caller has failed too often; such callers never take the last free comparison.
   */
  verify(header: string, digest: string, suspect: boolean): BcryptVerdict | Promise<BcryptVerdict>;
}

/**
 * For old clients, which send bcrypt(token) instead of the token. Only tokens the configuration holds in the plain can
 * be recognised. At most two comparisons run at a time, whatever is asked for.
 */
export function createBcryptTokens(tokens: readonly TokenConfig[], { maxVerdicts = 1000, maxComparisons = 2 } = {}): BcryptTokens {
  // Two stores, so that a flood of wrong hashes cannot push out the right ones.
  const accepted = new Map<string, TokenConfig>();
  const refused = new Map<string, undefined>();
  const underWay = new Map<string, Promise<BcryptVerdict>>();

  const search = async (header: string): Promise<TokenConfig | undefined> => {
    for (const token of tokens) {
      if (token.plain && (await compare(token.plain.reveal(), header))) return token;
    }
    return undefined;
  };

  return {
    verify(header, digest, suspect) {
      const known = accepted.get(digest);
      if (known) return { token: known };
      if (refused.has(digest)) return { token: undefined };
      const running = underWay.get(digest);
      if (running) return running;
      if (underWay.size >= maxComparisons - (suspect ? 1 : 0)) return 'busy';
      const verdict = search(header)
        .then((token) => {
          if (token) keep(accepted, digest, token, maxVerdicts);
          else keep(refused, digest, undefined, maxVerdicts);
          return { token };
        })
        .finally(() => underWay.delete(digest));
      underWay.set(digest, verdict);
      return verdict;
    },
  };
}

function keep<T>(verdicts: Map<string, T>, digest: string, value: T, max: number): void {
  const oldest = verdicts.size >= max ? verdicts.keys().next() : undefined;
  if (oldest?.done === false) verdicts.delete(oldest.value);
  verdicts.set(digest, value);
}
