import type { AwsSession } from '../../src/aws/types';
import { DomainFailure } from '../../src/base/errors';

/**
 * What befalls one call on its way to S3. `before`: it is lost; `after`: its answer is; `late`: nothing is heard of it, and it
 * arrives when the next call has been made, or the one after it; `twice`: it arrives twice, and the second answer comes back;
 * `conflict`, `throttle`: S3 says so and does nothing.
 */
export type Fate = 'ok' | 'before' | 'after' | 'late' | 'twice' | 'conflict' | 'throttle';

export interface Unreliable {
  readonly session: () => Promise<AwsSession>;
  /** Every call that was sent, by its operation. */
  readonly sent: readonly string[];
  /** Lets what is late arrive. */
  readonly settle: () => Promise<void>;
}

type SendAny = (command: object) => Promise<unknown>;

/** Makes a session whose calls to S3 meet the fates that `next` says. Reads are never late or doubled: that has no effect. */
export function unreliable(session: () => Promise<AwsSession>, next: (operation: string) => Fate): Unreliable {
  const sent: string[] = [];
  const late: (() => Promise<void>)[] = [];

  const arriveLate = async (): Promise<void> => {
    for (const arrive of late.splice(0)) await arrive();
  };
  const wrap =
    (send: SendAny): SendAny =>
    async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      sent.push(operation);
      const fate = fateOf(operation, next(operation));
      if (fate === 'throttle') throw refusal('throttled', 'SlowDown');
      if (fate === 'conflict') throw refusal('contended', 'ConditionalRequestConflict');
      if (fate === 'before') throw silence();
      if (fate === 'late') {
        late.push(() => quietly(send(command)));
        throw silence();
      }
      if (fate === 'twice') await quietly(send(command));
      const half = late.splice(0, Math.ceil(late.length / 2));
      const answer = await send(command).finally(async () => {
        for (const arrive of half) await arrive();
      });
      if (fate === 'after') throw silence();
      return answer;
    };

  return {
    sent,
    settle: arriveLate,
    session: async () => {
      const real = await session();
      // What the wrapped one gives is what the real one gave.
      return { ...real, s3: wrap(real.s3 as SendAny) as AwsSession['s3'] };
    },
  };
}

/** A read leaves nothing behind, and a body that nobody reads would be waited for. */
function fateOf(operation: string, fate: Fate): Fate {
  if (operation !== 'GetObject') return fate;
  return fate === 'twice' ? 'ok' : fate === 'after' || fate === 'late' ? 'before' : fate;
}

const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

const silence = (): DomainFailure =>
  new DomainFailure({
    kind: 'unavailable',
    retryAfterSeconds: 1,
    detail: 'no answer came in time',
    origin: { service: 's3', effect: 'unknown' },
  });

function refusal(kind: 'throttled' | 'contended', code: string): DomainFailure {
  return new DomainFailure({
    kind,
    retryAfterSeconds: 1,
    detail: code,
    origin: { code, service: 's3', effect: 'none' },
  });
}
