import type { KeyAdded, KeyReport, KeysRevoked, KeyUse, UsedKeyShape } from '../../domain/user/keys/rules/shapes';
import { keyView, newKeyView, timeView } from './views';

/** Access keys as the contract shows them; `keyAddedView` holds a secret and goes into a response body alone. */

function useView(use: KeyUse | undefined) {
  if (use === undefined) return null;
  return { LastUsedDate: timeView(use.LastUsedDate), ServiceName: use.ServiceName ?? null, Region: use.Region ?? null };
}

export const keyAddedView = ({ AccessKey }: KeyAdded) => ({ AccessKey: newKeyView(AccessKey) });

export const usedKeyView = (key: UsedKeyShape) => ({ ...keyView(key), LastUsed: useView(key.LastUsed) });

export const keysRevokedView = ({ DeletedKeyIds }: KeysRevoked) => ({ DeletedKeyIds });

export function keyReportView({ Keys, Marker }: KeyReport) {
  return {
    Keys: Keys.map((key) => ({ ...usedKeyView(key), ageDays: key.ageDays ?? null, Bucket: key.Bucket })),
    Marker: Marker ?? null,
  };
}
