import type { Asked, Service } from '../domain/dispatch/service';
import type { Deliver, Performed } from '../engine/recipe';
import type { Keyed } from './idempotency';

/** What is kept of an answer for repeats of its request. */
export interface Kept {
  readonly status: number;
  /** The body of an answer in JSON; undefined where it has another. */
  readonly text?: (value: unknown) => string;
}

/** Runs a write, and keeps its answer for repeats. An answer that is handed out by `deliver` holds a secret and is not kept. */
export async function runKeyed(
  service: Service,
  asked: Asked,
  success: Kept,
  deliver: Deliver<unknown>,
  keyed: Keyed | undefined,
): Promise<Performed<unknown>> {
  if (!keyed) return service.write(asked, deliver);
  /** Ids under which an answer was handed out: those hold a secret. */
  const handed: string[] = [];
  const performed = await service.write(asked, async (value, id) => {
    handed.push(id);
    const isDelivered = await deliver(value, id);
    if (isDelivered) keyed.answered(id, success.status, undefined);
    return isDelivered;
  });
  const { operationId, outcome } = performed;
  if (outcome.state === 'succeeded' && handed.length === 0)
    keyed.answered(operationId, success.status, success.text?.(outcome.value));
  return performed;
}
