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
