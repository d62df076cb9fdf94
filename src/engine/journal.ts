import type { ClaimRecord, Claims } from './claims';
import type { Recipe, Recovery } from './recipe';
import type { JsonValue } from '../base/json';
import type { Progress } from './progress';

/** What is known of a run from before its first effect until its end; enough to finish it or to take it back. */
export type JournalRecord = ClaimRecord & {
  readonly title: string;
  readonly state: 'running';
  readonly recovery: Recovery;
  /** Every claim of the run; the record itself lies under the first. */
  readonly claims: readonly string[];
  /** Of `input` and `preImage`. */
  readonly version: number;
  readonly input: JsonValue;
  readonly preImage: JsonValue;
  /** Absent until something has happened. */
  readonly progress?: Progress;
};

/**
 * Writes the run's journal into the record of its first claim: the one durable write before the first effect. No step may
 * start before it resolves. Written again with the progress so far. The record's end is the release of that claim.
 */
export async function writeJournal<P extends JsonValue, T>(
  claims: Claims,
  self: ClaimRecord,
  recipe: Pick<Recipe<P, T>, 'title' | 'recovery' | 'version' | 'input'>,
  preImage: P,
  progress?: Progress,
): Promise<void> {
  const record: JournalRecord = {
    ...self,
    title: recipe.title,
    state: 'running',
    recovery: recipe.recovery,
    claims: claims.keys(),
    version: recipe.version,
    input: recipe.input,
    preImage,
    ...(progress && { progress }),
  };
  await claims.rewrite(record);
}
