import type { Behavior } from '../services/cloudfront/behavior-shape';
import { itemsOf } from '../services/cloudfront/counted';
import type { Distribution } from '../services/cloudfront/state';

/** `*` any run, `?` one character; a leading slash is of no account, case is. */
function fits(pattern: string, path: string): boolean {
  const source = pattern
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(path.replace(/^\//, ''));
}

/** Finds the first behaviour whose pattern fits, else the default one. */
export function behaviorOf({ config }: Distribution, path: string): Behavior {
  return (
    itemsOf('CacheBehavior', config.CacheBehaviors).find(({ PathPattern }) => fits(PathPattern, path)) ??
    config.DefaultCacheBehavior
  );
}
