import { operationOf } from '../../../src/aws/call';
import { createEngine } from '../../../src/engine/perform';
import type { Plan } from '../../../src/engine/plan';
import type { Outcome, Recipe } from '../../../src/engine/recipe';
import type { JsonValue } from '../../../src/base/json';
import { type DomainError, toDomainError } from '../../../src/base/errors';
import { recipeOf } from '../../../src/domain/dispatch/recipe';
import type { Context } from '../../../src/domain/shared/context';
import type { Place, Target, WriteOperation } from '../../../src/domain/shared/operation';
import { createMemoryRegister } from '../../../src/operations/memory-register';
import { accountConfig } from '../config';
import type { MockedAws } from './mocked-aws';

/** Recipes on mocked clients: run by the engine, or looked at step by step. */

export const OPERATION = 'op-1';

/** Runs a recipe to its end on the real engine; its operation is `op-1`. */
export async function run<P extends JsonValue, T>({ clock }: MockedAws, recipe: Recipe<P, T>): Promise<Outcome<T>> {
  const engine = createEngine({ register: createMemoryRegister(), clock, newId: () => OPERATION, listeners: [] });
  const { outcome, ended } = await engine.perform(recipe);
  if (outcome.state !== 'running') return outcome;
  if (ended === undefined) throw new Error('a run that goes on has no end');
  return ended;
}

/** What a run gave; throws when it did not succeed. */
export async function valueOf<P extends JsonValue, T>(aws: MockedAws, recipe: Recipe<P, T>): Promise<T> {
  const outcome = await run(aws, recipe);
  if (outcome.state !== 'succeeded') throw new Error(`${outcome.state}: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

/** Why a run did not succeed; undefined when it did. */
export async function errorOf<P extends JsonValue, T>(
  aws: MockedAws,
  recipe: Recipe<P, T>,
): Promise<DomainError | undefined> {
  const outcome = await run(aws, recipe);
  return outcome.state === 'succeeded' ? undefined : outcome.error;
}

/** What a plan would do, in its own words. */
export const titles = ({ steps }: Pick<Plan<unknown>, 'steps'>): readonly string[] => steps.map(({ title }) => title);

/** Titles of the steps that the one of that title waits for. */
export const waitsFor = ({ steps }: Plan<unknown>, title: string): readonly (string | undefined)[] =>
  (steps.find((step) => step.title === title)?.dependsOn ?? []).map((index) => steps[index]?.title);

/** Names of all commands that were sent, e.g. `CreateUser`. */
export const sent = ({ s3, iam, cloudfront, route53, acm }: MockedAws): readonly string[] =>
  [s3, iam, cloudfront, route53, acm].flatMap((client) =>
    client.calls().map(({ args: [command] }) => operationOf(command)),
  );

const READ = /^(?:Get|List|Head|Describe)/;

/** Those that may change something. */
export const writes = (aws: MockedAws): readonly string[] => sent(aws).filter((name) => !READ.test(name));

export interface AskedFor {
  readonly kind?: Target['kind'];
  readonly bucket?: string;
  readonly user?: string;
  readonly params?: Target['params'];
}

/**
 * The recipe of a definition for a bucket (or what `of` says), without the guard that keeps it off other orgs' buckets:
 * that is tested by itself (only-ours.test.ts).
 */
export function recipeFor<I, S, A>(
  context: Context,
  definition: WriteOperation<I, S, A>,
  { kind = 'bucket', bucket = 'photos', user = '', params = {} }: AskedFor,
  input: I,
  nonce = 'nonce',
): Recipe<JsonValue, A> {
  const target: Target = { kind, account: context.session.account.name, bucket, user, params };
  const { subject } = definition;
  return recipeOf(context, { ...definition, subject: { ...subject, guarded: false } }, { target, input, nonce });
}

/** Why a definition refuses an input before any call; undefined when it does not. */
export function refusalOf<I, S, A>(
  definition: WriteOperation<I, S, A>,
  { kind = 'bucket', bucket = 'photos', user = '', params = {} }: AskedFor,
  input: I,
): DomainError | undefined {
  const account = accountConfig({});
  const config: Place['config'] = {
    org: 'acme',
    accounts: new Map([[account.name, account]]),
    operations: { store: 'memory', keepDays: 1, callTimeoutSeconds: 1 },
  };
  const target: Target = { kind, account: account.name, bucket, user, params };
  const place: Place = { config, account, partition: 'aws' };
  try {
    definition.subject.check(place, target);
    definition.check?.(place, target, input);
    return undefined;
  } catch (thrown) {
    return toDomainError(thrown);
  }
}
