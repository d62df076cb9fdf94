import type { Deadlines } from '../../base/deadlines';
import type { Watching } from '../../domain/shared/history';
import type { Answer } from '../types';

/** Resolves when the operation has changed, its time is over or the caller has left; at once when nothing more can come. */
export function changed({ watched, waitSeconds }: Watching, res: Answer, deadlines: Deadlines): Promise<void> {
  if (waitSeconds === 0 || watched.isOver() || res.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      stop();
      cancel();
      res.off('close', end);
      resolve();
    };
    const stop = watched.onChange(end);
    const cancel = deadlines.after(waitSeconds * 1_000, end);
    res.once('close', end);
  });
}
