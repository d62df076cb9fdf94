/** YAML files are parsed at build time (scripts/bundle.mjs) and by the jest transform: an import gives plain data. */
declare module '*.yaml' {
  const document: unknown;
  export default document;
}
