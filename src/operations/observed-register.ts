import type { Clock } from '../base/clock';
import { toDomainError } from '../base/errors';
import type { Register } from '../engine/register';

/** How a call to the register ended. `conflict`: its condition did not hold; `failed`: nobody foresaw it, or a disk refuses. */
type RegisterOutcome = 'ok' | 'conflict' | 'throttled' | 'unavailable' | 'misconfigured' | 'failed';

/** One call to the register. Nothing in it was chosen by a caller, so every member may be a metric label. */
export interface RegisterCall {
  readonly call: 'get' | 'put' | 'delete' | 'list';
  readonly outcome: RegisterOutcome;
  readonly durationMs: number;
}

/** Told of every call after its end. */
export type RegisterListener = (call: RegisterCall) => void;

/** Tells of every call to a register, what it did itself to heal failures included. */
export function observed(register: Register, clock: Pick<Clock, 'monotonic'>, listener: RegisterListener): Register {
  const telling = async <T>(
    call: RegisterCall['call'],
    work: () => Promise<T>,
    outcomeOf: (result: T) => RegisterOutcome,
  ): Promise<T> => {
    const start = clock.monotonic();
    const tell = (outcome: RegisterOutcome): void => listener({ call, outcome, durationMs: clock.monotonic() - start });
    try {
      const result = await work();
      tell(outcomeOf(result));
      return result;
    } catch (thrown) {
      tell(outcomeOfFailure(thrown));
      throw thrown;
    }
  };
  const ok = (): RegisterOutcome => 'ok';
  const written = (result: { readonly ok: boolean }): RegisterOutcome => (result.ok ? 'ok' : 'conflict');
  return {
    get: (key) => telling('get', () => register.get(key), ok),
    put: (...args) => telling('put', () => register.put(...args), written),
    delete: (...args) => telling('delete', () => register.delete(...args), written),
    list: (...args) => telling('list', () => register.list(...args), ok),
  };
}

function outcomeOfFailure(thrown: unknown): RegisterOutcome {
  const { kind } = toDomainError(thrown);
  return kind === 'throttled' || kind === 'unavailable' || kind === 'misconfigured' ? kind : 'failed';
}
