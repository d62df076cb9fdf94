import { isAwsHost } from './endpoint';
import { pointerTo } from './problems';
import type { ConfigWarning } from './warnings';

/** What older files hold and this service takes in another sense, or not at all: accepted, and said. */

export interface OldForms {
  /** The file without what is ignored. */
  readonly file: unknown;
  readonly warnings: readonly ConfigWarning[];
}

/**
 * Reads what older files say in their own way, before the schema sees it:
 * - an account's `id` that repeats its name, as resources that are kept by their id do, is no AWS account id;
 * - a `host` that is S3's own means AWS itself.
 */
export function readOldForms(file: unknown): OldForms {
  if (!isRecord(file) || !isRecord(file['accounts'])) return { file, warnings: [] };
  const warnings: ConfigWarning[] = [];
  const accounts = Object.entries(file['accounts']).map(([name, settings]): readonly [string, unknown] => {
    if (!isRecord(settings)) return [name, settings];
    const pointer = pointerTo('/accounts', name);
    const { id, host } = settings;
    if (typeof host === 'string' && isAwsHost(host)) {
      warnings.push({
        setting: pointerTo(pointer, 'host'),
        message: `host ${host} is AWS itself: every service of AWS is used, over https`,
      });
    }
    if (id !== name || /^[0-9]{12}$/.test(name)) return [name, settings];
    warnings.push({
      setting: pointerTo(pointer, 'id'),
      message: "id repeats the account's name and is ignored: an AWS account id has 12 digits",
    });
    return [name, Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'id'))];
  });
  return { file: { ...file, accounts: Object.fromEntries(accounts) }, warnings };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
