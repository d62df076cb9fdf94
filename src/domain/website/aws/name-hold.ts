import type { Needs, StepScope, StepSpec } from '../../../engine/plan';
import { fail, toDomainError } from '../../../base/errors';

/** Keeps what a site's name stands on while DNS may still point at it. */
export interface NameHold {
  /** For the step that points DNS at the site: from the beginning of its undo until that has succeeded, the name is held. */
  readonly points: <N extends Needs, T>(spec: StepSpec<N, T>) => StepSpec<N, T>;
  /** For what DNS points at: its undo refuses while the name is held. */
  readonly keeps: <N extends Needs, T>(spec: StepSpec<N, T>) => StepSpec<N, T>;
}

/** Under which the steps of one run note it. */
const HELD = 'nameHeld';

/**
 * A record that cannot be taken back must not point at what is free to others. CloudFront finds the distribution by the
 * host's name, so a dropped alias could be another account's as soon as it has a certificate; and behind a distribution
 * that could not be turned off either, a deleted bucket's name can be claimed by anyone. So when the undo of the records
 * fails for good, distribution and bucket stay as they are and are named as left; deleting the site takes all of it away.
 * The undo of the records ends before theirs begin, because they are what it depends on.
 */
export function createNameHold(site: string): NameHold {
  return {
    points: (spec) =>
      aroundUndo(spec, async (undo, { shared }) => {
        shared.set(HELD, true);
        try {
          await undo();
        } catch (thrown) {
          shared.set(HELD, toDomainError(thrown).kind !== 'not-found');
          throw thrown;
        }
        shared.set(HELD, false);
      }),
    keeps: (spec) =>
      aroundUndo(spec, async (undo, { shared }) => {
        if (shared.get(HELD) === true) {
          fail({
            kind: 'exists',
            detail: `DNS may still point ${site} here, so this is kept: nobody else can claim the name. Deleting the website takes all of it away.`,
          });
        }
        await undo();
      }),
  };
}

function aroundUndo<N extends Needs, T>(
  spec: StepSpec<N, T>,
  around: (undo: () => Promise<void>, scope: StepScope) => Promise<void>,
): StepSpec<N, T> {
  const { undo } = spec;
  if (undo === undefined) return spec;
  return { ...spec, undo: (input, scope) => around(async () => undo(input, scope), scope) };
}
