import { type Fleet, historyOf, killed, startFleet } from '../support/e2e/fleet';
import type { Request } from '../support/e2e/kill-sweep';
import { isOfStore, type Mortal, startMortal } from '../support/e2e/killed';
import type { Answer } from '../support/e2e/program-process';
import { factsOf } from '../support/e2e/sweep-facts';
import { targetName } from '../support/e2e/target';

/** Three processes on one S3 store and one AWS: killed, paused, replaced, and asked for the same at once. */

const REPLICAS = 3;
const WITHIN_MS = 60_000;
const PATIENCE_MS = 600_000;
const TAGS = [{ Key: 'Application', Value: 'HowToGet' }];

const create = (name: string): Request => ({
  method: 'POST',
  path: '/demo/buckets',
  body: { BucketInput: { Bucket: name }, Tags: TAGS },
});
const update = (name: string, Value = 'Other'): Request => ({
  method: 'PUT',
  path: `/demo/buckets/${name}`,
  body: { Tags: [{ Key: 'Application', Value }] },
});
const remove = (name: string): Request => ({ method: 'DELETE', path: `/demo/buckets/${name}` });
const statusOf = (answer: Answer | undefined): number => answer?.status ?? 0;
const idOf = (answer: Answer | undefined): string => answer?.headers.get('x-operation-id') ?? '';

/** What is called after a bucket: the bucket itself, its policies and groups. */
const thingsOf = (facts: ReadonlyMap<string, string>, name: string): readonly string[] =>
  [...facts.keys()].filter((key) => key === `bucket ${name}` || key.includes(` ${name}-`)).sort();
const whole = (name: string): readonly string[] => [
  `bucket ${name}`,
  `group ${name}-BktAdmGrp`,
  `policy ${name}-BktAdmPlc`,
];

