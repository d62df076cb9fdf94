import type { Bug } from './bugs';
import { simulate, type SimulateOptions } from './simulate';

/** What a bug that is planted breaks, in a story that the same seed tells without it to its good end. */
const CAUGHT: Readonly<
  Record<Bug, { readonly seed: number; readonly theme?: SimulateOptions['theme']; readonly by: RegExp }>
> = {
  'no fence at the last attempt': { seed: 122, by: /which has lost it/ },
  'freed record deleted instead of freed': { seed: 369, by: /has left something/ },
  'takeover by wall clock alone': { seed: 139, by: /which has lost it/ },
  'undo without mark': { seed: 140, by: /of others/ },
  'terminal write before the flush of a secret': { seed: 1, by: /before its secret went out/ },
  'journal written after the first effect': { seed: 1, by: /which has lost it/ },
  'release before the terminal write': { seed: 54, by: /no record/ },
  'takeover without compare-and-set': { seed: 31, by: /which has lost it/ },
  "lease not checked on the owner's wall clock": { seed: 56, by: /ended twice/ },
  'claim not kept one more call timeout after a takeover': { seed: 1083, theme: 'late calls', by: /had begun/ },
  'look not repeated after a recent release': { seed: 369, by: /has left something/ },
};

describe.each(Object.entries(CAUGHT))('%s', (bug, { seed, theme, by }) => {
  test(`is caught by seed ${String(seed)}`, async () => {
    const { violations } = await simulate(seed, { theme, bug: bug as Bug });
    expect(violations.join('\n')).toMatch(by);
  });

  test('is what that story is about: without it the seed ends well', async () => {
    expect((await simulate(seed, { theme })).violations).toEqual([]);
  });
});
