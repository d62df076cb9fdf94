import { attachment } from '../base/attachment';
import type { Service } from '../domain/dispatch/service';
import type { FileAnswer } from '../domain/shared/operation';
import { operations, resolve } from './contract/document';
import { send, sendAnswer } from './send';
import type { Answer, Perform } from './types';
import type { PerformWrite } from './writes';

type Respond = (res: Answer, value: unknown) => void;

/** Answers every operation in an account: looks or runs a write, and sends what openapi.yaml says of it. */
export function performOperations(service: Service, write: PerformWrite): Perform {
  const responders = new Map(
    operations.map(({ operationId, responses }) => [operationId, lazily(operationId, responses)]),
  );
  return async (asked, res) => {
    const { operationId, query } = asked;
    const respond = responders.get(operationId);
    if (!respond) throw new Error(`openapi.yaml has no ${operationId}`);
    const note = (digest: string): void => void (res.locals.objectSha256 = digest);
    // The contract allows it where there is one.
    const isDryRun = query['dryRun'] === 'true';
    if (!service.isWrite(operationId) || isDryRun) {
      respond(res, await service.read({ ...asked, note }));
      return;
    }
    await write(res, {
      run: (deliver) => service.write(asked, deliver),
      respond: (value) => respond(res, value),
    });
  };
}

/** Schemas are compiled when the first answer of an operation is sent. */
function lazily(operationId: string, responses: ReadonlyMap<number, string>): Respond {
  const [status, pointer] = [...responses].find(([code]) => code < 300) ?? [];
  if (status === undefined || pointer === undefined) throw new Error(`openapi.yaml: ${operationId} has no success`);
  const { content, headers } = resolve(pointer).value;
  if (content === undefined) return (res) => sendNothing(res, status);
  // What a browser is to save is a file, whatever its type.
  if (typeof headers === 'object' && headers !== null && 'Content-Disposition' in headers)
    return (res, value) => sendFile(res, status, value as FileAnswer);
  return (res, value) => sendAnswer(res, operationId, status, value);
}

function sendNothing(res: Answer, status: number): void {
  res.statusCode = status;
  res.end();
}

function sendFile(res: Answer, status: number, { name, type, text }: FileAnswer): void {
  res.setHeader('Content-Disposition', attachment(name));
  send(res, status, type, text);
}
