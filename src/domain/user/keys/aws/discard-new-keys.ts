import { DeleteAccessKeyCommand } from '@aws-sdk/client-iam';
import { type DomainError, fail } from '../../../../base/errors';
import type { StepScope } from '../../../../engine/plan';
import { accessKeys } from '../../../access/aws/user';
import { type Context, gone } from '../../../shared/context';

/** Listings in a row that must agree before they are believed: IAM may show a key seconds after it was made. */
const STABLE = 2;
/** So many are asked for, no more than the undo has attempts; then the last one is believed. */
const LISTINGS = 6;
const PAUSE_SECONDS = 0.5;

/** What attempts leave to those after them. */
type Listed = { readonly ids: readonly string[]; readonly agreed: number; readonly listings: number };

export interface Discarding {
  readonly user: string;
  /** Ids of the keys the user had before. */
  readonly before: readonly string[];
  /** What attempts leave to those after them lies there, under `name`. */
  readonly memory: StepScope['memory'];
  readonly name: string;
  /** With what it asks to be called again: a transient error. */
  readonly because: DomainError;
}

/**
 * Deletes the keys of a user that were not there before, one listing and at most one deletion an attempt: it asks to be called
 * again until IAM has said the same twice, and after each deletion but the last. Gives whether it has deleted one.
 * @throws `because`, to be called again after a pause
 */
export async function discardNewKeys(
  context: Context,
  { user, before, memory, name, because }: Discarding,
): Promise<boolean> {
  const last = memory.get(name) as Listed | undefined;
  const shown = (await accessKeys(context, user)).flatMap(({ AccessKeyId }) => AccessKeyId ?? []);
  const deleted = (memory.get('deleted') ?? []) as readonly string[];
  const ids = shown.filter((id) => !deleted.includes(id));
  const listings = (last?.listings ?? 0) + 1;
  const agreed = last?.ids.join() === ids.join() ? last.agreed + 1 : 1;
  memory.set(name, { ids, agreed, listings });
  if (agreed < STABLE && listings < LISTINGS) again(because);
  const [id, ...others] = ids.filter((one) => !before.includes(one));
  if (id === undefined) return false;
  await gone(context.session.iam(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id })));
  memory.set('deleted', [...deleted, id]);
  memory.set(name, { ids: ids.filter((one) => one !== id), agreed, listings });
  if (others.length > 0) again(because);
  return true;
}

/**
 * Lets the step's policy try again after a pause.
 * @throws `because`
 */
export const again = (because: DomainError): never =>
  fail({ ...because, origin: { ...because.origin, pauseSeconds: PAUSE_SECONDS } });
