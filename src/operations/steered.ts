import type { Clock } from '../base/clock';
import { fail } from '../base/errors';
import type { Engine } from '../engine/perform';
import type { JournalRecord } from '../engine/journal';
import type { Performed } from '../engine/recipe';
import { NOTICES_PREFIX, READ_ME } from '../engine/records';
import type { Register } from '../engine/register';
import type { Sighting } from '../engine/sightings';
import type { Found } from './archive';
import type { Steered } from './steering';

const PREFIX = `${NOTICES_PREFIX}cancel/`;
/** A notice of which nobody has taken notice by then is about a run that has ended. */
const FORGOTTEN_AFTER_MS = 600_000;
/** A refusal comes as soon as the claims have been asked for. */
const BEGUN_AFTER_MS = 1_000;

export interface SteeredOptions {
  readonly engine: Pick<Engine, 'cancel'>;
  readonly register: Register;
  readonly clock: Clock;
  readonly settle: (ended: JournalRecord) => Promise<Performed<unknown>>;
}

/** What callers may do to operations, done in the process that runs them. */
export interface SteeredHere extends Steered {
  /** Tries again what an operation has left; gives how that ended. */
  readonly settle: (id: string, ended: Found) => Promise<Performed<unknown> | undefined>;
  /** To be told what other processes ask, as the last look at the register saw it. */
  readonly look: (notices: readonly Sighting[]) => Promise<void>;
}

export function createSteered({ engine, register, clock, settle }: SteeredOptions): SteeredHere {
  const forget = async ({ key, version }: Sighting): Promise<void> => {
    await register.delete(key, { ifMatch: version });
  };

  const lookAt = async (notice: Sighting, now: number): Promise<void> => {
    const answer = engine.cancel(notice.key.slice(PREFIX.length));
    if (answer !== undefined || now - notice.since > FORGOTTEN_AFTER_MS) await forget(notice);
  };

  const settleLeft: SteeredHere['settle'] = async (id, { record: { journal, asked }, shown }) =>
    journal &&
    settle({
      ...journal,
      operationId: id,
      state: 'running',
      asked,
      attempt: shown.attempt,
    });

  return {
    settle: settleLeft,
    cancel: async (_account, id) => {
      const answer = engine.cancel(id);
      if (answer === 'too-late')
        fail({ kind: 'conflict', detail: 'the operation is past its point of no return: it goes on to its end' });
      // Whoever runs it looks for that as often as for what is left over.
      if (answer === undefined) await register.put(`${PREFIX}${id}`, { readMe: READ_ME }, { ifAbsent: true });
    },
    retry: async (_account, id, ended) => {
      const settling = settleLeft(id, ended);
      // What comes later is in the history.
      settling.catch(() => undefined);
      const early = await Promise.race([settling, clock.sleep(BEGUN_AFTER_MS)]);
      const refusal = early?.outcome.state === 'failed' ? early.outcome.error : undefined;
      if (refusal?.kind === 'busy' || refusal?.kind === 'conflict') fail(refusal);
    },
    look: async (notices) => {
      const now = clock.monotonic();
      for (const notice of notices.filter(({ key }) => key.startsWith(PREFIX)))
        await lookAt(notice, now).catch(() => undefined);
    },
  };
}
