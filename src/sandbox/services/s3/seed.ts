import { partitionOf } from '../../partitions';
import { createBucket, type S3State } from './store';

/** A bucket that is there from the start. */
export interface SeedBucket {
  readonly accountId: string;
  readonly name: string;
  readonly region: string;
}

/** Adds what is not there yet, so that stored state is kept over restarts. */
export function seedBuckets(state: S3State, seeds: readonly SeedBucket[], now: number): void {
  for (const { accountId, name, region } of seeds) {
    if (state.buckets.get(name, partitionOf(region).name) !== undefined) continue;
    state.buckets.add(createBucket({ name, ownerId: accountId, region, createdAt: now, objectLock: false }));
  }
}
