import { fail } from '../../base/errors';
import type { AccountConfig, Config } from '../../config/types';
import { fits } from '../../engine/interrupted';
import type { JournalRecord } from '../../engine/journal';
import { NO_PROGRESS } from '../../engine/progress';
import type { Recipe } from '../../engine/recipe';
import type { JsonValue } from '../../base/json';
import type { Context } from '../shared/context';
import { type AnyWrite, isWrite, type Target } from '../shared/operation';
import type { SessionPolicies } from '../shared/session-policies';
import { recipeOf } from './recipe';
import type { OperationTable } from './table';

export interface Resuming {
  readonly config: Config;
  readonly table: OperationTable;
  readonly partitionOf: (account: AccountConfig) => string;
  readonly open: (account: AccountConfig, policies: SessionPolicies) => Promise<Context>;
}

/**
 * Makes the recipe of a run of its journal, as whoever began it did.
 *
 * @throws {unsupported} another version of the service wrote the journal, or its account is configured no longer
 */
export async function resumedRecipe(
  record: JournalRecord,
  resuming: Resuming,
): Promise<{ readonly recipe: Recipe<JsonValue, unknown>; readonly target: Target }> {
  const { config, table, partitionOf, open } = resuming;
  const { target, input } = journaled(record);
  const account = accountOf(record, config);
  const definition = await definitionOf(record, table);
  const policies = definition.policies ?? definition.subject.policies;
  const home = { account, partition: partitionOf(account) };
  const context = await open(account, policies(target, home, config.org));
  const recipe = recipeOf(context, definition, { target, input, nonce: record.operationId });
  const plan = recipe.plan(record.preImage, record.operationId, record.input);
  if (!fits(plan, record.progress ?? NO_PROGRESS))
    return unsupported('its plan has other steps than this version makes');
  return { recipe, target };
}

/**
 * Checks that this service may go on with a run, as far as that can be told without a call.
 *
 * @throws {unsupported} another version of the service wrote the journal, or its account is configured no longer
 */
export async function requireResumable(
  record: JournalRecord,
  { config, table }: Pick<Resuming, 'config' | 'table'>,
): Promise<void> {
  accountOf(record, config);
  await definitionOf(record, table);
}

function accountOf(record: JournalRecord, config: Config): AccountConfig {
  const { target, bucketNamespace } = journaled(record);
  const account =
    config.accounts.get(target.account) ?? unsupported(`there is no account ${target.account} in the configuration`);
  // Its name would be another bucket's.
  if (account.bucketNamespace !== bucketNamespace)
    return unsupported(
      `account ${target.account} had its buckets in another namespace (bucketNamespace ${JSON.stringify(bucketNamespace)}) when it began`,
    );
  return account;
}

interface Journaled {
  readonly target: Target;
  readonly input: unknown;
  readonly bucketNamespace: AccountConfig['bucketNamespace'];
}

function journaled({ input }: JournalRecord): Journaled {
  if (typeof input === 'object' && input !== null && 'target' in input && 'input' in input)
    return {
      target: input['target'] as Target,
      input: input['input'],
      bucketNamespace: input['bucketNamespace'] === 'account-regional' ? 'account-regional' : 'global',
    };
  return unsupported('it does not say whom it is about');
}

/** Kinds are not the table's keys: what is to be recovered is rare, and then all of it may be loaded. */
async function definitionOf({ kind, version }: JournalRecord, table: OperationTable): Promise<AnyWrite> {
  for (const id of table.ids().filter(table.isWrite)) {
    const definition = await table.load(id);
    if (!isWrite(definition) || definition.kind !== kind) continue;
    if (definition.version !== version)
      return unsupported(`its version is ${String(version)}, and this service knows ${String(definition.version)}`);
    return definition;
  }
  return unsupported(`this service knows no operation ${kind}`);
}

const unsupported = (why: string): never => fail({ kind: 'unsupported', detail: why });
