import type { Config } from './types';

/** Something accepted that does not do, in this version, what its reader may expect. */
export interface ConfigWarning {
  readonly setting: string;
  readonly message: string;
}

/** What is logged once at start, as warnings. */
export function configWarnings(config: Config): readonly ConfigWarning[] {
  if (config.operations.store === 'memory') return [];
  return [
    {
      setting: 'operations.store',
      message: `operations.store is "${config.operations.store}", but this version keeps operations in memory: a restart forgets them`,
    },
  ];
}
