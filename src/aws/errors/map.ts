import { type DomainError, DomainFailure, type Effect, type Origin } from '../../base/errors';
import { reasonOf } from './denial';
import { judge, type Verdict } from './codes';
import { type ServiceName, services } from '../services';
import { readWireError, type Unreachable, type WireError } from '../wire/wire-error';

/** The call that failed, and what the answer needs to know about who made it. */
export interface FailedCall {
  readonly service: ServiceName;
  /** E.g. `CreateBucket`. */
  readonly operation: string;
  /** The configured name of the account. */
  readonly accountName: string;
  /** The credentials are temporary and new ones will sign the next attempt: a refusal of them is worth that attempt. */
  readonly renewsCredentials: boolean;
}

/** Seconds a caller is asked to wait when AWS names no time. */
const THROTTLE_PAUSE = 5;
const OUTAGE_PAUSE = 10;
/** Invalidations take some minutes. */
const CROWDED_PAUSE = 60;

/**
 * Makes a `DomainFailure` of whatever an SDK client threw. The judge is AWS's wire code; every error carries where it
 * came from and whether the call may have had its effect all the same. What is a `DomainFailure` already stays it.
 */
export function toFailure(thrown: unknown, call: FailedCall): DomainFailure {
  if (thrown instanceof DomainFailure) return thrown;
  return failureOf(readWireError(thrown, call.operation), thrown, call);
}

/** As `toFailure`, for an error that was read already. */
export function failureOf(wire: WireError, thrown: unknown, call: FailedCall): DomainFailure {
  return new DomainFailure(explain(wire, thrown, call));
}

function explain(wire: WireError, thrown: unknown, call: FailedCall): DomainError {
  const title = services[call.service].title;
  const origin = (effect: Effect): Origin => ({ call: call.operation, service: call.service, effect });
  const setting = `accounts.${call.accountName}`;
  switch (wire.type) {
    case 'answer':
      return explainAnswer(wire, thrown, call);
    case 'other-document':
      return {
        kind: 'unsupported',
        detail: `${title} ${call.operation} was answered with ${wire.instead}: what answers here does not know the call.`,
        origin: { ...origin('none'), instead: wire.instead },
      };
    case 'garbled':
      if (isUnknownMethod(wire.status)) {
        // The statuses say enough, whatever the page says (RFC 9110, 15.5.6 and 15.6.2).
        return {
          kind: 'unsupported',
          detail: `${title} ${call.operation} was answered with status ${String(wire.status)} and no document of AWS's.`,
          origin: { ...origin('none'), foreign: true },
        };
      }
      return {
        kind: 'unavailable',
        retryAfterSeconds: OUTAGE_PAUSE,
        detail: `The answer to ${title} ${call.operation} was not one of AWS's; a proxy or another server may have given it.`,
        origin: { ...origin('unknown'), foreign: true },
      };
    case 'unreachable':
      return {
        kind: 'unavailable',
        retryAfterSeconds: OUTAGE_PAUSE,
        detail: `${title} ${call.operation}: ${UNREACHABLE[wire.why]}`,
        origin: origin(wire.sent ? 'unknown' : 'none'),
      };
    case 'credentials':
      return {
        kind: 'misconfigured',
        setting,
        detail: `No usable AWS credentials were found for the account ${call.accountName}.`,
        origin: origin('none'),
      };
    case 'endpoint':
      return {
        kind: 'misconfigured',
        setting: `${setting}.${wire.from}`,
        detail: `No address for ${title} can be made of the endpoint and region of the account ${call.accountName}.`,
        origin: origin('none'),
      };
    case 'bucket-name':
      return { kind: 'invalid', detail: 'This cannot be the name of a bucket.', origin: origin('none') };
    case 'other':
      return {
        kind: 'unforeseen',
        detail: `${title} ${call.operation} ended in a way nobody foresaw.`,
        cause: thrown,
        origin: origin('unknown'),
      };
  }
}

const isUnknownMethod = (status: number | undefined): boolean => status === 405 || status === 501;

const UNREACHABLE: Readonly<Record<Unreachable, string>> = {
  timeout: 'no answer came in time.',
  connect: 'no connection could be made.',
  dns: 'the host name could not be resolved.',
  network: 'the connection broke before the answer was complete.',
  tls: 'no secure connection could be made; AWS_CA_BUNDLE names further certificates to trust.',
  proxy: 'the proxy made no connection.',
  aborted: 'the call was given up.',
};

type Answer = Extract<WireError, { type: 'answer' }>;

