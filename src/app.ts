import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { createSessions } from './aws/session';
import { createDeadlines } from './base/deadlines';
import type { Clock } from './base/clock';
import { fail, toDomainError } from './base/errors';
import { runningOperation, withOperation } from './base/running-operation';
import type { AccountConfig, Config } from './config/types';
import type { Listener } from './engine/events';
import { createLease } from './engine/lease';
import { createEngine, type LeftBehind } from './engine/perform';
import { isTransient } from './engine/retry';
import { configureServer } from './http/connections/configure-server';
import { keptAnswer } from './http/operations/kept-answer';
import { createHttp } from './http/server';
import type { BuildInfo } from './http/types';
import { domainErrorFields, logAwsCalls, logEngineEvents } from './observability/event-log';
import type { Log } from './observability/log';
import type { Metrics } from './observability/metrics';
import { currentRequest, withRequest } from './observability/request-context';
import { createHistory } from './operations/history';
import { createOperationId } from './operations/operation-id';
import { createRecoverer, type Recovering } from './operations/recover';
import { createRepeats } from './operations/repeats';
import { createSteered } from './operations/steered';
import { createSteering } from './operations/steering';
import { createUndoNotices } from './operations/undo-notices';
import { createStore } from './operations/store';
import { operationTable } from './operations/table';
import { createCleanerSchedule } from './domain/cleaner/schedule';
import { createMemory } from './domain/dispatch/memory';
import { createService } from './domain/dispatch/service';

export interface AppOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The process's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: BuildInfo;
}

export interface App {
  readonly handler: RequestListener;
  /** Listens; gives the bound address as `host:port`. Rejects when the address cannot be had. */
  readonly start: () => Promise<{ readonly address: string }>;
  /** Drains: takes no new writes, lets those that run finish, then closes every connection. */
  readonly stop: () => Promise<void>;
  /** Operations that have not ended, and what each would leave behind if the process ended now. */
  readonly leftBehind: () => readonly LeftBehind[];
  /** Takes over a new configuration, the listen address excepted. */
  readonly reload: (config: Config) => void;
}

const HOUSEKEEPING_MS = 1_000;
/** Nobody else uses the register: what is found there after the start is what could not be given back. */
const SCAN_MS = 30_000;
/** Of the grace of a stop, what it takes to leave operations to others when their last calls have ended. */
const HAND_OVER_MS = 5_000;
const PRUNING_MS = 3_600_000;
/** Connections that wait to be accepted; the system may allow fewer. With Node's 511 a rush makes others wait a second and more for their next try. */
const BACKLOG = 4_096;

