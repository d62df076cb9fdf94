import { DomainFailure } from '../base/errors';
import { type Lease, SUPERSEDED, type Tenure } from './lease';

/** What others can make a run do: stop, go back, or leave its work to another process. */
export interface Control {
  /** Names the process in the run's claims; undefined where it has the register to itself. */
  readonly owner: string | undefined;
  /** To be called before every attempt of a call; see `RunningOperation`. */
  readonly mayCall: (timeoutMs: number) => Promise<void> | undefined;
  /**
   * To be called before the end is recorded, which may take so long: whoever has lost the run must not say how it ended. One
   * that is left may, for it has ended.
   */
  readonly mayEnd: (timeoutMs: number) => Promise<void> | undefined;
  /** From now on every call needs the lease; reads before the first effect do not. */
  readonly holdFast: () => void;
  /** Sends no call any more: the run is left to another process. */
  readonly leave: () => void;
  /** Whether a call was held back because the run is left to another process. */
  readonly isLeft: () => boolean;
  /** Resolves when another process may have taken the run over. */
  readonly lost: Promise<'lost'>;
  readonly isLost: () => boolean;
  /** Notes that another process has taken the run over. */
  readonly lose: () => void;
  /** Asks for everything to be taken back; false when it is too late for that. */
  readonly cancel: () => boolean;
  readonly isCancelled: () => boolean;
  /** Told how to find out whether it is too late to cancel. */
  readonly tooLateWhen: (check: () => boolean) => void;
  /** To be called when nothing is done any more. */
  readonly end: () => void;
}

/** Makes the control of a run that begins. */
export function createControl(lease: Lease | undefined): Control {
  let isLost = false;
  let isLeaving = false;
  let isLeft = false;
  let isCancelled = false;
  let isFast = false;
  let isTooLate = (): boolean => false;
  let tell: (lost: 'lost') => void = () => undefined;
  const lost = new Promise<'lost'>((resolve) => (tell = resolve));
  const lose = (): void => {
    isLost = true;
    tell('lost');
  };
  const tenure: Tenure | undefined = lease?.enter(lose);
  return {
    owner: tenure?.owner,
    mayCall: (timeoutMs) => {
      if (isLost) throw new DomainFailure(SUPERSEDED);
      if (isLeaving) {
        isLeft = true;
        throw new DomainFailure(SUPERSEDED);
      }
      return isFast ? tenure?.mayCall(timeoutMs) : undefined;
    },
    mayEnd: (timeoutMs) => {
      if (isLost) throw new DomainFailure(SUPERSEDED);
      return tenure?.mayCall(timeoutMs);
    },
    holdFast: () => void (isFast = true),
    leave: () => void (isLeaving = true),
    isLeft: () => isLeft,
    lost,
    isLost: () => isLost,
    lose,
    cancel: () => {
      if (isTooLate()) return false;
      isCancelled = true;
      return true;
    },
    isCancelled: () => isCancelled,
    tooLateWhen: (check) => void (isTooLate = check),
    end: () => {
      isTooLate = () => true;
      tenure?.leave();
    },
  };
}
