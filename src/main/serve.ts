import { isDeepStrictEqual } from 'node:util';
import type { App } from '../app';
import { isLoopback } from '../config/listen';
import type { ConfigResult } from '../config/load';
import { formatProblem } from '../config/problems';
import type { Config } from '../config/types';
import type { ConfigWarning } from '../config/warnings';
import { toDomainError } from '../base/errors';
import { createLogger, type Log } from '../observability/log';
import { createMetrics } from '../observability/metrics';
import { quickStartBanner } from './banner';
import { EXIT, EXIT_BY_SIGNAL } from './exit-codes';
import type { Flags } from './flags';
import type { Host } from './host';
import type { Parts } from './parts';
import { pointAt, type RunningSandbox, sandboxAccounts, sandboxBuckets, sandboxDomains } from './sandbox-mode';

export interface ServeOptions {
  readonly host: Host;
  readonly flags: Flags;
  readonly config: Config;
  /** What the configuration's reader should know; logged at start. */
  readonly warnings: readonly ConfigWarning[];
  /** The banner's token; undefined without sandbox. */
  readonly token: string | undefined;
  /** Reads the configuration anew, for SIGHUP. */
  readonly reread: () => ConfigResult;
  readonly parts: Parts;
}

/** Starts the service and ties it to the process's signals. Gives an exit code only when it could not start. */
export async function serve(options: ServeOptions): Promise<number | undefined> {
  const { host, flags, token, parts } = options;
  if (flags.sandbox && (options.config.listen.host === undefined || !isLoopback(options.config.listen.host))) {
    host.stderr('mallard: the sandbox is for this computer alone: listen on loopback, e.g. --listen 127.0.0.1:8080\n');
    return flags.listen === undefined ? EXIT.config : EXIT.usage;
  }
  const log = createLogger({ level: options.config.logLevel, ...(host.logTo && { destination: host.logTo }) });
  host.onCrash((thrown) => {
    log.fatal({ err: thrown }, 'crashed');
    log.flush();
    host.exit(EXIT.software);
  });
  for (const { setting, message } of options.warnings) log.warn({ setting }, message);

  let sandbox: RunningSandbox | undefined;
  let app: App;
  let address: string;
  try {
    sandbox = flags.sandbox ? await startSandbox(options, log) : undefined;
    const config = sandbox === undefined ? options.config : pointAt(options.config, sandbox.endpoint);
    const metrics = createMetrics({ version: parts.version.version, githash: parts.version.githash });
    app = parts.createApp({ config, clock: parts.clock, log, metrics, env: host.env, version: parts.version });
    ({ address } = await app.start());
  } catch (error) {
    log.fatal({ err: error, listen: options.config.listen }, 'could not start');
    log.flush();
    host.stderr(`mallard: could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    await sandbox?.stop();
    // The environment may name a proxy or certificates that cannot be used.
    return toDomainError(error).kind === 'misconfigured' ? EXIT.config : EXIT.unavailable;
  }
  announce(options, log, address);
  if (token !== undefined) {
    const [name, account] = [...options.config.accounts][0] ?? ['', undefined];
    host.stderr(
      quickStartBanner({
        version: parts.version.version,
        address,
        token,
        account: name,
        domains: [...(account?.domains.keys() ?? [])],
        dataDir: flags.sandboxData,
      }),
    );
  }
  drainOnSignal(options, log, app, sandbox);
  host.onSignal('SIGHUP', () => reload(options, log, app));
  return undefined;
}

async function startSandbox({ config, flags, parts }: ServeOptions, log: Log): Promise<RunningSandbox> {
  const { startSandbox: start } = await parts.loadSandbox();
  return start({
    accounts: sandboxAccounts(config),
    ...sandboxDomains(config),
    buckets: sandboxBuckets(config),
    ...(flags.sandboxData !== undefined && { dataDir: flags.sandboxData }),
    // One line per call is for debugging; `requestId` is the id of the HTTP request that is served.
    log: ({ level, msg, requestId, ...fields }) =>
      log[level === 'error' || level === 'warn' || level === 'info' ? level : 'debug'](
        { ...fields, ...(requestId !== undefined && { awsRequestId: requestId }) },
        String(msg),
      ),
  });
}

/** Programs wait for this line to learn the port, so it appears at every level but silent. */
function announce({ config, parts, flags }: ServeOptions, log: Log, address: string): void {
  const { version, githash } = parts.version;
  if (config.logLevel !== 'silent') log.setLevel('info');
  log.info({ address, version, githash, sandbox: flags.sandbox, accounts: [...config.accounts.keys()] }, 'listening');
  log.setLevel(config.logLevel);
}

/** The first signal drains and exits 0 within the grace; a second one ends the process at once. */
function drainOnSignal(
  { host, config, parts }: ServeOptions,
  log: Log,
  app: App,
  sandbox: RunningSandbox | undefined,
): void {
  let draining = false;
  const leave = (code: number): void => {
    log.flush();
    host.exit(code);
  };
  const drain = async (): Promise<void> => {
    const done = app.stop().then(() => sandbox?.stop());
    const outOfTime = parts.clock.sleep(config.shutdownGraceSeconds * 1000).then(() => 'late' as const);
    const ended = await Promise.race([done, outOfTime]);
    if (ended !== 'late') {
      log.info('stopped');
      return;
    }
    log.warn({ graceSeconds: config.shutdownGraceSeconds }, 'the grace is over; what still runs is left behind');
    tellLeftBehind(log, app);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    host.onSignal(signal, () => {
      if (draining) {
        tellLeftBehind(log, app);
        return leave(EXIT_BY_SIGNAL[signal]);
      }
      draining = true;
      log.info({ signal, graceSeconds: config.shutdownGraceSeconds }, 'draining');
      drain().then(
        () => leave(EXIT.ok),
        (error: unknown) => {
          log.fatal({ err: error }, 'could not stop');
          leave(EXIT.software);
        },
      );
    });
  }
}

/** Nobody goes on with what still runs: where something stays behind a person has to look. */
function tellLeftBehind(log: Log, app: App): void {
  for (const operation of app.leftBehind())
    log[operation.left.length > 0 ? 'error' : 'warn'](operation, 'operation left behind');
}

/** Takes over a new configuration file; a bad one changes nothing. */
function reload({ flags, config: first, reread }: ServeOptions, log: Log, app: App): void {
  if (flags.sandbox) return log.info('the sandbox keeps the configuration it was started with');
  const result = reread();
  if (!result.ok)
    return log.error(
      { problems: result.problems.map(formatProblem) },
      'the new configuration is not valid; the old one stays',
    );
  const { config } = result;
  try {
    app.reload(config);
  } catch (error) {
    return log.error({ err: error }, 'the new configuration could not be taken over');
  }
  log.setLevel(config.logLevel);
  log.info({ accounts: [...config.accounts.keys()], tokenCount: config.tokens.length }, 'configuration reloaded');
  for (const { setting, message } of result.warnings) log.warn({ setting }, message);
  const { host, port } = config.listen;
  if (host !== first.listen.host || port !== first.listen.port)
    log.warn({ setting: 'listenAddress' }, 'a new listenAddress needs a restart');
  if (!isDeepStrictEqual(config.operations, first.operations))
    log.warn({ setting: 'operations' }, 'another store of operations needs a restart');
}
