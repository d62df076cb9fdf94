import { pointerTo } from './problems';

/** One account of the file, whichever form it was written in. */
export interface AccountEntry<Settings> {
  readonly name: string;
  /** Where the name stands. */
  readonly pointer: string;
  /** Where its id stands, or would stand. */
  readonly idPointer: string;
  readonly id: string | undefined;
  /** undefined: the schema refused them. */
  readonly settings: Settings | undefined;
  /** Where the settings stand; shared ones at `/account`. */
  readonly settingsPointer: string;
}

interface Forms<Settings> {
  readonly accounts?: Readonly<Record<string, Settings | undefined>> | undefined;
  readonly account?: Settings | undefined;
  readonly accountsMap?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Lists all accounts of the file, in its order: those of `accounts`, then those of `account` with `accountsMap`. */
export function accountEntries<Settings extends { readonly id?: string | undefined }>(
  file: Forms<Settings>,
): readonly AccountEntry<Settings>[] {
  const own = Object.entries(file.accounts ?? {}).map(([name, settings]): AccountEntry<Settings> => {
    const pointer = pointerTo('/accounts', name);
    return { name, pointer, idPointer: pointerTo(pointer, 'id'), id: settings?.id, settings, settingsPointer: pointer };
  });
  const mapped = Object.entries(file.accountsMap ?? {}).map(([name, id]): AccountEntry<Settings> => {
    const pointer = pointerTo('/accountsMap', name);
    return { name, pointer, idPointer: pointer, id, settings: file.account, settingsPointer: '/account' };
  });
  return [...own, ...mapped];
}
