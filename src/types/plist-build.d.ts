/** The half of plist that writes; `@types/plist` describes the whole only. */
declare module 'plist/lib/build' {
  import type { PlistValue } from 'plist';
  export function build(value: PlistValue): string;
}
