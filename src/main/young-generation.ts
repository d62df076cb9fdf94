import { setFlagsFromString } from 'node:v8';

/**
 * V8 doubles the space for young objects again and again while a program loads, and never gives it back: 8 to 14 MiB of
 * an idle service. Loading needs no speed there, so this module is the first that is loaded, and growth begins when the
 * service serves. A V8 without this flag ignores it (`node --v8-options`).
 */
setFlagsFromString('--semi-space-growth-factor=1');

/** V8's default from now on: under load, short-lived objects want room. */
export function letYoungGenerationGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=2');
}
