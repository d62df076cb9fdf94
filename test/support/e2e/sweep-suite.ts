import { SANDBOX_ONLY, skippable } from './skips';
import { type Part, type Scenario, sweep, type Sweep, tableOf } from './sweep';
import { startWorld, type World } from './world';

/** What the sweeps have in common. Each runs on a sandbox of its own, so names need not be new. */

export const SWEPT = 'swept';
export const onSwept = `/demo/buckets/${SWEPT}`;
export const TAGS = [
  { Key: 'Application', Value: 'HowToGet' },
  { Key: 'CreatedBy', Value: 'Big Bird' },
] as const;

/** Sends what a scenario begins with; ends with an Error when that fails. */
export async function must(
  world: World,
  method: string,
  path: string,
  body?: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const reply = await world.api(method, path, body);
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status} ${reply.text}`);
  return reply.body;
}

export const makeBucket = async (world: World): Promise<void> => {
  await must(world, 'POST', '/demo/buckets', { BucketInput: { Bucket: SWEPT }, Tags: TAGS });
};

/** The key that was answered is there, with that very secret. */
export const KEY_PROMISE: NonNullable<Scenario['promises']> = (answer, taken) => {
  const key = answer.body['AccessKey'] as { readonly AccessKeyId: string; readonly SecretAccessKey: string };
  return taken.includes(`{"id":"${key.AccessKeyId}","secret":"${key.SecretAccessKey}"`)
    ? []
    : [`the answered key ${key.AccessKeyId} is not there`];
};

/** A sweep takes minutes, on a slow machine many. */
const PATIENCE_MS = 600_000;

/** One test per scenario, and the table of all of them at the end. */
export function sweepAll(
  title: string,
  scenarios: readonly Scenario[],
  start: () => Promise<World> = startWorld,
  part?: Part,
): void {
  describe(title, () => {
    let world: World;
    let pristine = '';
    const done: Sweep[] = [];
    beforeAll(async () => {
      world = await start();
      pristine = world.target.sandbox?.state.take() ?? '';
    });
    afterAll(async () => {
      if (done.length > 0) console.log(tableOf(done));
      await world.stop();
    });

    for (const scenario of scenarios) {
      skippable(
        scenario.title,
        async () => {
          world.target.sandbox?.state.restore(pristine);
          const swept = await sweep(world, scenario, part);
          done.push(swept);
          expect(swept.calls.length).toBeGreaterThan(0);
          expect(swept.faults).toEqual([]);
        },
        { more: SANDBOX_ONLY.faults, timeoutMs: PATIENCE_MS },
      );
    }
  });
}
