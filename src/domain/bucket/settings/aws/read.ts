import { toDomainError } from '../../../../base/errors';
import { type Context, reading } from '../../../shared/context';
import type { Plain } from '../../../shared/settings-shapes';
import { optionally, type Warning } from '../../../shared/store-features';
import type { Setting, StoreSetting } from './setting';

/**
 * Reads one setting; null where it was never set.
 * @throws {not-found} without a bucket
 */
export async function readSetting<Read>(
  context: Context,
  bucket: string,
  setting: StoreSetting<Read>,
): Promise<Read | null> {
  try {
    return await reading(context, () => setting.read(context, bucket));
  } catch (thrown) {
    const { kind, origin } = toDomainError(thrown);
    // Every setting has a code of its own for "never set"; a bucket that is not there has this one.
    if (kind === 'not-found' && origin?.code !== undefined && origin.code !== 'NoSuchBucket') return null;
    throw thrown;
  }
}

export interface SettingsFound {
  /** By name, exactly those that were asked for; null where never set. */
  readonly settings: Readonly<Record<string, Plain>>;
  readonly warnings: readonly Warning[];
}

/**
 * Reads settings in one parallel wave, with warnings for those a store does not know.
 * @throws {not-found} without a bucket
 */
export async function readSettings(
  context: Context,
  bucket: string,
  settings: readonly Setting[],
): Promise<SettingsFound> {
  const read = await Promise.all(
    settings.map((setting) => optionally(context, setting.feature, () => readSetting(context, bucket, setting))),
  );
  return {
    settings: Object.fromEntries(settings.map(({ name }, index) => [name, read[index]?.value ?? null])),
    warnings: read.map(({ warning }) => warning),
  };
}

/**
 * Reads settings and gives what an answer shows of them, by member.
 * @throws {not-found} without a bucket
 */
export async function showSettings(
  context: Context,
  bucket: string,
  asked: readonly Setting[],
): Promise<{ readonly shown: Readonly<Record<string, unknown>>; readonly warnings: readonly Warning[] }> {
  const { settings, warnings } = await readSettings(context, bucket, asked);
  return { shown: shownOf(settings, asked), warnings };
}

/** Makes what an answer shows of settings that were read: null where there is none. */
export function shownOf(
  read: Readonly<Record<string, Plain>>,
  settings: readonly Setting[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    settings.map((setting) => {
      const value = read[setting.name] ?? null;
      return [setting.member, value === null ? null : setting.show?.(value)];
    }),
  );
}
