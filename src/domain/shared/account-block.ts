import { createCache } from '../../base/cache';
import type { Clock } from '../../base/clock';

/**
 * The switches of a public access block that stand against what bucket policies give to everyone: the first one refuses such
 * policies, the second one lets nobody in by them.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
const SWITCHES = ['BlockPublicPolicy', 'RestrictPublicBuckets'] as const;

export type BlockSwitch = (typeof SWITCHES)[number];

/** Lists those that are on. */
export const switchedOn = (block: { readonly [Name in BlockSwitch]?: boolean } = {}): readonly BlockSwitch[] =>
  SWITCHES.filter((name) => block[name] === true);

/** How long what an account blocks is believed, in milliseconds. */
const BELIEVED_MS = 5 * 60_000;
const MOST = 1_000;

/** What accounts were seen to block, by their ids; one memory per process. */
export interface AccountBlocks {
  readonly get: (accountId: string) => readonly BlockSwitch[] | undefined;
  readonly set: (accountId: string, block: readonly BlockSwitch[]) => void;
}

/** Makes the memory of one process. */
export function createAccountBlocks(clock: Pick<Clock, 'monotonic'>): AccountBlocks {
  const known = createCache<readonly BlockSwitch[]>({ most: MOST, ttlMs: BELIEVED_MS, clock });
  return {
    get: (accountId) => known.get(accountId),
    set: (accountId, block) => {
      known.set(accountId, block);
    },
  };
}

/** Says what is on, as the beginning of a sentence. */
export const accountBlocks = (account: string, block: readonly BlockSwitch[]): string =>
  `the public access block of the whole AWS account ${account}, its own or that of its organization, is on (${block.join(', ')})`;
