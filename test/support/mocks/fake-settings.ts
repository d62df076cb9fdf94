import { lifecycleRules } from '../../../src/domain/bucket/settings/rules/lifecycle';
import { plain } from '../../../src/domain/bucket/settings/rules/plain';
import { shownOf } from '../../../src/domain/bucket/settings/aws/read';
import { settingsOf } from '../../../src/domain/bucket/settings/aws/table';
import type { Plain, SettingName } from '../../../src/domain/shared/settings-shapes';
import type { ShownSettings } from '../../../src/domain/shared/shapes';

/** Settings as provisioning gives them: some set, some never set. */
const SETTINGS: Readonly<Record<string, Plain>> = {
  cors: {
    CORSRules: [{ AllowedOrigins: ['https://authentik.company'], AllowedMethods: ['GET'], MaxAgeSeconds: 3000 }],
  },
  versioning: null,
  lifecycle: { rules: lifecycleRules('glacier').map(plain), minimumSize: 'all_storage_classes_128K' },
  policy: '{"Version":"2012-10-17","Statement":[]}',
  publicAccess: null,
  objectLock: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } } },
  encryption: { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
};

export const fakeSettings = (include: readonly SettingName[]): ShownSettings => shownOf(SETTINGS, settingsOf(include));
