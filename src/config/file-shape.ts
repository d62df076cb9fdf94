import type { Account, ConfigFile, Domain, Token } from './file-types';

/**
 * A configuration file after its secrets are resolved and config/schema.json has accepted it, whose types these are. Both
 * generations of files and both spellings are here; `normalise.ts` makes one shape of them.
 */
export type FileConfig = Unchanged<ConfigFile>;
export type FileToken = Unchanged<Token>;
export type FileAccount = Unchanged<Account>;
export type FileDomain = Unchanged<Domain>;

type Unchanged<T> = T extends object ? { readonly [K in keyof T]: Unchanged<T[K]> } : T;

/** What is left of a file when the parts the schema refused are cut out: any member may be missing. */
export type Draft<T> = T extends readonly (infer U)[]
  ? readonly (Draft<U> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Draft<T[K]> | undefined }
    : T;

/** Spellings of older files, and the ones used since. */
export const otherSpellings = [
  ['access-key-id', 'akid'],
  ['secret-access-key', 'secret'],
  ['use-ssl', 'useSsl'],
  ['path-style', 'pathStyle'],
] as const;

/** Gives an account's settings one spelling each; the new spelling wins. */
export function oneSpelling<Settings extends Draft<FileAccount>>(account: Settings): Settings & UnifiedSpelling {
  return {
    ...account,
    akid: account.akid ?? account['access-key-id'],
    secret: account.secret ?? account['secret-access-key'],
    useSsl: account.useSsl ?? account['use-ssl'],
    pathStyle: account.pathStyle ?? account['path-style'],
  };
}

interface UnifiedSpelling {
  readonly akid: string | undefined;
  readonly secret: string | undefined;
  readonly useSsl: boolean | undefined;
  readonly pathStyle: boolean | undefined;
}
