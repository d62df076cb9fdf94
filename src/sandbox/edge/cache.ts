/** What the edge keeps of each distribution. */

export interface CachedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly storedAt: number;
  readonly expiresAt: number;
  /** Cache tags, in lower case. */
  readonly tags: readonly string[];
}

export interface EdgeCache {
  /** undefined when there is none, or it is too old. */
  readonly get: (distributionId: string, key: string, now: number) => CachedAnswer | undefined;
  readonly put: (distributionId: string, key: string, answer: CachedAnswer) => void;
  /** Drops what an invalidation names: exact paths, beginnings marked by a last `*`, or cache tags behind a `#`. */
  readonly drop: (distributionId: string, paths: readonly string[]) => void;
}

/** Entries a distribution may have; the oldest go first. */
const LIMIT = 1000;

/** As invalidations have to write it: RFC 1738's unsafe characters encoded, and nothing else changed. */
const asInvalidated = (key: string): string =>
  key
    .replace(/["<>[\\\]^`{|}~]/g, (one) => `%${one.charCodeAt(0).toString(16)}`)
    .replace(/%[0-9a-fA-F]{2}/g, (code) => code.toUpperCase());

const names = (path: string, key: string): boolean => {
  // All copies of a page go, whatever headers tell them apart.
  const [wanted, kept] = [asInvalidated(path), asInvalidated(key.split('\n', 1)[0] ?? '')];
  return wanted.endsWith('*') ? kept.startsWith(wanted.slice(0, -1)) : kept === wanted;
};

export function createEdgeCache(): EdgeCache {
  const kept = new Map<string, Map<string, CachedAnswer>>();
  return {
    get: (distributionId, key, now) => {
      const found = kept.get(distributionId)?.get(key);
      return found !== undefined && now < found.expiresAt ? found : undefined;
    },
    put: (distributionId, key, answer) => {
      const answers = kept.get(distributionId) ?? new Map<string, CachedAnswer>();
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > LIMIT && oldest !== undefined) answers.delete(oldest);
      kept.set(distributionId, answers);
    },
    drop: (distributionId, paths) => {
      const answers = kept.get(distributionId);
      for (const [key, { tags }] of [...(answers ?? [])])
        if (paths.some((path) => names(path, key) || tags.some((tag) => `#${tag}` === path.toLowerCase())))
          answers?.delete(key);
    },
  };
}
