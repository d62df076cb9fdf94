import type { AccountConfig } from '../../config/types';
import type { Performed } from '../../engine/recipe';
import { settingsNamed } from '../../domain/bucket/settings/rules/include';
import type { SettingName } from '../../domain/shared/settings-shapes';
import type { UpdateBucketInput } from '../../domain/shared/shapes';
import { sendJson } from '../send';
import type { AccountHandlers } from '../types';
import type { PerformWrite } from '../writes';

/** What buckets and websites answer alike, and where they differ. Each view makes the body of an answer. */
export interface HolderFamily<Input, Created, Details, Updated, Deleted> {
  /** As it stands in the operationIds. */
  readonly noun: 'Bucket' | 'Website';
  readonly list: (account: AccountConfig) => Promise<readonly string[]>;
  readonly require: (account: AccountConfig, name: string) => Promise<void>;
  readonly create: (account: AccountConfig, input: Input) => Promise<Performed<Created>>;
  readonly createdView: (created: Created) => object;
  readonly show: (account: AccountConfig, name: string, include: readonly SettingName[]) => Promise<Details>;
  readonly detailsView: (details: Details) => object;
  readonly update: (account: AccountConfig, name: string, input: UpdateBucketInput) => Promise<Performed<Updated>>;
  readonly updatedView: (updated: Updated) => object;
  readonly remove: (account: AccountConfig, name: string) => Promise<Performed<Deleted>>;
  readonly deletedView: (deleted: Deleted) => object;
}

/** Bodies have been checked against the schema of their operation, which is what their types say. */
export function holderHandlers<Input, Created, Details, Updated, Deleted>(
  write: PerformWrite,
  family: HolderFamily<Input, Created, Details, Updated, Deleted>,
): AccountHandlers {
  const { noun } = family;
  return {
    [`list${noun}s`]: async ({ account }, res) => sendJson(res, 200, await family.list(account)),

    [`create${noun}`]: ({ account, body }, res) =>
      write(res, {
        run: () => family.create(account, body as Input),
        respond: (created) => sendJson(res, 202, family.createdView(created)),
      }),

    [`head${noun}`]: async ({ account, name }, res) => {
      await family.require(account, name);
      res.statusCode = 200;
      res.end();
    },

    [`show${noun}`]: async ({ account, name, query: { include } }, res) => {
      const settings = include === undefined ? [] : settingsNamed(include);
      sendJson(res, 200, family.detailsView(await family.show(account, name, settings)));
    },

    [`update${noun}`]: ({ account, name, body }, res) =>
      write(res, {
        run: () => family.update(account, name, body as UpdateBucketInput),
        respond: (updated) => sendJson(res, 200, family.updatedView(updated)),
      }),

    [`delete${noun}`]: ({ account, name }, res) =>
      write(res, {
        run: () => family.remove(account, name),
        respond: (deleted) => sendJson(res, 200, family.deletedView(deleted)),
      }),
  };
}
