import type { Clock } from '../base/clock';
import { DomainFailure } from '../base/errors';
import type { CredentialSource } from './credentials/source';
import { judge } from './errors/codes';
import { failureOf, toFailure } from './errors/map';
import type { RawClient, ServiceName } from './services';
import { type CallListener, outcomeOf, report } from './wire/instrument';
import { readWireError } from './wire/wire-error';

/** What all calls of one service in one session have in common. */
export interface CallSite {
  readonly service: ServiceName;
  readonly accountName: string;
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly onCall: CallListener | undefined;
}

export type Attempt =
  | { readonly ok: true; readonly output: unknown }
  /** `region`: where the answer says the bucket is, when it went to the wrong place. */
  | { readonly ok: false; readonly failure: DomainFailure; readonly region?: string };

/**
 * Sends a command once, tells the listener how it ended, and gives output or failure. Never rejects.
 * Credentials that AWS does not accept are forgotten, so that the next attempt fetches new ones.
 */
export async function attempt(site: CallSite, client: RawClient, command: object, options?: unknown): Promise<Attempt> {
  const { service, accountName, credentials, clock } = site;
  const operation = operationOf(command);
  try {
    // Ahead of the call, so that its duration is its own and the credentials it will be signed with are known.
    await credentials.get();
  } catch (error) {
    return { ok: false, failure: toFailure(error, { service, operation, accountName, renewsCredentials: false }) };
  }
  const generation = credentials.generation();
  const start = clock.monotonic();
  const told = { service, operation, accountName };
  try {
    const output = await client.send(command as never, options as never);
    credentials.accept();
    report(site.onCall, { ...told, outcome: 'ok', durationMs: clock.monotonic() - start, ...metadataOf(output) });
    return { ok: true, output };
  } catch (thrown) {
    const durationMs = clock.monotonic() - start;
    const wire = readWireError(thrown, operation);
    const answer = wire.type === 'answer' ? wire : undefined;
    const verdict = answer && judge(answer.code, answer.status, answer.message);
    const renewsCredentials = verdict === 'credentials' && credentials.reject(generation);
    const call = { service, operation, accountName, renewsCredentials };
    const failure = thrown instanceof DomainFailure ? thrown : failureOf(wire, thrown, call);
    const status =
      answer?.status ?? (wire.type === 'garbled' || wire.type === 'other-document' ? wire.status : undefined);
    report(site.onCall, {
      ...told,
      outcome: outcomeOf(failure.error.kind),
      durationMs,
      ...(answer?.code !== undefined && { code: answer.code }),
      ...(status !== undefined && { status }),
      ...(answer?.requestId !== undefined && { requestId: answer.requestId }),
    });
    const misplaced =
      answer !== undefined && (answer.status === 301 || answer.status === 400) && answer.region !== undefined;
    return { ok: false, failure, ...(misplaced && { region: answer.region }) };
  }
}

/**
 * Reads the operation's name as AWS spells it, from the command's schema, or from a call of ours that is no command of an
 * SDK. The class name is the way out only: a bundler may change it where two packages have a command of one name.
 */
export function operationOf(command: object): string {
  if ('operation' in command && typeof command.operation === 'string') return command.operation;
  const schema: unknown = 'schema' in command ? command.schema : undefined;
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
  return typeof name === 'string' ? name : command.constructor.name.replace(/Command\d*$/, '');
}

function metadataOf(output: unknown): { readonly status?: number; readonly requestId?: string } {
  if (typeof output !== 'object' || output === null || !('$metadata' in output)) return {};
  const { httpStatusCode, requestId } = output.$metadata as { httpStatusCode?: number; requestId?: string };
  return {
    ...(httpStatusCode !== undefined && { status: httpStatusCode }),
    ...(requestId !== undefined && { requestId }),
  };
}
