import { fail } from '../../../base/errors';
import { printable } from '../../shared/names';
import { SETTINGS } from './aws/table';

/** Names of the settings that `include` may ask for. */
export const INCLUDABLE: readonly string[] = SETTINGS.filter((setting) => 'show' in setting).map(({ name }) => name);

/**
 * Gives the settings a comma-separated list names, each once.
 * @throws {invalid} listing the known names
 */
export function settingsNamed(list: string): readonly string[] {
  const names = list.split(',');
  const unknown = names.find((name) => !INCLUDABLE.includes(name));
  if (unknown !== undefined) {
    fail({ kind: 'invalid', detail: `include has "${printable(unknown)}"; known are ${INCLUDABLE.join(', ')}` });
  }
  return [...new Set(names)];
}

export interface IncludeQuery {
  /** Comma-separated names of settings. */
  readonly include?: string;
}

/**
 * Gives the settings that a query asks for.
 * @throws {invalid} a name that is no setting
 */
export const settingsIn = ({ include }: IncludeQuery): readonly string[] =>
  include === undefined ? [] : settingsNamed(include);
