import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { AwsCall } from '../aws/wire/instrument';
import type { Listener } from '../engine/events';
import { createOperationMetrics, type OperationMetrics } from './operation-metrics';

export interface HttpObservation {
  /** The route's template, e.g. `/v1/s3/{account}/buckets`; undefined when no route matched. Never the path itself. */
  readonly route: string | undefined;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** A call to where operations are kept. */
export interface StoreObservation {
  readonly store: 'memory' | 'file' | 's3';
  readonly call: 'get' | 'put' | 'delete' | 'list';
  readonly outcome: string;
  readonly durationMs: number;
}

/** Why a request was not let in. */
export type AuthFailure = (typeof AUTH_FAILURES)[number];
const AUTH_FAILURES = ['missing', 'wrong', 'expired', 'scope', 'rate-limited'] as const;

/** Why the service itself ended a connection. */
export type ConnectionEnd = (typeof CONNECTION_ENDS)[number];
const CONNECTION_ENDS = [
  'timeout',
  'malformed',
  'unread',
  'made-room',
  'made-room-address',
  'refused',
  'refused-address',
] as const;

export interface Metrics {
  readonly observeHttp: (observation: HttpObservation) => void;
  readonly onAwsCall: (call: AwsCall) => void;
  readonly onStoreCall: (observation: StoreObservation) => void;
  readonly onEngineEvent: Listener;
  readonly authFailure: (reason: AuthFailure) => void;
  /** What the leases and undos of this process have come to, asked whenever the page is read. */
  readonly watchOperations: OperationMetrics['watch'];
  /** So many connections of callers are open now. */
  readonly connectionsOpen: (count: number) => void;
  readonly connectionClosed: (reason: ConnectionEnd) => void;
  /** The page Prometheus reads. */
  readonly render: () => Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface MetricsOptions {
  readonly version: string;
  readonly githash: string;
}

/** A client may send any word as its method; only these become labels. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Upper bounds in seconds: a cached answer takes about a millisecond, a request at most 30 s. */
const HTTP_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A call is cut off after 12 s, or what the operator says. */
const AWS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];
/** A disk takes a millisecond, S3 twenty to a hundred. */
const STORE_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 12];
/** Distributions take up to 40 minutes. */
const PLAN_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60, 300, 900, 2400];

/**
 * Makes the service's metrics, in a registry of their own. Labels hold words of the code alone, never a name that a
 * caller chose: their number stays bounded, and no page of metrics tells who has which bucket.
 */
export function createMetrics({ version, githash }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const http = new Histogram({
    name: 'mallard_http_request_duration_seconds',
    help: 'HTTP requests by route template, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: HTTP_SECONDS,
    registers,
  });
  const awsCalls = new Histogram({
    name: 'mallard_aws_call_duration_seconds',
    help: 'Calls to AWS by service, operation and outcome.',
    labelNames: ['service', 'operation', 'outcome'],
    buckets: AWS_SECONDS,
    registers,
  });
  const throttles = new Counter({
    name: 'mallard_aws_throttles_total',
    help: 'Calls that AWS throttled, by service and operation.',
    labelNames: ['service', 'operation'],
    registers,
  });
  const storeCalls = new Histogram({
    name: 'mallard_store_request_duration_seconds',
    help: 'Calls to the store of operations by store, call and outcome, with what was sent again.',
    labelNames: ['store', 'call', 'outcome'],
    buckets: STORE_SECONDS,
    registers,
  });
  const plans = new Histogram({
    name: 'mallard_plan_duration_seconds',
    help: 'Operations by kind and outcome, from claim to end.',
    labelNames: ['kind', 'outcome'],
    buckets: PLAN_SECONDS,
    registers,
  });
  const operations = createOperationMetrics(registry);
  const goingOn = new Gauge({
    name: 'mallard_plan_background_running',
    help: 'Operations that go on after their caller was told so: AWS is too busy to take back or to finish what they began.',
    registers,
  });
  const rollbacks = new Counter({
    name: 'mallard_plan_rollbacks_total',
    help: 'Operations that were taken back, by kind; outcome rollback-failed left something behind.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const authFailures = new Counter({
    name: 'mallard_auth_failures_total',
    help: 'Requests that were not let in, by reason.',
    labelNames: ['reason'],
    registers,
  });
  // There from the start, so that the first failure shows as an increase.
  for (const reason of AUTH_FAILURES) authFailures.inc({ reason }, 0);
  const open = new Gauge({
    name: 'mallard_http_connections_open',
    help: 'Connections of callers that are open now.',
    registers,
  });
  const closed = new Counter({
    name: 'mallard_http_connections_closed_total',
    help: 'Connections that the service ended against the will of their callers, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of CONNECTION_ENDS) closed.inc({ reason }, 0);
  new Gauge({
    name: 'mallard_build_info',
    help: 'Always 1; the labels say which build runs.',
    labelNames: ['version', 'githash', 'node'],
    registers,
  }).set({ version, githash, node: process.versions.node }, 1);

  return Object.freeze({
    observeHttp: ({ route, method, status, seconds }: HttpObservation): void => {
      http.observe(
        { route: route ?? 'unmatched', method: METHODS.has(method) ? method : 'other', status: String(status) },
        seconds,
      );
    },
    onAwsCall: ({ service, operation, outcome, durationMs }: AwsCall): void => {
      awsCalls.observe({ service, operation, outcome }, durationMs / 1000);
      if (outcome === 'throttled') throttles.inc({ service, operation });
    },
    onStoreCall: ({ store, call, outcome, durationMs }): void => {
      storeCalls.observe({ store, call, outcome }, durationMs / 1000);
    },
    onEngineEvent: (event): void => {
      operations.listener(event);
      switch (event.type) {
        case 'operation-goes-on':
          goingOn.inc();
          return;
        case 'operation-handed-over':
          if (event.wentOn) goingOn.dec();
          return;
        case 'operation-ended':
          if (event.wentOn) goingOn.dec();
          plans.observe({ kind: event.kind, outcome: event.state }, event.durationMs / 1000);
          if (event.state === 'rolled-back' || event.state === 'rollback-failed')
            rollbacks.inc({ kind: event.kind, outcome: event.state });
          return;
        default:
          return;
      }
    },
    watchOperations: operations.watch,
    authFailure: (reason): void => {
      authFailures.inc({ reason });
    },
    connectionsOpen: (count): void => {
      open.set(count);
    },
    connectionClosed: (reason): void => {
      closed.inc({ reason });
    },
    render: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  } satisfies Metrics);
}