/** Puts the parts together. Nothing happens before `start`. */
export function createApp(options: AppOptions): App {
  const { clock, log, metrics, env, version } = options;
  let { config } = options;
  let ready = false;

  const deadlines = createDeadlines(clock);
  const { store: storeKind } = config.operations;
  const store = createStore(config.operations, {
    clock,
    session: async (name) => sessions.open(holderOfStore(config, name)),
    onCall: (call) => metrics.onStoreCall({ store: storeKind, ...call }),
  });
  const history = createHistory({
    clock,
    register: store.register,
    isMemory: !store.isDurable,
    deadlines,
    keepDays: () => config.operations.keepDays,
    asking: currentRequest,
    answerOf: keptAnswer,
  });
  const forgetOld = (): void => {
    const tell = (thrown: unknown): void =>
      log.error({ error: domainErrorFields(toDomainError(thrown)) }, 'old operations could not be forgotten');
    for (const account of config.accounts.keys()) history.prune(account).catch(tell);
    repeats.prune().catch(tell);
    deadlines.after(PRUNING_MS, forgetOld);
  };

  const logCall = logAwsCalls(log);
  const openSessions = () =>
    createSessions({
      clock,
      env,
      org: config.org,
      timeouts: { requestMs: config.operations.callTimeoutSeconds * 1_000 },
      onCall: (call) => {
        metrics.onAwsCall(call);
        logCall(call);
        const { service, operation, requestId, outcome } = call;
        const running = runningOperation();
        if (running) history.noteCall(running.operationId, { service, call: operation, requestId, outcome });
      },
    });
  let sessions = openSessions();

  const tellCaller: Listener = (event) => {
    if (event.type === 'operation-started') currentRequest()?.began?.(event.operationId);
    // No step starts before the journal is written.
    if (event.type === 'step-started') currentRequest()?.acts?.(event.operationId);
  };
  const shared = sharedTimes(config.operations);
  const lease =
    shared &&
    createLease({ register: store.register, clock, newOwner: () => `${hostname()}-${randomUUID()}`, ...shared });
  const sharing = shared && lease && { lease, leaseMs: shared.leaseMs };
  const callTimeoutMs = config.operations.callTimeoutSeconds * 1_000;
  const undoNotices = createUndoNotices({
    register: store.register,
    clock,
    again: async (account, id) => {
      const ended = await history.ended(account, id);
      if (ended?.record.journal === undefined) return false;
      const performed = await steered.settle(id, ended);
      const end = performed?.ended ? await performed.ended : performed?.outcome;
      return end?.state === 'rollback-failed' || (end?.state === 'failed' && isTransient(end.error));
    },
  });
  const engine = createEngine({
    register: store.register,
    isDurable: store.isDurable,
    clock,
    callTimeoutMs,
    newId: (firstClaim) => createOperationId(clock.now(), firstClaim),
    within: withOperation,
    notary: {
      ...history.notary,
      end: async (ended) => {
        await history.notary.end(ended);
        await undoNotices.noteEnd(ended);
      },
    },
    ...(lease && { lease }),
    // The caller is told what the history knows.
    listeners: [logEngineEvents(log), metrics.onEngineEvent, history.listener, tellCaller],
  });
  const schedule = createCleanerSchedule(clock);
  const service = createService({
    config: () => config,
    sessions: {
      open: (account, scope, tokenId) => sessions.open(account, scope, tokenId),
      partitionOf: (account) => sessions.partitionOf(account),
      presign: (account, request) => sessions.presign(account, request),
    },
    engine,
    clock,
    newId: randomUUID,
    memory: createMemory(clock, history),
    nextCleaning: schedule.nextRun,
    table: operationTable,
  });
  const beginsWithinMs = shared ? shared.leaseMs + callTimeoutMs : 0;
  const repeats = createRepeats({ register: store.register, clock, history, beginsWithinMs });
  const steered = createSteered({ engine, register: store.register, clock, settle: service.settle });
  const recoverer = createRecoverer({
    register: store.register,
    isRunning: engine.isRunning,
    resume: service.resume,
    accepts: service.requireResumable,
    hasEnded: history.hasEnded,
    clock,
    scanMs: shared?.scanMs ?? SCAN_MS,
    lease: sharing,
    onLeftAlone: logLeftAlone(log),
    onNotices: async (notices) => {
      await Promise.all([steered.look(notices), undoNotices.look(notices)]);
    },
  });
  metrics.watchOperations({ leaseLosses: () => lease?.losses() ?? 0, undoPending: undoNotices.pending });
  const scheduleCleaner = () =>
    schedule.start(config.accounts.values(), (account) =>
      service.write({ operationId: 'runCleaner', account, name: '', user: '', params: {}, query: {}, body: {} }),
    );
  const http = createHttp({
    config: () => config,
    service,
    log,
    metrics,
    build: version,
    ready: () => ready,
    newId: randomUUID,
    clock,
    history,
    repeats,
    steering: createSteering({ history, engine: steered }),
    deadlines,
    // A read writes no line but its own, which has the id anyway, unless the calls it makes are logged.
    withRequest: ({ id: requestId, ...request }, handle) =>
      (request.method === 'GET' || request.method === 'HEAD') && !log.isEnabled('debug')
        ? handle()
        : withRequest({ requestId, ...request }, async () => handle()),
  });
  const server = createServer();
  const connections = configureServer(server, http, { config: () => config, metrics, clock, newId: randomUUID });
  let housekeeping: NodeJS.Timeout | undefined;

  return {
    handler: http.handler,
    start: async () => {
      await store.open();
      try {
        // Before any run of our own: what is there is left over.
        await recoverer.start();
        await listen(server, config.listen);
      } catch (thrown) {
        await store.close();
        throw thrown;
      }
      ready = true;
      scheduleCleaner();
      forgetOld();
      housekeeping = setInterval(() => {
        connections.sweep();
        deadlines.tick();
        http.requestLog.sumUp();
      }, HOUSEKEEPING_MS).unref();
      return { address: addressOf(server) };
    },
    stop: async () => {
      ready = false;
      schedule.stop();
      recoverer.stop();
      connections.drain();
      engine.hurry();
      // What ends soon ends here; the rest is for others, who would otherwise have to wait for the lease.
      if (lease) {
        const graceMs = config.shutdownGraceSeconds * 1_000 - callTimeoutMs - HAND_OVER_MS;
        await Promise.race([engine.idle(), clock.sleep(Math.max(0, graceMs))]);
        await engine.handOver();
      }
      // Whoever asks meanwhile is told that the service drains, and reads go on: a closed port would tell nobody anything.
      await Promise.all([http.idle(), engine.idle()]);
      // They have ended with their operations; only who does not read is still here.
      http.closeStreams();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.sweep();
      await closed;
      clearInterval(housekeeping);
      http.requestLog.flush();
      // A lease that nobody has told of ends by itself.
      await lease?.resign().catch(() => undefined);
      sessions.destroy();
      await store.close();
    },
    leftBehind: () => engine.leftBehind(),
    reload: (next) => {
      config = next;
      // Reads and writes under way keep the sessions they have, whose connections end when they have been idle for a while.
      sessions = openSessions();
      if (ready) scheduleCleaner();
    },
  };
}

