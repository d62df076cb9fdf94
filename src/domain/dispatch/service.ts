import { createHash } from 'node:crypto';
import type { Sessions } from '../../aws/types';
import type { Clock } from '../../base/clock';
import { fail } from '../../base/errors';
import { type JsonValue, throughJson } from '../../base/json';
import type { AccountConfig, Config } from '../../config/types';
import { tokenIn } from '../../engine/notary';
import type { Engine } from '../../engine/perform';
import type { JournalRecord } from '../../engine/journal';
import type { Deliver, Performed } from '../../engine/recipe';
import type { InterruptedRun } from '../../engine/recover';
import { type Context, reading } from '../shared/context';
import { createDeletedBuckets } from '../shared/deleted-buckets';
import type { Memory } from '../shared/memory';
import { type AnyOperation, type AnyWrite, isWrite, kindOf, type Place, type Target } from '../shared/operation';
import { readPolicies, type SessionPolicies } from '../shared/session-policies';
import { isOwnStore } from '../shared/subject-rules';
import { type AskedFor, type DryRun, NO_OPERATION, requirePlan, tellPlan } from './dry-run';
import { type MadePlan, recipeOf } from './recipe';
import { requireResumable, resumedRecipe } from './resume';
import type { OperationTable } from './table';

/** A request for an operation: its path, query and body, checked against the contract. */
export interface Asked {
  readonly operationId: string;
  readonly account: AccountConfig;
  /** Name of the bucket or website in the path; empty where there is none. */
  readonly name: string;
  readonly user: string;
  readonly params: Readonly<Partial<Record<string, string>>>;
  readonly query: Readonly<Partial<Record<string, string>>>;
  readonly body: unknown;
  /** Of the token that asks; absent for what the service does by itself. */
  readonly tokenId?: string;
  /** What its Idempotency-Key stands for, and the digest of what is asked with it. */
  readonly key?: { readonly scope: string; readonly digest: string };
  /** `planDigest` of the dry run that a write must still be. */
  readonly ifPlanMatch?: string;
  /** Told the SHA-256 in hex of the key of the object that is asked about. */
  readonly note?: (digest: string) => void;
}

/** Everything that can be asked of an account, by the operationIds of openapi.yaml. */
export interface Service {
  readonly ids: () => readonly string[];
  readonly isWrite: (operationId: string) => boolean;
  /** Looks; rejects with a `DomainFailure`. */
  readonly read: (asked: Asked) => Promise<unknown>;
  /** Tells what a write would do, by reads alone; rejects with what would refuse it. */
  readonly dryRun: (asked: Asked) => Promise<ToldDryRun>;
  /**
   * Runs a write. Rejects only with what is known before it begins (input, an unreachable account); how it ended is in its
   * outcome. `deliver` says whether the answer arrived: a key whose secret reached nobody is withdrawn. `admit` may refuse it
   * before anything is looked at.
   */
  readonly write: (asked: Asked, deliver?: Deliver<unknown>, admit?: Admit) => Promise<Performed<unknown>>;
  /**
   * Ends a run that a former process began; rejects only before it is taken up.
   * @throws {unsupported} this process cannot go on with it
   */
  readonly resume: (interrupted: InterruptedRun) => Promise<Performed<unknown>>;
  /**
   * Checks that `resume` is possible, without a call.
   * @throws {unsupported}
   */
  readonly requireResumable: (record: JournalRecord) => Promise<void>;
  /**
   * Takes up what an operation has left that has ended.
   * @throws {unsupported} this process cannot go on with it
   */
  readonly settle: (ended: JournalRecord) => Promise<Performed<unknown>>;
}

export interface ToldDryRun {
  readonly plan: DryRun;
  /** What is answered in place of the plan, by an operation that tells of its dry runs itself. */
  readonly report?: unknown;
}

/**
 * Told the id that an operation would have; gives the one under which it runs, and as which attempt. Rejects where it must not
 * run.
 */
export type Admit = (operationId: string) => Promise<{ readonly operationId: string; readonly attempt: number }>;

export interface ServiceOptions {
  /** Read at every request: SIGHUP may replace it. */
  readonly config: () => Config;
  readonly sessions: Pick<Sessions, 'open' | 'partitionOf' | 'presign'>;
  readonly engine: Engine;
  readonly clock: Clock;
  /** A new unique id. */
  readonly newId: () => string;
  readonly memory: Memory;
  readonly nextCleaning: (account: string) => string | undefined;
  readonly table: OperationTable;
}

