/** The half of plist that writes; `@types/plist` describes the whole only. */
declare module 'plist/lib/build' {
  export function build(value: object): string;
}
