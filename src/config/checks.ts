import { accountEntries, type AccountEntry } from './account-entries';
import { accountIdOfRole, checkSettings } from './check-account';
import { checkNamespace } from './check-namespace';
import { checkTokens } from './check-tokens';
import { checkOperations } from './check-operations';
import type { Draft, FileAccount, FileConfig } from './file-shape';
import { parseListenAddress } from './listen';
import { type ConfigProblem, describe, pointerTo } from './problems';

type Entry = AccountEntry<Draft<FileAccount>>;

/**
 * Checks what config/schema.json cannot say: rules between values, and values that mean something. `file` is what the
 * schema left of the file; `names` are all account names in it, those with refused settings included.
 */
export function semanticProblems(file: Draft<FileConfig>, names: readonly string[]): readonly ConfigProblem[] {
  const entries = accountEntries(file);
  return [
    ...checkListenAddress(file),
    ...checkTokens(file, entries, names),
    ...Object.entries(file.accounts ?? {}).flatMap(([name, settings]) =>
      checkSettings(settings ?? {}, pointerTo('/accounts', name), file.allowInsecure ?? false),
    ),
    ...(file.account === undefined ? [] : checkSettings(file.account, '/account', file.allowInsecure ?? false)),
    ...checkNames(entries),
    ...entries.flatMap(checkRole),
    ...entries.flatMap(checkNamespace),
    ...checkIds(entries),
    ...checkOperations(file, names),
  ];
}

function checkListenAddress(file: Draft<FileConfig>): readonly ConfigProblem[] {
  const { listenAddress } = file;
  if (listenAddress === undefined || parseListenAddress(listenAddress) !== undefined) return [];
  return [
    {
      pointer: '/listenAddress',
      found: describe(listenAddress),
      allowed: 'HOST:PORT with a port from 0 to 65535 and, in brackets, an IPv6 address',
    },
  ];
}

function checkNames(entries: readonly Entry[]): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return entries.flatMap(({ name, pointer }) => {
    const before = seen.has(name);
    seen.add(name);
    return !before
      ? []
      : [
          {
            pointer,
            found: `the name ${describe(name)}, which stands in accounts, too`,
            allowed: 'a name that stands only once in accounts and accountsMap',
          },
        ];
  });
}

/** IAM finds a role by its ARN, and the ARN of a role given by name needs the account's id. */
function checkRole(entry: Entry): readonly ConfigProblem[] {
  const role = entry.settings?.role;
  if (role === undefined) return [];
  const idOfRole = accountIdOfRole(role);
  if (idOfRole === undefined) {
    return entry.id === undefined
      ? [
          {
            pointer: entry.idPointer,
            found: 'nothing',
            allowed: `the account's 12-digit id, because role ${describe(role)} is a name; or the role's ARN`,
          },
        ]
      : [];
  }
  if (entry.id === undefined || entry.id === idOfRole) return [];
  return [
    {
      pointer: pointerTo(entry.settingsPointer, 'role'),
      found: `a role in account ${idOfRole} for account ${entry.id} (${entry.name})`,
      allowed: 'a role in the account itself; its name alone works for every account',
    },
  ];
}

/** The URL takes a name or an id, so either must lead to one account. */
function checkIds(entries: readonly Entry[]): readonly ConfigProblem[] {
  const names = new Map(entries.map((entry) => [entry.name, entry]));
  const owners = new Map<string, Entry>();
  return entries.flatMap((entry) => {
    const id = entry.id ?? accountIdOfRole(entry.settings?.role);
    if (id === undefined) return [];
    const owner = owners.get(id) ?? names.get(id) ?? entry;
    owners.set(id, entry);
    // A name that stands twice is reported as such.
    if (owner === entry || owner.name === entry.name) return [];
    return [
      {
        pointer: entry.idPointer,
        found: `the id ${id}, which already leads to account ${describe(owner.name)}`,
        allowed: 'an id that leads to one account only',
      },
    ];
  });
}
