import { isKnownRegion } from '../base/partitions';
import { defaults } from './defaults';
import type { FileConfig } from './file-shape';
import { isLoopback } from './listen';
import type { Config } from './types';

/** Something accepted that does not do what its reader may expect, or that is less safe than it looks. */
export interface ConfigWarning {
  readonly setting: string;
  readonly message: string;
}

/** A larger limit is taken, and said. */
const MANY_FAILURES = 1_000;

/** Lists what is logged once at start, as warnings. */
export function configWarnings(file: FileConfig, config: Config): readonly ConfigWarning[] {
  return [
    ...limitWarnings(file, config),
    ...insecureOrigins(config),
    ...insecureEndpoints(config),
    ...unknownRegions(config),
  ];
}

function limitWarnings(
  file: FileConfig,
  { limits: { bodyBytes }, auth: { failuresPerMinute } }: Config,
): readonly ConfigWarning[] {
  const wanted = file.limits?.bodyBytes ?? bodyBytes;
  return [
    ...(wanted > bodyBytes
      ? [
          {
            setting: 'limits.bodyBytes',
            message: `${String(wanted)} bytes count as ${String(bodyBytes)}: no request needs more, and larger bodies are refused whatever this says`,
          },
        ]
      : wanted > defaults.bodyBytes
        ? [
            {
              setting: 'limits.bodyBytes',
              message: `bodies of ${String(wanted)} bytes are taken: each is held in memory and read while others wait; ${String(defaults.bodyBytes)} do for everything but thousands of paths`,
            },
          ]
        : []),
    ...(failuresPerMinute > MANY_FAILURES
      ? [
          {
            setting: 'auth.failuresPerMinute',
            message: `an address may try ${String(failuresPerMinute)} wrong tokens a minute`,
          },
        ]
      : []),
  ];
}

/** Whoever is on the way to such a page can change it, and then use the token that is typed into it. */
function insecureOrigins({ corsOrigins }: Config): readonly ConfigWarning[] {
  return corsOrigins.filter(isInsecure).map((origin) => ({
    setting: 'cors.origins',
    message: `the page ${origin} comes over plain http: whoever is on the way can change it and take the token used in it`,
  }));
}

/** AWS may have opened one since; a slip of the finger is likelier, and ends in a host that nobody can find. */
function unknownRegions({ accounts }: Config): readonly ConfigWarning[] {
  return [...accounts.values()].flatMap(({ name, region, endpoint }) =>
    endpoint === undefined && !isKnownRegion(region)
      ? [
          {
            setting: `accounts.${name}.region`,
            message: `${region} is no region that this version knows; where it is new, all is well`,
          },
        ]
      : [],
  );
}

function insecureEndpoints({ accounts }: Config): readonly ConfigWarning[] {
  return [...accounts.values()].flatMap(({ name, endpoint }) =>
    endpoint !== undefined && isInsecure(endpoint)
      ? [
          {
            setting: `accounts.${name}.endpoint`,
            message: `${endpoint} is plain http: keys of new users cross the network in the clear`,
          },
        ]
      : [],
  );
}

function isInsecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !isLoopback(hostname);
}
