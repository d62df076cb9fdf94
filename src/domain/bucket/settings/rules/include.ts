import { fail } from '../../../../base/errors';
import { printable } from '../../../shared/names';
import type { SettingName } from '../../../shared/settings-shapes';

export const SETTING_NAMES = [
  'cors',
  'versioning',
  'lifecycle',
  'policy',
  'publicAccess',
  'encryption',
] as const satisfies readonly SettingName[];

const isName = (name: string): name is SettingName => SETTING_NAMES.some((known) => known === name);

/** The settings a comma-separated list names, each once; ends with `invalid` listing the known names. */
export function settingsNamed(list: string): readonly SettingName[] {
  const names = list
    .split(',')
    .map((name): SettingName =>
      isName(name)
        ? name
        : fail({ kind: 'invalid', detail: `include has "${printable(name)}"; known are ${SETTING_NAMES.join(', ')}` }),
    );
  return [...new Set(names)];
}
