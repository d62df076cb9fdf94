import { lifecycleRules } from '../../src/provisioning/lifecycle';
import { plain } from '../../src/provisioning/settings-plain';
import type { SettingName, SettingsRead } from '../../src/provisioning/settings-shapes';

/** Settings as provisioning gives them: some set, some never set. */
const SETTINGS: SettingsRead = {
  cors: {
    CORSRules: [{ AllowedOrigins: ['https://authentik.company'], AllowedMethods: ['GET'], MaxAgeSeconds: 3000 }],
  },
  versioning: null,
  lifecycle: { rules: lifecycleRules('glacier').map(plain), minimumSize: 'all_storage_classes_128K' },
  policy: '{"Version":"2012-10-17","Statement":[]}',
  publicAccess: null,
  encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
};

export const fakeSettings = (include: readonly SettingName[]): Partial<SettingsRead> =>
  Object.fromEntries(include.map((name) => [name, SETTINGS[name]]));
