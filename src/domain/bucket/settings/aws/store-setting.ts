import type { Needs, StepSpec } from '../../../../engine/plan';
import { fail, toDomainError } from '../../../../base/errors';
import { type Context, gone } from '../../../shared/context';
import { bucketPresence, requirePresent } from '../../../shared/aws/bucket';
import { requireKnown } from './known';
import { readSetting } from './read';
import type { Settable, Setting, StoreSetting } from './setting';
import { optional, type Warning } from '../../../shared/store-features';
import { lookAfterwards } from './look-afterwards';

/**
 * Makes a step optional that sets something of a bucket: its result is the warning where the store cannot. To a store
 * that ignores the sub-resource nothing is sent at all, and there is nothing to take back. On accounts with IAM the
 * step stays as it is.
 */
export function optionalSetting<N extends Needs>(
  context: Context,
  bucket: string,
  setting: StoreSetting,
  spec: StepSpec<N, void>,
): StepSpec<N, Warning> {
  if (context.session.account.iam) return optional(context, setting.feature, spec);
  const { run, undo, ...rest } = spec;
  return optional(context, setting.feature, {
    ...rest,
    run: async (needs, scope) => {
      await requireKnown(context, bucket, setting);
      await run(needs, scope);
    },
    ...(undo && {
      undo: async (input, scope) => {
        if (await isKnown(context, bucket, setting)) await undo(input, scope);
      },
    }),
  });
}

/** A setting with the call that takes it away. */
type Removable = Pick<Setting<never>, 'name'> & StoreSetting & Pick<Settable, 'remove'>;

/**
 * Takes a setting away; "not there" is as good as done. A store that ignores the sub-resource takes `DELETE /bucket?cors`
 * for DeleteBucket: on accounts without IAM it is sent only when the setting was just seen there, and the bucket is looked
 * for afterwards.
 * @throws {misconfigured} when the bucket is gone
 */
export async function removeSetting(context: Context, bucket: string, setting: Removable): Promise<void> {
  const removal = async (): Promise<unknown> => {
    if (setting.remove === undefined) throw new Error(`${setting.name} cannot be taken away`);
    return setting.remove(context, bucket);
  };
  if (context.session.account.iam) return gone(removal());
  if (!(await isSet(context, bucket, setting))) return;
  await gone(removal());
  await lookAfterwards(requireStill(context, bucket, setting.name));
}

async function requireStill(context: Context, bucket: string, name: string): Promise<void> {
  const { account } = context.session;
  const presence = await bucketPresence(context, bucket);
  if (presence === 'foreign') requirePresent(presence, bucket);
  if (presence === 'present') return;
  fail({
    kind: 'misconfigured',
    setting: `accounts.${account.name}.endpoint`,
    detail:
      `The store of account ${account.name} took the removal of a setting (${name}) for that of the bucket: ${bucket}, which was empty, is gone ` +
      'with its settings and can be created again. Do not remove settings there.',
  });
}

async function isSet(context: Context, bucket: string, setting: StoreSetting): Promise<boolean> {
  try {
    return (await readSetting(context, bucket, setting)) !== null;
  } catch (thrown) {
    if (toDomainError(thrown).kind === 'unsupported') return false;
    throw thrown;
  }
}

async function isKnown(context: Context, bucket: string, setting: StoreSetting): Promise<boolean> {
  try {
    await requireKnown(context, bucket, setting);
    return true;
  } catch (thrown) {
    if (toDomainError(thrown).kind === 'unsupported') return false;
    throw thrown;
  }
}
