import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isWrite } from '../../src/domain/shared/operation';
import { operationTable } from '../../src/operations/table';
import { DOMAIN, SANDBOX_CERTIFICATE, startSiteWorld, type SiteWorld } from '../support/e2e/site';
import { accounts, targetName } from '../support/e2e/target';
import { fileOf, FOLDER, type Golden, goldenFiles, leave, recover } from './golden-world';

/**
 * Journals of every version of a write that was released. `GOLDEN=write npm test -- test/operations/golden` makes those that
 * are missing; what is there stays as it is, for there may be such records in the stores of users.
 */

const LATE = Date.UTC(2100, 0, 1);
const isWriting = process.env['GOLDEN'] === 'write';
const writes = operationTable.ids().filter(operationTable.isWrite);

async function kindOf(operationId: string): Promise<{ readonly kind: string; readonly version: number }> {
  const definition = await operationTable.load(operationId);
  if (!isWrite(definition)) throw new Error(`${operationId} is no write`);
  return definition;
}

// Emulators have no state that can be put back.
(targetName === 'sandbox' ? describe : describe.skip)('journals of released versions', () => {
  let world: SiteWorld;
  let empty: string | undefined;
  beforeAll(async () => {
    // Nothing in a state that is kept may be over one day.
    world = await startSiteWorld({
      sandbox: {
        certificates: [
          { accountId: accounts.demo.id, arn: SANDBOX_CERTIFICATE, domainName: `*.${DOMAIN}`, notAfter: LATE },
        ],
      },
    });
    empty = world.target.sandbox?.state.take();
  });
  afterAll(() => world.stop());

  test.each(writes)('%s: its present version has one', async (operationId) => {
    const { kind, version } = await kindOf(operationId);
    const file = fileOf(kind, version);
    if (isWriting && !existsSync(file)) {
      world.target.sandbox?.state.restore(empty ?? '');
      const left = await leave(world, kind);
      const { outcome } = await recover(world, left);
      const golden: Golden = { ends: outcome.state, ...left };
      writeFileSync(file, `${JSON.stringify(golden, undefined, 1)}\n`);
    }
    expect(existsSync(file) ? basename(file) : `none: GOLDEN=write npm test -- test/operations/golden`).toBe(
      `${kind}-v${String(version)}.json`,
    );
    const { record } = JSON.parse(readFileSync(file, 'utf8')) as Golden;
    expect(record).toMatchObject({ kind, version });
  });

  test.each(goldenFiles())('%s is gone on with to its end, and nothing stays claimed', async (name) => {
    const golden = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Golden;
    const { outcome, held } = await recover(world, golden);
    expect({ state: outcome.state, held }).toEqual({ state: golden.ends, held: [] });
  });
});
