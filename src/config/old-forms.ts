import { isAwsHost } from './endpoint';
import { accountMembers, fileMembers, isMembers } from './old-values';
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
 * - values as Go takes them (`old-values.ts`);
 * - an account's `id` that repeats its name, as resources that are kept by their id do, is no AWS account id;
 * - a `host` that is S3's own means AWS itself.
 */
export function readOldForms(file: unknown): OldForms {
  if (!isMembers(file)) return { file, warnings: [] };
  const { members, warnings } = fileMembers(file);
  const { accounts, account } = members;
  const read = isMembers(accounts)
    ? Object.entries(accounts).map(
        ([name, settings]) => [name, readAccount(settings, pointerTo('/accounts', name), name)] as const,
      )
    : [];
  const shared = isMembers(account) ? accountMembers(account, '/account') : undefined;
  return {
    file: {
      ...members,
      ...(isMembers(accounts) && {
        accounts: Object.fromEntries(read.map(([name, { members: settings }]) => [name, settings])),
      }),
      ...(shared && { account: shared.members }),
    },
    warnings: [...warnings, ...read.flatMap(([, one]) => one.warnings), ...(shared?.warnings ?? [])],
  };
}

function readAccount(
  settings: unknown,
  pointer: string,
  name: string,
): { readonly members: unknown; readonly warnings: readonly ConfigWarning[] } {
  if (!isMembers(settings)) return { members: settings, warnings: [] };
  const { members, warnings } = accountMembers(settings, pointer);
  const { id, host, ...others } = members;
  const said = [...warnings];
  if (typeof host === 'string' && isAwsHost(host)) {
    said.push({
      setting: pointerTo(pointer, 'host'),
      message: `host ${host} is AWS itself: every service of AWS is used, over https`,
    });
  }
  if (id !== name || /^[0-9]{12}$/.test(name)) return { members, warnings: said };
  said.push({
    setting: pointerTo(pointer, 'id'),
    message: "id repeats the account's name and is ignored: an AWS account id has 12 digits",
  });
  return { members: { ...others, ...(host !== undefined && { host }) }, warnings: said };
}
