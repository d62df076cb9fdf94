/** Which build this is. */
export interface VersionInfo {
  readonly version: string;
  readonly githash: string;
  /** ISO-8601 UTC. */
  readonly buildstamp: string;
}

/** What the bundler wrote in; sources that run unbundled are `0.0.0-dev`. */
export const versionInfo: VersionInfo = Object.freeze({
  version: typeof __MALLARD_VERSION__ === 'undefined' ? '0.0.0-dev' : __MALLARD_VERSION__,
  githash: typeof __MALLARD_GITHASH__ === 'undefined' ? 'unknown' : __MALLARD_GITHASH__,
  buildstamp: typeof __MALLARD_BUILDSTAMP__ === 'undefined' ? 'unknown' : __MALLARD_BUILDSTAMP__,
});
