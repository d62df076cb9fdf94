import type { Clock } from '../base/clock';
import type { EngineEvent, EngineEventPayload } from './events';

/** Tells every listener of a run's events, in their order. What a listener throws or rejects with stays its own affair. */
export function createEmitter(
  listeners: readonly ((event: EngineEvent) => unknown)[],
  clock: Clock,
  operationId: string,
  kind: string,
): (event: EngineEventPayload) => void {
  return (payload) => {
    const event: EngineEvent = Object.freeze({ operationId, kind, at: clock.now(), ...payload });
    for (const listener of listeners) {
      try {
        // An async function passes for a listener; its rejection must not end the process.
        const returned = listener(event);
        if (returned instanceof Promise) returned.catch(() => undefined);
      } catch {
        // The run matters more than who watches it.
      }
    }
  };
}
