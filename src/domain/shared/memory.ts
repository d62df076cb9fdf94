import type { AccountBlocks } from './account-block';
import type { Existence } from './existence';
import type { History } from './history';
import type { SiteMemory } from './site-memory';

/** What this process remembers between requests: hints and beliefs of seconds, never the truth. */
export interface Memory {
  /** Buckets seen to exist. */
  readonly existence: Existence;
  /** Buckets that could not be looked at, but may be signed for. */
  readonly unseen: Existence;
  /** Ids of distributions by website. */
  readonly sites: SiteMemory;
  /** ARNs of certificates found through ACM, the best first, by what they were looked for with. */
  readonly certificates: {
    readonly get: (key: string) => readonly [string, ...string[]] | undefined;
    readonly set: (key: string, arns: readonly [string, ...string[]]) => void;
  };
  /** What blocks public access to all of an account's buckets. */
  readonly accountBlocks: AccountBlocks;
  readonly history: History;
}
