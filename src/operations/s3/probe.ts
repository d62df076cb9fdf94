import { randomUUID } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { fail } from '../../base/errors';
import type { Condition } from '../../engine/register';
import { retry, standardPolicy } from '../../engine/retry';
import { mayHeal, SETTING } from './failures';
import type { Objects, Sent } from './objects';
import type { Removal } from './register';

export interface ProbeOptions {
  readonly objects: Objects;
  readonly bucket: string;
  readonly prefix: string;
  readonly clock: Clock;
}

/**
 * Writes at once under one condition, and how often: a store that looks first and writes then lets more than one through, though
 * not every time. Of S3Proxy, which does so, one round of eight found nothing in four of ten tries.
 */
const RACERS = 16;
const ROUNDS = 5;

/**
 * Finds out whether the store honours the conditions that a register stands on, by writing to objects of its own, which it
 * takes away again; and how records are to be removed there.
 * @throws {misconfigured} it does not, with what was seen; or the bucket cannot be used
 */
export async function probeStore({ objects, bucket, prefix, clock }: ProbeOptions): Promise<Removal> {
  return retry(standardPolicy, clock, async () => {
    // A new one each time, since an earlier attempt may have left its own half done. No path of a key has this form.
    const name = `${prefix}probe-${randomUUID()}`;
    const raced = Array.from({ length: ROUNDS }, (_, round) => `${name}-race-${String(round)}`);
    try {
      const removal = await probe(objects, name, refuse(bucket));
      for (const each of raced) await race(objects, each, refuse(bucket));
      return removal;
    } finally {
      await Promise.all([name, absentOf(name), ...raced].map((used) => objects.remove(used).catch(() => undefined)));
    }
  });
}

/** A name at which the probe never has anything. */
const absentOf = (name: string): string => `${name}-absent`;

type Refuse = (saw: string) => never;

const refuse =
  (bucket: string): Refuse =>
  (saw) =>
    fail({
      kind: 'misconfigured',
      setting: SETTING,
      detail: `The bucket ${bucket} cannot keep operations: its store ${saw}. Without conditional writes that hold, two processes could do the same work at once. Use S3 itself, another store with conditional writes, or "store": "file".`,
    });

async function probe(objects: Objects, name: string, refused: Refuse): Promise<Removal> {
  const made = versionOf(await objects.write(name, '"1"', { ifAbsent: true }));
  if (made === undefined) return refused('refused to make an object that was not there, under If-None-Match: *');
  await sees(objects, name, '"1"', refused);
  const listed = (await objects.list(name, '', 10)).found;
  if (!listed.some((one) => one.name === name && one.version === made))
    return refused('does not list an object that it has just taken, with the ETag that it gave');
  if (isDone(await objects.write(name, '"2"', { ifAbsent: true })))
    return refused('ignores If-None-Match: it wrote over an object that was there');

  const replaced = versionOf(await objects.write(name, '"3"', { ifMatch: made }));
  if (replaced === undefined) return refused('refused to write over what was there, under If-Match with its ETag');
  if (replaced === made) return refused('gave two contents of an object the same ETag');
  if (isDone(await objects.write(name, '"4"', { ifMatch: made })))
    return refused('ignores If-Match: it wrote over an object that had changed');
  await sees(objects, name, '"3"', refused);
  if (isDone(await objects.write(absentOf(name), '"5"', { ifMatch: made })))
    return refused('ignores If-Match: it made an object where there was none to match');

  return removalOn(objects, name, made, replaced, refused);
}

/** Makes an object, and writes over it, by many at once. */
async function race(objects: Objects, name: string, refused: Refuse): Promise<void> {
  const made = await oneWins(objects, name, { ifAbsent: true }, refused);
  await oneWins(objects, name, { ifMatch: made }, refused);
}

/** Gives the version that the one winner wrote. */
async function oneWins(objects: Objects, name: string, condition: Condition, refused: Refuse): Promise<string> {
  const racers = Array.from({ length: RACERS }, (_, n) => JSON.stringify({ racer: n, condition }));
  const raced = await Promise.all(racers.map((text) => objects.write(name, text, condition)));
  const [winner, ...more] = raced.filter((sent) => sent.type === 'done');
  const header = 'ifAbsent' in condition ? 'If-None-Match: *' : 'If-Match';
  if (more.length > 0)
    return refused(
      `let ${String(more.length + 1)} of ${String(RACERS)} writes through that were sent at once under the same ${header}`,
    );
  const failed = raced.find((sent) => sent.type === 'failed');
  if (winner === undefined && failed !== undefined) throw failed.failure;
  return (
    winner?.version ?? refused(`let none of several writes through that were sent at once under ${header}, which held`)
  );
}

/** `stale` and `current`: versions of the object. */
async function removalOn(
  objects: Objects,
  name: string,
  stale: string,
  current: string,
  refused: Refuse,
): Promise<Removal> {
  const late = await objects.remove(name, stale);
  if (late.type === 'failed' && mayHeal(late.failure.error)) throw late.failure;
  if ((await objects.read(name)) === undefined) return 'bury';
  // It does not know the header, and says so, or removes nothing under it.
  if (late.type !== 'refused' || !isDone(await objects.remove(name, current))) return 'bury';
  if ((await objects.read(name)) !== undefined) return refused('still shows an object that it has just removed');
  return isDone(await objects.remove(name, current)) ? 'bury-and-remove' : 'remove';
}

async function sees(objects: Objects, name: string, text: string, refused: Refuse): Promise<void> {
  const read = await objects.read(name);
  if (read?.text !== text) refused('does not show an object at once as it was written last');
}

/** Undefined for a write that was refused. */
function versionOf(sent: Sent): string | undefined {
  if (sent.type === 'failed') throw sent.failure;
  return sent.type === 'done' ? sent.version : undefined;
}

const isDone = (sent: Sent): boolean => versionOf(sent) !== undefined;
