import type { Context } from '../../src/domain/shared/context';
import { createMemory } from '../../src/domain/dispatch/memory';

/** A context of nothing but a session and a clock, for what needs no more. */
export const bareContext = ({ session, clock }: Pick<Context, 'session' | 'clock'>): Context => ({
  session,
  org: 'acme',
  clock,
  deletedBuckets: { add: () => undefined, has: () => false },
  memory: createMemory(clock),
  isOwnStore: () => false,
  nextCleaning: () => undefined,
  presign: () => Promise.reject(new Error('no URL is signed here')),
});
