import { PutObjectCommand } from '@aws-sdk/client-s3';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { type SiteWorld, startSiteWorld } from '../support/e2e/site';
import { takeovers } from '../support/e2e/site-facts';
import { differences, factsOf } from '../support/e2e/sweep-facts';
import { recorder, ruleFor, type SweptCall } from '../support/e2e/sweep-kinds';
import { isChosen, isMost, noteRuns } from '../support/e2e/sweep-share';
import { must } from '../support/e2e/sweep-suite';

/** An upload that comes while its site is being deleted, at every call of the deletion. */

const SITE = 'arrival.example.org';
const onSite = `/demo/websites/${SITE}`;
/** Long enough for the upload to be over before the call goes on. */
const HELD_MS = 60;

let world: SiteWorld;
beforeAll(async () => {
  world = await startSiteWorld();
});
afterAll(() => world.stop());

function stateOf({ target }: SiteWorld) {
  if (target.sandbox === undefined) throw new Error(`${target.name} has no state that could be taken`);
  return target.sandbox.state;
}

/** Deletes the site while `key` is uploaded at `call`; gives what became of both, and takeovers that were possible. */
async function deleteWhile(call: SweptCall, key: string) {
  const state = stateOf(world);
  let upload: Promise<boolean> | undefined;
  const free = new Set<string>();
  const { matching } = ruleFor(call, 'throttled once');
  world.faults.add({
    kind: 'latency',
    ms: HELD_MS,
    matching: (target) => {
      for (const what of takeovers(state.take())) free.add(what);
      if (matching?.(target) !== true) return false;
      const put = world.auditor.s3.send(new PutObjectCommand({ Bucket: SITE, Key: key, Body: 'precious' }));
      upload = put.then(
        () => true,
        () => false,
      );
      return true;
    },
  });
  const reply = await world.api('DELETE', onSite);
  world.faults.clear();
  for (const what of takeovers(state.take())) free.add(what);
  return { reply, arrived: await upload, free: [...free] };
}

for (const key of ['precious.html', 'index.html']) {
  skippable(
    `an upload of ${key} at any call: 409 and everything back, or it came too late and was refused`,
    async () => {
      const state = stateOf(world);
      const pristine = state.take();
      await must(world, 'POST', '/demo/websites', { BucketInput: { Bucket: SITE } });
      await must(world, 'POST', `${onSite}/users`, { User: { UserName: 'arrival-docs', Path: '/docs/' } });
      const taken = state.take();
      const before = factsOf(taken);
      const calls: SweptCall[] = [];
      const handle = world.faults.add(recorder(calls));
      await must(world, 'DELETE', onSite);
      handle.remove();

      const ends = { refused: 0, gone: 0 };
      let runs = 0;
      for (const call of calls) {
        if (!isChosen(`${key} | ${call.key} #${String(call.nth)}`)) continue;
        runs += 1;
        state.restore(taken);
        const { reply, arrived, free } = await deleteWhile(call, key);
        const at = call.key.slice(0, 80);
        expect({ at, free }).toEqual({ at, free: [] });
        if (arrived === true) {
          ends.refused += 1;
          expect({ at, status: reply.status, left: reply.body['left'] ?? [] }).toEqual({ at, status: 409, left: [] });
          const changed = differences(before, factsOf(state.take()));
          expect({ at, changed }).toEqual({ at, changed: [`bucket ${SITE}`] });
          expect((await world.snapshot(SITE)).buckets[SITE]?.objects).toEqual(
            [...new Set(['docs/index.html', 'index.html', key])].sort(),
          );
          const page = await world.page(SITE, `/${key}`);
          expect({ at, body: page.body }).toEqual({ at, body: 'precious' });
        } else {
          ends.gone += 1;
          expect({ at, arrived, status: reply.status }).toEqual({ at, arrived: false, status: 200 });
        }
      }
      noteRuns(`an upload of ${key}`, runs);
      expect(ends.refused + ends.gone).toBe(runs);
      if (isMost) {
        expect(ends.refused).toBeGreaterThan(10);
        expect(ends.gone).toBeGreaterThan(3);
      }
      state.restore(pristine);
    },
    { more: SANDBOX_ONLY.faults, timeoutMs: 120_000 },
  );
}
