import { isAuditor } from '../support/e2e/target';
import { SANDBOX_ONLY, skippable } from '../support/e2e/skips';
import { startWorld, type World } from '../support/e2e/world';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

describe('a configuration that is read anew', () => {
  skippable(
    'cuts off no call to AWS that is under way, of a read or of a write',
    async () => {
      const bucket = world.name('reloaded');
      const seen: string[] = [];
      world.faults.add({
        kind: 'latency',
        ms: 0,
        matching: ({ operation, request }) => {
          if (isAuditor(request.headers['user-agent'])) return false;
          seen.push(operation);
          world.app.reload({ ...world.config });
          return false;
        },
      });
      expect((await world.api('POST', '/demo/buckets', { BucketInput: { Bucket: bucket } })).status).toBe(202);
      expect(seen.filter((operation) => operation === 'CreateBucket')).toHaveLength(1);
      seen.length = 0;
      expect((await world.api('GET', `/demo/buckets/${bucket}`)).status).toBe(200);
      // A call that was cut off would have been made again.
      expect(seen).toEqual([...new Set(seen)]);
      expect(seen.length).toBeGreaterThan(0);
    },
    { more: SANDBOX_ONLY.faults },
  );
});
