import { createHash } from 'node:crypto';
import type { Sessions } from '../../aws/types';
import type { Clock } from '../../base/clock';
import { fail } from '../../base/errors';
import type { AccountConfig, Config } from '../../config/types';
import type { Engine } from '../../engine/perform';
import type { Deliver, Performed } from '../../engine/recipe';
import { type Context, reading } from '../shared/context';
import { createDeletedBuckets } from '../shared/deleted-buckets';
import type { Memory } from '../shared/memory';
import { type AnyOperation, type AnyWrite, isWrite, kindOf, type Place, type Target } from '../shared/operation';
import { ownStores } from '../shared/own-stores';
import { readPolicies, type SessionPolicies } from '../shared/session-policies';
import { recipeOf } from './recipe';

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
  /** Told the SHA-256 in hex of the key of the object that is asked about. */
  readonly note?: (digest: string) => void;
}

/** Everything that can be asked of an account, by the operationIds of openapi.yaml. */
export interface Service {
  readonly ids: () => readonly string[];
  readonly isWrite: (operationId: string) => boolean;
  /** Looks, or tells what a write would do; rejects with a `DomainFailure`. */
  readonly read: (asked: Asked) => Promise<unknown>;
  /**
   * Runs a write. Rejects only with what is known before it begins (input, an unreachable account); how it ended is in its
   * outcome. `deliver` says whether the answer arrived: a key whose secret reached nobody is withdrawn.
   */
  readonly write: (asked: Asked, deliver?: Deliver<unknown>) => Promise<Performed<unknown>>;
}

/** The table of operations: which are writes, and how to load a definition. */
export interface OperationTable {
  readonly ids: () => readonly string[];
  readonly isWrite: (operationId: string) => boolean;
  readonly load: (operationId: string) => Promise<AnyOperation>;
}

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

  const open = async ({ account, config }: Place, policies: SessionPolicies): Promise<Context> => ({
    // A session may cost calls of its own: AssumeRole, GetCallerIdentity.
    session: await reading({ clock }, () => sessions.open(account, policies)),
    org: config.org,
    clock,
    deletedBuckets,
    memory,
    isOwnStore: (bucket) => ownStores(config).has(bucket),
    nextCleaning: () => options.nextCleaning(account.name),
    presign: (request) => sessions.presign(account, request),
  });

  /** A request with its definition, once it is known to ask for something possible. */
  const begin = async (asked: Asked) => {
    const { account, query, body } = asked;
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
    const known = isWrite(definition) ? undefined : definition.known?.(place, memory, target, input);
    if (known !== undefined) return known;
    const look = isWrite(definition) ? definition.dryRun : definition.read;
    if (!look) return fail({ kind: 'unforeseen', detail: `${asked.operationId} has no dry run` });
    return look(await open(place, readPolicies), target, input);
  };

  /** What is believed about the bucket is forgotten before and after, also after what went on in the background. */
  const run = async (
    definition: AnyWrite,
    context: Context,
    target: Target,
    input: unknown,
    deliver: Deliver<unknown> | undefined,
  ): Promise<Performed<unknown>> => {
    const { name } = context.session.account;
    const forget = (): void => memory.existence.forget(name, target.bucket);
    forget();
    try {
      const performed = await engine.perform(
        recipeOf(context, definition, { target, input, nonce: newId() }),
        definition.afterwards && deliver,
      );
      void performed.ended?.then(forget);
      if (performed.outcome.state === 'succeeded') definition.remember?.(context, target, performed.outcome.value);
      return performed;
    } finally {
      forget();
    }
  };

  return {
    ids: table.ids,
    isWrite: table.isWrite,
    read,
    write: async (asked, deliver) => {
      const { definition, place, target, input } = await begin(asked);
      if (!isWrite(definition)) return fail({ kind: 'unforeseen', detail: `${asked.operationId} is a read` });
      const policies = definition.policies ?? definition.subject.policies;
      const { org } = place.config;
      const context = await open(place, policies(target, place.partition, org));
      return run(definition, context, target, input, deliver);
    },
  };
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
