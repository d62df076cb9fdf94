import { killSweep, type KillScenario, lineOf } from './kill-sweep';
import type { StoreKind } from './killed';
import { targetName } from './target';

/** Undos ask IAM for some seconds before they believe that something is not there. */
const PATIENCE_MS = 1_800_000;

/**
 * Tests that all of a write is there, or nothing, when the real process was killed at any of its AWS calls and of the changes of
 * its store, and another one has gone on.
 */
export function testKills(store: StoreKind, scenarios: readonly KillScenario[]): void {
  // An AWS that survives the service, and can kill it, is ours alone.
  (targetName === 'sandbox' ? describe : describe.skip)(`the process is killed, ${store} store`, () => {
    test.each(scenarios)(
      '$title → all of it is there, or nothing',
      async (scenario) => {
        const report = await killSweep(scenario, store);
        if (report.points > 0) console.log(lineOf(`${scenario.title}, ${store} store`, report));
        expect(report.wrong).toEqual([]);
      },
      PATIENCE_MS,
    );
  });
}
