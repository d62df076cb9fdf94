import { createSessions } from '../aws/session';
import type { Sessions } from '../aws/types';
import { readConfig } from '../config/load';
import { formatProblem } from '../config/problems';
import type { Config } from '../config/types';
import sandboxConfig from '../../config/sandbox.json';
import { toDomainError } from '../base/errors';
import { checkLive } from './check-live';
import { describeConfig } from './describe-config';
import { EXIT } from './exit-codes';
import { type Flags, HELP, parseFlags } from './flags';
import type { Host } from './host';
import type { Parts } from './parts';
import { adaptToSandbox, keepBeside, randomToken, TOKEN_VARIABLE } from './sandbox-mode';
import { serve } from './serve';

type Accepted = Extract<ReturnType<typeof readConfig>, { ok: true }>;

/** Reads the command line and does what it asks for. Gives the exit code, or undefined while the service runs. */
export async function run(host: Host, parts: Parts): Promise<number | undefined> {
  const parsed = parseFlags(host.args, host.env);
  if (!parsed.ok) return complain(host, EXIT.usage, `${parsed.message}\n\n${HELP}`);
  const { flags } = parsed;
  if (flags.help) return print(host, HELP);
  const { version, githash, buildstamp } = parts.version;
  if (flags.version) return print(host, `mallard ${version} (${githash}, built ${buildstamp})\n`);
  if (flags.config === undefined && !flags.sandbox) {
    return complain(
      host,
      EXIT.usage,
      `no configuration: name one with --config FILE or MALLARD_CONFIG, or try the service with --sandbox\n\n${HELP}`,
    );
  }

  const token = flags.sandbox ? host.env[TOKEN_VARIABLE] || randomToken() : undefined;
  const read = (): ReturnType<typeof readConfig> => readFor(host, flags, token, parts.clock.now());
  const result = read();
  const source = flags.config ?? 'config/sandbox.json';
  if (!result.ok)
    return complain(
      host,
      EXIT.config,
      `${source} is not a valid configuration:\n${result.problems.map((problem) => `  ${formatProblem(problem)}\n`).join('')}`,
    );
  if (flags.check !== 'no') return check(host, flags, result, source, parts);
  return serve({ host, flags, config: result.config, warnings: result.warnings, token, reread: read, parts });
}

function readFor(host: Host, flags: Flags, token: string | undefined, now: number): ReturnType<typeof readConfig> {
  const result = readConfig({
    ...(flags.config === undefined ? { text: JSON.stringify(sandboxConfig) } : { path: flags.config }),
    env: token === undefined ? host.env : { ...host.env, [TOKEN_VARIABLE]: token },
    readFile: host.readFile,
    now,
  });
  if (!result.ok) return result;
  const config: Config =
    flags.listen === undefined
      ? result.config
      : Object.freeze({ ...result.config, listen: Object.freeze(flags.listen) });
  if (token === undefined) return { ...result, config };
  const adapted = adaptToSandbox(config, token);
  return { ...result, config: flags.sandboxData === undefined ? adapted : keepBeside(adapted, flags.sandboxData) };
}

async function check(
  host: Host,
  flags: Flags,
  { config, warnings }: Accepted,
  source: string,
  parts: Parts,
): Promise<number> {
  host.stdout(`${source} is valid: accounts ${[...config.accounts.keys()].join(', ')}\n\n`);
  host.stdout(
    describeConfig(config, warnings)
      .map((line) => `${line}\n`)
      .join(''),
  );
  if (flags.check !== 'live') return EXIT.ok;
  let sessions: Sessions | undefined;
  try {
    sessions = createSessions({
      clock: parts.clock,
      org: config.org,
      env: host.env,
      timeouts: { requestMs: config.operations.callTimeoutSeconds * 1_000 },
    });
    const { ok, lines } = await checkLive(config, sessions);
    host.stdout(`\n${lines.map((line) => `${line}\n`).join('')}`);
    return ok ? EXIT.ok : EXIT.unavailable;
  } catch (thrown) {
    const { kind, detail } = toDomainError(thrown);
    if (kind !== 'misconfigured') throw thrown;
    return complain(host, EXIT.config, `${detail}\n`);
  } finally {
    sessions?.destroy();
  }
}

function print(host: Host, text: string): number {
  host.stdout(text);
  return EXIT.ok;
}

function complain(host: Host, code: number, text: string): number {
  host.stderr(`mallard: ${text}`);
  return code;
}
