import { createCache } from '../../base/cache';
import type { TokenConfig } from '../../config/types';
import type { BcryptThread } from './bcrypt-thread';
import { createFairQueue, type Waiting } from '../connections/fair-queue';

/** `busy`: too many hashes wait to be compared. */
export type BcryptVerdict = { readonly token: TokenConfig | undefined } | 'busy';

/** Exactly 60 characters and a cost of at most 10: each step more doubles the time a stranger can make us spend. */
const ACCEPTABLE = /^\$2[aby]\$(?:0[4-9]|10)\$[./A-Za-z0-9]{53}$/;

export const looksLikeBcrypt = (header: string): boolean => header.length === 60 && ACCEPTABLE.test(header);

/** Who sent a hash. */
export interface BcryptCaller {
  readonly address: string;
  /** The address has failed too often: it waits behind everybody else. */
  readonly isSuspect: boolean;
  /** Whether somebody is still there to be answered. */
  readonly isThere: () => boolean;
}

export interface BcryptTokens {
  /** Which token `header` is a bcrypt hash of. `digest` (hex SHA-256 of the header) keys the verdict, which is kept. */
  verify(header: string, digest: string, caller: BcryptCaller): BcryptVerdict | Promise<BcryptVerdict>;
}

export interface BcryptOptions {
  readonly thread: BcryptThread;
  readonly maxVerdicts?: number;
  readonly maxAddresses?: number;
}

interface Job extends Waiting {
  readonly header: string;
  readonly digest: string;
  readonly callers: BcryptCaller[];
  readonly verdict: Promise<BcryptVerdict>;
  readonly end: (verdict: BcryptVerdict | Promise<BcryptVerdict>) => void;
}

/**
 * Recognises old clients, which send bcrypt(token) instead of the token. Only tokens the configuration holds in the
 * plain can be recognised. One comparison runs at a time, off the event loop, whatever is asked for; addresses from
 * which a good hash came go before strangers, and everybody has their turn.
 */
export function createBcryptTokens(
  tokens: readonly TokenConfig[],
  { thread, maxVerdicts = 1_000, maxAddresses = 1_000 }: BcryptOptions,
): BcryptTokens {
  // Two stores, so that a flood of wrong hashes cannot push out the right ones.
  const accepted = createCache<TokenConfig>({ most: maxVerdicts });
  const refused = createCache<true>({ most: maxVerdicts });
  const known = createCache<true>({ most: maxAddresses });
  const underWay = new Map<string, Job>();
  const queue = createFairQueue<Job>();
  let isComparing = false;

  const search = async ({ header, digest, callers }: Job): Promise<BcryptVerdict> => {
    const plain = tokens.flatMap((token) => (token.plain ? [{ token, text: token.plain.reveal() }] : []));
    const token =
      plain[
        await thread.match(
          header,
          plain.map(({ text }) => text),
        )
      ]?.token;
    if (token) {
      accepted.set(digest, token);
      for (const { address } of callers) known.set(address, true);
    } else refused.set(digest, true);
    return { token };
  };

  const compareNext = (): void => {
    const job = isComparing ? undefined : queue.next();
    if (job === undefined) return;
    if (!job.callers.some(({ isThere }) => isThere())) {
      job.drop();
      return compareNext();
    }
    isComparing = true;
    const verdict = search(job).finally(() => {
      isComparing = false;
      underWay.delete(job.digest);
      compareNext();
    });
    job.end(verdict);
  };

  return {
    verify(header, digest, caller) {
      const token = accepted.get(digest);
      if (token) {
        known.set(caller.address, true);
        return { token };
      }
      if (refused.has(digest)) return { token: undefined };
      const same = underWay.get(digest);
      if (same) {
        same.callers.push(caller);
        return same.verdict;
      }
      const job = createJob(header, digest, caller, known.has(caller.address), () => underWay.delete(digest));
      if (!queue.add(job)) return 'busy';
      underWay.set(digest, job);
      compareNext();
      return job.verdict;
    },
  };
}

function createJob(header: string, digest: string, caller: BcryptCaller, isKnown: boolean, forget: () => void): Job {
  let end: Job['end'] = () => undefined;
  const verdict = new Promise<BcryptVerdict>((resolve) => (end = resolve));
  return {
    rank: caller.isSuspect ? 'suspect' : isKnown ? 'known' : 'stranger',
    key: caller.address,
    header,
    digest,
    callers: [caller],
    verdict,
    end,
    drop: () => {
      forget();
      end('busy');
    },
  };
}