(targetName === 'sandbox' ? describe : describe.skip)('three replicas', () => {
  let mortal: Mortal;
  let fleet: Fleet;
  beforeAll(async () => {
    // Of the grace of a stop a second is left for what runs; then it is handed over.
    mortal = await startMortal({ store: 's3', graceSeconds: 8 });
    fleet = await startFleet(mortal, REPLICAS);
  }, PATIENCE_MS);
  afterAll(() => mortal.stop(), PATIENCE_MS);
  const all = async (requests: readonly Request[]): Promise<readonly (Answer | undefined)[]> =>
    Promise.all(requests.map((request, nth) => fleet.send(nth, request)));
  const facts = () => factsOf(mortal.sandbox.state.take());

  /** Each operation has one end, and every replica tells the same. */
  const expectOneHistory = async (): Promise<void> => {
    const [first = [], ...others] = await Promise.all(fleet.replicas().map(historyOf));
    // What was refused before it had any effect is known to the process that refused it alone.
    const kept = (told: typeof first) =>
      told
        .filter(({ state }) => state !== 'failed')
        .map(({ id, kind, state, endedAt }) => ({ id, kind, state, endedAt }));
    for (const other of others) expect(kept(other)).toEqual(kept(first));
    expect(kept(first).filter(({ endedAt }) => endedAt === null)).toEqual([]);
    expect(new Set(first.map(({ id }) => id)).size).toBe(first.length);
  };

  test(
    'that are asked at once for one name → one makes it, the others are refused',
    async () => {
      for (const name of ['raced-1', 'raced-2', 'raced-3', 'raced-4', 'raced-5']) {
        const statuses = (await all(Array.from({ length: REPLICAS }, () => create(name)))).map(statusOf);
        expect(statuses.sort()).toEqual([202, 409, 409]);
        expect(thingsOf(facts(), name)).toEqual(whole(name));
      }
    },
    PATIENCE_MS,
  );

  test(
    'of which one has just answered a request → the next is done by another at once',
    async () => {
      for (const name of ['follow-1', 'follow-2', 'follow-3']) {
        expect(statusOf(await fleet.send(0, create(name)))).toBe(202);
        expect(statusOf(await fleet.send(1, update(name)))).toBe(200);
        expect(statusOf(await fleet.send(2, remove(name)))).toBe(200);
        expect(thingsOf(facts(), name)).toEqual([]);
      }
    },
    PATIENCE_MS,
  );

  test(
    'that are asked to change and to delete one bucket at once → it is gone, or whole and refused',
    async () => {
      for (const name of ['torn-1', 'torn-2', 'torn-3']) {
        expect(statusOf(await fleet.send(0, create(name)))).toBe(202);
        await mortal.quiet(WITHIN_MS);
        const [, deleted] = (await all([update(name), remove(name)])).map(statusOf);
        expect(thingsOf(facts(), name)).toEqual(deleted === 200 ? [] : whole(name));
        expect([200, 409]).toContain(deleted);
      }
    },
    PATIENCE_MS,
  );

  test(
    'of which one has begun an operation that is to be cancelled → another cancels it',
    async () => {
      const slow = mortal.sandbox.faults.add({ kind: 'latency', ms: 800, matching: (call) => !isOfStore(call) });
      const [one, other] = fleet.replicas();
      const { method, path, body } = create('cancelled');
      const begun = await one?.send(method, path, body, { prefer: 'respond-async' });
      expect(statusOf(begun)).toBe(202);
      const cancelled = await other?.send('POST', `/demo/operations/${idOf(begun)}/cancel`);
      expect(statusOf(cancelled)).toBe(202);
      slow.remove();
      await mortal.quiet(WITHIN_MS);
      const told = JSON.parse((await other?.send('GET', `/demo/operations/${idOf(begun)}`))?.text ?? '{}') as unknown;
      expect(told).toMatchObject({ state: 'cancelled' });
      expect(thingsOf(facts(), 'cancelled')).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'that are killed and paused for longer than the lease while they work → every name is whole or not there',
    async () => {
      const { faults } = mortal.sandbox;
      const slow = faults.add({ kind: 'latency', ms: 60, matching: (call) => !isOfStore(call) });
      const answers = new Map<string, number>();
      let isHarmed = false;
      const work = async (): Promise<void> => {
        while (answers.size < 100 || !isHarmed) {
          const name = `storm-${String(answers.size)}`;
          const nth = answers.size;
          answers.set(name, 0);
          answers.set(name, statusOf(await fleet.send(nth, create(name))));
        }
      };
      /** Resolves when so many more calls to AWS have been made. */
      const after = (calls: number): Promise<void> =>
        new Promise((resolve) => {
          let seen = 0;
          const watch = faults.add({
            kind: 'reset',
            matching: (call) => {
              seen += isOfStore(call) ? 0 : 1;
              if (seen < calls) return false;
              watch.remove();
              resolve();
              return false;
            },
          });
        });
      const harm = async (): Promise<void> => {
        await after(150);
        await fleet.replace(0, killed);
        await after(150);
        const paused = fleet.replicas()[1];
        paused?.pause();
        // Long enough for the others to take over what it has begun: they say so.
        await Promise.race([...fleet.replicas()].map((replica) => replica.logged('operation is taken up again', 1)));
        paused?.goOn();
        await after(100);
        await fleet.replace(2, killed);
        isHarmed = true;
      };
      await Promise.all([harm(), ...Array.from({ length: 12 }, work)]);
      slow.remove();
      await mortal.quiet(WITHIN_MS);
      const now = facts();
      const names = [...answers.keys()];
      const torn = names.filter((name) => ![0, 3].includes(thingsOf(now, name).length));
      expect(torn).toEqual([]);
      const untrue = names.filter((name) => answers.get(name) === 202 && thingsOf(now, name).length === 0);
      expect(untrue).toEqual([]);
      await expectOneHistory();
      // What is not there can be made, by whoever is asked.
      const again = names.filter((name) => thingsOf(now, name).length === 0);
      for (const [n, name] of again.entries()) expect([202]).toContain(statusOf(await fleet.send(n, create(name))));
    },
    PATIENCE_MS,
  );

  test(
    'that are replaced one after the other under load → every request is answered, and nothing is lost',
    async () => {
      const slow = mortal.sandbox.faults.add({ kind: 'latency', ms: 250, matching: (call) => !isOfStore(call) });
      const answers = new Map<string, Answer | undefined>();
      let isRolled = false;
      const work = async (): Promise<void> => {
        while (answers.size < 40 || !isRolled) {
          const name = `rolling-${String(answers.size)}`;
          const nth = answers.size;
          answers.set(name, undefined);
          answers.set(name, await fleet.send(nth, create(name)));
        }
      };
      const roll = async (): Promise<void> => {
        for (let nth = 0; nth < REPLICAS; nth += 1) await fleet.replace(nth, (replica) => replica.stop());
        isRolled = true;
      };
      await Promise.all([roll(), ...Array.from({ length: 8 }, work)]);
      slow.remove();
      await mortal.quiet(WITHIN_MS);
      const now = facts();
      const names = [...answers.keys()];
      const silent = names.filter((name) => answers.get(name) === undefined);
      expect(silent).toEqual([]);
      // Handed over, and so answered with 503 and the operation's id: the next process has made it.
      const told = names.filter((name) => idOf(answers.get(name)) !== '' && isBegun(answers.get(name)));
      expect(told.filter((name) => thingsOf(now, name).length !== 3)).toEqual([]);
      expect(names.filter((name) => ![0, 3].includes(thingsOf(now, name).length))).toEqual([]);
      await expectOneHistory();
    },
    PATIENCE_MS,
  );
});

/** Whether an answer says that it is done, or that somebody goes on with it. */
function isBegun(answer: Answer | undefined): boolean {
  return statusOf(answer) === 202 || (answer?.text ?? '').includes('"state":"running"');
}
