import type { Register } from '../../engine/register';
import { createObjects, type ObjectsOptions } from './objects';
import { probeStore } from './probe';
import { createS3Register } from './register';

export interface S3StoreOptions extends ObjectsOptions {
  /** What the name of every object begins with. */
  readonly prefix: string;
}

/**
 * Opens the register in a bucket, which any number of processes may share. First it proves that the store honours conditions.
 *
 * @throws {misconfigured} the bucket is not there or may not be used, or the store ignores conditions
 * @throws {unavailable | throttled} when S3 is
 */
export async function openS3Register({ prefix, ...options }: S3StoreOptions): Promise<Register> {
  const objects = createObjects(options);
  const removal = await probeStore({ ...options, objects, prefix });
  return createS3Register({ objects, prefix, clock: options.clock, removal });
}
