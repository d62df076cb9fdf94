import type { Clock } from '../../base/clock';
import { isAmbiguous } from '../../base/errors';
import type { Condition, Written } from '../../engine/register';
import { mayHeal } from './failures';
import type { Objects, Sent } from './objects';
import { type Content, contentOf } from './record';

/** Attempts of one write, the first included, and the time within which they begin. */
const MOST = 5;
const WITHIN_MS = 15_000;
const BASE_MS = 50;
const CAP_MS = 2_000;

const CONFLICT: Written = Object.freeze({ ok: false, conflict: true });

interface There {
  readonly content: Content;
  readonly version: string;
}

/** A write under a condition on what was read, or on absence. `text` holds `nonce`. */
export interface Wanted {
  readonly name: string;
  readonly text: string;
  readonly nonce: string;
  readonly condition: Condition;
}

/**
 * Writes at most once, whatever happens to requests and answers. After a refusal or a lost answer it reads what is there and
 * knows its own write by the number in it; where the condition still holds it sends the same again, so that an earlier attempt
 * that arrives late is refused, or makes this one be. What was written over before it could be read counts as a conflict:
 * whoever did so is the one to go on.
 * @throws what `explained` makes of failures; the write may have had its effect then
 */
export async function writeOnce(objects: Objects, clock: Clock, wanted: Wanted): Promise<Written> {
  const { name, text, nonce, condition } = wanted;
  const lastBegin = clock.monotonic() + WITHIN_MS;
  let sentUnder = condition;
  for (let attempt = 1; ; attempt += 1) {
    const sent = await objects.write(name, text, sentUnder);
    if (sent.type === 'done' && sent.version !== '') return { ok: true, version: sent.version };
    if (sent.type === 'failed' && !mayHeal(sent.failure.error)) throw sent.failure;
    if (sent.type !== 'failed' || isAmbiguous(sent.failure.error)) {
      const there = await whatIsThere(objects, name);
      if (there?.content.nonce === nonce) return { ok: true, version: there.version };
      if (!holds(condition, there)) return CONFLICT;
      // A gravestone is absence, and is written over as what it is.
      sentUnder = 'ifAbsent' in condition && there !== undefined ? { ifMatch: there.version } : condition;
    }
    if (attempt === MOST || clock.monotonic() > lastBegin) return giveUp(sent);
    if (attempt > 1 || sent.type === 'failed') await clock.sleep(pauseAfter(attempt, clock));
  }
}

/** Removes what was read and nothing else, on a store whose DELETE knows If-Match. What is gone after a lost answer was removed. */
export async function removeOnce(objects: Objects, clock: Clock, name: string, version: string): Promise<Written> {
  const lastBegin = clock.monotonic() + WITHIN_MS;
  let mayBeDone = false;
  for (let attempt = 1; ; attempt += 1) {
    const sent = await objects.remove(name, version);
    if (sent.type === 'done') return { ok: true, version };
    if (sent.type === 'failed' && !mayHeal(sent.failure.error)) throw sent.failure;
    mayBeDone ||= sent.type === 'failed' && isAmbiguous(sent.failure.error);
    const there = await objects.read(name);
    if (there === undefined && mayBeDone) return { ok: true, version };
    if (there?.version !== version) return CONFLICT;
    if (attempt === MOST || clock.monotonic() > lastBegin) return giveUp(sent);
    await clock.sleep(pauseAfter(attempt, clock));
  }
}

async function whatIsThere(objects: Objects, name: string): Promise<There | undefined> {
  const read = await objects.read(name);
  return read && { content: contentOf(name, read.text), version: read.version };
}

function holds(condition: Condition, there: There | undefined): boolean {
  if ('ifAbsent' in condition) return there === undefined || there.content.type === 'gravestone';
  return there?.content.type === 'record' && there.version === condition.ifMatch;
}

/** Others were faster every time: it held when it was looked at, and did not when it was written. */
function giveUp(sent: Sent): Written {
  if (sent.type === 'failed') throw sent.failure;
  return CONFLICT;
}

const pauseAfter = (attempt: number, clock: Clock): number =>
  Math.round(clock.random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt));
