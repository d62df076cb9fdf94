import { createServer, request, type IncomingHttpHeaders, type OutgoingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import type { AccountConfig, Config, TokenConfig } from '../../src/config/types';
import { configureServer, type ServerBounds } from '../../src/http/connections/configure-server';
import { responseValidator } from '../../src/http/contract/checks';
import { createHttp } from '../../src/http/server';
import type { Register } from '../../src/engine/register';
import type { HttpMetrics, HttpOptions } from '../../src/http/types';
import type { ConnectionEnd } from '../../src/observability/metrics';
import { secret } from '../../src/base/secret';
import { createTestClock, type TestClock } from './clock';
import { accountConfig as defaultAccount } from './config';
import { createDeadlines, type Deadlines } from '../../src/base/deadlines';
import { currentRequest } from '../../src/observability/request-context';
import { createHistory, type OperationsHistory } from '../../src/operations/history';
import { createMemoryRegister } from '../../src/operations/memory-register';
import { createRepeats } from '../../src/operations/repeats';
import { createSteering, notSteered, type Steered } from '../../src/operations/steering';
import { createFakeProvisioning } from './mocks/fake-provisioning';
import { withHistory } from './mocks/history-reads';
import { type Provisioning, serviceOf } from './mocks/provisioning';

/** The HTTP side on a free port, with a provisioning of plain data behind it. */

export const TOKEN = 'psk-of-the-tests';

export function tokenConfig(plain: string, more: Partial<TokenConfig> = {}): TokenConfig {
  return {
    id: 'main',
    sha256: createHash('sha256').update(plain).digest('hex'),
    plain: secret(plain),
    expires: undefined,
    accounts: undefined,
    methods: undefined,
    ...more,
  };
}

export function accountConfig(name: string, more: Partial<AccountConfig> = {}): AccountConfig {
  return defaultAccount({
    name,
    credentials: { kind: 'default' },
    bucketActions: [],
    objectActions: [],
    distributionActions: [],
    ...more,
  });
}

export function httpConfig(more: Partial<Config> = {}): Config {
  return {
    listen: { host: '127.0.0.1', port: 0 },
    org: 'localdev',
    logLevel: 'info',
    tokens: [tokenConfig(TOKEN)],
    auth: { bcryptTokens: false, failuresPerMinute: 1_000_000 },
    accounts: new Map([
      ['demo', accountConfig('demo', { id: '123456789012' })],
      ['other', accountConfig('other')],
    ]),
    operations: { store: 'memory', keepDays: 90, callTimeoutSeconds: 12 },
    limits: { bodyBytes: 65_536, requestsPerMinute: undefined, concurrentWrites: 64, connectionsPerAddress: undefined },
    corsOrigins: [],
    trustProxy: false,
    shutdownGraceSeconds: 30,
    ...more,
  };
}

export interface Seen {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Parsed, where the answer is JSON; the text, where it is another type; undefined, where it is empty. */
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
}

export interface Sent {
  readonly method?: string;
  /** Sent as it is, so that a test may send what a client library would not. */
  readonly headers?: OutgoingHttpHeaders | readonly string[];
  /** Objects are sent as JSON. */
  readonly body?: unknown;
  readonly token?: string | null;
  /** No keep-alive. */
  readonly agent?: false;
}

export interface HttpHarness {
  readonly server: Server;
  readonly port: number;
  readonly clock: TestClock;
  readonly provisioning: ReturnType<typeof createFakeProvisioning>;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
  readonly observed: readonly Parameters<HttpMetrics['observeHttp']>[0][];
  readonly authFailures: readonly string[];
  /** Why the service ended connections, one entry each. */
  readonly connectionEnds: readonly ConnectionEnd[];
  readonly connectionsOpen: number;
  /** Of the operations whose events it is told. */
  readonly history: OperationsHistory;
  readonly deadlines: Deadlines;
  /** Ends the streams of events. */
  readonly closeStreams: () => void;
  config: Config;
  isReady: boolean;
  send(path: string, sent?: Sent): Promise<Seen>;
  /** Sends, and judges the answer by openapi.yaml. */
  ask(operationId: string, path: string, sent?: Sent): Promise<Seen>;
  /** What the service does of itself every second: closes connections, sums up log lines. */
  everySecond(): void;
  readonly drain: () => void;
  /** Resolves when the next request has ended, one way or the other. */
  nextEnd(): Promise<void>;
  close(): Promise<void>;
}

export interface HarnessOptions {
  readonly config?: Partial<Config>;
  readonly provisioning?: Partial<Provisioning>;
  readonly withRequest?: HttpOptions['withRequest'];
  readonly renderMetrics?: HttpMetrics['render'];
  readonly bounds?: Partial<ServerBounds>;
  /** Whoever can cancel operations and try them again; default: nobody. */
  readonly steered?: Steered;
  /** Where operations are kept, for several to share. */
  readonly register?: Register;
}

export async function startHttp(options: HarnessOptions = {}): Promise<HttpHarness> {
  const clock = createTestClock();
  const fake = createFakeProvisioning();
  const lines: Record<string, unknown>[] = [];
  const observed: Parameters<HttpMetrics['observeHttp']>[0][] = [];
  const authFailures: string[] = [];
  const waiting: (() => void)[] = [];
  const note = (level: string) => (first: object | string, message?: string) => {
    lines.push({ level, ...(typeof first === 'string' ? { msg: first } : { ...first, msg: message }) });
  };
  let ids = 0;
  const log = { info: note('info'), error: note('error') };
  const newId = () => `id-${++ids}`;
  const connectionEnds: ConnectionEnd[] = [];
  let connectionsOpen = 0;
  const metrics: HttpMetrics = {
    observeHttp: (observation) => {
      observed.push(observation);
      for (const tell of waiting.splice(0)) tell();
    },
    authFailure: (reason) => {
      authFailures.push(reason);
    },
    connectionsOpen: (count) => {
      connectionsOpen = count;
    },
    connectionClosed: (reason) => {
      connectionEnds.push(reason);
    },
    render:
      options.renderMetrics ??
      (async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: '# HELP up\nup 1\n' })),
  };
  const config = () => harness.config;
  const deadlines = createDeadlines(clock);
  const keys = options.register ?? createMemoryRegister();
  const history = createHistory({
    clock,
    register: keys,
    isMemory: options.register === undefined,
    deadlines,
    keepDays: () => config().operations.keepDays,
    asking: currentRequest,
  });
  const parts = createHttp({
    config,
    service: withHistory(
      serviceOf(() => ({ ...fake, ...options.provisioning })),
      history,
      config,
    ),
    log,
    metrics,
    build: { version: '1.0.0', githash: '0a1b2c3', buildstamp: '2026-11-22T16:00:00Z' },
    ready: () => harness.isReady,
    newId,
    clock,
    history,
    repeats: createRepeats({ register: keys, clock, history, beginsWithinMs: 60_000 }),
    steering: createSteering({ history, engine: options.steered ?? notSteered }),
    deadlines,
    ...(options.withRequest && { withRequest: options.withRequest }),
  });
  const server = createServer();
  const { drain, sweep } = configureServer(server, parts, { config, metrics, clock, newId }, options.bounds);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const harness: HttpHarness = {
    server,
    port,
    clock,
    provisioning: fake,
    lines,
    observed,
    authFailures,
    connectionEnds,
    get connectionsOpen() {
      return connectionsOpen;
    },
    drain,
    history,
    deadlines,
    closeStreams: parts.closeStreams,
    everySecond: () => {
      deadlines.tick();
      sweep();
      parts.requestLog.sumUp();
    },
    config: httpConfig(options.config),
    isReady: true,
    send: (path, sent = {}) => exchange(port, path, sent),
    ask: async (operationId, path, sent = {}) => {
      const seen = await exchange(port, path, sent);
      const validate = responseValidator(operationId, seen.status);
      expect(validate).toBeDefined();
      expect(validate?.(seen)).toEqual([]);
      return seen;
    },
    nextEnd: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return harness;
}

function exchange(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body, token = TOKEN, agent }: Sent,
): Promise<Seen> {
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const withToken = Array.isArray(headers)
    ? [...(headers as readonly string[]), ...(token === null ? [] : ['X-Auth-Token', token])]
    : { ...(token !== null && { 'X-Auth-Token': token }), ...(headers as OutgoingHttpHeaders) };
  return new Promise((resolve, reject) => {
    const req = request(
      { host: '127.0.0.1', port, path, method, headers: withToken, ...(agent === false && { agent }) },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /^application\/(?:[\w.-]+\+)?json/.test(res.headers['content-type'] ?? '');
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text,
            body: text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text,
            header: (name) => {
              const value = res.headers[name.toLowerCase()];
              return Array.isArray(value) ? value.join(', ') : value;
            },
          });
        });
      },
    );
    req.on('error', reject);
    // Node's client sends bodies of DELETE without any length, and so as the beginning of a next request.
    if (payload !== undefined && !req.hasHeader('Transfer-Encoding'))
      req.setHeader('Content-Length', Buffer.byteLength(payload));
    req.end(payload);
  });
}
