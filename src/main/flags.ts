import { parseArgs } from 'node:util';
import { type ListenAddress, parseListenAddress } from '../config/listen';

export interface Flags {
  readonly config: string | undefined;
  readonly listen: ListenAddress | undefined;
  readonly check: 'no' | 'config' | 'live';
  readonly sandbox: boolean;
  readonly sandboxData: string | undefined;
  readonly version: boolean;
  readonly help: boolean;
}

export type ParsedFlags =
  { readonly ok: true; readonly flags: Flags } | { readonly ok: false; readonly message: string };

export const HELP = `Usage: mallard (--config FILE | --sandbox) [options]

  --config FILE        configuration to serve; MALLARD_CONFIG does the same
  --listen HOST:PORT   overrides listenAddress; :8080 is every interface, port 0 a free one
  --check              validate the configuration, say on stdout what it was understood to be, and exit
  --check=live         also ask AWS who we are in every account
  --sandbox            run on an imitation of AWS on this computer
  --sandbox-data DIR   keep the sandbox's buckets and users there; its token and port are new at each start
  --version            print the version and exit
  --help               print this and exit

Exit codes: 0 done or drained, 64 wrong command line, 69 the address is taken or --check=live failed for an account,
70 internal error, 78 wrong configuration, 130 and 143 a second SIGINT or SIGTERM ended it.
`;

/** Old deployments say -config, in the manner of Go programs. */
const SINGLE_DASH = /^-((config|listen|check|sandbox|sandbox-data|version|help)(=.*)?)$/s;

/** Reads the command line; the config file falls back to MALLARD_CONFIG. */
export function parseFlags(args: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedFlags {
  let values;
  try {
    values = parseArgs({
      args: args
        .map((arg) => arg.replace(SINGLE_DASH, '--$1'))
        .map((arg) => (arg === '--check' ? '--check=config' : arg)),
      strict: true,
      allowPositionals: false,
      options: {
        config: { type: 'string' },
        listen: { type: 'string' },
        check: { type: 'string' },
        sandbox: { type: 'boolean', default: false },
        'sandbox-data': { type: 'string' },
        version: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
  const { check, sandbox, version, help } = values;
  const sandboxData = values['sandbox-data'];
  const listen = values.listen === undefined ? undefined : parseListenAddress(values.listen);
  if (values.listen !== undefined && listen === undefined) {
    return wrong(
      `--listen ${JSON.stringify(values.listen)} is no HOST:PORT such as 127.0.0.1:8080, :8080 or [::1]:8080`,
    );
  }
  if (check !== undefined && check !== 'config' && check !== 'live')
    return wrong(`--check=${check} is unknown; there are --check and --check=live`);
  if (sandboxData !== undefined && !sandbox) return wrong('--sandbox-data goes with --sandbox only');
  if (sandbox && check === 'live') return wrong('--check=live asks AWS itself and does not go with --sandbox');
  const config = values.config ?? (env['MALLARD_CONFIG'] === '' ? undefined : env['MALLARD_CONFIG']);
  if (values.config === '') return wrong('--config needs the name of a file');
  return { ok: true, flags: { config, listen, check: check ?? 'no', sandbox, sandboxData, version, help } };
}

function wrong(message: string): ParsedFlags {
  return { ok: false, message };
}
