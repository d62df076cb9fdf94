import type { AwsCall } from '../aws/wire/instrument';
import type { DomainError } from '../base/errors';
import type { EngineEvent, Listener } from '../engine/events';
import type { Log } from './log';
import { currentRequest } from './request-context';

/** Turns a domain error into fields of a log line; the cause of an unforeseen one appears here and nowhere else. */
export function domainErrorFields(error: DomainError): Readonly<Record<string, unknown>> {
  return {
    kind: error.kind,
    detail: error.detail,
    ...error.origin,
    ...(error.kind === 'misconfigured' && { setting: error.setting }),
    ...(error.kind === 'unforeseen' && error.cause !== undefined && { cause: error.cause }),
  };
}

/** Writes a run's events: its start and end at info, its steps at debug, what went wrong at warn or error. */
export function logEngineEvents(log: Log): Listener {
  return (event) => {
    const of = { operationId: event.operationId, kind: event.kind };
    const { level, message, fields } = lineOf(event);
    log[level]({ ...of, ...fields }, message);
  };
}

interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function lineOf(event: EngineEvent): Line {
  switch (event.type) {
    case 'operation-started':
      return {
        level: 'info',
        message: event.recovery === undefined ? 'operation started' : 'operation is taken up again',
        fields: {
          ...(event.recovery !== undefined && { recovery: event.recovery }),
          title: event.title,
          claims: event.claims,
          ...(event.attempt !== undefined && { attempt: event.attempt }),
          tokenId: currentRequest()?.tokenId,
          actor: currentRequest()?.actor,
        },
      };
    case 'looked':
      return { level: 'debug', message: 'looked', fields: { durationMs: event.durationMs } };
    case 'planned':
      return { level: 'debug', message: 'planned', fields: { steps: event.steps } };
    case 'steps-added':
      return { level: 'debug', message: 'steps added', fields: { ...stepOf(event), steps: event.steps } };
    case 'remembered':
      return { level: 'debug', message: 'remembered', fields: { ...stepOf(event), by: event.by, notes: event.notes } };
    case 'step-started':
      return { level: 'debug', message: 'step started', fields: stepOf(event) };
    case 'step-resumed':
      return { level: 'debug', message: 'step is taken up again', fields: stepOf(event) };
    case 'step-retried':
      return {
        level: 'warn',
        message: 'step is tried again',
        fields: {
          ...stepOf(event),
          attempt: event.attempt,
          waitMs: event.waitMs,
          error: domainErrorFields(event.error),
        },
      };
    case 'step-succeeded':
      return { level: 'debug', message: 'step succeeded', fields: { ...stepOf(event), durationMs: event.durationMs } };
    case 'step-failed':
      return {
        level: 'warn',
        message: 'step failed',
        fields: { ...stepOf(event), durationMs: event.durationMs, error: domainErrorFields(event.error) },
      };
    case 'undo-started':
      return { level: 'debug', message: 'undo started', fields: stepOf(event) };
    case 'undo-retried':
      return {
        level: 'warn',
        message: 'undo is tried again',
        fields: {
          ...stepOf(event),
          attempt: event.attempt,
          waitMs: event.waitMs,
          error: domainErrorFields(event.error),
        },
      };
    case 'undo-succeeded':
      return { level: 'debug', message: 'undo succeeded', fields: { ...stepOf(event), durationMs: event.durationMs } };
    case 'undo-failed':
      return {
        level: 'warn',
        message: 'undo failed',
        fields: { ...stepOf(event), durationMs: event.durationMs, error: domainErrorFields(event.error) },
      };
    case 'operation-goes-on':
      return {
        level: 'warn',
        message: 'operation goes on in the background',
        fields: { undoing: event.undoing, finishing: event.finishing, error: domainErrorFields(event.error) },
      };
    case 'answered':
      return event.delivered
        ? { level: 'debug', message: 'answered', fields: { then: event.then } }
        : { level: 'info', message: 'answer not delivered', fields: { then: event.then } };
    case 'register-failed':
      return {
        level: 'error',
        message: 'the store of operations failed',
        fields: { during: event.during, error: domainErrorFields(event.error) },
      };
    case 'operation-handed-over':
      return { level: 'warn', message: 'operation goes on elsewhere', fields: { durationMs: event.durationMs } };
    case 'operation-ended':
      return {
        // Something was left behind, or nobody foresaw it: a person has to look.
        level: event.left !== undefined || event.error?.kind === 'unforeseen' ? 'error' : 'info',
        message: 'operation ended',
        fields: {
          state: event.state,
          durationMs: event.durationMs,
          ...(event.error && { error: domainErrorFields(event.error) }),
          ...(event.left && { left: event.left }),
        },
      };
  }
}

function stepOf(event: {
  readonly step: number;
  readonly title: string;
  readonly parent?: { readonly step: number };
}): Readonly<Record<string, unknown>> {
  return { step: event.step, title: event.title, ...(event.parent && { parent: event.parent.step }) };
}

/** Writes one line per AWS call, at debug. */
export function logAwsCalls(log: Log): (call: AwsCall) => void {
  return (call) => {
    if (!log.isEnabled('debug')) return;
    // `requestId` is the id of the HTTP request that is served.
    const { requestId, ...fields } = call;
    log.debug({ ...fields, ...(requestId !== undefined && { awsRequestId: requestId }) }, 'AWS call');
  };
}
