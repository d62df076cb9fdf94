/**
 * `thread:./x.thread` is `x.thread.ts` and all it imports, bundled (scripts/bundle.mjs, the jest transform) and given as
 * text, for a thread: so the program stays one file, and loads what only the thread needs nowhere else.
 */
declare module 'thread:*' {
  const source: string;
  export default source;
}
