import { attachment } from '../base/attachment';
import { fail } from '../base/errors';
import type { Service } from '../domain/dispatch/service';
import { isWatching } from '../domain/shared/history';
import type { FileAnswer } from '../domain/shared/operation';
import { operationOf, operations, resolve } from './contract/document';
import type { Repeats } from '../operations/repeats';
import { answerRepeat } from './idempotency';
import { keyedRun } from './keyed-run';
import { earlyAnswer, mayTellSecret } from './operations/early';
import { steerOperations } from './operations/steer';
import type { Streams } from './operations/stream';
import { changed } from './operations/wait';
import { send, sendAnswer, sendPlan } from './send';
import type { Answer, HttpOptions, Perform } from './types';
import type { PerformWrite } from './writes';

/** How the success of an operation is sent, as openapi.yaml has it. */
interface Success {
  readonly send: (res: Answer, value: unknown) => void;
}

export interface Performing extends Pick<HttpOptions, 'history' | 'deadlines' | 'steering' | 'ready'> {
  readonly service: Service;
  readonly streams: Streams;
  readonly write: PerformWrite;
  readonly repeats: Repeats;
}

/** Answers every operation in an account: looks or runs a write, and sends what openapi.yaml says of it. */
export function performOperations(performing: Performing): Perform {
  const { service, write, repeats, history, deadlines, streams } = performing;
  const steered = steerOperations(performing);
  const successes = new Map(
    operations.map(({ operationId, responses }) => [operationId, successOf(operationId, responses)]),
  );
  return async (asked, res) => {
    const { operationId, query } = asked;
    const steer = steered.get(operationId);
    if (steer) return steer(asked, res);
    const success = successes.get(operationId);
    if (!success) throw new Error(`openapi.yaml has no ${operationId}`);
    const note = (digest: string): void => void (res.locals.objectSha256 = digest);
    if (!service.isWrite(operationId)) {
      const value = await service.read({ ...asked, note });
      if (!isWatching(value)) return success.send(res, value);
      if (value.waitSeconds === Infinity) return streams.open(res, value.watched);
      await changed(value, res, deadlines);
      return success.send(res, value.watched.show());
    }
    // The contract allows both for writes alone.
    const { dryRun, format } = query;
    if (dryRun === 'true') {
      const { plan, report } = await service.dryRun(asked);
      res.setHeader('Plan-Digest', plan.planDigest);
      if (report === undefined || format === 'mermaid') sendPlan(res, plan, format);
      else success.send(res, report);
      return;
    }
    if (format !== undefined) fail({ kind: 'invalid', detail: '/format is for dryRun=true alone' });
    const keyed = asked.key && keyedRun(repeats, asked, asked.key);
    try {
      await write(res, {
        run: (deliver) => (keyed ? keyed.run(service, deliver) : service.write(asked, deliver)),
        respond: (value) => success.send(res, value),
        ...(!mayTellSecret(operationOf(operationId)) && { early: earlyAnswer(history, asked.account.name, res) }),
      });
    } catch (thrown) {
      const refusal = keyed?.refusal();
      if (refusal === undefined) throw thrown;
      answerRepeat(refusal, asked, res);
    }
  };
}

/** Schemas are compiled when the first answer of an operation is sent. */
function successOf(operationId: string, responses: ReadonlyMap<number, string>): Success {
  const [status, pointer] = [...responses].find(([code]) => code < 300) ?? [];
  if (status === undefined || pointer === undefined) throw new Error(`openapi.yaml: ${operationId} has no success`);
  const { content, headers } = resolve(pointer).value;
  if (content === undefined) return { send: (res) => sendNothing(res, status) };
  // What a browser is to save is a file, whatever its type.
  if (typeof headers === 'object' && headers !== null && 'Content-Disposition' in headers)
    return { send: (res, value) => sendFile(res, status, value as FileAnswer) };
  return { send: (res, value) => sendAnswer(res, operationId, status, value) };
}

function sendNothing(res: Answer, status: number): void {
  res.statusCode = status;
  res.end();
}

function sendFile(res: Answer, status: number, { name, type, text }: FileAnswer): void {
  res.setHeader('Content-Disposition', attachment(name));
  send(res, status, type, text);
}
