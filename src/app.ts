import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSessions } from './aws/session';
import { createDeadlines } from './base/deadlines';
import type { Clock } from './base/clock';
import { fail, toDomainError } from './base/errors';
import { runningOperation, withOperation } from './base/running-operation';
import type { AccountConfig, Config } from './config/types';
import type { Listener } from './engine/events';
import { createEngine, type LeftBehind } from './engine/perform';
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
import { createSteering, notSteered } from './operations/steering';
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
    session: async (name) => sessions.open(accountNamed(config, name)),
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
    for (const account of config.accounts.keys()) {
      history.prune(account).catch((thrown: unknown) => {
        log.error(
          { account, error: domainErrorFields(toDomainError(thrown)) },
          'old operations could not be forgotten',
        );
      });
    }
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
  };
  const engine = createEngine({
    register: store.register,
    isDurable: store.isDurable,
    clock,
    newId: (firstClaim) => createOperationId(clock.now(), firstClaim),
    within: withOperation,
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
  const recoverer = createRecoverer({
    register: store.register,
    isRunning: engine.isRunning,
    resume: service.resume,
    accepts: service.requireResumable,
    clock,
    scanMs: SCAN_MS,
    onLeftAlone: logLeftAlone(log),
  });
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
    steering: createSteering({ history, engine: notSteered }),
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
      // Whoever asks meanwhile is told that the service drains, and reads go on: a closed port would tell nobody anything.
      await Promise.all([http.idle(), engine.idle()]);
      // They have ended with their operations; only who does not read is still here.
      http.closeStreams();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      connections.sweep();
      await closed;
      clearInterval(housekeeping);
      http.requestLog.flush();
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

/** Another store of operations needs a restart, and a new configuration may be without the account of the old one. */
function accountNamed({ accounts }: Config, name: string): AccountConfig {
  return (
    accounts.get(name) ??
    fail({
      kind: 'misconfigured',
      setting: 'operations.account',
      detail: `The account ${name}, whose bucket keeps operations, is configured no longer.`,
    })
  );
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
