/**
 * AWS's managed cache policies: seconds an answer stays, and what else than the path tells answers apart.
 * Source: CloudFront Developer Guide, "Use managed cache policies".
 */
export interface CachePolicy {
  readonly name: string;
  readonly minTtl: number;
  readonly defaultTtl: number;
  readonly maxTtl: number;
  /** Whether the query string is part of the cache key. */
  readonly queryStrings: boolean;
}

const YEAR = 31_536_000;

export const MANAGED_CACHE_POLICIES: ReadonlyMap<string, CachePolicy> = new Map([
  [
    '658327ea-f89d-4fab-a63d-7e88639e58f6',
    { name: 'Managed-CachingOptimized', minTtl: 1, defaultTtl: 86_400, maxTtl: YEAR, queryStrings: false },
  ],
  [
    'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    {
      name: 'Managed-CachingOptimizedForUncompressedObjects',
      minTtl: 1,
      defaultTtl: 86_400,
      maxTtl: YEAR,
      queryStrings: false,
    },
  ],
  [
    '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    { name: 'Managed-CachingDisabled', minTtl: 0, defaultTtl: 0, maxTtl: 0, queryStrings: false },
  ],
  [
    '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
    { name: 'UseOriginCacheControlHeaders', minTtl: 0, defaultTtl: 0, maxTtl: YEAR, queryStrings: false },
  ],
  [
    '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    { name: 'UseOriginCacheControlHeaders-QueryStrings', minTtl: 0, defaultTtl: 0, maxTtl: YEAR, queryStrings: true },
  ],
]);
