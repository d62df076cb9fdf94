import { attachment } from '../base/attachment';
import type { Asked, Service } from '../domain/dispatch/service';
import type { FileAnswer } from '../domain/shared/operation';
import type { Deliver, Performed } from '../engine/recipe';
import { operations, resolve } from './contract/document';
import { encoderOf } from './contract/encode';
import type { Idempotency, Keyed } from './idempotency';
import { send, sendPlan } from './send';
import type { Answer, Perform } from './types';
import type { PerformWrite } from './writes';

const JSON_TYPE = 'application/json; charset=utf-8';

/** How the success of an operation is sent, as openapi.yaml has it. */
interface Success {
  readonly status: number;
  /** The body of an answer in JSON; undefined where it has another. */
  readonly text?: (value: unknown) => string;
  readonly send: (res: Answer, value: unknown) => void;
}

export interface Performing {
  readonly service: Service;
  readonly write: PerformWrite;
  readonly idempotency: Idempotency;
}

/** Answers every operation in an account: looks or runs a write, and sends what openapi.yaml says of it. */
export function performOperations({ service, write, idempotency }: Performing): Perform {
  const successes = new Map(
    operations.map(({ operationId, responses }) => [operationId, successOf(operationId, responses)]),
  );
  return async (asked, res) => {
    const { operationId, query } = asked;
    const success = successes.get(operationId);
    if (!success) throw new Error(`openapi.yaml has no ${operationId}`);
    const note = (digest: string): void => void (res.locals.objectSha256 = digest);
    if (!service.isWrite(operationId)) {
      success.send(res, await service.read({ ...asked, note }));
      return;
    }
    // The contract allows it for writes alone.
    if (query['dryRun'] === 'true') {
      const told = await service.dryRun(asked);
      if ('plan' in told) sendPlan(res, told.plan);
      else success.send(res, told.report);
      return;
    }
    const keyed = idempotency.claim(asked, res);
    if (keyed === 'answered') return;
    try {
      await write(res, {
        run: (deliver) => runKeyed(service, asked, success, deliver, keyed),
        respond: (value) => success.send(res, value),
      });
    } finally {
      keyed?.ended();
    }
  };
}

/** Runs a write, and keeps its answer for repeats. An answer that is handed out by `deliver` holds a secret and is not kept. */
async function runKeyed(
  service: Service,
  asked: Asked,
  success: Success,
  deliver: Deliver<unknown>,
  keyed: Keyed | undefined,
): Promise<Performed<unknown>> {
  if (!keyed) return service.write(asked, deliver);
  /** Ids under which an answer was handed out: those hold a secret. */
  const handed: string[] = [];
  const performed = await service.write(asked, async (value, id) => {
    keyed.began(id);
    handed.push(id);
    const isDelivered = await deliver(value, id);
    if (isDelivered) keyed.answered(id, success.status, undefined);
    return isDelivered;
  });
  const { operationId, outcome } = performed;
  if (outcome.state === 'succeeded' && handed.length === 0)
    keyed.answered(operationId, success.status, success.text?.(outcome.value));
  return performed;
}

/** Schemas are compiled when the first answer of an operation is sent. */
function successOf(operationId: string, responses: ReadonlyMap<number, string>): Success {
  const [status, pointer] = [...responses].find(([code]) => code < 300) ?? [];
  if (status === undefined || pointer === undefined) throw new Error(`openapi.yaml: ${operationId} has no success`);
  const { content, headers } = resolve(pointer).value;
  if (content === undefined) return { status, send: (res) => sendNothing(res, status) };
  // What a browser is to save is a file, whatever its type.
  if (typeof headers === 'object' && headers !== null && 'Content-Disposition' in headers)
    return { status, send: (res, value) => sendFile(res, status, value as FileAnswer) };
  const text = (value: unknown): string => JSON.stringify(encoderOf(operationId, status)(value));
  return { status, text, send: (res, value) => send(res, status, JSON_TYPE, text(value)) };
}

function sendNothing(res: Answer, status: number): void {
  res.statusCode = status;
  res.end();
}

function sendFile(res: Answer, status: number, { name, type, text }: FileAnswer): void {
  res.setHeader('Content-Disposition', attachment(name));
  send(res, status, type, text);
}