/** Joins the definitions, sessions and the engine into what the HTTP side asks for. */
export function createService(options: ServiceOptions): Service {
  const { sessions, engine, clock, newId, memory, table } = options;
  const deletedBuckets = createDeletedBuckets();

  const open = async (
    { account, config }: Pick<Place, 'account' | 'config'>,
    policies: SessionPolicies,
    tokenId?: string,
  ): Promise<Context> => ({
    // A session may cost calls of its own: AssumeRole, GetCallerIdentity.
    session: await reading({ clock }, () => sessions.open(account, policies, tokenId)),
    org: config.org,
    clock,
    deletedBuckets,
    memory,
    isOwnStore: (bucket) => isOwnStore({ config, account }, bucket),
    nextCleaning: () => options.nextCleaning(account.name),
    presign: (request) => sessions.presign(account, request),
  });

  /** A request with its definition, once it is known to ask for something possible. */
  const begin = async (asked: Asked) => {
    const { account, body } = asked;
    // They say how the operation is asked for, not what for: the plan must not differ by them.
    const { dryRun: _, format: __, ...query } = asked.query;
    const definition = await table.load(asked.operationId);
    const place: Place = { config: options.config(), account, partition: sessions.partitionOf(account) };
    const input: unknown = typeof body === 'object' ? { ...query, ...body } : query;
    const target = targetOf(asked, definition, input);
    const key = definition.object?.(target, input);
    if (key !== undefined) asked.note?.(createHash('sha256').update(key).digest('hex'));
    definition.subject.check(place, target);
    definition.check?.(place, target, input);
    return { definition, place, target, input };
  };

  const read: Service['read'] = async (asked) => {
    const { definition, place, target, input } = await begin(asked);
    if (isWrite(definition)) return fail({ kind: 'unforeseen', detail: `${asked.operationId} is a write` });
    const known = definition.known?.(place, memory, target, input);
    if (known !== undefined) return known;
    return definition.read(await open(place, readPolicies), target, input);
  };

  /** Whatever a plan is made of is read, and nothing is claimed: what it says may be another thing a moment later. */
  const dryRun: Service['dryRun'] = async (asked) => {
    const { definition, place, target, input } = await begin(asked);
    if (!isWrite(definition)) return fail({ kind: 'unforeseen', detail: `${asked.operationId} is a read` });
    const context = await open(place, readPolicies);
    const told: DryRun[] = [];
    const agreed = (made: MadePlan): void => void told.push(tellPlan(definition, { target, input }, made));
    const recipe = recipeOf(context, definition, { target, input, nonce: NO_OPERATION, agreed });
    const looked = await definition.dryRun?.(context, target, input);
    const seen = looked === undefined ? await recipe.look() : (throughJson(looked.seen) as JsonValue);
    recipe.plan(seen, NO_OPERATION, throughJson(recipe.input));
    const [plan] = told;
    if (plan === undefined) return fail({ kind: 'unforeseen', detail: `${asked.operationId} made no plan` });
    if (asked.ifPlanMatch !== undefined) requirePlan(plan, asked.ifPlanMatch);
    return looked === undefined
      ? { plan }
      : { plan, report: { ...(looked.report as object), planDigest: plan.planDigest } };
  };

  const run = async (
    definition: AnyWrite,
    context: Context,
    { target, input, ifPlanMatch }: AskedFor & Pick<Asked, 'ifPlanMatch'>,
    deliver: Deliver<unknown> | undefined,
    admit: Admit | undefined,
  ): Promise<Performed<unknown>> => {
    const { name } = context.session.account;
    return forgetting(
      () => memory.existence.forget(name, target.bucket),
      async () => {
        const recipe = recipeOf(context, definition, {
          target,
          input,
          nonce: newId(),
          ...(ifPlanMatch !== undefined && {
            agreed: (made) => requirePlan(tellPlan(definition, { target, input }, made), ifPlanMatch),
          }),
        });
        const as = await admit?.(engine.newId(recipe));
        const performed = await engine.perform(recipe, definition.afterwards && deliver, as);
        if (performed.outcome.state === 'succeeded') definition.remember?.(context, target, performed.outcome.value);
        return performed;
      },
    );
  };

  const takeUp = async (record: JournalRecord) => {
    const { recipe, target } = await resumedRecipe(record, {
      config: options.config(),
      table,
      partitionOf: sessions.partitionOf,
      // Whoever asked for it asks for the rest of it.
      open: (account, policies) => open({ account, config: options.config() }, policies, tokenIn(record.asked)),
    });
    return { recipe, forget: () => memory.existence.forget(target.account, target.bucket) };
  };

  return {
    ids: table.ids,
    isWrite: table.isWrite,
    read,
    dryRun,
    write: async (asked, deliver, admit) => {
      const { definition, place, target, input } = await begin(asked);
      if (!isWrite(definition)) return fail({ kind: 'unforeseen', detail: `${asked.operationId} is a read` });
      const policies = definition.policies ?? definition.subject.policies;
      const { org } = place.config;
      const { ifPlanMatch } = asked;
      const ifMatch = ifPlanMatch === undefined ? {} : { ifPlanMatch };
      // AWS knows by the session who asked for what is done in it; sessions for reads are shared by all tokens.
      const context = await open(place, policies(target, place, org), asked.tokenId);
      return run(definition, context, { target, input, ...ifMatch }, deliver, admit);
    },
    resume: async (interrupted) => {
      const { recipe, forget } = await takeUp(interrupted.record);
      return forgetting(forget, () => engine.resume(recipe, interrupted));
    },
    requireResumable: (record) => requireResumable(record, { config: options.config(), table }),
    settle: async (ended) => {
      const { recipe, forget } = await takeUp(ended);
      return forgetting(forget, () => engine.settle(recipe, ended));
    },
  };
}

/** What is believed about the bucket is forgotten before and after, also after what went on in the background. */
async function forgetting(forget: () => void, perform: () => Promise<Performed<unknown>>): Promise<Performed<unknown>> {
  forget();
  try {
    const performed = await perform();
    void performed.ended?.then(forget);
    return performed;
  } finally {
    forget();
  }
}

/** Works out what a request is about: what its path names, and where that names nothing, its body. */
function targetOf(asked: Omit<Asked, 'query' | 'body'>, definition: AnyOperation, input: unknown): Target {
  const kind = kindOf(definition, asked.operationId);
  if (kind === undefined) throw new Error(`the table has another operation under ${asked.operationId}`);
  const names = definition.names?.(input);
  const params = Object.fromEntries(
    Object.entries(asked.params).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return {
    kind,
    account: asked.account.name,
    bucket: names?.bucket ?? asked.name,
    user: names?.user ?? asked.user,
    params,
  };
}