function explainAnswer(answer: Answer, thrown: unknown, call: FailedCall): DomainError {
  const verdict = verdictOn(answer, call);
  const origin: Origin = {
    ...(answer.code !== undefined && { code: answer.code }),
    ...(answer.region !== undefined && { region: answer.region }),
    ...(answer.retryAfterSeconds !== undefined && { pauseSeconds: answer.retryAfterSeconds }),
    call: call.operation,
    service: call.service,
    // A status of 4xx is a refusal, also for a reason that nobody foresaw.
    effect: answer.status >= 400 && answer.status < 500 ? 'none' : effectOf(verdict),
  };
  const said = answer.code ?? `status ${answer.status}`;
  const refusal = `${services[call.service].title} answered ${call.operation} with ${said}`;
  const setting = `accounts.${call.accountName}`;
  const wait = (fallback: number): number => answer.retryAfterSeconds ?? fallback;

  switch (verdict) {
    case undefined:
      return { kind: 'unforeseen', detail: `${refusal}, which nobody foresaw.`, cause: thrown, origin };
    case 'denied':
      return { kind: 'denied', detail: `${refusal}: ${denied(answer)}.`, origin };
    case 'not-found':
    case 'exists':
    case 'not-empty':
    case 'conflict':
    case 'quota':
    case 'invalid':
    case 'unsupported':
      return { kind: verdict, detail: `${refusal}${quoted(answer)}`, origin };
    case 'contended':
      return { kind: 'contended', detail: `${refusal}: another change is under way.`, origin };
    case 'throttled':
      return {
        kind: 'throttled',
        retryAfterSeconds: wait(THROTTLE_PAUSE),
        detail: `${refusal}: too many requests.`,
        origin,
      };
    case 'crowded':
      return {
        kind: 'throttled',
        retryAfterSeconds: wait(CROWDED_PAUSE),
        detail: `${refusal}${quoted(answer)} Those under way end by themselves.`,
        origin,
      };
    case 'unavailable':
      return {
        kind: 'unavailable',
        retryAfterSeconds: wait(OUTAGE_PAUSE),
        detail: `${refusal}: the fault is AWS's.`,
        origin,
      };
    case 'clock':
      // The SDK corrects its clock by the answer's date, so the next attempt is signed with the right time.
      return {
        kind: 'unavailable',
        retryAfterSeconds: 1,
        detail: `${refusal}: this server's clock differs from AWS's.`,
        origin,
      };
    case 'credentials':
      if (call.renewsCredentials) {
        return {
          kind: 'unavailable',
          retryAfterSeconds: 1,
          detail: `${refusal}: the session has ended and is renewed.`,
          origin,
        };
      }
      return {
        kind: 'misconfigured',
        setting,
        detail: `${refusal}: AWS does not accept the credentials of the account ${call.accountName}.`,
        origin,
      };
    case 'region':
      return {
        kind: 'misconfigured',
        setting: `${setting}.region`,
        detail: `${refusal}: the call belongs to another region than the account ${call.accountName} is configured for.`,
        origin,
      };
  }
}

const effectOf = (verdict: Verdict | undefined): Effect =>
  verdict === undefined || verdict === 'unavailable' ? 'unknown' : 'none';

/** A HEAD that is redirected, and no region follows from it, speaks of a bucket that is there and cannot be used. */
function verdictOn(answer: Answer, call: FailedCall): Verdict | undefined {
  if (answer.code === undefined && call.operation.startsWith('Head') && answer.status >= 300 && answer.status < 400) {
    return answer.status === 304 ? undefined : 'denied';
  }
  return judge(answer.code, answer.status, answer.message);
}

function denied({ message }: Answer): string {
  const reason = reasonOf(message);
  return `this service's identity in the account may not do ${reason === undefined ? 'that' : `this: ${reason}`}`;
}

const MESSAGE_LIMIT = 300;

/** AWS's own sentence, without key ids and the identities of this service. */
function quoted(answer: Answer): string {
  if (answer.code === undefined || answer.message === undefined) return '.';
  const sentence = answer.message
    .replace(/\barn:aws[\w-]*:sts::\S+/g, '[identity]')
    .replace(/\bA[A-Z]{3}[A-Z0-9]{12,}\b/g, '[id]')
    // eslint-disable-next-line no-control-regex -- control characters are what is removed here
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  if (sentence === '' || /^Unknown(Error)?$/.test(sentence)) return '.';
  return `: ${sentence.length > MESSAGE_LIMIT ? `${sentence.slice(0, MESSAGE_LIMIT)}…` : sentence}`;
}
