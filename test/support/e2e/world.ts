import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CreateBucketCommand, HeadBucketCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type App, createApp } from '../../../src/app';
import type { Clock } from '../../../src/base/clock';
import { loadConfig } from '../../../src/config/load';
import type { Config } from '../../../src/config/types';
import { digestOf } from '../../../src/config/normalise';
import { type Operation, operations } from '../../../src/http/contract/document';
import { responseValidator } from '../../../src/http/contract/checks';
import { createLogger } from '../../../src/observability/log';
import { createMetrics } from '../../../src/observability/metrics';
import type { Faults } from '../../../src/sandbox/faults';
import type { SandboxOptions } from '../../../src/sandbox/start';
import { eagerClock } from './clock';
import { usesSockets } from '../sandbox/in-memory';
import { type Snapshot, snapshotOf } from './snapshot';
import { snapshotOfState } from './snapshot-of-state';
import { accounts, awsClients, type AwsClients, hasIam, openTarget, type Target } from './target';

/** May do everything. */
export const TOKEN = 'token-of-the-end-to-end-tests-0123456789abcdef';
/** May only read. */
export const READ_TOKEN = 'reading-token-of-the-end-to-end-tests-01234567';
/** May only use the account `other`. */
export const OTHER_TOKEN = 'other-token-of-the-end-to-end-tests-0123456789';

export const ORG = 'e2e-org';
export const LOG_BUCKET = 'e2e-access-logs-demo';
/** The value that the account's `accessLog.prefix` has here. */
const LOG_PREFIX = 's3';

export interface Reply<B = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly headers: Headers;
  /** JSON parsed, other types as text, undefined without a body. */
  readonly body: B;
  readonly text: string;
}

export interface Service {
  readonly app: App;
  /** What it was started with. */
  readonly config: Config;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Sends to a path below `/v1/s3`, or one of `/aws/storage`, and judges the answer by openapi.yaml. `body` is sent as JSON. */
  readonly api: <B = Readonly<Record<string, unknown>>>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply<B>>;
  /** Sends, and hangs up when what `arm` was given is called. */
  readonly hangUp: (
    method: string,
    path: string,
    body: unknown,
    arm: (leave: () => void) => void,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<void>;
  /** Lines of the log so far, as they were written. */
  readonly lines: readonly string[];
  /** Resolves with the first line, past or to come, that holds `text`. */
  readonly logged: (text: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface World extends Service {
  readonly target: Target;
  /** Root of the account `demo`, and of `other`. */
  readonly auditor: AwsClients;
  readonly rival: AwsClients;
  readonly accountId: string;
  /** Failures on demand; throws on an emulator. */
  readonly faults: Faults;
  /** A name nobody else uses, e.g. `photos-5f3a9c12`, on state that others have left behind. */
  readonly name: (stem: string) => string;
  /** Everything in the account `demo` whose name contains `part`. */
  readonly snapshot: (part: string) => Promise<Snapshot>;
  /** A second instance of the service on the same target; `demo` and `env` change what the first was started with. */
  readonly another: (more?: Pick<WorldOptions, 'demo' | 'env'>) => Promise<Service>;
}

export interface WorldOptions {
  readonly logLevel?: 'trace' | 'debug' | 'info';
  /** Merged into the account `demo` of the configuration file. */
  readonly demo?: Readonly<Record<string, unknown>>;
  readonly sandbox?: Partial<SandboxOptions>;
  /** The environment that the service is given. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The service's. Default: the eager one. */
  readonly clock?: Clock;
}

/** The service on the chosen target, in this process, spoken to over HTTP. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const target = await openTarget(options.sandbox);
  const region = regionOf(options);
  const auditor = awsClients(target.endpoint, accounts.demo, region);
  const rival = awsClients(target.endpoint, accounts.other, region);
  await makeLogBucket(auditor, isPlain(options));
  const services: Service[] = [];
  const open = async (more: Pick<WorldOptions, 'demo' | 'env'> = {}): Promise<Service> => {
    const service = await startService(target, { ...options, ...more, demo: { ...options.demo, ...more.demo } });
    services.push(service);
    return service;
  };
  return {
    ...(await open()),
    target,
    auditor,
    rival,
    accountId: accounts.demo.id,
    get faults(): Faults {
      if (target.sandbox === undefined) throw new Error(`${target.name} has no failures on demand`);
      return target.sandbox.faults;
    },
    name: (stem) => `${stem}-${randomBytes(4).toString('hex')}`,
    snapshot: async (part) => {
      if (target.sandbox === undefined || usesSockets || isPlain(options)) return snapshotOf(auditor, part);
      await settled(services);
      return snapshotOfState(target.sandbox.state.take(), accounts.demo.id, part);
    },
    another: open,
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      auditor.destroy();
      rival.destroy();
      await target.stop();
    },
  };
}

/** Turns of the event loop that an auditor's calls would have taken at least. */
const MOST_TURNS = 500;

/** Waits for what is done behind an answer, unless that waits for the test. */
async function settled(services: readonly Service[]): Promise<void> {
  for (let turn = 0; turn < MOST_TURNS && services.some(({ app }) => app.leftBehind().length > 0); turn += 1)
    await nextTurn();
}

/** An S3-compatible store: accounts without IAM and without ids. */
const isPlain = ({ sandbox }: WorldOptions): boolean => !hasIam || sandbox?.plain !== undefined;

const regionOf = ({ sandbox }: WorldOptions): string => sandbox?.plain?.region ?? 'us-east-1';

/** A bucket for access logs, on AWS with the policy that lets it deliver them. */
async function makeLogBucket({ s3 }: AwsClients, plain: boolean): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: LOG_BUCKET }));
  } catch {
    await s3.send(new CreateBucketCommand({ Bucket: LOG_BUCKET }));
  }
  if (plain) return;
  const Statement = [
    {
      Effect: 'Allow',
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: `arn:aws:s3:::${LOG_BUCKET}/*`,
    },
  ];
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: LOG_BUCKET, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
  );
}

