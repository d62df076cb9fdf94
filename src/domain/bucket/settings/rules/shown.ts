import { nameOfRules } from './kept-lifecycle';
import type { SettingsRead } from '../../../shared/settings-shapes';

/**
 * The settings that were asked for, in AWS's shapes; null where there is none. They are AWS's own documents, with the
 * members that AWS gave: what is shown may be sent back.
 */
export function shownSettings(settings: Partial<SettingsRead> = {}) {
  const { cors, versioning, lifecycle, policy, publicAccess, encryption } = settings;
  return {
    ...(cors !== undefined && { CORS: cors }),
    ...(versioning !== undefined && { Versioning: versioning && { Status: versioning } }),
    ...(lifecycle !== undefined && {
      Lifecycle: lifecycle && { Name: nameOfRules(lifecycle.rules), Rules: lifecycle.rules },
    }),
    ...(policy !== undefined && { BucketPolicy: policy === null ? null : policyShown(policy) }),
    ...(publicAccess !== undefined && { PublicAccessBlock: publicAccess }),
    ...(encryption !== undefined && { Encryption: encryption }),
  };
}

/** The document; as text where a store gives something that is no JSON. */
function policyShown(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
