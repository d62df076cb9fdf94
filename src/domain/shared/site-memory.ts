import { createCache } from '../../base/cache';

/** Ids of distributions seen lately, by site: hints that save a call, verified like the tag on the bucket. */
export interface SiteMemory {
  readonly get: (account: string, site: string) => string | undefined;
  readonly set: (account: string, site: string, id: string) => void;
}

const MOST_SITES = 10_000;

/** Makes the memory of one process; of more than 10,000 sites those are forgotten that were not seen for the longest time. */
export function createSiteMemory(): SiteMemory {
  const ids = createCache<string>({ most: MOST_SITES });
  return {
    get: (account, site) => ids.peek(`${account}/${site}`),
    set: (account, site, id) => {
      ids.set(`${account}/${site}`, id);
    },
  };
}
