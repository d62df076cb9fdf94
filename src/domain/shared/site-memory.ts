/** Ids of distributions seen lately, by site: hints that save a call, verified like the tag on the bucket. */
export interface SiteMemory {
  readonly get: (account: string, site: string) => string | undefined;
  readonly set: (account: string, site: string, id: string) => void;
}

const MOST_SITES = 10_000;

export function createSiteMemory(): SiteMemory {
  const ids = new Map<string, string>();
  return {
    get: (account, site) => ids.get(`${account}/${site}`),
    set: (account, site, id) => {
      const key = `${account}/${site}`;
      // Seen again: the last to be forgotten.
      ids.delete(key);
      ids.set(key, id);
      const oldest = ids.size > MOST_SITES ? ids.keys().next().value : undefined;
      if (oldest !== undefined) ids.delete(oldest);
    },
  };
}
