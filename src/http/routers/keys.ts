import type { ChangeUserInput, KeyAdded, KeyStatus } from '../../domain/user/keys/rules/shapes';
import type { Provisioning } from '../../domain/desks/service';
import { keyAddedView, keyReportView, keysRevokedView, usedKeyView } from '../views/key-views';
import { sendJson } from '../send';
import type { AccountHandlers, Call } from '../types';
import { keyView, userDetailsView } from '../views/views';
import type { PerformWrite } from '../writes';
import type { UserFamily } from './user-family';

/** As openapi.yaml's `SetKeyStatus`. */
interface SetKeyStatus {
  readonly Status: KeyStatus;
}

/**
 * Single access keys and the state of users, of buckets or of websites. Bodies have been checked against the schema of
 * their operation, which is what their types say.
 */
export function keyHandlers(
  provisioning: Provisioning,
  write: PerformWrite,
  { as, prefix }: UserFamily,
): AccountHandlers {
  const keyOf = ({ user, params }: Call) => ({ user, id: params['key'] ?? '' });

  return {
    [`change${prefix}User`]: ({ account, name, user, body }, res) =>
      write(res, {
        run: () => provisioning.changeUser(account, as(name), user, body as ChangeUserInput),
        respond: (details) => sendJson(res, 200, userDetailsView(details)),
      }),

    [`list${prefix}Keys`]: async ({ account, name, user }, res) =>
      sendJson(res, 200, (await provisioning.listKeys(account, as(name), user)).map(usedKeyView)),

    [`add${prefix}Key`]: ({ account, name, user }, res) =>
      write<KeyAdded>(res, {
        run: (deliver) => provisioning.addKey(account, as(name), user, deliver),
        respond: (added) => sendJson(res, 200, keyAddedView(added)),
      }),

    [`revoke${prefix}Keys`]: ({ account, name, user }, res) =>
      write(res, {
        run: () => provisioning.revokeKeys(account, as(name), user),
        respond: (revoked) => sendJson(res, 200, keysRevokedView(revoked)),
      }),

    [`set${prefix}KeyStatus`]: (call, res) =>
      write(res, {
        run: () =>
          provisioning.setKeyStatus(call.account, as(call.name), keyOf(call), (call.body as SetKeyStatus).Status),
        respond: (key) => sendJson(res, 200, keyView(key)),
      }),

    [`delete${prefix}Key`]: (call, res) =>
      write(res, {
        run: () => provisioning.deleteKey(call.account, as(call.name), keyOf(call)),
        respond: () => sendJson(res, 200, {}),
      }),
  };
}

/** The account's report of keys. */
export function keyReportHandlers(provisioning: Provisioning): AccountHandlers {
  return {
    reportKeys: async ({ account, query }, res) => {
      const { olderThan, limit, marker } = query;
      const report = await provisioning.reportKeys(account, {
        ...(olderThan !== undefined && { olderThan }),
        ...(limit !== undefined && { limit: Number(limit) }),
        ...(marker !== undefined && { marker }),
      });
      sendJson(res, 200, keyReportView(report));
    },
  };
}
