import type { Provisioning } from '../../domain/desks/service';
import type { CreateUserInput, KeysReset, UserCreated } from '../../domain/shared/shapes';
import { sendJson } from '../send';
import type { AccountHandlers } from '../types';
import { keysResetView, sparedView, userCreatedView, userDetailsView, userView } from '../views/views';
import type { PerformWrite } from '../writes';
import { keyHandlers } from './keys';
import type { UserFamily } from './user-family';

/**
 * Users of buckets or of websites, and their keys. Bodies have been checked against the schema of their operation, which is what their
 * types say.
 */
export function userHandlers(provisioning: Provisioning, write: PerformWrite, family: UserFamily): AccountHandlers {
  const { as, prefix } = family;

  return {
    ...keyHandlers(provisioning, write, family),

    [`list${prefix}Users`]: async ({ account, name }, res) =>
      sendJson(res, 200, (await provisioning.listUsers(account, as(name))).map(userView)),

    [`create${prefix}User`]: (call, res) =>
      write<UserCreated>(res, {
        run: (deliver) => provisioning.createUser(call.account, as(call.name), call.body as CreateUserInput, deliver),
        respond: (created) => sendJson(res, 200, userCreatedView(created)),
      }),

    [`show${prefix}User`]: async ({ account, name, user }, res) =>
      sendJson(res, 200, userDetailsView(await provisioning.showUser(account, as(name), user))),

    [`reset${prefix}Keys`]: (call, res) =>
      write<KeysReset>(res, {
        run: (deliver) => provisioning.resetKeys(call.account, as(call.name), call.user, deliver),
        respond: (reset) => sendJson(res, 200, keysResetView(reset)),
      }),

    [`delete${prefix}User`]: ({ account, name, user }, res) =>
      write(res, {
        run: () => provisioning.deleteUser(account, as(name), user),
        respond: (spared) => sendJson(res, 200, sparedView(spared)),
      }),
  };
}
