import { fail } from '../base/errors';
import type { Asked, Service } from '../domain/dispatch/service';
import type { Deliver, Performed } from '../engine/recipe';
import type { Admission, Repeats } from '../operations/repeats';

export interface KeyedRun {
  /** Runs the write, as far as its Idempotency-Key lets it. Rejects where it does not. */
  readonly run: (service: Service, deliver: Deliver<unknown>) => Promise<Performed<unknown>>;
  /** Why the key does not let it run; undefined while it does. */
  readonly refusal: () => Exclude<Admission, { readonly is: 'run' }> | undefined;
}

/** Makes the run of a write under its key. */
export function keyedRun(repeats: Repeats, asked: Asked, key: NonNullable<Asked['key']>): KeyedRun {
  const { account } = asked;
  let refusal: Exclude<Admission, { readonly is: 'run' }> | undefined;
  let admitted: string | undefined;

  const admit = async (own: string): Promise<{ readonly operationId: string; readonly attempt: number }> => {
    const admission = await repeats.admit(account.name, key, own);
    if (admission.is !== 'run') {
      refusal = admission;
      return fail({ kind: 'conflict', detail: 'the Idempotency-Key stands for another operation' });
    }
    admitted = admission.operationId;
    return admission;
  };

  return {
    refusal: () => refusal,
    run: async (service, deliver) => {
      const ended = async (): Promise<void> => {
        // A key that could not be freed is free by itself when its time to begin is over.
        if (admitted !== undefined) await repeats.ended(account.name, key, admitted).catch(() => undefined);
      };
      try {
        const performed = await service.write(asked, deliver, admit);
        if (performed.ended) void performed.ended.then(ended);
        else await ended();
        return performed;
      } catch (thrown) {
        await ended();
        throw thrown;
      }
    },
  };
}
