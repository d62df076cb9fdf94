import type { ShownOperation } from '../domain/shared/history';
import { keyOf, type Position, positionOf, shelfOf, shelfOfAll } from './archive-keys';
import { packSummary, summaryOf } from './archive-summary';
import type { DoneRecord } from './done-record';
import { beganAt } from './operation-id';

/** An operation that has ended. */
export interface Ended {
  readonly shown: ShownOperation;
  readonly record: DoneRecord;
}

/** Where it is kept, and what its key says of it. */
export interface EndedPlace extends Ended {
  readonly account: string;
  readonly position: Position;
  readonly summary: string;
  readonly key: string;
}

/** S3 takes 1,024 bytes; a prefix of a shared bucket comes before. */
const LONGEST_KEY = 800;

/** Works out where an operation is to be kept. */
export function placeOf(ended: Ended): EndedPlace {
  const { shown } = ended;
  const { account, id, startedAt } = shown;
  const position = positionOf(id, startedAt?.getTime() ?? 0);
  const key = keyOf(shelfOfAll(account), position, '');
  const longest = Math.max(
    ...[key, ...indexKeysOf(account, shown, position, '')].map((each) => Buffer.byteLength(each)),
  );
  const summary = packSummary(summaryOf(shown), shown.attempt, LONGEST_KEY - longest);
  return { ...ended, account, position, summary, key: key + summary };
}

/** Keys of the index entries: one for each name that it was about, and for an id that does not tell when it began. */
export function indexKeysOf(
  account: string,
  { id, resources }: Pick<ShownOperation, 'id' | 'resources'>,
  position: Position,
  summary: string,
): readonly string[] {
  const names = new Set(resources.map(({ name }) => name.toLowerCase()));
  if (beganAt(id) === undefined) names.add(id.toLowerCase());
  return [...names].map((name) => keyOf(shelfOf(account, name), position, summary));
}