/** How processes that share a store know of one another, in milliseconds; undefined where this one has the store to itself. */
function sharedTimes(operations: Config['operations']) {
  if (operations.store !== 's3') return undefined;
  return {
    leaseMs: operations.leaseSeconds * 1_000,
    heartbeatMs: operations.heartbeatSeconds * 1_000,
    scanMs: operations.scanSeconds * 1_000,
  };
}

/** By the account it is made of, which stands for every setting, as sessions take it. */
const holders = new WeakMap<AccountConfig, AccountConfig>();

/**
 * Gives the account as it reaches the bucket of operations: that one is named as S3 has it. Another store of operations needs a
 * restart, and a new configuration may be without the account of the old one.
 */
function holderOfStore({ accounts }: Config, name: string): AccountConfig {
  const account =
    accounts.get(name) ??
    fail({
      kind: 'misconfigured',
      setting: 'operations.account',
      detail: `The account ${name}, whose bucket keeps operations, is configured no longer.`,
    });
  if (account.bucketNamespace === 'global') return account;
  const holder = holders.get(account) ?? { ...account, bucketNamespace: 'global' };
  holders.set(account, holder);
  return holder;
}

/** Nobody else may write there until a person has looked. */
function logLeftAlone(log: Log): Recovering['onLeftAlone'] {
  return ({ operationId, kind, title, claims }, error) =>
    log.error(
      { operationId, kind, title, claims, error: domainErrorFields(error) },
      'operation of a former process is left alone',
    );
}

function listen(server: Server, { host, port }: Config['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, backlog: BACKLOG, ...(host !== undefined && { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  // A server that listens on TCP has an address of this kind.
  const { address, family, port } = server.address() as AddressInfo;
  return family === 'IPv6' ? `[${address}]:${String(port)}` : `${address}:${String(port)}`;
}
