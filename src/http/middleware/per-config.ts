import type { Config } from '../../config/types';

/** Gives what `make` makes of a configuration, made once for each configuration in force. */
export function perConfig<T>(make: (config: Config) => T): (config: Config) => T {
  let last: { readonly config: Config; readonly value: T } | undefined;
  return (config) => {
    if (last?.config !== config) last = { config, value: make(config) };
    return last.value;
  };
}
