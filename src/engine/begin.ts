import type { Clock } from '../base/clock';
import { fail, toDomainError } from '../base/errors';
import type { JsonValue } from '../base/json';
import type { Claims } from './claims';
import type { EngineEventPayload } from './events';
import type { Following } from './following';
import type { EngineOptions } from './options';
import type { Recipe } from './recipe';
import { usingRegister } from './using-register';

/** A look may ask for claims, and the look after those for further ones; more rounds mean that others are changing it. */
const LOOK_ROUNDS = 3;
const RETRY_SECONDS = 5;
/** Ages are told in whole seconds, less one: by so much a clock may be wrong. */
const CLOCKS_DIFFER_MS = 500;
/** Runs about to end that are waited for one after the other. */
const FOLLOWING_ROUNDS = 4;
/** A run of another process gives its claims back in a moment after its answer; whether it has answered nobody knows here. */
const ELSEWHERE_ROUNDS = 2;
const ELSEWHERE_MS = 200;

export interface Beginning {
  readonly claims: Claims;
  /** What is claimed before the look. */
  readonly first: readonly string[];
  readonly emit: (event: EngineEventPayload) => void;
  readonly options: Pick<EngineOptions, 'clock' | 'lease'> & { readonly following: Following };
}

/**
 * Takes the claims and looks; gives what was seen while nobody else was at work on any of them.
 *
 * Where others share the register its calls take time, and the look does not wait for them: what it saw counts when every
 * record that was claimed is older than the look, so that nobody can have been at work since.
 */
export async function claimAndLook<P extends JsonValue, T>(
  recipe: Recipe<P, T>,
  { claims, first, emit, options: { clock, lease, following } }: Beginning,
): Promise<P> {
  let lookedAt = -Infinity;
  let lookedAtWall = 0;
  const look = async (): Promise<P> => {
    lookedAt = clock.monotonic();
    lookedAtWall = clock.now();
    const preImage = await recipe.look();
    emit({ type: 'looked', durationMs: clock.monotonic() - lookedAt });
    return preImage;
  };
  const take = (): Promise<void> =>
    usingRegister('claim', emit, () =>
      waitingOut({ following, clock, isShared: lease !== undefined }, async () => {
        await claims.take(first);
        await claims.yieldTo(recipe.yieldsTo ?? []);
      }),
    );

  /** Ages that the register tells mean nothing to a clock that stood still in a paused machine; the other one shows it. */
  const stoodStill = (): boolean =>
    lease !== undefined && Math.abs(clock.now() - lookedAtWall - (clock.monotonic() - lookedAt)) > CLOCKS_DIFFER_MS;

  let early: Promise<P> | undefined;
  if (lease) {
    early = look();
    // Who is refused a claim does not wait for it.
    early.catch(() => undefined);
    const both = await Promise.allSettled([take(), usingRegister('claim', emit, lease.ensure)]);
    // Only when nothing is on its way any more can everything be given back.
    for (const one of both) if (one.status === 'rejected') throw one.reason;
  } else await take();

  for (let round = 0; round < LOOK_ROUNDS; round += 1) {
    const preImage = await (early ?? look());
    early = undefined;
    if (claims.touchedByOthers() > lookedAt || stoodStill()) continue;
    const further = (recipe.claimsAfterLook?.(preImage) ?? []).filter((key) => !claims.holds(key));
    if (further.length === 0) return preImage;
    await usingRegister('claim', emit, () => claims.takeWaiting(further));
  }
  return fail({
    kind: 'busy',
    detail: 'What this operation would touch keeps changing. Try again in a moment.',
    retryAfterSeconds: RETRY_SECONDS,
  });
}

interface Waiting {
  readonly following: Following;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Whether other processes use the register. */
  readonly isShared: boolean;
}

/** Takes claims again when whoever held them was about to end. */
async function waitingOut({ following, clock, isShared }: Waiting, take: () => Promise<void>): Promise<void> {
  let elsewhere = isShared ? ELSEWHERE_ROUNDS : 0;
  for (let round = 1; ; round += 1) {
    try {
      await take();
      return;
    } catch (thrown) {
      const error = toDomainError(thrown);
      if (error.kind !== 'busy') throw thrown;
      if (round < FOLLOWING_ROUNDS && (await following.over(error.holder))) continue;
      if (elsewhere === 0 || error.holder === undefined) throw thrown;
      elsewhere -= 1;
      await clock.sleep(ELSEWHERE_MS);
    }
  }
}
