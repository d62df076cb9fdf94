import type { Clock } from '../base/clock';
import { type DomainError, DomainFailure, toDomainError } from '../base/errors';
import type { Background } from './background';
import type { EngineEventPayload } from './events';
import type { EndedRun, Notary } from './notary';
import { oncePolicy } from './retry';
import type { Running } from './recipe';

const RETRY_SECONDS = 5;
const STEP = 'Record how it ended';

export interface Recording {
  readonly notary: Notary;
  readonly clock: Pick<Clock, 'now'>;
  readonly background: Background;
  /** Waited for before every attempt; rejects where another process may have taken the run over, which says how it ended. */
  readonly mayEnd: () => Promise<void> | undefined;
  readonly emit: (event: EngineEventPayload) => void;
  /** Told when the store cannot keep it for now: nobody may be told that all is well over a record that says otherwise. */
  readonly onGoesOn: (running: Running) => void;
}

/**
 * Makes the terminal write. A store that fails is tried again in the background, for up to a day: until then the run counts as
 * running and keeps its claims. Never rejects.
 */
export async function recordEnd(recording: Recording, ending: Omit<EndedRun, 'endedAt'>): Promise<void> {
  const { notary, clock, background, mayEnd, emit, onGoesOn } = recording;
  const ended: EndedRun = { ...ending, endedAt: new Date(clock.now()).toISOString() };
  const attempt = async (): Promise<void> => {
    await mayEnd();
    try {
      await notary.end(ended);
    } catch (thrown) {
      emit({ type: 'register-failed', during: 'end', error: toDomainError(thrown) });
      throw new DomainFailure(UNRECORDED);
    }
  };
  try {
    await attempt();
  } catch (thrown) {
    if (isSuperseded(thrown)) return;
    onGoesOn({
      state: 'running',
      error: UNRECORDED,
      failedStep: STEP,
      undone: [],
      undoing: [],
      finishing: [STEP],
      left: [],
    });
    await background.insist({ thrown, attempt, policy: oncePolicy, onRetry: () => undefined }).catch(() => undefined);
  }
}

const isSuperseded = (thrown: unknown): boolean => toDomainError(thrown).kind === 'superseded';

const UNRECORDED: DomainError = {
  kind: 'unavailable',
  detail:
    'The work is done, but the store of operations cannot keep how it ended. It is tried again until it can; ask for the operation then.',
  retryAfterSeconds: RETRY_SECONDS,
  origin: { effect: 'none' },
};
