/** JSON: what goes into the journal and into answers as it is. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [member: string]: Plain };

/**
 * A body whose members may set something of a bucket: openapi.yaml says which, and what each of them holds. Absent ones are
 * left as they are, and so are those that are null. An update names in `Remove` the members to be taken away.
 */
export interface SettingsInput {
  readonly [member: string]: unknown;
}

/** Name of a setting in `include`; the table of settings has them all. */
export type SettingName = string;
