import { fail } from '../../base/errors';
import type { Desk } from './desk';
import { checkKeyId, reportRange } from '../user/keys/rules/input';
import type { KeyProvisioning } from './key-service';
import type { ChangeUserInput } from '../user/keys/rules/shapes';
import { addKey } from '../user/keys/add';
import { changeUser } from '../user/change';
import { deleteKey } from '../user/keys/delete';
import { revokeKeys } from '../user/keys/revoke';
import { setKeyStatus } from '../user/keys/set-status';
import { keyReport } from '../user/keys/aws/report';
import { listKeys } from '../user/keys/aws/last-use';
import { distributionArnOf } from './site-desk';

/** Single access keys, the state of users, and the account's report of keys. */
export function keyDesk(desk: Desk): KeyProvisioning {
  const { checkUser, forReading, forBucket, write } = desk;

  return {
    addKey: async (account, holder, user, deliver) => {
      checkUser(account, holder, user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, addKey(context, holder, user), deliver);
    },
    listKeys: async (account, holder, user) => {
      checkUser(account, holder, user);
      return listKeys(await forReading(account), holder, user);
    },
    setKeyStatus: async (account, holder, key, status) => {
      checkUser(account, holder, key.user);
      checkKeyId(key.id);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, setKeyStatus(context, holder, key, status));
    },
    deleteKey: async (account, holder, key) => {
      checkUser(account, holder, key.user);
      checkKeyId(key.id);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, deleteKey(context, holder, key));
    },
    revokeKeys: async (account, holder, user) => {
      checkUser(account, holder, user);
      const context = await forBucket(account, holder.bucket);
      return write(context, holder.bucket, revokeKeys(context, holder, user));
    },
    changeUser: async (account, holder, user, input) => {
      checkUser(account, holder, user);
      checkChange(input);
      const needsSite = holder.kind === 'website' && input.Groups?.includes('WebAdmGrp') === true;
      const arn = needsSite ? await distributionArnOf(desk, account, holder.bucket) : undefined;
      const context = await forBucket(account, holder.bucket);
      const change = { user, input, ...(arn !== undefined && { distributionArn: arn }) };
      return write(context, holder.bucket, changeUser(context, holder, change));
    },
    reportKeys: async (account, query) => {
      const range = reportRange(query);
      desk.requireIam(account);
      return keyReport(await forReading(account), range, desk.isOwnStore);
    },
  };
}

/** Ends with `invalid` for a change that says nothing; makes no call. */
function checkChange({ Status, Groups }: ChangeUserInput): void {
  if (Status === undefined && Groups === undefined) {
    fail({ kind: 'invalid', detail: 'the body must have at least one of Status, Groups' });
  }
  if (Groups?.length === 0) {
    fail({
      kind: 'invalid',
      pointer: '/Groups',
      detail: 'Groups must name at least one group, or be left out; delete the user to take it out of all',
    });
  }
}