function configText(target: Target, options: WorldOptions): string {
  const account = ({ id, accessKeyId, secretAccessKey }: (typeof accounts)['demo']) => ({
    ...(isPlain(options) ? { iam: false } : { id }),
    region: regionOf(options),
    akid: accessKeyId,
    secret: secretAccessKey,
    endpoint: target.endpoint,
    pathStyle: true,
  });
  return JSON.stringify({
    listenAddress: '127.0.0.1:0',
    org: ORG,
    logLevel: options.logLevel ?? 'info',
    tokens: [
      { id: 'all', sha256: digestOf(TOKEN) },
      { id: 'reader', sha256: digestOf(READ_TOKEN), methods: ['GET', 'HEAD'] },
      { id: 'other', sha256: digestOf(OTHER_TOKEN), accounts: ['other'] },
    ],
    auth: { failuresPerMinute: 100_000 },
    accounts: {
      demo: {
        ...account(accounts.demo),
        accessLog: { bucket: 'e2e-access-logs-{account_id}', prefix: LOG_PREFIX },
        ...options.demo,
      },
      other: account(accounts.other),
    },
    limits: { concurrentWrites: 256 },
  });
}

async function startService(target: Target, options: WorldOptions): Promise<Service> {
  const config = loadConfig({ text: configText(target, options), env: {} });
  const lines: string[] = [];
  const waiting = new Set<(line: string) => void>();
  const log = createLogger({
    level: config.logLevel,
    destination: {
      write: (line) => {
        lines.push(line);
        for (const tell of waiting) tell(line);
      },
    },
  });
  const version = { version: '0.0.0', githash: 'e2e', buildstamp: '2026-01-01T00:00:00Z' };
  const metrics = createMetrics(version);
  const app = createApp({ config, clock: options.clock ?? eagerClock, log, metrics, env: options.env ?? {}, version });
  const { address } = await app.start();
  const url = `http://${address}`;

  return {
    app,
    config,
    url,
    api: (method, path, body, headers) => send(url, method, path, body, headers),
    hangUp: (method, path, body, arm, headers) => hangUp(url, method, path, body, arm, headers),
    lines,
    logged: (text) =>
      new Promise((resolve) => {
        const known = lines.find((line) => line.includes(text));
        if (known !== undefined) return resolve(known);
        const tell = (line: string): void => {
          if (!line.includes(text)) return;
          waiting.delete(tell);
          resolve(line);
        };
        waiting.add(tell);
      }),
    stop: app.stop,
  };
}

async function send<B>(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply<B>> {
  const response = await fetch(`${url}${rooted(path)}`, {
    method,
    headers: { 'X-Auth-Token': TOKEN, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
  const parsed: unknown = text === '' ? undefined : isJson ? JSON.parse(text) : text;
  judge(method, path, response.status, response.headers, parsed);
  // What the answer holds is for the test to say; openapi.yaml has just been asked whether it is of the documented form.
  return { status: response.status, headers: response.headers, body: parsed as B, text };
}

/** Of the paths that an operation answers. */
const patterns = new Map(operations.map((operation) => [operation, patternOf(operation)]));

function patternOf({ path, parameters }: Operation): RegExp {
  const isWildcard = (name: string) => parameters.some((parameter) => parameter.name === name && parameter.isWildcard);
  const source = path
    .replaceAll('.', '\\.')
    .replace(/\{(\w+)\}/g, (_, name: string) => (isWildcard(name) ? '.+' : '[^/]+'));
  return new RegExp(`^${source}$`);
}

const rooted = (path: string): string => (path.startsWith('/aws/') ? path : `/v1/s3${path}`);

/** Ends with an Error listing the differences when the answer is not one that openapi.yaml describes. */
function judge(method: string, path: string, status: number, headers: Headers, body: unknown): void {
  const asked = rooted(path).split('?', 1)[0] ?? '';
  const operation = operations.find((one) => one.method === method && patterns.get(one)?.test(asked) === true);
  // Paths and methods that the document does not know are refused; nothing else could be said of the answer.
  if (operation === undefined) return;
  const validate = responseValidator(operation.operationId, status);
  if (validate === undefined)
    throw new Error(`${method} ${asked} answered ${status}, which openapi.yaml does not document`);
  const differences = validate({ header: (name) => headers.get(name), body });
  if (differences.length > 0) {
    throw new Error(
      `${method} ${asked} answered ${status} unlike openapi.yaml: ${differences.join('; ')}\n${JSON.stringify(body)}`,
    );
  }
}

function hangUp(
  url: string,
  method: string,
  path: string,
  body: unknown,
  arm: (leave: () => void) => void,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/s3${path}`, {
      method,
      agent: false,
      headers: { 'X-Auth-Token': TOKEN, ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    });
    // Hanging up is reported as an error; that is what is wanted here.
    sent.on('error', () => undefined);
    sent.on('close', resolve);
    sent.on('response', (response) =>
      reject(new Error(`answered ${String(response.statusCode)} before the client could hang up`)),
    );
    arm(() => sent.destroy());
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
