/** Set by the bundler (`define` in scripts/build.mjs); absent when sources run unbundled, so read them behind `typeof`. */
declare const __MALLARD_VERSION__: string;
declare const __MALLARD_GITHASH__: string;
/** ISO-8601 UTC. */
declare const __MALLARD_BUILDSTAMP__: string;
